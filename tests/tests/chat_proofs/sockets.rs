//! Slack's sockets come, go and fall silent while incidents are declared over them: each is declared once. What a socket took
//! with it unacknowledged Slack sends again, the same, down the next one.

use crate::declared::{Declared, declares, each_is_there};
use crate::office::Office;
use muster_tests::process::{Audit, Wire, seed, tell};
use muster_tests::slack::FakeSlack;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// Every call of Slack's takes so long, so that sockets go while something is being done.
const CALL: Duration = Duration::from_millis(5);
/// So often sockets go. More often in so short a time, and connecting again is rightly put off longer than a test is.
const ENDS: usize = 5;
/// A socket goes at most so long after incidents were declared.
const LIFE: Duration = Duration::from_millis(40);
/// So many are declared before each.
const AT_ONCE: usize = 6;
const CREW: [&str; 3] = ["alice", "bob", "erin"];
/// When all is quiet at the latest.
const DRAIN: Duration = Duration::from_secs(20);

/// A way in which sockets go.
#[derive(Debug, Clone, Copy)]
enum Way {
    /// Without a word.
    Cut,
    /// Slack says so, and closes nothing until there is another.
    Replaced,
    /// Slack says so, and closes it at once.
    WarnedAndCut,
}

impl Way {
    const ALL: [Self; 3] = [Self::Cut, Self::Replaced, Self::WarnedAndCut];

    fn go(self, slack: &FakeSlack) {
        match self {
            Self::Cut => slack.cut_sockets(),
            Self::Replaced => slack.disconnect_sockets("refresh_requested"),
            Self::WarnedAndCut => {
                slack.disconnect_sockets("warning");
                slack.cut_sockets();
            }
        }
    }
}

fn declare(office: &Office<FakeSlack>, all: &mut JoinSet<Declared>, wave: usize) {
    for n in 0..AT_ONCE {
        let by = CREW[n % CREW.len()];
        let words = format!("s{wave}n{n} is down");
        all.spawn(declares(office.author(by), words, false));
    }
}

/// The end of a story: all is quiet, and as it must be.
async fn ends(office: &Office<FakeSlack>, declared: &[Declared]) {
    let mut database = office.database().await;
    office.is_quiet(&mut database, DRAIN).await;
    let audit = Audit::of(&mut database).await;
    office.holds_what_is_in(&audit);
    each_is_there(declared, &audit);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sockets_come_and_go_at_random_moments() {
    let office = Office::<FakeSlack>::open("sqlite:muster.db", Wire::Socket).await;
    let mut rng = StdRng::seed_from_u64(seed("sockets_come_and_go_at_random_moments"));
    office.chat.delay(CALL);
    let server = office.installation.start().await;
    let (mut declaring, mut ways) = (JoinSet::new(), Vec::new());
    for wave in 0..ENDS {
        office.chat.has_sockets(1).await;
        declare(&office, &mut declaring, wave);
        // The moment is the point: nothing is waited for.
        tokio::time::sleep(rng.random_range(Duration::ZERO..LIFE)).await;
        let way = Way::ALL[rng.random_range(0..Way::ALL.len())];
        way.go(&office.chat);
        ways.push(way);
    }
    declare(&office, &mut declaring, ENDS);
    let declared = declaring.join_all().await;
    ends(&office, &declared).await;
    let again = declared.iter().filter(|one| one.asked > 1).count();
    tell(&format!("sockets gone, {ways:?}: {} incidents declared, {again} typed again; each is there", declared.len()));
    server.terminate().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_socket_falls_silent() {
    let office = Office::<FakeSlack>::open("sqlite:muster.db", Wire::Socket).await;
    let server = office.installation.start().await;
    office.chat.has_sockets(1).await;
    let mut declaring = JoinSet::new();
    declare(&office, &mut declaring, 0);
    office.chat.silence_sockets();
    let silent = Instant::now();
    let declared = declaring.join_all().await;
    let deaf = silent.elapsed();
    ends(&office, &declared).await;
    tell(&format!("a silent socket: {} incidents declared, the last after {deaf:.1?}; each is there", declared.len()));
    server.terminate().await;
}
