//! Alerts in through HTTP, by the real binary, beside a real Alertmanager where one is installed: it keeps nothing on kill -9.

use crate::Extent;
use crate::chat::beside;
use crate::declare::address;
use crate::http::{Connection, Load, flight, post};
use crate::memory::resident;
use crate::report::{Figure, Report, Times, rate, shown};
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post as posted;
use muster_tests::alertmanager::Alertmanager;
use muster_tests::process::{Database, Installation};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// How many distinct alerts come at once.
const BURST: u64 = 10_000;
/// So many services there are to be paged for, each an incident of its own.
const SERVICES: u64 = 200;
/// How long what was accepted may take to be sorted.
const PATIENCE: Duration = Duration::from_secs(300);

/// Who sends how.
#[derive(Clone, Copy)]
struct Shape {
    connections: u64,
    /// How many alerts each request brings.
    each: u64,
}

const ONE: Shape = Shape { connections: 32, each: 1 };
const MANY: Shape = Shape { connections: 8, each: 100 };

/// Measures it all.
pub(crate) fn measure(report: &mut Report, extent: Extent) {
    report.chapter("Alerts in through HTTP, on SQLite: the real binary, which sorts them meanwhile");
    for shape in [ONE, MANY] {
        accepted(report, extent, shape);
    }
    burst(report);
    to_the_first_page(report, extent);
    held(report, extent);
}

/// An organisation whose pages go to `hook`, and a source that may send as fast as it can.
fn organisation(hook: &str) -> String {
    let mut text = format!(
        "[[person]]\nid = \"alice\"\nname = \"Alice Ek\"\nright = \"admin\"\n\
         [[source]]\nid = \"bench\"\nkind = \"alertmanager\"\nper_second = 1000000\nburst = 1000000\n\
         [outside]\nallow = [\"127.0.0.1\"]\n\
         [[webhook]]\nname = \"bench\"\nurl = \"{hook}\"\nsecret = \"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"\n\
         [[policy]]\nid = \"ops\"\n[[policy.level]]\ntargets = [\"webhook:bench\"]\n\
         [[team]]\nid = \"ops\"\nname = \"Ops\"\nmembers = [\"alice\"]\npolicy = \"ops\"\n"
    );
    for number in 0..SERVICES {
        let service = format!("[[service]]\nid = \"s{number}\"\nname = \"Service {number}\"\nowner = \"ops\"\n");
        text.push_str(&service);
    }
    text
}

/// One alert, as Alertmanager would send it and as it would take it.
fn alert(number: u64, service: u64) -> Value {
    let name = format!("n{number}");
    let labels =
        json!({ "alertname": "SlowCheckout", "severity": "critical", "host": name, "service": format!("s{service}") });
    let annotations =
        json!({ "summary": "Checkout answers slowly", "description": "p99 is 9 s for one in ten customers" });
    json!({
        "status": "firing",
        "labels": labels,
        "annotations": annotations,
        "startsAt": "2026-01-05T09:00:00Z",
        "fingerprint": name,
        "generatorURL": "http://prometheus.example.com/graph",
    })
}

/// A request with alerts that no other has, all of one service.
fn to_muster(key: &str, number: u64, each: u64) -> Vec<u8> {
    let alerts: Vec<_> = (number * each..(number + 1) * each).map(|number| alert(number, 0)).collect();
    post("/in/alertmanager", key, &json!({ "alerts": alerts }).to_string())
}

fn to_alertmanager(number: u64, each: u64) -> Vec<u8> {
    let bare = |number| {
        let mut alert = alert(number, 0);
        alert.as_object_mut().expect("an object").retain(|name, _| name != "status" && name != "fingerprint");
        alert
    };
    let alerts: Vec<_> = (number * each..(number + 1) * each).map(bare).collect();
    post("/api/v2/alerts", "none", &json!(alerts).to_string())
}

/// The same load on Alertmanager; `None` where there is none.
async fn beside_alertmanager(shape: Shape, lasts: Duration) -> Option<Load> {
    let other = Alertmanager::start("alerts beside Alertmanager", "webhook_configs: []\n").await?;
    let make = |number| to_alertmanager(number, shape.each);
    Some(flight(other.address(), shape.connections, lasts, make).await)
}

fn accepted(report: &mut Report, extent: Extent, shape: Shape) {
    let installation = Installation::configured("sqlite:muster.db", &organisation("http://127.0.0.1:9"));
    let load = beside(async {
        let server = installation.start().await;
        let key = installation.key("bench");
        let load = flight(address(&installation), shape.connections, extent.load, |number| {
            to_muster(&key, number, shape.each)
        });
        let load = load.await;
        server.kill();
        load
    });
    let other = beside(beside_alertmanager(shape, extent.load));
    let each = |load: &Load| rate(load.times.count() * shape.each, load.took);
    let (measured, raw) = (each(&load), other.as_ref().map(each));
    report.add(Figure {
        what: format!("alerts accepted, {} in each request, {} connections", shape.each, shape.connections),
        measured: format!(
            "{measured:.0}/s, durable (p50 {}, p99 {})",
            shown(load.times.p50()),
            shown(load.times.p99())
        ),
        raw: raw
            .map_or("Alertmanager is not installed".to_owned(), |raw| format!("Alertmanager {raw:.0}/s, in memory")),
        ratio: raw.map(|raw| measured / raw),
        aim: "no slower than Alertmanager".to_owned(),
        met: raw.map(|raw| measured >= raw),
    });
}

