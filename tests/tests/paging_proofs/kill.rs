//! kill -9 of the real binary at random points between an alert and the answer to its page, and its connection to the database cut:
//! none is lost, and in each life of the process each is sent once at most.
//!
//! `MUSTER_SEED=… MUSTER_KILLS=200 cargo test -p muster-tests --test paging_proofs kill` replays the moments.

use crate::crew::{Crew, each_was_called_once, everything_is_sent, organisation};
use crate::phones::Phones;
use muster_tests::pg;
use muster_tests::process::stall::{Line, Proxy, Stall};
use muster_tests::process::{Database, Installation, number_from, seed, tell};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::sync::atomic::Ordering;
use std::time::Duration;

const KILLS: u64 = 4;
const CUTS: u64 = 4;
/// A kill comes at most so long after the process was ready.
const LIFE: Duration = Duration::from_millis(400);
/// A connection is there at most so long.
const CALM: Duration = Duration::from_millis(1_500);
/// A phone takes so long to answer, so that processes die while it rings.
const RINGING: Duration = Duration::from_millis(30);

async fn killed_at_random_points(store: &str, test: &str) {
    let mut rng = StdRng::seed_from_u64(seed(test));
    let kills = number_from("MUSTER_KILLS").unwrap_or(KILLS);
    let phones = Phones::on_a_desk(RINGING).await;
    let installation = Installation::configured(store, &organisation(&phones));
    installation.start().await.kill();
    let crew = Crew::of(&installation, &phones);
    let over = crew.is_over();
    let lives = async {
        for _ in 0..kills {
            phones.next_life();
            let server = installation.start().await;
            // The moment of the kill is the point: nothing is waited for.
            tokio::time::sleep(rng.random_range(Duration::ZERO..LIFE)).await;
            server.kill();
        }
        phones.next_life();
        let server = installation.start().await;
        over.store(true, Ordering::Relaxed);
        let mut database = Database::open(&installation.database_url()).await;
        everything_is_sent(&mut database).await;
        (server, database)
    };
    let (accepted, _, (server, mut database)) = tokio::join!(crew.alert(), crew.answer(), lives);
    // What rang last is answered now.
    crew.answer().await;
    server.terminate().await;
    each_was_called_once(&mut database, &accepted, &phones).await;
    let twice = phones.twice();
    tell(&format!("{test}: {kills} kills, {} alerts paged, none lost; {twice} of them sent once more", accepted.len()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_random_points_on_sqlite() {
    killed_at_random_points("sqlite:muster.db", "pages, kill -9, SQLite").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_random_points_on_postgres() {
    let test = "pages, kill -9, PostgreSQL";
    let Some(url) = pg::database(test).await else { return };
    killed_at_random_points(&url, test).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cut_off_from_its_database_no_page_is_lost() {
    let test = "pages, cut off from PostgreSQL";
    let Some(url) = pg::database(test).await else { return };
    let mut rng = StdRng::seed_from_u64(seed(test));
    let phones = Phones::on_a_desk(RINGING).await;
    let mut proxy = Proxy::before(&url, &[Line::Cut]).await;
    let installation = Installation::configured(proxy.store(), &organisation(&phones));
    let server = installation.start().await;
    let crew = Crew::of(&installation, &phones);
    let over = crew.is_over();
    let cuts = async {
        for _ in 0..CUTS {
            tokio::time::sleep(rng.random_range(Duration::ZERO..CALM)).await;
            // What was sent may have to be sent again once for each cut.
            phones.next_life();
            proxy.begin().await;
            tokio::time::sleep(rng.random_range(Duration::ZERO..LIFE)).await;
            proxy.end().await;
            phones.next_life();
        }
        tokio::time::sleep(LIFE).await;
        over.store(true, Ordering::Relaxed);
        let mut database = Database::open(&url).await;
        everything_is_sent(&mut database).await;
        database
    };
    let (accepted, _, mut database) = tokio::join!(crew.alert(), crew.answer(), cuts);
    crew.answer().await;
    server.terminate().await;
    each_was_called_once(&mut database, &accepted, &phones).await;
    let twice = phones.twice();
    tell(&format!("{test}: {CUTS} cuts, {} alerts paged, none lost; {twice} of them sent once more", accepted.len()));
}
