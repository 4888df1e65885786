//! kill -9 at random moments while a thousand subscribers are told: nobody is skipped, and nobody gets it twice but those to whom it was
//! under way, with the same key.
//!
//! `MUSTER_SEED=… MUSTER_KILLS=100 cargo test -p muster-tests --test comms_proofs` replays the moments.

use crate::life::{AT_ONCE, arrived, begin};
use muster_core::clock::{Clock, SystemClock};
use muster_core::comms::{
    Bulk, Bulletin, Channel, Cleared, Consignment, Locale, Subscriber, SubscriberId, SubscriberState, Tally,
};
use muster_core::decide::Needs;
use muster_core::ids::IncidentId;
use muster_core::ports::store::Store;
use muster_core::ports::subscribers::Stays;
use muster_tests::fixtures::{incident, write};
use muster_tests::pg;
use muster_tests::process::{eventually, number_from, seed, tell};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

const KILLS: u64 = 12;
const PEOPLE: usize = 1_000;
/// A kill comes at most so long after something has arrived in that life.
const LIFE: Duration = Duration::from_millis(60);
/// On PostgreSQL what was under way in a process that was killed is tried again a minute later.
const DRAIN: Duration = Duration::from_secs(200);

/// A message is published for a thousand. Gives their keys.
async fn published(store: &Arc<dyn Store>) -> BTreeSet<String> {
    let now = SystemClock.now();
    let unit = store.begin(&Needs::default()).await.unwrap();
    unit.commit(write("declare").incident(&incident(7)).0).await.unwrap();
    let person = |number| Subscriber {
        id: SubscriberId(0),
        audience: "public".to_owned(),
        channel: Channel::Email,
        address: format!("p{number}@example.com"),
        locale: Locale::english(),
        components: BTreeSet::new(),
        state: SubscriberState::Active,
        since: now,
        failures: 0,
    };
    let people: Vec<_> = (0..PEOPLE).map(person).collect();
    let people = store.subscribe(&people, Stays::Nobody).await.unwrap();
    let bulletin = Bulletin {
        cleared: Cleared::of(&incident(7)).unwrap(),
        number: 1,
        audience: "public".to_owned(),
        status: None,
        texts: BTreeMap::new(),
        locale: Locale::english(),
        components: BTreeMap::new(),
        concerns: BTreeSet::new(),
        at: now,
        next_at: None,
        corrects: None,
        retracts: false,
        window: None,
    };
    let bulk = Bulk::Bulletin(Box::new(bulletin));
    let consignment = Consignment { key: "INC-7/1/0".to_owned(), bulk, at: now };
    assert!(store.hand_over(&consignment).await.unwrap());
    people.iter().map(|one| format!("INC-7/1/0/{}", one.id)).collect()
}

async fn killed_at_random_points(url: &str, test: &str) {
    let mut rng = StdRng::seed_from_u64(seed(test));
    let kills = number_from("MUSTER_KILLS").unwrap_or(KILLS);
    let folder = tempfile::tempdir().unwrap();
    let notes = folder.path().join("notes");
    let store = muster_store::connect_as_operator(url).await.unwrap();
    let keys = published(&store).await;
    let count = || arrived(&notes).values().map(Vec::len).sum::<usize>();

    let mut cut_short = 0;
    for life in 1..=kills {
        let before = count();
        let mut process = begin(url, &notes, life);
        let has_begun = async || {
            let is_over = async || store.tally(IncidentId(7), 1).await.unwrap().done == PEOPLE as i64;
            if count() > before || is_over().await {
                Some(())
            } else {
                tokio::time::sleep(LIFE / 30).await;
                None
            }
        };
        // The first moments are as good as any: laying out, the first lease, the first arrival.
        if life % 4 != 0 {
            eventually("something arrives", DRAIN, has_begun).await;
        }
        // The moment of the kill is the point: nothing is waited for.
        tokio::time::sleep(rng.random_range(Duration::ZERO..LIFE)).await;
        process.kill().unwrap();
        process.wait().unwrap();
        cut_short += usize::from(count() < PEOPLE);
    }
    let mut last = begin(url, &notes, kills + 1);
    eventually("everybody is told", DRAIN, async || {
        tokio::time::sleep(Duration::from_millis(100)).await;
        (store.tally(IncidentId(7), 1).await.unwrap().done == PEOPLE as i64).then_some(())
    })
    .await;
    last.kill().unwrap();
    last.wait().unwrap();

    assert_eq!(store.tally(IncidentId(7), 1).await.unwrap(), Tally { done: PEOPLE as i64, ..Tally::default() });
    let arrived = arrived(&notes);
    assert_eq!(
        arrived.keys().cloned().collect::<BTreeSet<_>>(),
        keys,
        "nobody is skipped, and there are no other keys"
    );
    for (key, lives) in &arrived {
        assert_eq!(lives.iter().collect::<BTreeSet<_>>().len(), lives.len(), "{key} twice in one life: {lives:?}");
    }
    let twice = arrived.values().map(|lives| lives.len() - 1).sum::<usize>();
    let most = usize::try_from(kills).unwrap() * AT_ONCE;
    assert!(twice <= most, "{twice} came again, and at most {most} were under way");
    assert!(cut_short > 0, "nothing was cut short");
    tell(&format!("{test}: {kills} kills, {cut_short} before the end; {PEOPLE} told, {twice} of them once more"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_random_points_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}/muster.db", folder.path().display());
    killed_at_random_points(&url, "subscribers, kill -9, SQLite").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_random_points_on_postgres() {
    let test = "subscribers, kill -9, PostgreSQL";
    let Some(url) = pg::database(test).await else { return };
    killed_at_random_points(&url, test).await;
}
