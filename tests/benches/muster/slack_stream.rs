//! How many effects a second are made in a Slack that answers at once, while 16 declarations are in flight.

use crate::Extent;
use crate::bare::Bare;
use crate::http::{Connection, flight};
use crate::report::{Figure, Report, rate};
use crate::slack::{Workspace, beside};
use muster_tests::process::slack::Wire;
use muster_tests::slack::{FakeSlack, Way};
use std::cell::Cell;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// How many declarations at a time.
const IN_FLIGHT: u64 = 16;
/// How many calls at a time: as many as Muster makes.
const CALLS_IN_FLIGHT: usize = 64;
/// What is delivered: the rows of which the outbox says so.
const DELIVERED: &str = "SELECT count(*) FROM outbox WHERE state = 'done' AND platform = 'slack'";

/// Measures it over HTTP.
pub(crate) fn measure(report: &mut Report, extent: Extent) {
    report.chapter("Slack: effects delivered, to a FakeSlack that answers at once");
    let raw = beside(bare(extent.load / 2));
    let (declared, delivered, busy) = beside(stream(extent.load));
    report.remark(&format!(
        "{declared:.0} declarations a second were acknowledged meanwhile; Muster kept {busy:.2} cores busy"
    ));
    report.add(Figure {
        what: format!("Slack: effects delivered, {IN_FLIGHT} declares in flight"),
        measured: format!("{delivered:.0}/s"),
        raw: format!("FakeSlack with a bare client {raw:.0} calls/s"),
        ratio: Some(delivered / raw),
        aim: "2,500/s".to_owned(),
        met: Some(delivered >= 2_500.0),
    });
}

/// Declarations a second, effects a second, and the cores that Muster kept busy.
async fn stream(lasts: Duration) -> (f64, f64, f64) {
    let workspace = Workspace::new(Wire::Http).await;
    let server = workspace.start().await;
    let before = workspace.count(DELIVERED).await;
    let used = Workspace::processor_time(&server);
    let began = Instant::now();
    let make = |number| workspace.declaration("d", number);
    let load = flight(workspace.address(), IN_FLIGHT, lasts, make).await;
    let delivered = workspace.count(DELIVERED).await - before;
    let took = began.elapsed();
    let used = Workspace::processor_time(&server) - used;
    workspace.slack.finish();
    server.kill();
    (rate(load.times.count(), load.took), rate(delivered, took), used.as_secs_f64() / took.as_secs_f64())
}

/// What FakeSlack itself can do: a channel, then seven messages in it, from a client that only writes and reads bytes.
async fn bare(lasts: Duration) -> f64 {
    let app = Bare::start().await;
    let slack = FakeSlack::start().await;
    slack.listen_at(Way::Http { url: format!("http://{}", app.address) });
    let api = api(&slack);
    let token = slack.bot_token();
    let calls = Cell::new(0);
    let rooms = Cell::new(0);
    let began = Instant::now();
    let hand = async || {
        let mut connection = Connection::open(api).await.expect("it listens");
        while began.elapsed() < lasts {
            rooms.set(rooms.get() + 1);
            let create = format!(r#"{{"name":"inc-{}-checkout","is_private":false}}"#, rooms.get());
            let made = call(&mut connection, "conversations.create", &token, &create).await;
            calls.set(calls.get() + 1);
            let channel = made.split(r#""id":""#).nth(1).and_then(|rest| rest.split('"').next()).expect("an id");
            let say = format!(r#"{{"channel":"{channel}","text":"{}"}}"#, "words ".repeat(100));
            for _ in 0..7 {
                call(&mut connection, "chat.postMessage", &token, &say).await;
                calls.set(calls.get() + 1);
            }
        }
    };
    futures::future::join_all((0..CALLS_IN_FLIGHT).map(|_| hand())).await;
    slack.finish();
    rate(calls.get(), began.elapsed())
}

/// Where the Web API listens.
pub(crate) fn api(slack: &FakeSlack) -> SocketAddr {
    let url = slack.api_url();
    url.trim_start_matches("http://").trim_end_matches("/api").parse().expect("an address")
}

/// Calls a method with nothing but bytes.
pub(crate) async fn call(connection: &mut Connection, method: &str, token: &str, body: &str) -> String {
    let request = format!(
        "POST /api/{method} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\n\
         content-type: application/json; charset=utf-8\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let (status, answer) = connection.ask(request.as_bytes()).await.expect("it answers");
    let answer = String::from_utf8_lossy(answer).into_owned();
    assert!(status == 200 && answer.contains(r#""ok":true"#), "{method}: {status} {answer}");
    answer
}
