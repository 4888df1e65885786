//! Any runbook, and anything that people, machines and the clock do to its runs: the rules hold, and every run can be brought
//! to an end. Each story comes from a seed, which a failure prints; `MUSTER_SEED=7 MUSTER_CASES=1` tells that story again.

use crate::books::book;
use crate::rules::{self, Scene};
use chrono::TimeDelta;
use muster_core::app::Answer;
use muster_core::command::Invocation;
use muster_core::decide::Needs;
use muster_core::ids::IncidentId;
use muster_core::record::Wanted;
use muster_core::runbook::{Action, Ended, JobId, JobState, Report, Run, RunState, StepState};
use muster_tests::dice::{Dice, seeds};
use muster_tests::memory::MemoryStore;
use muster_tests::sample;
use muster_tests::world::World;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

const INCIDENT: &str = "INC-1";
const CREW: [&str; 4] = ["alice", "bob", "carol", "dave"];
const WORKERS: [&str; 2] = ["here", "there"];
/// However bad things are, a run is over after so many rounds in which everybody does what they are asked to.
const ROUNDS: usize = 400;

struct Story {
    world: World,
    dice: Dice,
    told: Vec<String>,
    before: Scene,
    /// Who has begun which attempt.
    begun: BTreeMap<JobId, String>,
    /// How often people wanted a step again, or the taking back of one.
    wanted: BTreeMap<(i64, String, bool), usize>,
    happened: BTreeSet<String>,
}

impl Story {
    async fn begin(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let mut org = sample::retailer();
        org.runbooks.books = ["s", "t"].map(|id| Arc::new(book(&mut dice, id, 1))).to_vec();
        let world = World::over(Arc::new(MemoryStore::default()), org, Box::new(()));
        let told = vec![format!("the story of MUSTER_SEED={seed} MUSTER_CASES=1:")];
        let mut story = Self {
            world,
            dice,
            told,
            before: Scene::default(),
            begun: BTreeMap::new(),
            wanted: BTreeMap::new(),
            happened: BTreeSet::new(),
        };
        story.world.person("alice").types("new sev2 nothing works").await.ok();
        story.world.person("alice").in_room(INCIDENT).types("role commander @alice").await.ok();
        story.before = story.look().await;
        story
    }

    async fn look(&self) -> Scene {
        let id = IncidentId(1);
        let needs =
            Needs { incident: Some(id), records: vec![Wanted::RunsOf(id), Wanted::JobsOf(id)], ..Needs::default() };
        let state = self.world.muster.store().load(&needs).await.expect("the store answers");
        Scene {
            now: self.world.muster.now(),
            title: state.incident.map(|incident| incident.title).unwrap_or_default(),
            runs: state.records.runs().map(|run| (run.number, run.clone())).collect(),
            jobs: state.records.jobs().map(|job| (job.task.id.clone(), job.clone())).collect(),
        }
    }

    async fn check(&mut self) {
        let after = self.look().await;
        let holds = rules::from_to(&self.before, &after).and_then(|()| rules::always(&after));
        holds.unwrap_or_else(|broken| panic!("{broken}\n{}", self.told.join("\n")));
        for run in after.runs.values() {
            self.happened.insert(format!("{:?}", run.state));
            self.happened.extend(run.steps.iter().map(|step| step.state.word().to_owned()));
            let undone = run.steps.iter().filter_map(|step| step.undo.as_ref());
            self.happened.extend(undone.map(|state| format!("undo {}", state.word())));
        }
        self.before = after;
    }

    fn run(&mut self) -> Option<Run> {
        let count = self.before.runs.len();
        let which = (count > 0).then(|| self.dice.below(count))?;
        self.before.runs.values().nth(which).cloned()
    }

    async fn step(&mut self) {
        match self.dice.below(100) {
            0..40 => self.machines().await,
            40..75 => self.sensible().await,
            75..85 => self.senseless().await,
            85..91 => {
                let minutes = 1 + self.dice.below(40) as i64;
                self.time(TimeDelta::minutes(minutes)).await;
            }
            91..94 => {
                let title = format!("title {}", self.dice.below(1_000));
                self.says("bob", Invocation::of("edit").with("title", &title)).await;
            }
            94..97 => self.start().await,
            _ => self.restart().await,
        }
        self.check().await;
    }

    async fn start(&mut self) {
        let call = Invocation::of("runbook run").with("runbook", self.dice.one_of(&["s", "t"]));
        let call = if self.dice.percent(30) { call.with("by-step", "yes") } else { call };
        let who = self.dice.one_of(&CREW).to_owned();
        self.says(&who, call).await;
    }

