//! People beside a run, whatever becomes of Muster: they answer, allow, and say what became of a step when Muster asks them,
//! which they find out by looking at the world outside.

use crate::ledger::{Ledger, Moment};
use crate::twenty::{IDEMPOTENT, Yard};
use muster_core::runbook::{Action, JobId, Run, RunState, Step, StepRun, StepState};
use muster_tests::process::{Client, Installation, Said, incident_of};
use reqwest::Method;
use std::collections::BTreeSet;
use std::sync::Mutex;
use std::time::Duration;

/// Who runs a runbook, and who allows it.
pub(crate) struct Crew<'a> {
    alice: Client,
    bob: Client,
    ledger: &'a Ledger,
    yard: &'a Yard,
    /// The attempts that people were asked about.
    asked: Mutex<BTreeSet<String>>,
}

/// A step of a run as it stands, or the taking back of one.
#[derive(Clone, Copy)]
struct Spot<'r> {
    run: &'r Run,
    step: &'r Step,
    at: &'r StepRun,
    undo: bool,
}

impl Spot<'_> {
    /// As the ledger knows it.
    fn what(&self) -> String {
        if self.undo { format!("{}/undo", self.step.id) } else { self.step.id.clone() }
    }

    fn job(&self) -> JobId {
        let attempt = self.at.attempt_of(self.undo);
        let (incident, run) = (self.run.incident, self.run.number);
        JobId { incident, run, step: self.step.id.clone(), undo: self.undo, attempt }
    }
}

impl<'a> Crew<'a> {
    /// The people of an installation that runs.
    pub(crate) fn of(installation: &Installation, ledger: &'a Ledger, yard: &'a Yard) -> Self {
        let (alice, bob) = (installation.client("alice"), installation.client("bob"));
        Self { alice, bob, ledger, yard, asked: Mutex::default() }
    }

    /// Declares an incident, takes command, and starts so many runs of that runbook.
    pub(crate) async fn starts(&self, book: &str, runs: usize) -> String {
        let incident = incident_of(&self.alice.does("new sev1 payments are down", None).await);
        self.alice.does("role commander @alice", Some(&incident)).await;
        for _ in 0..runs {
            self.alice.does(&format!("runbook run {book}"), Some(&incident)).await;
        }
        incident
    }

    /// The attempts that people were asked about.
    pub(crate) fn asked(&self) -> BTreeSet<String> {
        self.asked.lock().expect("no test has panicked").clone()
    }

    /// The runs of an incident as they stand, if Muster answers.
    pub(crate) async fn look(&self, incident: &str) -> Option<Vec<Run>> {
        let answer = self.alice.request(Method::GET, &format!("incidents/{incident}/runs")).send().await.ok()?;
        let mut body: serde_json::Value = answer.error_for_status().ok()?.json().await.ok()?;
        Some(serde_json::from_value(body["runs"].take()).expect("runs as they are kept"))
    }

    /// Says something to a run, once; whether it was heard is seen at the next look.
    pub(crate) async fn says(&self, incident: &str, key: &str, line: &str) {
        let said = self.alice.say(key, line, Some(incident)).await;
        assert!(!matches!(said, Said::Refused(..)), "{line}: {said:?}");
    }

    /// Kills at what is seen, if that was planned, and does what is asked.
    pub(crate) async fn attend(&self, run: &Run) {
        let undo = matches!(run.state, RunState::Undoing | RunState::UndoStopped);
        for (step, at) in run.book.flat().into_iter().zip(&run.steps) {
            for undo in [false, true] {
                let spot = Spot { run, step, at, undo };
                if let StepState::Done | StepState::Waiting { .. } = at.at(undo)
                    && self.ledger.planned(&spot.what()) == Some(Moment::Seen)
                {
                    return self.ledger.strike(&spot.what());
                }
            }
            let spot = Spot { run, step, at, undo };
            match at.at(undo) {
                StepState::Asking => return self.answer(spot).await,
                StepState::Unknown { .. } => return self.settle(spot).await,
                StepState::Failed { reason } => panic!("{} failed: {reason}", spot.job()),
                StepState::Pending
                | StepState::Held
                | StepState::Waiting { .. }
                | StepState::Queued
                | StepState::Working { .. }
                | StepState::Open { .. }
                | StepState::Done
                | StepState::NotNeeded
                | StepState::Skipped { .. } => {}
            }
        }
    }

    /// People do what they are asked; Muster may die meanwhile.
    async fn answer(&self, spot: Spot<'_>) {
        let id = &spot.step.id;
        let tail = format!("--run {} --step {id}", spot.run.number);
        let hash = spot.at.asks.as_ref().and_then(|asks| asks.hash.clone()).unwrap_or_default();
        let is_question = matches!(spot.step.action, Action::Ask { .. });
        let (who, line) = match matches!(spot.step.action, Action::Approve { .. }) {
            true => (&self.bob, format!("runbook approve {hash} {tail}")),
            false if is_question => (&self.alice, format!("runbook answer one {tail}")),
            false => (&self.alice, format!("runbook next {tail}")),
        };
        let what = spot.what();
        let moment = self.ledger.planned(&what);
        if moment == Some(Moment::Done) {
            return self.ledger.strike(&what);
        }
        let key = format!("{}-{}", spot.job(), spot.at.changed_at.map_or(0, |at| at.timestamp_micros()));
        let incident = spot.run.incident.to_string();
        let death = async {
            let pause = match moment {
                Some(Moment::Answered) => Duration::from_millis(1),
                Some(Moment::Between(pause)) => pause,
                Some(Moment::Done | Moment::Seen) | None => return,
            };
            // The moment is the point: nothing is waited for.
            tokio::time::sleep(pause).await;
            self.ledger.strike(&what);
        };
        let (said, ()) = tokio::join!(who.say(&key, &line, Some(&incident)), death);
        assert!(!matches!(said, Said::Refused(..)), "{line}: {said:?}");
    }

    /// Muster does not know what became of an attempt, and asks. It must be one that is not as good twice as once; somebody is
    /// named; and who looks at the world outside knows.
    async fn settle(&self, spot: Spot<'_>) {
        if matches!(spot.run.state, RunState::Running | RunState::Undoing) {
            return;
        }
        let (what, job) = (spot.what(), spot.job());
        assert!(!IDEMPOTENT.contains(&what.as_str()), "{job} could simply be done again");
        assert!(!spot.at.asked.is_empty(), "nobody is asked about {job}");
        self.asked.lock().expect("no test has panicked").insert(job.to_string());
        self.ledger.is_quiet().await;
        let is_done = self.ledger.has(&job) || self.yard.lines().iter().any(|(_, key)| *key == job.to_string());
        let verb = if is_done { "confirm" } else { "retry" };
        let line = format!("runbook {verb} --run {} --step {}", spot.run.number, spot.step.id);
        let said = self.alice.say(&format!("settle-{job}"), &line, Some(&spot.run.incident.to_string())).await;
        // One that was only taken for lost may have told the truth meanwhile.
        if let Said::Refused(_, why) = &said {
            assert!(
                why.to_string().contains("makes no sense now") || why.to_string().contains("waits for"),
                "{line}: {why}"
            );
        }
    }
}
