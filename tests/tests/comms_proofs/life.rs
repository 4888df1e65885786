//! A life of the process that tells subscribers: this test program, started once more, over a real store and with a courier that notes in
//! a file what has arrived.

use async_trait::async_trait;
use muster_core::app::Muster;
use muster_core::app::parcels::{Depot, Throttle};
use muster_core::clock::{SystemClock, SystemEntropy};
use muster_core::comms::{Bulk, Channel, Parcel};
use muster_core::ports::courier::{Courier, CourierError};
use muster_tests::sample;
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::num::NonZeroUsize;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

/// So many are under way at once, and may have arrived without anybody knowing when the process is killed.
pub(crate) const AT_ONCE: usize = 16;
/// So many arrive in a second.
const PER_SECOND: u32 = 1_500;
/// So long the other side takes to answer, after it has taken what it was brought.
const TAKES: Duration = Duration::from_millis(5);

/// Which store, which file and which life it is.
const ASKED: [&str; 3] = ["MUSTER_LIFE_STORE", "MUSTER_LIFE_NOTES", "MUSTER_LIFE"];

/// Notes what has arrived. A line is written whole or not at all, and stays when the process is killed.
struct Noting(File, String);

#[async_trait]
impl Courier for Noting {
    fn channel(&self) -> Channel {
        Channel::Email
    }

    async fn carry(&self, parcel: &Parcel, _bulk: &Bulk) -> Result<(), CourierError> {
        (&self.0).write_all(format!("{} {}\n", self.1, parcel.key()).as_bytes()).unwrap();
        tokio::time::sleep(TAKES).await;
        Ok(())
    }
}

/// Only what [`begin`] starts comes here with something to do.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_life() {
    let [Ok(store), Ok(notes), Ok(life)] = ASKED.map(std::env::var) else { return };
    let store = muster_store::connect(&store).await.unwrap();
    let muster = Muster::new(store, Arc::new(SystemClock), Arc::new(SystemEntropy), sample::retailer());
    let notes = OpenOptions::new().append(true).create(true).open(notes).unwrap();
    let at_once = NonZeroUsize::new(AT_ONCE).unwrap();
    let throttle = Throttle { at_once, ..Throttle::of(PER_SECOND, PER_SECOND) };
    let courier: Arc<dyn Courier> = Arc::new(Noting(notes, life.clone()));
    Depot::new(muster, format!("life {life}"), vec![courier], throttle).run(std::future::pending()).await;
}

/// Begins a life over that store.
pub(crate) fn begin(store: &str, notes: &Path, life: u64) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "life::a_life", "--nocapture"]).stdout(Stdio::null());
    let [store_is, notes_are, life_is] = ASKED;
    command.env(store_is, store).env(notes_are, notes).env(life_is, life.to_string());
    command.spawn().unwrap()
}

/// What has arrived: by key, in which lives.
pub(crate) fn arrived(notes: &Path) -> BTreeMap<String, Vec<u64>> {
    let mut arrived = BTreeMap::<String, Vec<u64>>::new();
    for line in std::fs::read_to_string(notes).unwrap_or_default().lines() {
        let (life, key) = line.split_once(' ').unwrap();
        arrived.entry(key.to_owned()).or_default().push(life.parse().unwrap());
    }
    arrived
}