    /// Somebody gives a command; whether it was done.
    async fn says(&mut self, who: &str, call: Invocation) -> bool {
        self.told.push(format!("{who}: {}", call.to_line()));
        // No two things happen at one moment: a timer that is set anew is another one.
        self.world.clock.advance(TimeDelta::milliseconds(1));
        let key = |name: &str| call.args.get(name).cloned();
        let number = key("run").and_then(|run| run.parse().ok());
        let undo = |run: &Run| matches!(run.state, RunState::Undoing | RunState::UndoStopped);
        let target = number
            .and_then(|number: i64| Some((number, key("step")?, self.before.runs.get(&number).is_some_and(undo))));
        let shown = self.world.person(who).in_room(INCIDENT).calls(call.clone()).await;
        match shown.raw() {
            Answer::Done(_) => {
                if let Some(target) = target.filter(|_| call.verb == "retry") {
                    *self.wanted.entry(target).or_default() += 1;
                }
                true
            }
            Answer::Refused(refusal) => {
                self.told.push(format!("    refused: {}", refusal.sentence));
                false
            }
            Answer::Late | Answer::Failed(_) => panic!("{:?}\n{}", shown.raw(), self.told.join("\n")),
        }
    }

    /// The words that fit a step where it stands.
    fn words(&mut self, run: &Run, place: usize) -> Vec<Invocation> {
        let (step, at) = (run.book.flat()[place].clone(), &run.steps[place]);
        let undo = matches!(run.state, RunState::Undoing | RunState::UndoStopped);
        let of = |verb: &str| {
            Invocation::of(&format!("runbook {verb}")).with("run", run.number.to_string()).with("step", &at.id)
        };
        let mark =
            at.asks.as_ref().and_then(|asks| asks.hash.as_ref()).map_or_else(String::new, |hash| hash[..8].to_owned());
        let action = match (undo, &step.undo) {
            (true, Some(undo)) => &undo.action,
            (true, None) | (false, _) => &step.action,
        };
        match (at.at(undo), action) {
            (StepState::Asking, Action::Ask { .. }) => vec![of("answer").with("answer", self.dice.one_of(&["a", "b"]))],
            (StepState::Asking, Action::Approve { .. }) => {
                let approve = of("approve").with("hash", &mark);
                if self.dice.percent(10) { vec![of("deny").with("reason", "no")] } else { vec![approve] }
            }
            (StepState::Asking, _) => vec![of("tick").with("item", "1"), of("next"), of("next")],
            (StepState::Held, _) => vec![of("next")],
            (StepState::Failed { .. } | StepState::Unknown { .. }, _) => {
                vec![of("retry"), of("retry"), of("confirm"), of("skip").with("reason", "because")]
            }
            (StepState::Waiting { .. }, _) if self.dice.percent(10) => vec![of("skip").with("reason", "no time")],
            (_, _) => Vec::new(),
        }
    }

    /// Somebody says what a run waits for.
    async fn sensible(&mut self) {
        let Some(run) = self.run() else { return self.start().await };
        let about_run = |verb: &str| {
            Invocation::of(&format!("runbook {verb}")).with("run", run.number.to_string()).with("reason", "so")
        };
        let mut calls: Vec<_> = (0..run.steps.len()).flat_map(|place| self.words(&run, place)).collect();
        match run.state {
            RunState::Paused => calls.push(about_run("resume")),
            RunState::Running | RunState::Undoing if self.dice.percent(10) => calls.push(about_run("pause")),
            RunState::Stopped | RunState::Done | RunState::Aborted if self.dice.percent(15) => {
                calls.push(about_run("undo"));
            }
            RunState::UndoStopped if self.dice.percent(5) => calls.push(about_run("abort")),
            RunState::Running
            | RunState::Stopped
            | RunState::Undoing
            | RunState::UndoStopped
            | RunState::Done
            | RunState::Undone
            | RunState::Aborted => {}
        }
        if calls.is_empty() {
            return self.machines().await;
        }
        let which = self.dice.below(calls.len());
        let mut call = calls.swap_remove(which);
        if matches!(call.verb.as_str(), "resume" | "pause" | "undo") {
            call.args.remove("reason");
        }
        let who = self.dice.one_of(&CREW).to_owned();
        self.says(&who, call).await;
    }

