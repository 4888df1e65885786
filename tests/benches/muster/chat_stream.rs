//! How many effects a second are made on a platform that answers at once, while 16 declarations are in flight.

use crate::Extent;
use crate::bare::Bare;
use crate::chat::{Platform, Workspace, beside, processor_time};
use crate::http::{Connection, flight};
use crate::report::{Figure, Report, rate};
use muster_tests::process::Wire;
use std::cell::Cell;
use std::time::{Duration, Instant};

/// How many declarations at a time.
const IN_FLIGHT: u64 = 16;
/// How many calls at a time: as many as the dispatcher has under way.
const CALLS_IN_FLIGHT: usize = 64;

/// Measures it over HTTP.
pub(crate) fn measure<P: Platform>(report: &mut Report, extent: Extent) {
    let name = P::NAME;
    report.chapter(&format!("{name}: effects delivered, to a Fake{name} that answers at once"));
    let raw = beside(bare::<P>(extent.load / 2));
    let (declared, delivered, busy) = beside(stream::<P>(extent.load));
    report.remark(&format!(
        "{declared:.0} declarations a second were acknowledged meanwhile; Muster kept {busy:.2} cores busy"
    ));
    report.add(Figure {
        what: format!("{name}: effects delivered, {IN_FLIGHT} declares in flight"),
        measured: format!("{delivered:.0}/s"),
        raw: format!("Fake{name} with a bare client {raw:.0} calls/s"),
        ratio: Some(delivered / raw),
        aim: "2,500/s".to_owned(),
        met: Some(delivered >= 2_500.0),
    });
}

/// Declarations a second, effects a second, and the cores that Muster kept busy.
async fn stream<P: Platform>(lasts: Duration) -> (f64, f64, f64) {
    let workspace = Workspace::<P>::new(Wire::Http).await;
    let server = workspace.start_and_declare().await;
    // What is delivered: the rows of which the outbox says so.
    let done = format!("SELECT count(*) FROM outbox WHERE state = 'done' AND platform = '{}'", P::ID);
    let before = workspace.count(&done).await;
    let used = processor_time(&server);
    let began = Instant::now();
    let make = |number| workspace.chat.declaration("d", number);
    let load = flight(workspace.address(), IN_FLIGHT, lasts, make).await;
    let delivered = workspace.count(&done).await - before;
    let took = began.elapsed();
    let used = processor_time(&server) - used;
    workspace.chat.finish();
    server.kill();
    (rate(load.times.count(), load.took), rate(delivered, took), used.as_secs_f64() / took.as_secs_f64())
}

/// What the fake itself can do: a channel, then seven messages in it, from a client that only writes and reads bytes.
async fn bare<P: Platform>(lasts: Duration) -> f64 {
    let app = Bare::start().await;
    let chat = P::start().await;
    chat.tell(app.address);
    let calls = Cell::new(0);
    let rooms = Cell::new(0);
    let words = "words ".repeat(100);
    let began = Instant::now();
    let hand = async || {
        let mut connection = Connection::open(chat.api()).await.expect("it listens");
        while began.elapsed() < lasts {
            rooms.set(rooms.get() + 1);
            let made = call::<P>(&mut connection, &chat.make_channel(rooms.get())).await;
            calls.set(calls.get() + 1);
            let channel = made.split(r#""id":""#).nth(1).and_then(|rest| rest.split('"').next()).expect("an id");
            let say = chat.say(channel, &words);
            for _ in 0..7 {
                call::<P>(&mut connection, &say).await;
                calls.set(calls.get() + 1);
            }
        }
    };
    futures::future::join_all((0..CALLS_IN_FLIGHT).map(|_| hand())).await;
    chat.finish();
    rate(calls.get(), began.elapsed())
}

/// Makes a call, which must be done.
pub(crate) async fn call<P: Platform>(connection: &mut Connection, request: &[u8]) -> String {
    let (status, answer) = connection.ask(request).await.expect("it answers");
    let answer = String::from_utf8_lossy(answer).into_owned();
    assert!((200..300).contains(&status) && answer.contains(P::GOOD), "{status} {answer}");
    answer
}
