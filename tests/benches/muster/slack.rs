//! Slack: what a command costs until it is acknowledged, and how soon and how fast its room is made. The other side is
//! FakeSlack, in this process.

use crate::cells::{self, Cell};
use crate::declare::{DECLARATION, address};
use crate::http::Connection;
use crate::report::Report;
use crate::slack_bare::sign;
use crate::{Extent, slack_ack, slack_room, slack_stream};
use muster_tests::process::slack::{Wire, members};
use muster_tests::process::{Installation, Server};
use muster_tests::slack::{FakeSlack, Hand, Room};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// What a patient waits for anything of Slack's.
const PATIENCE: Duration = Duration::from_secs(60);

/// Measures all of it.
pub(crate) fn measure(report: &mut Report, extent: Extent) {
    slack_ack::measure(report, extent);
    slack_room::measure(report, extent);
    slack_stream::measure(report, extent);
}

/// Runs something beside a FakeSlack, which has a thread of its own so that neither waits for the other.
pub(crate) fn beside<T>(task: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    runtime.expect("a runtime").block_on(task)
}

/// A workspace, and an installation that is connected to it.
pub(crate) struct Workspace {
    pub(crate) slack: FakeSlack,
    pub(crate) installation: Installation,
    pub(crate) alice: Hand,
    pub(crate) incidents: Room,
    secret: String,
}

impl Workspace {
    /// A new one, with a channel for announcements, set up as the manifest says.
    pub(crate) async fn new(wire: Wire) -> Self {
        let slack = FakeSlack::start().await;
        let mut people = members(&slack);
        let alice = people.remove("alice").expect("she works there");
        let incidents = slack.public_channel("incidents", &[&alice]);
        slack.subscribe_to(muster_slack::manifest::EVENTS);
        let installation = Installation::in_slack("sqlite:muster.db", &slack, wire);
        let secret = slack.signing_secret();
        Self { slack, installation, alice, incidents, secret }
    }

    /// Starts Muster, and lets one incident be declared: the first command pays for connections and for who is who.
    pub(crate) async fn start(&self) -> Server<'_> {
        let server = self.installation.start().await;
        let first = self.alice.types(&self.incidents, "/inc", DECLARATION).await;
        drop(first.says("INC-1"));
        self.rest().await;
        server
    }

    /// Where commands go.
    pub(crate) fn address(&self) -> SocketAddr {
        address(&self.installation)
    }

    /// A slash command that declares, as Slack sends it.
    pub(crate) fn declaration(&self, run: &str, number: u64) -> Vec<u8> {
        sign(&self.secret, &self.form(run, number))
    }

    fn form(&self, run: &str, number: u64) -> String {
        let text = DECLARATION.replace(' ', "+");
        format!(
            "token=verification-token&team_id=T0WORK000&team_domain=shop&channel_id={}&channel_name=incidents\
             &user_id={}&user_name=alice&command=%2Finc&text={text}&api_app_id=A0MUSTER0&is_enterprise_install=false\
             &response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT0WORK000%2F{number}%2Fx&trigger_id={run}.{number}",
            self.incidents.id(),
            self.alice.id(),
        )
    }

    /// Sends one declaration, and returns once it is acknowledged with the incident it made.
    pub(crate) async fn declare(&self, connection: &mut Connection, run: &str, number: u64) {
        let (status, body) = connection.ask(&self.declaration(run, number)).await.expect("it answers");
        let body = String::from_utf8_lossy(body);
        assert!(status == 200 && body.contains("INC-"), "{status} {body}");
    }

    /// Returns once every effect is made.
    pub(crate) async fn rest(&self) {
        let mut connection = cells::open(&self.installation.database()).await;
        let waiting = "SELECT key, error FROM outbox WHERE state = 'waiting' LIMIT 3";
        let began = Instant::now();
        loop {
            let left = cells::rows(&mut connection, waiting, Vec::new()).await;
            if left.is_empty() {
                return;
            }
            assert!(began.elapsed() < PATIENCE, "still waiting: {left:?}\n{}", self.installation.tail());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// The processor time a server has used so far, in hundredths of a second: `man 5 proc_pid_stat`.
    pub(crate) fn processor_time(server: &Server<'_>) -> Duration {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", server.pid())).expect("it runs");
        let fields = stat.rsplit(')').next().expect("fields").split_whitespace();
        let ticks = fields.skip(11).take(2).map(|field| field.parse::<u64>().expect("ticks"));
        Duration::from_millis(ticks.sum::<u64>() * 10)
    }

    /// A number the database knows.
    pub(crate) async fn count(&self, sql: &str) -> u64 {
        let mut connection = cells::open(&self.installation.database()).await;
        let rows = cells::rows(&mut connection, sql, Vec::new()).await;
        let [Cell::Int(count)] = rows[0][..] else { panic!("{sql} counts") };
        u64::try_from(count).expect("a count")
    }
}
