//! The database stalls for ten seconds: every command is answered inside 2.5 s, and takes effect once when it can.

use futures::future::join_all;
use muster_tests::pg;
use muster_tests::process::{Audit, Client, Database, Installation, SOON, Said, eventually, http, incident_of, tell};
use reqwest::StatusCode;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::watch;

/// How long nothing can be written.
const STALL: Duration = Duration::from_secs(10);
/// How long an answer may take. The strictest platform gives three seconds, network included.
const ANSWER: Duration = Duration::from_millis(2_500);
/// When the second half of the commands is given: what is remembered of tokens is stale by then.
const SECOND_WAVE: Duration = Duration::from_millis(7_200);
/// When the effects are to be out after that.
const DRAIN: Duration = Duration::from_secs(20);
/// When they are out at the latest if an answer to a lease was lost: nobody knows of that lease, and it has to run out.
const LEASE: Duration = Duration::from_secs(75);
const CREW: [&str; 5] = ["alice", "bob", "carol", "dave", "erin"];

/// A way to stall a database.
trait Stall {
    async fn begin(&mut self);
    async fn end(&mut self);
    /// Whether what only reads is stalled, too.
    fn stops_reading(&self) -> bool;
    /// When the effects are to be out.
    fn drain(&self) -> Duration {
        DRAIN
    }
}

/// Somebody else holds SQLite's lock for writing: a backup, a tool, a shell.
struct Locked(Database);

impl Stall for Locked {
    async fn begin(&mut self) {
        self.0.execute("BEGIN EXCLUSIVE").await;
    }

    async fn end(&mut self) {
        self.0.execute("COMMIT").await;
    }

    fn stops_reading(&self) -> bool {
        false
    }
}

/// What a connection through the proxy does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line {
    /// What is said arrives.
    Open,
    /// Nothing arrives, and nothing is lost.
    Silent,
    /// What is asked arrives, and what is answered is lost.
    Deaf,
    /// Connections break, and new ones break at once.
    Cut,
}

/// A proxy between Muster and PostgreSQL.
struct Proxy {
    line: watch::Sender<Line>,
    port: u16,
    during: &'static [Line],
}

impl Proxy {
    async fn before(socket: PathBuf, during: &'static [Line]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let (line, watching) = watch::channel(Line::Open);
        tokio::spawn(async move {
            loop {
                let Ok((near, _)) = listener.accept().await else { return };
                tokio::spawn(through(near, socket.clone(), watching.clone()));
            }
        });
        Self { line, port, during }
    }
}

impl Stall for Proxy {
    /// Each state but the last is a second long.
    async fn begin(&mut self) {
        self.line.send_replace(self.during[0]);
        let (line, rest) = (self.line.clone(), &self.during[1..]);
        tokio::spawn(async move {
            for next in rest {
                tokio::time::sleep(Duration::from_secs(1)).await;
                line.send_replace(*next);
            }
        });
    }

    async fn end(&mut self) {
        self.line.send_replace(Line::Open);
    }

    fn stops_reading(&self) -> bool {
        true
    }

    fn drain(&self) -> Duration {
        if self.during.contains(&Line::Deaf) { LEASE } else { DRAIN }
    }
}

async fn through(near: TcpStream, socket: PathBuf, mut line: watch::Receiver<Line>) {
    if *line.borrow() == Line::Cut {
        return;
    }
    let Ok(far) = UnixStream::connect(&socket).await else { return };
    let (from_muster, to_muster) = near.into_split();
    let (from_database, to_database) = far.into_split();
    let (asking, answering) = (line.clone(), line.clone());
    let cut = async {
        let _ = line.wait_for(|line| *line == Line::Cut).await;
    };
    tokio::select! {
        () = cut => {}
        () = pump(from_muster, to_database, asking, |line| line == Line::Deaf) => {}
        () = pump(from_database, to_muster, answering, |_| false) => {}
    }
}

/// Carries bytes while the line is open, or `passes` in the state it is in.
async fn pump(
    mut from: impl tokio::io::AsyncRead + Unpin,
    mut to: impl tokio::io::AsyncWrite + Unpin,
    mut line: watch::Receiver<Line>,
    passes: impl Fn(Line) -> bool,
) {
    let mut bytes = vec![0; 64 * 1024];
    loop {
        let Ok(count @ 1..) = from.read(&mut bytes).await else { return };
        if line.wait_for(|line| *line == Line::Open || passes(*line)).await.is_err() {
            return;
        }
        if to.write_all(&bytes[..count]).await.is_err() {
            return;
        }
    }
}

