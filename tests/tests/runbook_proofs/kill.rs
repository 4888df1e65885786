//! kill -9 of the real binary before and after every step of a run of twenty, and of taking it back: what is idempotent goes on,
//! of what is not people are asked, and what counts outside Muster finds that each was done once.
//!
//! `MUSTER_KILLS=100 cargo test -p muster-tests --test runbook_proofs kill` is all of it; `MUSTER_SEED=…` replays the moments.

use crate::crew::Crew;
use crate::ledger::{Ledger, Moment};
use crate::twenty::{DEEDS, IDEMPOTENT, TAKEN_BACK, Yard};
use muster_core::runbook::{Run, RunState, StepState};
use muster_tests::pg;
use muster_tests::process::{Database, Installation, Server, number_from, seed, tell};
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// So many kills without a word about it. On PostgreSQL, where others may live, a dead process is believed for ten seconds.
const ON_SQLITE: u64 = 25;
const ON_POSTGRES: u64 = 4;
/// However often it is killed, a run ends.
const PATIENCE: Duration = Duration::from_mins(20);
/// The pause between two looks of those who drive a run.
const LOOK: Duration = Duration::from_millis(5);
/// How many moments there are.
const MOMENTS: usize = 4;

/// The places where it is killed: each step, and what takes it back.
fn points() -> Vec<String> {
    let steps = (1..=20).map(|n| format!("s{n:02}"));
    steps.chain(TAKEN_BACK.map(str::to_owned)).collect()
}

fn moment(which: usize, rng: &mut StdRng) -> Moment {
    match which % MOMENTS {
        0 => Moment::Done,
        1 => Moment::Answered,
        2 => Moment::Between(rng.random_range(Duration::ZERO..Duration::from_millis(12))),
        _ => Moment::Seen,
    }
}

/// What is planned for each run: no place twice in one, and every moment at every place if there are kills enough.
fn plans(kills: u64, rng: &mut StdRng) -> Vec<BTreeMap<String, Moment>> {
    let (mut points, mut left) = (points(), usize::try_from(kills).expect("a small number"));
    let first = rng.random_range(0..MOMENTS);
    let mut plans = Vec::new();
    while left > 0 {
        if left < points.len() {
            points.shuffle(rng);
            points.truncate(left);
        }
        left -= points.len();
        let round = plans.len() + first;
        // What no machine does has nothing to answer.
        let is_quick = |point: &str| matches!(point, "s06" | "s11" | "s14");
        let of = |(at, point): (usize, &String)| {
            let moment = if is_quick(point) { Moment::Seen } else { moment(round + at, rng) };
            (point.clone(), moment)
        };
        plans.push(points.iter().enumerate().map(of).collect());
    }
    plans
}

/// Muster, started anew whenever it was killed.
struct Lives<'a> {
    installation: &'a Installation,
    server: Server<'a>,
    count: usize,
}

impl<'a> Lives<'a> {
    async fn begin(installation: &'a Installation) -> Self {
        Self { installation, server: installation.start().await, count: 1 }
    }

    /// Alive, and to be killed by the ledger.
    async fn lives(&mut self, ledger: &Ledger) {
        if !self.server.is_running() {
            self.server = self.installation.start().await;
            self.count += 1;
        }
        ledger.aims_at(self.server.pid());
    }
}

/// Drives run number one of an incident until it is over, whatever becomes of Muster.
async fn to_its_end(lives: &mut Lives<'_>, crew: &Crew<'_>, incident: &str, ledger: &Ledger) -> Run {
    let began = Instant::now();
    loop {
        lives.lives(ledger).await;
        if let Some(run) = crew.look(incident).await.and_then(|runs| runs.into_iter().next()) {
            crew.attend(&run).await;
            if !run.state.is_open() && ledger.left().iter().all(|point| point.ends_with("/undo")) {
                return run;
            }
            if run.state == RunState::Undone {
                return run;
            }
            assert!(began.elapsed() < PATIENCE, "{run:#?}\n{}", lives.installation.tail());
        }
        tokio::time::sleep(LOOK).await;
    }
}

