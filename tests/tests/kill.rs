//! kill -9 of the real binary at random moments under a stream of commands: what was acknowledged is there, nothing is
//! there twice, and every effect is made and recorded once. On SQLite and on PostgreSQL.
//!
//! The moments and the commands come from one seed: `MUSTER_SEED=… MUSTER_KILLS=… cargo test -p muster-tests --test
//! kill` replays them. What the scheduler does between them differs from run to run, as it does in life.

use muster_tests::pg;
use muster_tests::process::{
    Audit, Client, Database, Installation, Said, Server, eventually, incident_of, number_from, seed, tell,
};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::Value;
use std::collections::{BTreeMap, VecDeque};
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::watch;

const KILLS: u64 = 40;
/// A kill comes at most so long after the process was started, or was ready.
const LIFE: Duration = Duration::from_millis(160);
/// One kill in so many hits a process that is still starting.
const EARLY: u32 = 8;
/// The ones who give commands. `alice` sits at two machines.
const CREW: [&str; 6] = ["alice", "bob", "carol", "dave", "erin", "alice"];
/// How many of the latest incidents are worked on: the fewer, the more they collide.
const POOL: usize = 8;
/// A lease of a process that was killed runs out after a minute; then its effects are made.
const DRAIN: Duration = Duration::from_secs(90);

/// What a command is for, so that it can be looked for afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Declare,
    Note,
    Update,
    Task,
    TaskFor,
    Offer,
    Accept,
    Take,
    Give,
    Reopen,
    Resolve,
}

impl Sort {
    /// The event that carries the command's own words, and where.
    fn mark(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Declare => Some(("declared", "title")),
            Self::Note => Some(("noted", "text")),
            Self::Update => Some(("updated", "text")),
            Self::Task | Self::TaskFor => Some(("task_added", "text")),
            Self::Offer => Some(("handoff_offered", "briefing")),
            Self::Resolve => Some(("status_changed", "note")),
            Self::Reopen => Some(("reopened", "reason")),
            Self::Accept | Self::Take | Self::Give => None,
        }
    }

    /// How many effects it has when it is done.
    fn effects(self) -> usize {
        match self {
            // The room is greeted; the one who is given something, or has an answer, is told.
            Self::Declare | Self::TaskFor | Self::Accept | Self::Give => 1,
            // The room and the one who is asked.
            Self::Offer => 2,
            Self::Note | Self::Update | Self::Task | Self::Take | Self::Resolve | Self::Reopen => 0,
        }
    }
}

/// A command that was given, and the last word on it.
#[derive(Debug, Clone)]
struct Given {
    person: &'static str,
    key: String,
    sort: Sort,
    line: String,
    incident: Option<String>,
    /// The words that no other command has.
    words: String,
    /// How often it was sent.
    sent: u32,
    /// What it answered; `None` when it was refused.
    reply: Option<Value>,
}

/// What those who give commands share.
struct Shared {
    incidents: Mutex<VecDeque<String>>,
    /// Whether there is somebody to talk to, and whether it is time to stop.
    up: watch::Receiver<(bool, bool)>,
}

struct Worker {
    client: Client,
    person: &'static str,
    name: String,
    rng: StdRng,
    count: u32,
    shared: Arc<Shared>,
}

impl Worker {
    /// Gives one command after another until it is time to stop; each until it is answered for good.
    async fn work(mut self) -> Vec<Given> {
        let mut given = Vec::new();
        let mut up = self.shared.up.clone();
        while !up.borrow_and_update().1 {
            let command = self.next_command();
            given.push(self.carry_through(command, &mut up).await);
        }
        given
    }

    fn next_command(&mut self) -> Given {
        self.count += 1;
        let words = format!("{}n{}w", self.name, self.count);
        let pool: Vec<_> = self.shared.incidents.lock().expect("a lock").iter().cloned().collect();
        let dice = self.rng.random_range(0..100);
        let room = (!pool.is_empty()).then(|| pool[self.rng.random_range(0..pool.len())].clone());
        let other = loop {
            let other = CREW[self.rng.random_range(0..CREW.len())];
            if other != self.person {
                break other;
            }
        };
        let (sort, line) = match dice {
            _ if room.is_none() => (Sort::Declare, format!("new sev3 {words}")),
            0..10 => (Sort::Declare, format!("new {words} is down")),
            10..40 => (Sort::Note, format!("note {words}")),
            40..50 => (Sort::Update, format!("update {words} --next 30m")),
            50..56 => (Sort::Task, format!("task {words}")),
            56..64 => (Sort::TaskFor, format!("task {words} @{other}")),
            64..72 => (Sort::Take, "role commander".to_owned()),
            72..76 => (Sort::Give, format!("role sme @{other}")),
            76..86 => (Sort::Offer, format!("handoff @{other} {words}")),
            86..94 => (Sort::Accept, "handoff accept".to_owned()),
            94..97 => (Sort::Resolve, format!("resolve {words}")),
            _ => (Sort::Reopen, format!("reopen {words}")),
        };
        Given {
            person: self.person,
            key: format!("key-{words}-{:08x}", self.rng.random_range(0..u32::MAX)),
            incident: room.filter(|_| sort != Sort::Declare),
            sort,
            line,
            words,
            sent: 0,
            reply: None,
        }
    }

