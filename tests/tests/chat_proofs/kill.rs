//! kill -9 of the real binary at random moments while incidents are declared in a chat: what was acknowledged is there,
//! and every incident has one room, one headline, one welcome, one announcement, and everybody who belongs to it.
//!
//! The moments come from one seed: `MUSTER_SEED=… MUSTER_KILLS=… cargo test -p muster-tests --test chat_proofs kill`
//! replays them. What the scheduler does between them differs from run to run, as it does in life.

use crate::chat::Chat;
use crate::declared::{declares, each_is_there};
use crate::office::Office;
use muster_tests::discord::FakeDiscord;
use muster_tests::pg;
use muster_tests::process::{Audit, Database, Wire, number_from, seed, tell};
use muster_tests::slack::FakeSlack;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

const KILLS: u64 = 4;
/// Every call of the chat takes so long, so that kills land in the middle of calls.
const CALL: Duration = Duration::from_millis(5);
/// A kill comes at most so long after incidents were declared.
const LIFE: Duration = Duration::from_millis(400);
/// One kill in so many hits a process that is still starting.
const EARLY: u32 = 8;
/// The ones who declare; one, two or all of them at once.
const CREW: [&str; 3] = ["alice", "bob", "erin"];
/// One incident in so many is private.
const PRIVATE: u32 = 4;
/// When all is quiet at the latest.
const DRAIN: Duration = Duration::from_secs(90);

/// Time is data: the leases of a process that is gone run out while nobody is there to see.
async fn leases_run_out(database: &mut Database) {
    database.execute("UPDATE outbox SET leased_until = 0 WHERE leased_until IS NOT NULL").await;
}

async fn story<C: Chat>(office: &Office<C>, seed: u64, kills: u64) {
    let mut rng = StdRng::seed_from_u64(seed);
    office.chat.delay(CALL);
    let mut database = office.database().await;
    let mut declaring = JoinSet::new();
    let started = Instant::now();
    for kill in 0..kills {
        let is_early = rng.random_range(0..EARLY) == 0;
        let server = if is_early { office.installation.spawn() } else { office.begins().await };
        for (n, by) in CREW.into_iter().enumerate().take(rng.random_range(1..=CREW.len())) {
            let words = format!("k{kill}n{n} is down");
            let is_private = rng.random_range(0..PRIVATE) == 0;
            declaring.spawn(declares(office.author(by), words, is_private));
        }
        // The moment of the kill is the point: nothing is waited for.
        tokio::time::sleep(rng.random_range(Duration::ZERO..LIFE)).await;
        server.kill();
        leases_run_out(&mut database).await;
    }
    let server = office.installation.start().await;
    let took = started.elapsed();
    let declared = declaring.join_all().await;
    // What somebody gave up waiting for may still be under way: it ends before the last look.
    server.terminate().await;
    let server = office.installation.start().await;
    office.is_quiet(&mut database, DRAIN).await;
    // Nothing moves while it is looked at.
    server.terminate().await;
    let audit = Audit::of(&mut database).await;
    office.holds_what_is_in(&audit);
    each_is_there(&declared, &audit);
    let again = audit.outbox.values().filter(|effect| effect.attempts > 1).count();
    tell(&format!(
        "{kills} kills in {took:.1?}: {} incidents wanted and acknowledged, {} asked for again, {} there; {} effects, {again} \
         of them tried more than once; {} calls; nothing lost, nothing twice",
        declared.len(),
        declared.iter().filter(|one| one.asked > 1).count(),
        audit.incidents.len(),
        audit.outbox.len(),
        office.chat.calls().len(),
    ));
}

async fn told<C: Chat>(test: &str, store: &str, wire: Wire) {
    let seed = seed(test);
    let kills = number_from("MUSTER_KILLS").unwrap_or(KILLS);
    let office = Office::<C>::open(store, wire).await;
    if let Err(panic) = futures::FutureExt::catch_unwind(AssertUnwindSafe(story(&office, seed, kills))).await {
        tell(&format!(
            "FAILED with seed {seed}: MUSTER_SEED={seed} MUSTER_KILLS={kills} cargo test -p muster-tests --test \
             chat_proofs kill::{test}\n{}",
            office.installation.tail()
        ));
        std::panic::resume_unwind(panic);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_slack_over_sockets_on_sqlite() {
    told::<FakeSlack>("in_slack_over_sockets_on_sqlite", "sqlite:muster.db", Wire::Socket).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_slack_over_http_on_sqlite() {
    told::<FakeSlack>("in_slack_over_http_on_sqlite", "sqlite:muster.db", Wire::Http).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_slack_over_sockets_on_postgres() {
    if let Some(url) = pg::database("in slack over sockets on postgres").await {
        told::<FakeSlack>("in_slack_over_sockets_on_postgres", &url, Wire::Socket).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_discord_over_the_gateway_on_sqlite() {
    told::<FakeDiscord>("in_discord_over_the_gateway_on_sqlite", "sqlite:muster.db", Wire::Socket).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_discord_over_http_on_sqlite() {
    told::<FakeDiscord>("in_discord_over_http_on_sqlite", "sqlite:muster.db", Wire::Http).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_discord_over_the_gateway_on_postgres() {
    if let Some(url) = pg::database("in discord over the gateway on postgres").await {
        told::<FakeDiscord>("in_discord_over_the_gateway_on_postgres", &url, Wire::Socket).await;
    }
}
