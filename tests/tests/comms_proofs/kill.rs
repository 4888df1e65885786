//! kill -9 at random moments while a thousand subscribers are told: nobody is skipped, and nobody gets it twice but those to whom it was
//! under way, with the same key.
//!
//! `MUSTER_SEED=… MUSTER_KILLS=100 cargo test -p muster-tests --test comms_proofs` replays the moments.

use crate::life::{AT_ONCE, arrived, begin};
use crate::lives::{Teller, Told, comes_to, killed_at_random, kills};
use muster_core::clock::{Clock, SystemClock};
use muster_core::comms::{Bulk, Bulletin, Consignment, Subscriber};
use muster_core::decide::Needs;
use muster_core::ids::IncidentId;
use muster_core::ports::store::Store;
use muster_core::ports::subscribers::Stays;
use muster_tests::fixtures::{bulletin, incident, subscriber, write};
use muster_tests::pg;
use muster_tests::process::tell;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Child;
use std::sync::Arc;
use std::time::Duration;

const PEOPLE: usize = 1_000;
/// A kill comes at most so long after something has arrived in that life.
const LIFE: Duration = Duration::from_millis(60);

/// This test program, over that store, which notes there what has arrived.
struct Lives<'a> {
    store: &'a str,
    notes: PathBuf,
}

impl Teller for Lives<'_> {
    type Process = Child;

    async fn begin(&self, life: u64) -> Child {
        begin(self.store, &self.notes, life)
    }

    fn kill(mut process: Child) {
        process.kill().unwrap();
        process.wait().unwrap();
    }

    fn arrived(&self) -> usize {
        arrived(&self.notes).values().map(Vec::len).sum()
    }
}

/// A message is published for a thousand. Gives their keys.
async fn published(store: &Arc<dyn Store>) -> BTreeSet<String> {
    let now = SystemClock.now();
    let unit = store.begin(&Needs::default()).await.unwrap();
    unit.commit(write("declare").incident(&incident(7)).0).await.unwrap();
    let person = |number| Subscriber { since: now, ..subscriber(&format!("p{number}")) };
    let people: Vec<_> = (0..PEOPLE).map(person).collect();
    let people = store.subscribe(&people, Stays::Nobody).await.unwrap();
    let bulk = Bulk::Bulletin(Box::new(Bulletin { at: now, ..bulletin() }));
    let consignment = Consignment { key: "INC-7/1/0".to_owned(), bulk, at: now };
    assert!(store.hand_over(&consignment).await.unwrap());
    people.iter().map(|one| format!("INC-7/1/0/{}", one.id)).collect()
}

async fn killed_at_random_points(url: &str, test: &str) {
    let folder = tempfile::tempdir().unwrap();
    let lives = Lives { store: url, notes: folder.path().join("notes") };
    let store = muster_store::connect_as_operator(url).await.unwrap();
    let keys = published(&store).await;
    let told = Told { store: &store, incident: IncidentId(7), message: 1, people: PEOPLE };

    let (cut, last) = killed_at_random(&lives, &told, (test, LIFE)).await;
    comes_to("everybody is told", async || told.is_over().await).await;
    Lives::kill(last);

    let arrived = arrived(&lives.notes);
    assert_eq!(
        arrived.keys().cloned().collect::<BTreeSet<_>>(),
        keys,
        "nobody is skipped, and there are no other keys"
    );
    for (key, lives) in &arrived {
        assert_eq!(lives.iter().collect::<BTreeSet<_>>().len(), lives.len(), "{key} twice in one life: {lives:?}");
    }
    let twice = arrived.values().map(|lives| lives.len() - 1).sum::<usize>();
    let most = usize::try_from(kills()).unwrap() * AT_ONCE;
    assert!(twice <= most, "{twice} came again, and at most {most} were under way");
    assert!(cut.short > 0, "nothing was cut short");
    let (kills, short) = (kills(), cut.short);
    tell(&format!("{test}: {kills} kills, {short} before the end; {PEOPLE} told, {twice} of them once more"));
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