    /// As a client does that was told nothing: the same again, under the same key.
    async fn carry_through(&mut self, mut given: Given, up: &mut watch::Receiver<(bool, bool)>) -> Given {
        loop {
            if up.wait_for(|(is_up, over)| *is_up || *over).await.is_err() {
                panic!("nobody waits for the commands any more");
            }
            given.sent += 1;
            match self.client.say(&given.key, &given.line, given.incident.as_deref()).await {
                Said::Done(reply) => {
                    if given.sort == Sort::Declare {
                        let mut pool = self.shared.incidents.lock().expect("a lock");
                        pool.push_back(incident_of(&reply));
                        if pool.len() > POOL {
                            pool.pop_front();
                        }
                    }
                    given.reply = Some(reply);
                    return given;
                }
                Said::Refused(status, why) => {
                    assert!(matches!(status.as_u16(), 404 | 409), "{}: {status} {why}", given.line);
                    return given;
                }
                Said::Later(_) => {}
                Said::Nothing(_) => {
                    // The process is gone, or is about to be known to be.
                    tokio::time::sleep(Duration::from_millis(2)).await;
                }
            }
        }
    }
}

struct Killer<'a> {
    installation: &'a Installation,
    rng: StdRng,
    up: watch::Sender<(bool, bool)>,
}

impl<'a> Killer<'a> {
    async fn kill_again_and_again(&mut self, kills: u64) -> Server<'a> {
        for kill in 0..kills {
            let life = self.rng.random_range(Duration::ZERO..LIFE);
            let early = self.rng.random_range(0..EARLY) == 0;
            if kill % 25 == 24 {
                self.hurry_reminders().await;
            }
            let mut server = self.installation.spawn();
            if early {
                self.up.send_replace((true, false));
            } else {
                server.ready().await;
                self.up.send_replace((true, false));
            }
            // The moment of the kill is the point: nothing is waited for.
            tokio::time::sleep(life).await;
            server.kill();
            self.up.send_replace((false, false));
        }
        self.installation.start().await
    }

    /// Time is data: the reminders that have never come are made due while nobody is there to see.
    async fn hurry_reminders(&self) {
        let mut database = Database::open(&self.installation.database_url()).await;
        let soon = database.number("SELECT CAST(coalesce(max(at), 0) AS TEXT) FROM replies").await;
        let within_a_minute = soon + 61_000_000;
        database
            .execute(&format!(
                "UPDATE timers SET due_at = {soon} WHERE key LIKE '%/no-commander' AND due_at < {within_a_minute}
                 AND incident NOT IN (SELECT incident FROM entries WHERE body LIKE '%reminded%')"
            ))
            .await;
    }
}