/// A command, and what was said to it while the database was stalled.
struct Given {
    client: Client,
    key: String,
    line: String,
    incident: Option<String>,
    words: String,
    said: Said,
}

async fn give(clients: &[Client], ids: &[String], wave: usize) -> Vec<Given> {
    let commands = (0..20).map(|n| {
        let client = clients[n % clients.len()].clone();
        let words = format!("w{wave}-{n}-end");
        let (line, incident) = match n % 5 {
            0 => (format!("new {words}"), None),
            1 => (format!("note {words}"), Some(ids[0].clone())),
            2 => (format!("update {words}"), Some(ids[1].clone())),
            3 => (format!("task {words} @{}", CREW[(n + 1) % CREW.len()]), Some(ids[0].clone())),
            _ => (format!("note {words}"), Some(ids[2 + n % 3].clone())),
        };
        async move {
            let key = format!("stalled-{words}");
            let started = Instant::now();
            let said = client.say(&key, &line, incident.as_deref()).await;
            let took = started.elapsed();
            assert!(took < ANSWER, "{line}: answered after {took:?} with {said:?}");
            assert!(matches!(said, Said::Done(_) | Said::Later(_)), "{line}: {said:?}");
            (Given { client, key, line, incident, words, said }, took)
        }
    });
    let (given, took): (Vec<_>, Vec<_>) = join_all(commands).await.into_iter().unzip();
    let late = given.iter().filter(|given| is_late(&given.said)).count();
    let done = given.iter().filter(|given| matches!(given.said, Said::Done(_))).count();
    let longest = took.iter().max().expect("some");
    tell(&format!(
        "  wave {wave}: {done} done, {late} late, {} not taken; the longest answer took {longest:.2?}",
        20 - late - done
    ));
    given
}

/// Whether it was said that the command goes on.
fn is_late(said: &Said) -> bool {
    matches!(said, Said::Later(body) if body["error"]["reason"] == "late")
}

/// Somebody in the console, who also presses a button while the database is stalled: with scripts and without.
struct Browser {
    cookie: String,
    csrf: String,
}

impl Browser {
    async fn open(installation: &Installation) -> Self {
        let link = installation.prints(&["login-link", "alice"]);
        let entered = http().post(&link).send().await.expect("an answer");
        let cookie = entered.headers()["set-cookie"].to_str().expect("text");
        let cookie = cookie.split(';').next().expect("a cookie").to_owned();
        let board = http().get(installation.url()).header("cookie", &cookie).send().await.expect("an answer");
        let board = board.text().await.expect("a page");
        let (_, rest) = board.split_once("name=\"csrf\" value=\"").expect("a form");
        let csrf = rest.split('"').next().expect("a value").to_owned();
        Self { cookie, csrf }
    }

    async fn press(&self, installation: &Installation, id: &str, request: &str) {
        for scripts in [true, false] {
            let words = format!("note+{request}-{scripts}");
            let body = format!("csrf={}&ask=line&here={id}&request={request}-{scripts}&line={words}", self.csrf);
            let press = http().post(format!("{}/do", installation.url())).header("cookie", &self.cookie);
            let press = press.header("content-type", "application/x-www-form-urlencoded").body(body);
            let press = if scripts { press.header("muster-fragment", "1") } else { press };
            let started = Instant::now();
            let answer = press.send().await.expect("an answer");
            let (status, took) = (answer.status(), started.elapsed());
            assert!(took < ANSWER, "the console answered {status} after {took:?}; scripts: {scripts}");
        }
    }
}

async fn status(installation: &Installation, path: &str) -> StatusCode {
    let started = Instant::now();
    let answer = http().get(format!("{}{path}", installation.url())).send().await.expect("an answer");
    assert!(started.elapsed() < ANSWER, "{path} took {:?}", started.elapsed());
    answer.status()
}

/// How often the words of each command are in the logs: tasks are only added here, so once is right for all.
async fn found(database: &mut Database) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for row in database.rows("SELECT body FROM entries").await {
        for word in row[0].split(['"', ' ']).filter(|word| word.starts_with('w') && word.ends_with("-end")) {
            *found.entry(word.to_owned()).or_default() += 1;
        }
    }
    found
}

