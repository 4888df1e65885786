//! Alerts in, by the real binary as its operator runs it: the config is read again while alerts come, somebody who has to
//! check in falls silent, and a watchdog outside hears that Muster is alive.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use muster_tests::process::{Database, Installation, SOON, eventually, http};
use reqwest::StatusCode;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

const PEOPLE: &str = r#"
[[person]]
id = "alice"
name = "Alice Ek"
right = "admin"
CONTACTS

[[person]]
id = "bob"
name = "Bob Lind"

[[team]]
id = "payments"
name = "Payments"
members = ["alice", "bob"]

[[schedule]]
id = "payments"
name = "Payments on call"
team = "payments"

[[schedule.layer]]
turn = "1 week"
start = "2026-01-05 09:00"
people = ["ON CALL"]

[[service]]
id = "checkout"
name = "Checkout"
owner = "payments"

[[service]]
id = "search"
name = "Search"
owner = "payments"

[ntfy]
server = "http://127.0.0.1:9"

[[source]]
id = "prometheus"
kind = "alertmanager"

[[source]]
id = "SOURCE"
kind = "alertmanager"
"#;

/// Before and after: another contact, another one on call, another source, and a route.
fn before() -> String {
    PEOPLE.replace("CONTACTS", "").replace("ON CALL", "alice").replace("SOURCE", "old")
}

fn after() -> String {
    let contacts = "[person.contacts]\npush = \"alice-phone-8f3k2\"\n";
    let people = PEOPLE.replace("CONTACTS", contacts).replace("ON CALL", "bob").replace("SOURCE", "new");
    format!("{people}\n[[route]]\nmatch = [\"service=search\"]\nseverity = \"SEV1\"\n")
}

/// Sends an alert; tells what it was answered.
async fn sends(installation: &Installation, key: &str, (name, service): (&str, &str)) -> StatusCode {
    let alert = json!({ "status": "firing", "fingerprint": name, "labels": { "alertname": name, "service": service } });
    let url = format!("{}/in/alertmanager", installation.url());
    let sent = http().post(url).bearer_auth(key).json(&json!({ "alerts": [alert] })).send().await;
    sent.expect("an answer").status()
}

/// Alerts that come one after another until they are told to stop; every one of them must be taken.
struct Stream {
    sent: Arc<AtomicUsize>,
    stop: Arc<AtomicBool>,
    task: JoinHandle<()>,
}

impl Stream {
    fn start(installation: &Arc<Installation>, key: &str) -> Self {
        let (sent, stop) = (Arc::<AtomicUsize>::default(), Arc::<AtomicBool>::default());
        let (installation, key, count, told) = (Arc::clone(installation), key.to_owned(), sent.clone(), stop.clone());
        let task = tokio::spawn(async move {
            while !told.load(Ordering::Relaxed) {
                let name = format!("slow-{}", count.load(Ordering::Relaxed));
                assert_eq!(sends(&installation, &key, (&name, "checkout")).await, StatusCode::ACCEPTED, "{name}");
                count.fetch_add(1, Ordering::Relaxed);
            }
        });
        Self { sent, stop, task }
    }

    /// Waits until more of them have been taken.
    async fn goes_on(&self) {
        let before = self.sent.load(Ordering::Relaxed);
        let more = async || (self.sent.load(Ordering::Relaxed) > before + 10).then_some(());
        eventually("alerts go on being taken", SOON, more).await;
    }