/// All of it comes at once, in requests of a hundred.
async fn at_once(installation: &Installation, count: u64) -> Duration {
    let key = installation.key("bench");
    let requests: Vec<_> = (0..count / MANY.each).map(|number| to_muster(&key, number, MANY.each)).collect();
    let next = std::cell::Cell::new(0);
    let began = Instant::now();
    let hand = async || {
        let mut connection = Connection::open(address(installation)).await.expect("it listens");
        while let Some(request) = requests.get(next.replace(next.get() + 1)) {
            let (status, _) = connection.ask(request).await.expect("it answers");
            assert_eq!(status, 202);
        }
    };
    futures::future::join_all((0..MANY.connections).map(|_| hand())).await;
    began.elapsed()
}

fn burst(report: &mut Report) {
    let installation = Installation::configured("sqlite:muster.db", &organisation("http://127.0.0.1:9"));
    let took = beside(async {
        let server = installation.start().await;
        let took = at_once(&installation, BURST).await;
        server.kill();
        took
    });
    let aim = Duration::from_millis(300);
    report.add(Figure {
        what: format!("a burst of {BURST} distinct alerts, 100 in each request"),
        measured: shown(took),
        raw: "the figure above".to_owned(),
        ratio: None,
        aim: shown(aim),
        met: Some(took <= aim),
    });
}

/// Somebody who is paged, and says when.
async fn paged() -> (SocketAddr, UnboundedReceiver<Instant>) {
    let (told, heard) = unbounded_channel();
    let take = async |State(told): State<UnboundedSender<Instant>>| {
        // Whoever measured may be gone by now.
        let _ = told.send(Instant::now());
        StatusCode::NO_CONTENT
    };
    let router = Router::new().route("/", posted(take)).with_state(told);
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, router).await.expect("it serves") });
    (address, heard)
}

fn to_the_first_page(report: &mut Report, extent: Extent) {
    let count = SERVICES.min(extent.times);
    let times = beside(async {
        let (hook, mut heard) = paged().await;
        let installation = Installation::configured("sqlite:muster.db", &organisation(&format!("http://{hook}/")));
        let server = installation.start().await;
        let key = installation.key("bench");
        let mut connection = Connection::open(address(&installation)).await.expect("it listens");
        let mut times = Times::new();
        for number in 0..count {
            let body = json!({ "alerts": [alert(number, number)] }).to_string();
            let (status, _) = connection.ask(&post("/in/alertmanager", &key, &body)).await.expect("it answers");
            assert_eq!(status, 202);
            let accepted = Instant::now();
            let paged =
                tokio::time::timeout(PATIENCE, heard.recv()).await.expect("a page is sent").expect("it is told");
            times.add(paged.saturating_duration_since(accepted));
        }
        server.terminate().await;
        times
    });
    let aim = Duration::from_millis(3);
    report.add(Figure {
        what: "an alert accepted, to the first attempt of its page, p50".to_owned(),
        measured: format!("{} (p99 {})", shown(times.p50()), shown(times.p99())),
        raw: "one decision and one delivery".to_owned(),
        ratio: None,
        aim: "3 ms, p99 20 ms".to_owned(),
        met: Some(times.p50() <= aim && times.p99() <= Duration::from_millis(20)),
    });
}

/// What is held in memory once so many alerts are open and sorted.
fn held(report: &mut Report, extent: Extent) {
    let count = u64::try_from(extent.incidents).expect("not negative");
    let installation = Installation::configured("sqlite:muster.db", &organisation("http://127.0.0.1:9"));
    let (took, memory) = beside(async {
        let server = installation.start().await;
        let began = Instant::now();
        at_once(&installation, count).await;
        let mut database = Database::open(&installation.database_url()).await;
        while database.number("SELECT CAST(COUNT(*) AS TEXT) FROM signals").await > 0 {
            assert!(began.elapsed() < PATIENCE, "what was accepted is sorted:\n{}", installation.tail());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let (took, memory) = (began.elapsed(), resident(server.pid()));
        server.kill();
        (took, memory)
    });
    report.remark(&format!("{count} alerts were accepted and sorted in {}", shown(took)));
    report.add(Figure {
        what: format!("resident memory, {count} open alerts"),
        measured: format!("{memory:.1} MiB"),
        raw: "none".to_owned(),
        ratio: None,
        aim: "120 MiB".to_owned(),
        met: Some(memory <= 120.0),
    });
}