async fn story(test: &str, installation: &Installation, database: &mut Database, mut stall: impl Stall) {
    let server = installation.start().await;
    let clients: Vec<_> = CREW.iter().map(|person| installation.client(person)).collect();
    let mut ids = Vec::new();
    for client in &clients {
        ids.push(incident_of(&client.does("new sev2 something is down", None).await));
    }
    let browser = Browser::open(installation).await;
    tell(&format!("{test}:"));
    stall.begin().await;
    let began = Instant::now();
    let mut given = give(&clients, &ids, 1).await;
    assert_eq!(status(installation, "/healthz").await, StatusCode::OK, "it lives");
    assert_eq!(status(installation, "/readyz").await, StatusCode::SERVICE_UNAVAILABLE, "and is not ready");
    if stall.stops_reading() {
        // Looking is not promised anything, but must not hang either.
        status(installation, "/login").await;
    }
    browser.press(installation, &ids[4], "console").await;
    tokio::time::sleep_until((began + SECOND_WAVE).into()).await;
    given.extend(give(&clients, &ids, 2).await);
    assert_eq!(status(installation, "/healthz").await, StatusCode::OK, "it still lives");
    tokio::time::sleep_until((began + STALL).into()).await;
    stall.end().await;

    // What was late goes on by itself.
    let late: Vec<_> = given.iter().filter(|given| is_late(&given.said)).map(|given| given.words.clone()).collect();
    assert!(!late.is_empty(), "the stall was felt");
    eventually("what was late is done", SOON, async || {
        let found = found(database).await;
        late.iter().all(|words| found.contains_key(words)).then_some(())
    })
    .await;
    let took = began.elapsed() - STALL;
    eventually("it is ready again", SOON, async || {
        (status(installation, "/readyz").await == StatusCode::OK).then_some(())
    })
    .await;

    // Asked again under the same key, each says how it ended; nothing happens a second time.
    for one in &given {
        let reply = one.client.insist(&one.key, &one.line, one.incident.as_deref()).await.done();
        if let Said::Done(first) = &one.said {
            assert_eq!(first, &reply, "{}", one.line);
        }
    }
    let found = found(database).await;
    for one in &given {
        assert_eq!(found.get(&one.words), Some(&1), "{} is there once", one.line);
    }
    let drained = Instant::now();
    eventually("every effect is made", stall.drain(), async || {
        let waiting = database.number("SELECT CAST(count(*) AS TEXT) FROM outbox WHERE state = 'waiting'").await;
        (waiting == 0).then_some(())
    })
    .await;
    let drained = drained.elapsed();
    server.terminate().await;
    let audit = Audit::of(database).await;
    audit.holds_together();
    audit.everything_was_made_once();
    assert_eq!(audit.incidents.len(), CREW.len() + 8, "five before, four in each wave");
    assert_eq!(audit.outbox.len(), CREW.len() + 8 + 8, "a greeting for each, and a word to whom a task was given");
    tell(&format!(
        "  {} of {} were late and done {took:.1?} after the stall; the last effect {drained:.1?} later",
        late.len(),
        given.len()
    ));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_is_locked_by_somebody_else() {
    let installation = Installation::on_sqlite();
    installation.start().await.kill();
    let locked = Locked(Database::open(&installation.database_url()).await);
    let mut database = Database::open(&installation.database_url()).await;
    story("SQLite, locked", &installation, &mut database, locked).await;
}

async fn on_postgres(test: &str, during: &'static [Line]) {
    let Some(url) = pg::database(test).await else { return };
    let (_, rest) = url.split_once("localhost/").expect("the address of a private cluster");
    let (name, home) = rest.split_once("?host=").expect("a socket");
    let proxy = Proxy::before(PathBuf::from(home).join(".s.PGSQL.5432"), during).await;
    let store = format!("postgres://muster@127.0.0.1:{}/{name}?sslmode=disable", proxy.port);
    let installation = Installation::on(&store);
    let mut database = Database::open(&url).await;
    story(test, &installation, &mut database, proxy).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_falls_silent() {
    on_postgres("PostgreSQL, silent", &[Line::Silent]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_does_what_it_is_asked_and_its_answers_are_lost() {
    on_postgres("PostgreSQL, deaf, then cut", &[Line::Deaf, Line::Cut]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_is_cut_off() {
    on_postgres("PostgreSQL, cut off", &[Line::Cut]).await;
}