    /// Stops; tells how many have been taken.
    async fn ends(self) -> usize {
        self.stop.store(true, Ordering::Relaxed);
        self.task.await.expect("whatever was sent was taken");
        self.sent.load(Ordering::Relaxed)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_config_that_is_read_again_takes_effect_and_drops_nothing() {
    let installation = Arc::new(Installation::configured("sqlite:muster.db", &before()));
    let server = installation.start().await;
    let alice = installation.client("alice");
    let shows = async |line: &str, text: &str| alice.does(line, None).await.to_string().contains(text);
    let [prometheus, old] = ["prometheus", "old"].map(|source| installation.key(source));
    let stream = Stream::start(&installation, &prometheus);
    stream.goes_on().await;
    assert_eq!(sends(&installation, &old, ("old", "checkout")).await, StatusCode::ACCEPTED);
    assert!(shows("oncall payments", "Alice Ek").await);
    assert!(!shows("contact", "push").await);

    installation.configure(&after());
    let new = installation.key("new");
    assert_eq!(
        sends(&installation, &new, ("early", "search")).await,
        StatusCode::UNAUTHORIZED,
        "nobody knows of it yet"
    );
    stream.goes_on().await;
    server.signal("HUP");
    eventually("the new source may send", SOON, async || {
        (sends(&installation, &new, ("search is down", "search")).await == StatusCode::ACCEPTED).then_some(())
    })
    .await;
    eventually("the schedule is another", SOON, async || shows("oncall payments", "Bob Lind").await.then_some(()))
        .await;
    assert_eq!(sends(&installation, &old, ("late", "checkout")).await, StatusCode::UNAUTHORIZED, "it may not any more");
    assert!(shows("contact", "push").await);
    let routed = eventually("the route makes it an incident of its own", SOON, async || {
        let incident = alice.request(reqwest::Method::GET, "incidents/INC-2/export?format=json").send().await.ok()?;
        incident.json::<serde_json::Value>().await.ok().filter(|told| told["incident"]["severity"].is_string())
    });
    assert_eq!(routed.await["incident"]["severity"], "SEV1");

    installation.configure("[[person]]\nid = \"nobody\"\n");
    server.signal("HUP");
    eventually("a broken one is told", SOON, async || {
        installation.log().contains("the config stays as it was").then_some(())
    })
    .await;
    assert_eq!(sends(&installation, &new, ("search is slow", "search")).await, StatusCode::ACCEPTED);
    assert!(shows("oncall payments", "Bob Lind").await);

    stream.goes_on().await;
    let sent = i64::try_from(stream.ends().await).expect("a number");
    let mut database = Database::open(&installation.database_url()).await;
    let sql = "SELECT CAST(COUNT(*) AS TEXT) FROM alerts WHERE source = 'prometheus'";
    eventually("every alert is there", SOON, async || (database.number(sql).await == sent).then_some(())).await;
    server.terminate().await;
}

/// Who must check in every minute.
const BACKUP: &str = r#"
[[source]]
id = "backup"
kind = "heartbeat"

[[heartbeat]]
source = "backup"
name = "The backup"
every = "1m"
grace = "1m"
level = "critical"
labels = ["service=checkout"]
"#;

#[tokio::test(flavor = "multi_thread")]
async fn who_falls_silent_is_one_alert_also_across_a_restart_and_a_check_in_ends_it() {
    let installation = Installation::configured("sqlite:muster.db", &format!("{}{BACKUP}", before()));
    let server = installation.start().await;
    let url = format!("{}/in/heartbeat/{}", installation.url(), installation.key("backup"));
    let checks_in = async || http().get(&url).send().await.expect("an answer").text().await.expect("text");
    assert_eq!(checks_in().await, "ok\n");

    // Three minutes go by without a word.
    let mut database = Database::open(&installation.database_url()).await;
    let waits = "SELECT CAST(COUNT(*) AS TEXT) FROM timers WHERE key LIKE '%/beat/backup'";
    assert_eq!(database.number(waits).await, 1);
    database
        .execute("UPDATE records SET body = json_set(body, '$.last', '2026-01-05T09:00:00Z') WHERE kind = 'beat'")
        .await;
    database.execute("UPDATE timers SET due_at = due_at - 180000000 WHERE key LIKE '%/beat/backup'").await;
    let alice = installation.client("alice");
    let told = async |firing: i64| {
        eventually("INC-1 is told", SOON, async || {
            let told = alice.request(reqwest::Method::GET, "incidents/INC-1/export?format=json").send().await.ok()?;
            let told = told.json::<serde_json::Value>().await.ok()?["incident"].take();
            (told["alerts"]["firing"] == firing).then_some(told)
        })
        .await
    };
    let incident = told(1).await;
    assert_eq!(incident["title"], "The backup has not checked in for 2 minutes");
    assert_eq!(incident["services"], json!(["checkout"]));

    server.kill();
    let server = installation.start().await;
    assert_eq!(database.number(waits).await, 0, "it is said once; what comes next is a check-in");
    assert_eq!(checks_in().await, "ok\n");
    let incident = told(0).await;
    assert_eq!(incident["alerts"]["total"], 1);
    assert_eq!(database.number("SELECT CAST(COUNT(*) AS TEXT) FROM incidents").await, 1);
    assert_eq!(database.number(waits).await, 1, "and it is waited for again");
    server.terminate().await;
}

/// Somebody outside who counts what they hear at an address that only those know who may say so.
async fn watchdog() -> (String, Arc<AtomicUsize>) {
    let heard = Arc::new(AtomicUsize::new(0));
    let count = async |State(heard): State<Arc<AtomicUsize>>| {
        heard.fetch_add(1, Ordering::Relaxed);
        "OK"
    };
    let router = Router::new().route("/ping/5f3k2", get(count)).with_state(Arc::clone(&heard));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/ping/5f3k2", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, router).await.expect("it serves") });
    (url, heard)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watchdog_hears_of_every_start_if_it_may_be_reached() {
    let (url, heard) = watchdog().await;
    let config = format!("{}\n[watchdog]\nurl = \"{url}\"\n", before());
    let inside = "\n[outside]\nallow = [\"127.0.0.1\"]\n";
    let installation = Installation::configured("sqlite:muster.db", &format!("{config}{inside}"));
    for start in 1..=2 {
        let server = installation.start().await;
        let hears = async || (heard.load(Ordering::Relaxed) >= start).then_some(());
        eventually("the watchdog hears that all is well", SOON, hears).await;
        server.kill();
    }
    let before = heard.load(Ordering::Relaxed);
    installation.configure(&config);
    let server = installation.start().await;
    let is_told = async || installation.log().contains("the watchdog could not be told").then_some(());
    eventually("an address inside is refused", SOON, is_told).await;
    assert_eq!(heard.load(Ordering::Relaxed), before);
    assert!(!installation.log().contains("5f3k2"), "whoever knows the address can pretend: {}", installation.log());
    server.terminate().await;
}
