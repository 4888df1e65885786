//! kill -9 of the real binary at random moments from before a message is published until everybody has it: nobody is skipped, and
//! nobody gets it twice but those to whom it was under way, with the same Message-ID or webhook-id.
//!
//! `MUSTER_SEED=… MUSTER_KILLS=100 cargo test -p muster-tests --test comms_proofs killed` replays the moments.

use crate::house::{AT_ONCE, Outside, house};
use crate::lives::{Cut, Teller, Told, comes_to, killed_at_random, kills};
use muster_core::comms::Tally;
use muster_core::ids::IncidentId;
use muster_tests::pg;
use muster_tests::process::{Audit, Client, Database, Installation, Said, Server, seed, tell};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::collections::BTreeSet;
use std::time::Duration;

/// A kill comes at most so long after something has arrived in that life.
const LIFE: Duration = Duration::from_millis(120);
/// The channels by which something may be under way at once.
const CHANNELS: usize = 2;
/// So many are told of each message where it is the messages that are many.
const FEW: usize = 20;

/// Drafts messages in INC-1, which nobody else has to approve.
async fn drafted(alice: &Client, messages: u64) {
    alice.does("new sev3 the web shop is slow --service checkout", None).await;
    for _ in 0..messages {
        alice.does("comms draft public-free headline=Slow words=\"It takes long.\"", Some("INC-1")).await;
    }
}

/// Publishes one: the same again until it is answered, as a client does that was told nothing.
async fn publish(alice: Client, number: u64) {
    let (key, line) = (format!("publish-{number}"), format!("comms publish {number}"));
    loop {
        match alice.say(&key, &line, Some("INC-1")).await {
            Said::Done(_) => return,
            Said::Refused(status, why) => panic!("{status} {why}"),
            // The process is gone, or is about to be known to be.
            Said::Later(_) | Said::Nothing(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}

/// Everybody has every message, and knows what came again by its id, which is nobody else's.
fn each_has_all(outside: &Outside, names: &BTreeSet<String>, messages: u64) {
    let arrived = outside.arrived();
    assert_eq!(&arrived.keys().cloned().collect::<BTreeSet<_>>(), names, "nobody is skipped, nobody else is told");
    let mut ids = BTreeSet::new();
    for (whom, theirs) in &arrived {
        let each: BTreeSet<_> = theirs.iter().collect();
        assert_eq!(each.len() as u64, messages, "{whom} knows a second one by its id: {theirs:?}");
        each.into_iter().for_each(|id| assert!(ids.insert(id), "{id} is somebody else's, too"));
    }
}

/// The binary, and those outside.
struct House<'a> {
    installation: &'a Installation,
    outside: &'a Outside,
}

impl<'a> Teller for House<'a> {
    type Process = Server<'a>;

    async fn begin(&self, _life: u64) -> Server<'a> {
        self.installation.start().await
    }

    fn kill(server: Server<'a>) {
        server.kill();
    }

    fn arrived(&self) -> usize {
        self.outside.count()
    }
}

async fn killed_at_random_points(installation: &Installation, outside: &Outside, (test, people): (&str, usize)) {
    let first = installation.start().await;
    let alice = installation.client("alice");
    drafted(&alice, 1).await;
    first.terminate().await;
    let store = muster_store::connect_as_operator(&installation.database_url()).await.unwrap();
    let names = outside.subscribe(&store, people).await;

    let told = Told { store: &store, incident: IncidentId(1), message: 1, people };
    let publishing = tokio::spawn(publish(alice.clone(), 1));
    let (cut, last) = killed_at_random(&House { installation, outside }, &told, (test, LIFE)).await;
    publishing.await.unwrap();
    comes_to("everybody is told", async || told.is_over().await).await;
    last.terminate().await;

    each_has_all(outside, &names, 1);
    let (kills, twice) = (kills(), outside.count() - people);
    let most = usize::try_from(kills).unwrap() * AT_ONCE * CHANNELS;
    assert!(twice <= most, "{twice} came again, and at most {most} were under way");
    assert!(cut.short > 0, "nothing was cut short");
    Audit::of(&mut Database::open(&installation.database_url()).await).await.holds_together();
    let Cut { short, unlaid } = cut;
    tell(&format!(
        "{test}: {kills} kills, {short} before the end, {unlaid} before all was laid out; {people} told, {twice} once more"
    ));
}

/// The command was answered; what follows from it has hardly begun.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_binary_is_killed_as_soon_as_it_has_published() {
    let test = "kill -9 of the binary between publishing and laying out";
    let Some(outside) = Outside::open(test).await else { return };
    let installation = house("sqlite:muster.db", &outside);
    let mut rng = StdRng::seed_from_u64(seed(test));
    let messages = kills();
    let first = installation.start().await;
    let alice = installation.client("alice");
    drafted(&alice, messages).await;
    first.terminate().await;
    let store = muster_store::connect_as_operator(&installation.database_url()).await.unwrap();
    let names = outside.subscribe(&store, FEW).await;
    let of = |number: u64| {
        let message = i64::try_from(number).unwrap();
        Told { store: &store, incident: IncidentId(1), message, people: FEW }
    };
    let mut unlaid = 0;
    for number in 1..=messages {
        let server = installation.start().await;
        publish(alice.clone(), number).await;
        // The moment of the kill is the point: nothing is waited for.
        tokio::time::sleep(rng.random_range(Duration::ZERO..LIFE / 10)).await;
        server.kill();
        unlaid += u64::from(of(number).tally().await == Tally::default());
    }
    let last = installation.start().await;
    for number in 1..=messages {
        comes_to("everybody is told everything", async || of(number).is_over().await).await;
    }
    last.terminate().await;
    each_has_all(&outside, &names, messages);
    assert!(unlaid > 0, "nothing was cut short");
    tell(&format!("{test}: {messages} kills, {unlaid} before anything was laid out"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_binary_is_killed_on_sqlite() {
    let test = "a thousand subscribers, kill -9 of the binary, SQLite";
    let Some(outside) = Outside::open(test).await else { return };
    killed_at_random_points(&house("sqlite:muster.db", &outside), &outside, (test, 1_000)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_binary_is_killed_on_postgres() {
    let test = "subscribers, kill -9 of the binary, PostgreSQL";
    let Some(url) = pg::database(test).await else { return };
    let Some(outside) = Outside::open(test).await else { return };
    killed_at_random_points(&house(&url, &outside), &outside, (test, 300)).await;
}