    /// Somebody says anything to any step.
    async fn senseless(&mut self) {
        const VERBS: [&str; 9] = ["next", "answer", "approve", "deny", "skip", "retry", "confirm", "pause", "resume"];
        let Some(run) = self.run() else { return };
        let place = self.dice.below(run.steps.len());
        let verb = if self.dice.percent(4) { self.dice.one_of(&["abort", "undo"]) } else { self.dice.one_of(&VERBS) };
        let call = Invocation::of(&format!("runbook {verb}")).with("run", run.number.to_string());
        let call = match verb {
            "pause" | "resume" | "undo" => call,
            "abort" => call.with("reason", "enough"),
            "answer" => call.with("step", &run.steps[place].id).with("answer", "a"),
            "approve" => call.with("step", &run.steps[place].id).with("hash", "deadbeef"),
            "deny" | "skip" => call.with("step", &run.steps[place].id).with("reason", "no"),
            _ => call.with("step", &run.steps[place].id),
        };
        let who = self.dice.one_of(&["alice", "bob", "carol", "dave", "victor", "mallory"]).to_owned();
        self.says(&who, call).await;
    }

    /// A machine takes a job, lives, or tells of one.
    async fn machines(&mut self) {
        let jobs: Vec<_> = self.before.jobs.values().cloned().collect();
        if jobs.is_empty() {
            return;
        }
        let which = self.dice.below(jobs.len());
        let (id, worker) = (jobs[which].task.id.clone(), self.dice.one_of(&WORKERS));
        let holder = jobs[which].holder().map(str::to_owned);
        match (&jobs[which].state, self.dice.below(10)) {
            (JobState::Waiting, 0..9) => self.take(&id, worker).await,
            (JobState::Held { .. }, 0) => self.take(&id, worker).await,
            (_, 1) => {
                let tail = self.dice.percent(50).then(|| vec!["working".to_owned()]);
                let kept = self.world.muster.keep_job(&id, worker, tail.as_deref()).await.expect("it is heard");
                assert_eq!(kept, holder.as_deref() == Some(worker), "{id}\n{}", self.told.join("\n"));
            }
            (_, _) => {
                let worker = holder.filter(|_| self.dice.percent(90)).unwrap_or_else(|| worker.to_owned());
                let ended = self.ended();
                self.end(&id, &worker, ended).await;
            }
        }
    }

    fn ended(&mut self) -> Ended {
        let reason = "it is broken".to_owned();
        match self.dice.below(10) {
            0..6 => Ended::Well { outputs: BTreeMap::from([("found".to_owned(), json!("it"))]) },
            6..8 => Ended::Badly { reason },
            _ => Ended::Unclear { reason },
        }
    }

    /// A worker wants a job. Each attempt is begun by one; and what is not as good twice as once only once for each word.
    async fn take(&mut self, id: &JobId, worker: &str) {
        let Some(task) = self.world.muster.take_job(id, worker).await.expect("it is heard") else { return };
        self.told.push(format!("{worker} takes {id}"));
        assert_eq!(task.id, *id);
        let other = self.begun.insert(id.clone(), worker.to_owned());
        assert!(other.is_none_or(|other| other == worker), "{id} was begun by two\n{}", self.told.join("\n"));
        let run = &self.before.runs[&id.run];
        let flat = run.book.flat();
        let step = flat.iter().find(|step| step.id == id.step).expect("a step");
        let undo = step.undo.as_ref().filter(|_| id.undo);
        if !undo.map_or(step.idempotent, |undo| undo.idempotent) {
            let same = |one: &&JobId| (one.run, &one.step, one.undo) == (id.run, &id.step, id.undo);
            let begun = self.begun.keys().filter(same).count();
            let wanted = self.wanted.get(&(id.run, id.step.clone(), id.undo)).copied().unwrap_or(0);
            assert!(begun <= 1 + wanted, "{id} was done again unasked\n{}", self.told.join("\n"));
        }
    }

    async fn end(&mut self, id: &JobId, worker: &str, ended: Ended) {
        self.told.push(format!("{worker} tells of {id}: {ended:?}"));
        let report = Report { ended, output: "said".to_owned(), cut: false };
        self.world.muster.end_job(id, worker, &report).await.expect("it is heard");
    }

