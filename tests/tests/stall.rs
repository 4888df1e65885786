//! The database stalls for ten seconds: every command is answered inside 2.5 s, and takes effect once when it can.

use futures::future::join_all;
use muster_tests::pg;
use muster_tests::process::stall::{Line, Locked, Proxy, Stall};
use muster_tests::process::{Audit, Client, Database, Installation, SOON, Said, eventually, http, incident_of, tell};
use reqwest::StatusCode;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// How long nothing can be written.
const STALL: Duration = Duration::from_secs(10);
/// How long the server may take to answer, in seconds, as it measures it. The strictest platform gives three, network included.
const ANSWER: &str = "2.5";
/// When an answer must have been heard here, where those who ask share the machine with the server and with other tests.
const HEARD: Duration = Duration::from_secs(5);
/// What people ask while the database is stalled.
const ASKED: [&str; 4] = ["/api/v1/commands", "/do", "/healthz", "/readyz"];
/// When the second half of the commands is given: what is remembered of tokens is stale by then.
const SECOND_WAVE: Duration = Duration::from_millis(7_200);
const CREW: [&str; 5] = ["alice", "bob", "carol", "dave", "erin"];

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
            assert!(took < HEARD, "{line}: answered after {took:?} with {said:?}");
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
            assert!(took < HEARD, "the console answered {status} after {took:?}; scripts: {scripts}");
        }
    }
}

async fn status(installation: &Installation, path: &str) -> StatusCode {
    let started = Instant::now();
    let answer = http().get(format!("{}{path}", installation.url())).send().await.expect("an answer");
    assert!(started.elapsed() < HEARD, "{path} took {:?}", started.elapsed());
    answer.status()
}

/// How often each of what was asked has been answered so far, and how often within [`ANSWER`]: what the server tells those who watch it.
async fn answered(installation: &Installation) -> BTreeMap<&'static str, [u64; 2]> {
    let metrics = http().get(format!("{}/metrics", installation.url())).send().await.expect("an answer");
    let metrics = metrics.text().await.expect("text");
    let count = |line: &str| -> Option<u64> { line.rsplit(' ').next()?.parse().ok() };
    let of = |route: &str, kind: &str, part: &str| -> u64 {
        let name = format!("muster_http_request_seconds_{kind}{{");
        let lines = metrics.lines().filter(|line| line.starts_with(&name) && line.contains(part));
        lines.filter(|line| line.contains(&format!("route=\"{route}\""))).filter_map(count).sum()
    };
    let within = format!("le=\"{ANSWER}\"");
    ASKED.iter().map(|&route| (route, [of(route, "count", ""), of(route, "bucket", &within)])).collect()
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
    let answered = answered(installation).await;
    assert!(answered.values().all(|[all, in_time]| all == in_time), "some answers took longer: {answered:?}");
    let [commands, clicks] = ["/api/v1/commands", "/do"].map(|route| answered[route][0] as usize);
    assert_eq!((commands, clicks), (CREW.len() + given.len(), 2), "all of them are among the answers");

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
    let locked = Locked::at(&installation.database_url()).await;
    let mut database = Database::open(&installation.database_url()).await;
    story("SQLite, locked", &installation, &mut database, locked).await;
}

async fn on_postgres(test: &str, during: &'static [Line]) {
    let Some(url) = pg::database(test).await else { return };
    let proxy = Proxy::before(&url, during).await;
    let installation = Installation::on(proxy.store());
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