async fn killed_at_every_step(store: &str, test: &str, kills: u64) {
    let mut rng = StdRng::seed_from_u64(seed(test));
    let (mut killed, mut asked) = (0, 0);
    for plan in plans(kills, &mut rng) {
        let ledger = Ledger::open().await;
        let yard = Yard::of(&ledger);
        let installation = yard.installation(store, &ledger);
        let mut lives = Lives::begin(&installation).await;
        let crew = Crew::of(&installation, &ledger, &yard);
        let incident = crew.starts("twenty", 0).await;
        ledger.is_silent_once("s20");
        for (point, moment) in &plan {
            ledger.plans(point, *moment);
        }
        lives.lives(&ledger).await;
        crew.says(&incident, "start", "runbook run twenty").await;
        let run = loop {
            let run = to_its_end(&mut lives, &crew, &incident, &ledger).await;
            if run.state == RunState::Undone {
                break run;
            }
            if run.state == RunState::Done {
                lives.lives(&ledger).await;
                crew.says(&incident, "undo", "runbook undo --run 1").await;
            }
        };
        assert_eq!(ledger.left(), Vec::<String>::new(), "every kill has come");
        assert!(run.steps.iter().all(|step| step.state == StepState::Done), "{run:#?}");
        each_was_done_once(&ledger, &yard);
        in_order(&ledger, &DEEDS.concat(), &DEEDS);
        in_order(&ledger, &TAKEN_BACK, &TAKEN_BACK.each_ref().map(std::slice::from_ref));
        let mut database = Database::open(&installation.database_url()).await;
        is_told_once(&mut database, &incident, &crew).await;
        let _ = installation.prints(&["audit", "verify"]);
        drop(lives);
        killed += ledger.struck().len();
        asked += crew.asked().len();
    }
    tell(&format!(
        "{test}: {killed} kills, people were asked {asked} times, no step ran twice unasked, none was left out"
    ));
}

/// Whatever is not as good twice as once was done once; of the rest each attempt was.
fn each_was_done_once(ledger: &Ledger, yard: &Yard) {
    let (deeds, lines) = (ledger.deeds(), yard.lines());
    let all = DEEDS.concat().into_iter().chain(TAKEN_BACK);
    for what in all {
        let told: Vec<_> = deeds.iter().filter(|deed| deed.what == what).map(|deed| deed.key.clone()).collect();
        let written: Vec<_> = lines.iter().filter(|(one, _)| one == what).map(|(_, key)| key.clone()).collect();
        // A program may have died between writing and telling.
        let done = if written.is_empty() { told } else { written };
        assert!(!done.is_empty(), "{what} was left out");
        if !IDEMPOTENT.contains(&what) {
            assert_eq!(done.len(), 1, "{what} was done {} times: {done:?}", done.len());
        }
        let mut attempts = done.clone();
        attempts.sort();
        attempts.dedup();
        // A check asks again and again.
        assert!(what == "s15" || attempts.len() == done.len(), "an attempt at {what} was made twice: {done:?}");
    }
}

/// Nothing was done before what comes before it.
fn in_order(ledger: &Ledger, all: &[&str], groups: &[&[&str]]) {
    let deeds: Vec<_> = ledger.deeds().into_iter().filter(|deed| all.contains(&deed.what.as_str())).collect();
    let group = |what: &str| groups.iter().position(|group| group.contains(&what));
    let order: Vec<_> = deeds.iter().map(|deed| group(&deed.what)).collect();
    assert!(order.is_sorted(), "{:?}", deeds.iter().map(|deed| &deed.what).collect::<Vec<_>>());
}

/// On the timeline every step is done once, and taken back once, and every question to people is there.
async fn is_told_once(database: &mut Database, incident: &str, crew: &Crew<'_>) {
    let number = incident.trim_start_matches("INC-");
    let rows = database.rows(&format!("SELECT body FROM entries WHERE incident = {number} ORDER BY seq")).await;
    let bodies: Vec<Value> = rows.iter().map(|row| serde_json::from_str(&row[0]).expect("an entry is JSON")).collect();
    let updates = bodies.iter().filter(|body| body["what"]["event"] == "updated").count();
    assert_eq!(updates, 1, "one update");
    let count = |id: &str, was: &str| {
        let is_it = |body: &&Value| {
            let what = &body["what"]["what"];
            body["what"]["event"] == "run" && what["id"] == id && what["what"]["was"] == was
        };
        bodies.iter().filter(is_it).count()
    };
    for n in 1..=20 {
        let id = format!("s{n:02}");
        assert_eq!(count(&id, "done"), 1, "{id} is done once on the timeline");
        let is_taken_back = TAKEN_BACK.contains(&format!("{id}/undo").as_str());
        assert_eq!(count(&id, "undone"), usize::from(is_taken_back), "{id} is taken back once on the timeline");
        let asked = crew.asked().iter().filter(|job| job.contains(&format!("/{id}/"))).count();
        assert_eq!(count(&id, "unknown") + count(&id, "undo_unknown"), asked, "people were asked about {id}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_every_step_on_sqlite() {
    let kills = number_from("MUSTER_KILLS").unwrap_or(ON_SQLITE);
    killed_at_every_step("sqlite:muster.db", "runbooks, kill -9, SQLite", kills).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_every_step_on_postgres() {
    let test = "runbooks, kill -9, PostgreSQL";
    let Some(url) = pg::database(test).await else { return };
    killed_at_every_step(&url, test, number_from("MUSTER_KILLS").unwrap_or(ON_POSTGRES)).await;
}