    async fn time(&mut self, passes: TimeDelta) {
        self.told.push(format!("{passes} pass"));
        self.world.clock.advance(passes);
        for _ in 0..ROUNDS {
            if self.world.muster.fire_due().await.expect("timers can be read") == 0 {
                return;
            }
            self.check().await;
        }
        let due = self.world.muster.store().due(self.world.muster.now(), 10).await.expect("timers can be read");
        panic!("these fire without an end: {due:?}\n{}", self.told.join("\n"));
    }

    /// Another life of the process: whatever the one before had begun is lost.
    async fn restart(&mut self) {
        let worker = self.dice.one_of(&WORKERS);
        self.told.push(format!("{worker} is all that lives"));
        self.world.muster.lose_orphans(worker).await.expect("the store answers");
    }

    /// Everybody does what they are asked to, until every run is over.
    async fn see_through(&mut self) {
        for _ in 0..ROUNDS {
            if self.before.runs.values().all(|run| !run.state.is_open()) {
                return;
            }
            for job in self.before.jobs.clone().into_values() {
                let holder = job.holder().unwrap_or("here").to_owned();
                self.take(&job.task.id, &holder).await;
                self.end(
                    &job.task.id,
                    &holder,
                    Ended::Well { outputs: BTreeMap::from([("found".to_owned(), json!("it"))]) },
                )
                .await;
                self.check().await;
            }
            let may_rest = |run: &&Run| matches!(run.state, RunState::Paused | RunState::UndoStopped);
            let resting: Vec<_> = self.before.runs.values().filter(may_rest).map(|run| run.number).collect();
            for number in resting {
                self.says("alice", Invocation::of("runbook resume").with("run", number.to_string())).await;
                self.check().await;
            }
            for number in self.before.runs.keys().copied().collect::<Vec<_>>() {
                for place in 0..self.before.runs[&number].steps.len() {
                    let run = self.before.runs[&number].clone();
                    let Some(call) = self.words(&run, place).pop() else { continue };
                    let verb = call.verb.clone();
                    let is_done = match verb.as_str() {
                        "approve" => self.approved(&call).await,
                        _ => self.says("alice", call).await,
                    };
                    self.check().await;
                    // What cannot be left out is tried again; where nobody is left who may approve, the run is given up.
                    let call = Invocation::of(if verb == "skip" { "runbook retry" } else { "runbook abort" })
                        .with("run", number.to_string());
                    match verb.as_str() {
                        "skip" if !is_done => self.says("alice", call.with("step", &run.steps[place].id)).await,
                        "approve" if !is_done => self.says("alice", call.with("reason", "nobody may")).await,
                        _ => continue,
                    };
                    self.check().await;
                }
            }
            self.time(TimeDelta::minutes(16)).await;
            self.check().await;
        }
        let open = self.before.runs.values().filter(|run| run.state.is_open());
        let open: Vec<_> = open.map(|run| (run.number, &run.state, &run.steps)).collect();
        assert!(open.is_empty(), "{open:?} never end\n{}", self.told.join("\n"));
    }

    /// All who may still approve do, so that nothing becomes too old meanwhile; whether anybody may.
    async fn approved(&mut self, call: &Invocation) -> bool {
        let mut is_heard = false;
        for who in CREW {
            is_heard |= self.says(who, call.clone()).await;
        }
        is_heard
    }
}

#[tokio::test]
async fn whatever_happens_to_a_run_nothing_is_done_unasked_and_somebody_is_always_waited_for() {
    let seeds = seeds(150);
    let mut happened = BTreeSet::new();
    for seed in seeds.clone() {
        let mut story = Story::begin(seed).await;
        for _ in 0..20 + story.dice.below(60) {
            story.step().await;
        }
        story.see_through().await;
        happened.append(&mut story.happened);
    }
    // Rules that nothing could break prove nothing: over so many stories everything happens.
    if seeds.count() >= 150 {
        let missing: Vec<_> = HAPPENS.iter().filter(|word| !happened.contains(**word)).collect();
        assert!(missing.is_empty(), "no story had {missing:?}: {happened:?}");
    }
}

const HAPPENS: [&str; 29] = [
    "Running",
    "Paused",
    "Stopped",
    "Undoing",
    "UndoStopped",
    "Done",
    "Undone",
    "Aborted",
    "held",
    "asking",
    "waiting",
    "queued",
    "working",
    "open",
    "done",
    "not_needed",
    "skipped",
    "failed",
    "unknown",
    "undo asking",
    "undo held",
    "undo queued",
    "undo working",
    "undo done",
    "undo not_needed",
    "undo skipped",
    "undo failed",
    "undo unknown",
    "undo open",
];
