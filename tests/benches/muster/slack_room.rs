//! From a declaration to its room, with a Slack that takes 50 ms for every call, one declaration at a time.

use crate::Extent;
use crate::http::Connection;
use crate::report::{Figure, Report, Times, ratio, shown};
use crate::slack::{Workspace, beside};
use crate::slack_stream::{api, call};
use muster_tests::process::slack::Wire;
use muster_tests::slack::{Call, FakeSlack};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// How long Slack takes for a call.
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
    /// The calls of each declaration: the method, and when it arrived.
    calls: Vec<Vec<(String, Duration)>>,
}

/// Measures it over HTTP.
pub(crate) fn measure(report: &mut Report, extent: Extent) {
    report.chapter("Slack: from the command to the room, each call taking 50 ms");
    let Opening { round_trip, first, usable, furnished, calls } = beside(openings(extent.times / 20));
    let within = |round_trips: u32, more: u64| round_trip * round_trips + Duration::from_millis(more);
    for (what, times, round_trips, more) in [("first message sent", &first, 1, 8), ("room usable", &usable, 2, 15)] {
        let aim = within(round_trips, more);
        report.add(Figure {
            what: format!("Slack: command to {what}, p50"),
            measured: format!("{} (p99 {})", shown(times.p50()), shown(times.p99())),
            raw: format!("round trips of {}", shown(round_trip)),
            ratio: Some(ratio(times.p50(), within(round_trips, 0))),
            aim: format!("{round_trips} round trip{} + {more} ms", if round_trips > 1 { "s" } else { "" }),
            met: Some(times.p50() <= aim),
        });
    }
    let most = calls.iter().map(Vec::len).max().unwrap_or_default();
    report.add(Figure {
        what: "Slack: calls for a declaration".to_owned(),
        measured: format!("{most}"),
        raw: "one for each thing".to_owned(),
        ratio: None,
        aim: format!("{CALLS} or fewer"),
        met: Some(most <= CALLS),
    });
    report.remark(&format!("welcomed and pinned, too, after {} at the median", shown(furnished.p50())));
    for (method, at) in calls.last().into_iter().flatten() {
        report.remark(&format!("{:>7} {method}", shown(*at)));
    }
}

async fn openings(times: u64) -> Opening {
    let workspace = Workspace::new(Wire::Http).await;
    let server = workspace.start().await;
    workspace.slack.delay(DELAY);
    let mut opening = Opening {
        round_trip: round_trip(&workspace.slack).await,
        first: Times::new(),
        usable: Times::new(),
        furnished: Times::new(),
        calls: Vec::new(),
    };
    let mut connection = Connection::open(workspace.address()).await.expect("it listens");
    for number in 0..times.max(3) + 1 {
        workspace.slack.forget_calls();
        let began = workspace.slack.age();
        workspace.declare(&mut connection, "r", number).await;
        workspace.rest().await;
        // The first pays for the connections that go out at the same time.
        if number > 0 {
            opening.add(&workspace.slack.calls(), began, workspace.incidents.id());
        }
    }
    workspace.slack.finish();
    server.terminate().await;
    opening
}

async fn round_trip(slack: &FakeSlack) -> Duration {
    let mut connection = Connection::open(api(slack)).await.expect("it listens");
    let mut times = Times::new();
    for _ in 0..20 {
        let began = Instant::now();
        call(&mut connection, "auth.test", &slack.bot_token(), "{}").await;
        times.add(began.elapsed());
    }
    times.p50()
}

impl Opening {
    fn add(&mut self, calls: &[Call], began: Duration, announcing: &str) {
        let mut calls: Vec<_> = calls.iter().collect();
        calls.sort_by_key(|call| call.at);
        let mut sent: BTreeMap<&str, Duration> = BTreeMap::new();
        for call in &calls {
            assert_eq!(call.error, None, "{} is refused", call.method);
            let is_announcement = call.args.get("channel").is_some_and(|channel| channel == announcing);
            let what = match call.method.as_str() {
                "chat.postMessage" if is_announcement => "announcement",
                "chat.postMessage" if sent.contains_key("headline") => "welcome",
                "chat.postMessage" => "headline",
                method => method,
            };
            assert_eq!(sent.insert(what, call.at - began), None, "{what} is made twice");
        }
        let wanted = [
            "conversations.create",
            "headline",
            "conversations.setTopic",
            "conversations.invite",
            "bookmarks.add",
            "announcement",
        ];
        let last = wanted.iter().map(|what| sent.get(what).unwrap_or_else(|| panic!("there is no {what}"))).max();
        self.first.add(sent["headline"].min(sent["announcement"]));
        self.usable.add(*last.expect("there are some") + self.round_trip);
        self.furnished.add(*sent.values().max().expect("there are some") + self.round_trip);
        self.calls.push(calls.iter().map(|call| (call.method.clone(), call.at - began)).collect());
    }
}
