//! A chat platform: what a command costs until it is acknowledged, and how soon and how fast its room is made. The other
//! side is the platform's fake, in this process.

use crate::cells::{self, Cell};
use crate::declare::address;
use crate::http::Connection;
use crate::report::Report;
use crate::{Extent, chat_ack, chat_room, chat_stream};
use muster_tests::process::{Installation, Server, Wire};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// What a patient waits for anything of the platform's.
const PATIENCE: Duration = Duration::from_secs(60);

/// Measures all of it.
pub(crate) fn measure<P: Platform>(report: &mut Report, extent: Extent) {
    chat_ack::measure::<P>(report, extent);
    chat_room::measure::<P>(report, extent);
    chat_stream::measure::<P>(report, extent);
}

/// Runs something beside a fake, which has a thread of its own so that neither waits for the other.
pub(crate) fn beside<T>(task: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    runtime.expect("a runtime").block_on(task)
}

/// A platform with its people, somebody who declares, and a channel in which Muster announces.
pub(crate) trait Platform: Sized {
    /// What people call it.
    const NAME: &'static str;
    /// What Muster calls it.
    const ID: &'static str;
    /// What people call the way in that is no HTTP.
    const SOCKET: &'static str;
    /// What must be there before a room is of use, as [`Call::what`] names it.
    const USABLE: &'static [&'static str];
    /// What the answer to every call holds that was done.
    const GOOD: &'static str;

    /// Starts its fake.
    async fn start() -> Self;
    /// An installation that is connected to it.
    fn installation(&self, wire: Wire) -> Installation;
    /// Returns once a process that has just been started can be talked to.
    async fn is_set_up(&self, installation: &Installation, wire: Wire);
    /// A declaration as the platform sends it over HTTP.
    fn declaration(&self, run: &str, number: u64) -> Vec<u8>;
    /// The same for the bare handler.
    fn bare_declaration(&self, number: u64) -> Vec<u8>;
    /// Somebody declares. Gives how long it took to be acknowledged, and with what.
    async fn declare(&self) -> (Option<Duration>, String);

    /// Asks for an hour not to be called to make rooms or to say anything.
    fn hold(&self);
    /// Every call takes so long.
    fn delay(&self, delay: Duration);
    /// The time since its start, by which calls go.
    fn age(&self) -> Duration;
    /// The calls since they were last forgotten.
    fn calls(&self) -> Vec<Call>;
    /// Forgets the calls so far.
    fn forget_calls(&self);
    /// Muster did nothing that no app may do.
    fn finish(&self);

    /// Where it takes calls.
    fn api(&self) -> SocketAddr;
    /// Whatever it sends by itself, it sends there.
    fn tell(&self, app: SocketAddr);
    /// The bytes of a call that only asks who we are.
    fn who_am_i(&self) -> Vec<u8>;
    /// The bytes of a call that makes a channel.
    fn make_channel(&self, number: u64) -> Vec<u8>;
    /// The bytes of a call that says something there.
    fn say(&self, channel: &str, words: &str) -> Vec<u8>;
}

/// A call of Muster's.
pub(crate) struct Call {
    pub(crate) what: What,
    /// When it arrived.
    pub(crate) at: Duration,
    /// Why it was refused.
    pub(crate) refusal: Option<String>,
}

/// What a call is for.
pub(crate) enum What {
    /// Something is said where incidents are announced.
    Announced,
    /// Something is said elsewhere.
    Said,
    /// Anything else, as the platform names it.
    Done(String),
}

/// A platform, and an installation that is connected to it.
pub(crate) struct Workspace<P> {
    pub(crate) chat: P,
    pub(crate) installation: Installation,
    wire: Wire,
}

impl<P: Platform> Workspace<P> {
    /// A new one, with a channel for announcements.
    pub(crate) async fn new(wire: Wire) -> Self {
        let chat = P::start().await;
        let installation = chat.installation(wire);
        Self { chat, installation, wire }
    }

    /// Starts Muster.
    pub(crate) async fn start(&self) -> Server<'_> {
        let server = self.installation.start().await;
        self.chat.is_set_up(&self.installation, self.wire).await;
        server
    }

    /// Starts Muster, and lets one incident be declared: the first command pays for connections and for who is who.
    pub(crate) async fn start_and_declare(&self) -> Server<'_> {
        let server = self.start().await;
        let (_, answer) = self.chat.declare().await;
        assert!(answer.contains("INC-1"), "{answer}");
        self.rest().await;
        server
    }

    /// Where commands go.
    pub(crate) fn address(&self) -> SocketAddr {
        address(&self.installation)
    }

    /// Sends one declaration, and returns once it is acknowledged with the incident it made.
    pub(crate) async fn declare(&self, connection: &mut Connection, run: &str, number: u64) {
        let (status, body) = connection.ask(&self.chat.declaration(run, number)).await.expect("it answers");
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

    /// A number the database knows.
    pub(crate) async fn count(&self, sql: &str) -> u64 {
        let mut connection = cells::open(&self.installation.database()).await;
        let rows = cells::rows(&mut connection, sql, Vec::new()).await;
        let [Cell::Int(count)] = rows[0][..] else { panic!("{sql} counts") };
        u64::try_from(count).expect("a count")
    }
}

/// The processor time a server has used so far, in hundredths of a second: `man 5 proc_pid_stat`.
pub(crate) fn processor_time(server: &Server<'_>) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", server.pid())).expect("it runs");
    let fields = stat.rsplit(')').next().expect("fields").split_whitespace();
    let ticks = fields.skip(11).take(2).map(|field| field.parse::<u64>().expect("ticks"));
    Duration::from_millis(ticks.sum::<u64>() * 10)
}
