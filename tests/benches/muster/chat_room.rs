//! From a declaration to its room, with a platform that takes 50 ms for every call, one declaration at a time.

use crate::Extent;
use crate::chat::{Call, Platform, What, Workspace, beside};
use crate::chat_stream::call;
use crate::http::Connection;
use crate::report::{Figure, Report, Times, ratio, shown};
use muster_tests::process::Wire;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// How long the platform takes for a call.
const DELAY: Duration = Duration::from_millis(50);
/// So many calls a declaration may cost.
const CALLS: usize = 8;

/// What came of it.
struct Opening {
    /// What a call takes from a client that writes and reads nothing but bytes.
    round_trip: Duration,
    first: Times,
    usable: Times,
    furnished: Times,
    /// The calls of each declaration: what it was for, and when it arrived.
    calls: Vec<Vec<(String, Duration)>>,
}

/// Measures it over HTTP.
pub(crate) fn measure<P: Platform>(report: &mut Report, extent: Extent) {
    let name = P::NAME;
    report.chapter(&format!("{name}: from the command to the room, each call taking 50 ms"));
    let Opening { round_trip, first, usable, furnished, calls } = beside(openings::<P>(extent.times / 20));
    let within = |round_trips: u32, more: u64| round_trip * round_trips + Duration::from_millis(more);
    for (what, times, round_trips, more) in [("first message sent", &first, 1, 8), ("room usable", &usable, 2, 15)] {
        let aim = within(round_trips, more);
        report.add(Figure {
            what: format!("{name}: command to {what}, p50"),
            measured: format!("{} (p99 {})", shown(times.p50()), shown(times.p99())),
            raw: format!("round trips of {}", shown(round_trip)),
            ratio: Some(ratio(times.p50(), within(round_trips, 0))),
            aim: format!("{round_trips} round trip{} + {more} ms", if round_trips > 1 { "s" } else { "" }),
            met: Some(times.p50() <= aim),
        });
    }
    let most = calls.iter().map(Vec::len).max().unwrap_or_default();
    report.add(Figure {
        what: format!("{name}: calls for a declaration"),
        measured: format!("{most}"),
        raw: "one for each thing".to_owned(),
        ratio: None,
        aim: format!("{CALLS} or fewer"),
        met: Some(most <= CALLS),
    });
    report.remark(&format!("welcomed and pinned, too, after {} at the median", shown(furnished.p50())));
    for (what, at) in calls.last().into_iter().flatten() {
        report.remark(&format!("{:>7} {what}", shown(*at)));
    }
}

async fn openings<P: Platform>(times: u64) -> Opening {
    let workspace = Workspace::<P>::new(Wire::Http).await;
    let server = workspace.start_and_declare().await;
    workspace.chat.delay(DELAY);
    let mut opening = Opening {
        round_trip: round_trip(&workspace.chat).await,
        first: Times::new(),
        usable: Times::new(),
        furnished: Times::new(),
        calls: Vec::new(),
    };
    let mut connection = Connection::open(workspace.address()).await.expect("it listens");
    for number in 0..times.max(3) + 1 {
        workspace.chat.forget_calls();
        let began = workspace.chat.age();
        workspace.declare(&mut connection, "r", number).await;
        workspace.rest().await;
        // The first pays for the connections that go out at the same time.
        if number > 0 {
            opening.add::<P>(workspace.chat.calls(), began);
        }
    }
    workspace.chat.finish();
    server.terminate().await;
    opening
}

async fn round_trip<P: Platform>(chat: &P) -> Duration {
    let mut connection = Connection::open(chat.api()).await.expect("it listens");
    let mut times = Times::new();
    for _ in 0..20 {
        let began = Instant::now();
        call::<P>(&mut connection, &chat.who_am_i()).await;
        times.add(began.elapsed());
    }
    times.p50()
}

impl Opening {
    fn add<P: Platform>(&mut self, mut calls: Vec<Call>, began: Duration) {
        calls.sort_by_key(|call| call.at);
        let mut sent: BTreeMap<String, Duration> = BTreeMap::new();
        for call in calls {
            let what = match call.what {
                What::Announced => "announcement".to_owned(),
                What::Said if sent.contains_key("headline") => "welcome".to_owned(),
                What::Said => "headline".to_owned(),
                What::Done(what) => what,
            };
            assert_eq!(call.refusal, None, "{what} is refused");
            assert_eq!(sent.insert(what.clone(), call.at - began), None, "{what} is made twice");
        }
        let last = P::USABLE.iter().map(|what| sent.get(*what).unwrap_or_else(|| panic!("there is no {what}"))).max();
        self.first.add(sent["headline"].min(sent["announcement"]));
        self.usable.add(*last.expect("there are some") + self.round_trip);
        self.furnished.add(*sent.values().max().expect("there are some") + self.round_trip);
        let mut calls: Vec<_> = sent.into_iter().collect();
        calls.sort_by_key(|(_, at)| *at);
        self.calls.push(calls);
    }
}