async fn story(installation: &Installation, seed: u64, kills: u64) {
    let mut rng = StdRng::seed_from_u64(seed);
    installation.start().await.kill();
    let clients: Vec<_> = CREW.iter().map(|&person| (person, installation.client(person))).collect();
    let (up, listening) = watch::channel((false, false));
    let shared = Arc::new(Shared { incidents: Mutex::default(), up: listening });
    let mut work = Vec::new();
    for ((person, client), number) in clients.iter().cloned().zip(0..) {
        let rng = StdRng::seed_from_u64(rng.random());
        let name = format!("c{number}");
        let worker = Worker { client, person, name, rng, count: 0, shared: Arc::clone(&shared) };
        work.push(tokio::spawn(worker.work()));
    }
    let started = Instant::now();
    let mut killer = Killer { installation, rng, up };
    let server = killer.kill_again_and_again(kills).await;
    let took = started.elapsed();
    killer.up.send_replace((true, true));
    let mut given = Vec::new();
    for work in work {
        given.extend(work.await.expect("nobody who gives commands breaks"));
    }
    let mut database = Database::open(&installation.database_url()).await;
    eventually("every effect is made", DRAIN, async || {
        let waiting = database.number("SELECT CAST(count(*) AS TEXT) FROM outbox WHERE state = 'waiting'").await;
        if waiting > 0 {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        (waiting == 0).then_some(())
    })
    .await;
    repeated(&clients, &given, &mut killer.rng).await;
    // Nothing moves while it is looked at.
    server.terminate().await;
    let audit = Audit::of(&mut database).await;
    audit.holds_together();
    audit.everything_was_made_once();
    let tally = compare(&given, &audit);
    let resent = given.iter().filter(|given| given.sent > 1).count();
    let again = audit.outbox.values().filter(|effect| effect.attempts > 1).count();
    tell(&format!(
        "{kills} kills in {took:.1?} ({:.0?} each): {} commands done, {} refused, {resent} sent again; {} incidents, \
         {} entries, {} reminders; {} effects, {again} of them tried more than once; nothing lost, nothing twice",
        took / u32::try_from(kills.max(1)).expect("a small number"),
        tally.done,
        given.len() - tally.done,
        audit.incidents.len(),
        audit.logs.values().map(Vec::len).sum::<usize>(),
        tally.reminders,
        audit.outbox.len(),
    ));
}

/// Asked again under the same key, a command says what it said, whatever has happened since.
async fn repeated(clients: &[(&str, Client)], given: &[Given], rng: &mut StdRng) {
    let done: Vec<_> = given.iter().filter(|given| given.reply.is_some()).collect();
    for _ in 0..200.min(done.len()) {
        let one = done[rng.random_range(0..done.len())];
        let (_, client) = clients.iter().find(|(person, _)| *person == one.person).expect("one of the crew");
        let again = client.insist(&one.key, &one.line, one.incident.as_deref()).await;
        assert_eq!(Some(again.done()), one.reply, "the reply to {} changed", one.line);
    }
}

struct Tally {
    done: usize,
    reminders: usize,
}

/// What is in the database is what was acknowledged, no more and no less.
fn compare(given: &[Given], audit: &Audit) -> Tally {
    let mut found: BTreeMap<String, Vec<(&str, i64)>> = BTreeMap::new();
    for (incident, event) in audit.all_events() {
        let sort = event["event"].as_str().expect("an event has a name");
        for field in ["title", "text", "briefing", "note", "reason"] {
            for word in event[field].as_str().unwrap_or_default().split(' ').filter(|word| is_mark(word)) {
                found.entry(format!("{sort}/{field}/{word}")).or_default().push((sort, incident));
            }
        }
    }
    let mut versions: BTreeMap<i64, i64> = BTreeMap::new();
    let mut effects = 0;
    let mut done = 0;
    for one in given {
        let kept = audit.replies.get(&format!("{}:{}", one.person, one.key));
        let marks = one.sort.mark().map(|(event, field)| format!("{event}/{field}/{}", one.words));
        let places = marks.and_then(|mark| found.remove(&mark)).unwrap_or_default();
        let Some(reply) = &one.reply else {
            assert!(kept.is_none() && places.is_empty(), "refused, and done all the same: {one:?}");
            continue;
        };
        let kept = kept.unwrap_or_else(|| panic!("acknowledged and lost: {one:?}"));
        assert_eq!(kept["incident"], reply["incident"], "{one:?}");
        assert_eq!(kept["body"]["view"], reply["view"], "{one:?}");
        let incident = incident_of(reply);
        let incident: i64 = incident.trim_start_matches("INC-").parse().expect("a number");
        if one.sort.mark().is_some() {
            let there: Vec<_> = places.iter().map(|(_, incident)| *incident).collect();
            assert_eq!(there, [incident], "acknowledged, so there once: {one:?}");
        }
        *versions.entry(incident).or_default() += 1;
        effects += one.sort.effects();
        done += 1;
    }
    assert!(found.keys().all(|mark| mark.starts_with("task_")), "nobody was told of these: {found:?}");
    assert_eq!(audit.replies.keys().filter(|request| !request.starts_with('!')).count(), done, "replies to nobody");
    let mut reminders = 0;
    for (id, incident) in &audit.incidents {
        let reminded = audit.events(*id, "reminded").len();
        // Once, and once more whenever it is open again without a commander.
        let most = 1 + audit.events(*id, "reopened").len();
        assert!(reminded <= most, "INC-{id} was reminded {reminded} times of what is due {most} times");
        reminders += reminded;
        let changes = versions.get(id).copied().unwrap_or_default() + i64::try_from(reminded).expect("small");
        assert_eq!(incident["version"], changes, "INC-{id} has changed more or less often than anybody changed it");
    }
    assert_eq!(versions.len(), audit.incidents.len(), "an incident that nobody declared");
    assert_eq!(audit.outbox.len(), effects + reminders, "every effect that was decided is in the outbox");
    Tally { done, reminders }
}

fn is_mark(word: &str) -> bool {
    word.starts_with('c') && word.ends_with('w') && word.contains('n') && word.bytes().any(|byte| byte.is_ascii_digit())
}

async fn told(test: &str, installation: &Installation) {
    let seed = seed(test);
    let kills = number_from("MUSTER_KILLS").unwrap_or(KILLS);
    let story = AssertUnwindSafe(story(installation, seed, kills));
    if let Err(panic) = futures::FutureExt::catch_unwind(story).await {
        tell(&format!(
            "FAILED with seed {seed}: MUSTER_SEED={seed} MUSTER_KILLS={kills} cargo test -p muster-tests --test kill {test}"
        ));
        std::panic::resume_unwind(panic);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_sqlite() {
    told("on_sqlite", &Installation::on_sqlite()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres() {
    let Some(url) = pg::database("kill on PostgreSQL").await else { return };
    told("on_postgres", &Installation::on(&url)).await;
}
