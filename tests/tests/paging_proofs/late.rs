//! How late the next ones are called, by the clock that is moved by hand, while much else is going on.

use chrono::TimeDelta;
use muster_core::clock::{Clock, Timestamp};
use muster_core::ids::{IncidentId, PersonId};
use muster_core::incident::entry::Entry;
use muster_core::incident::event::Event;
use muster_core::incident::page::PageEvent;
use muster_core::oncall::{Level, Policy, Target};
use muster_core::org::Organisation;
use muster_tests::process::tell;
use muster_tests::sample;
use muster_tests::stage::running::Running;
use std::collections::BTreeMap;
use std::time::Duration;

/// So many pages wait for somebody at the same time.
const PAGES: i64 = 60;
/// The latest somebody may be called after their time.
const LATE: TimeDelta = TimeDelta::seconds(5);

/// Payments are called at Alice, after five minutes at Bob, after three more at Dave.
pub(crate) fn escalating() -> Organisation {
    let level = |person: &str, minutes: u64| Level {
        targets: vec![Target::Person { id: PersonId::from(person) }],
        round_robin: false,
        after: Duration::from_secs(60 * minutes),
        after_by_severity: BTreeMap::new(),
    };
    let mut org = sample::retailer();
    org.policies = vec![Policy {
        id: "payments".to_owned(),
        name: "Payments".to_owned(),
        levels: vec![level("alice", 5), level("bob", 3)],
        repeat: 0,
    }];
    org.teams[0].policy = Some("payments".to_owned());
    org.paging.last_resort = vec![Target::Person { id: PersonId::from("dave") }];
    org.paging.per_minute = 1_000;
    org.paging.per_quarter = 1_000;
    org
}

/// Who was called, and when.
pub(crate) fn called(log: Vec<Entry>) -> Vec<(String, Timestamp)> {
    let mut called = Vec::new();
    for entry in log {
        if let Event::Page { what: PageEvent::Called { who }, .. } = entry.what {
            called.push((who.name, entry.recorded_at));
        }
    }
    called
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_comes_next_is_called_within_five_seconds_of_their_time() {
    let muster = Running::over_a_file(escalating()).await;
    muster.run(Vec::new());
    for n in 1..=PAGES {
        muster.in_console("carol", &format!("new sev4 till {n} is off")).await.ok();
        muster.in_console("carol", &format!("INC-{n} page payments till {n}")).await.ok();
        muster.clock.advance(TimeDelta::milliseconds(3_700));
    }
    for _ in 0..15 * 60 {
        muster.clock.advance(TimeDelta::seconds(1));
        muster.settle().await;
    }
    let mut worst = TimeDelta::zero();
    for n in 1..=PAGES {
        let log = muster.app.store().log(IncidentId(n), 0, 1_000).await.expect("a log can be read");
        let called = called(log);
        let names: Vec<_> = called.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["Alice Ek", "Bob Lind", "Dave Holm"], "INC-{n}");
        for (pair, minutes) in called.windows(2).zip([5, 3]) {
            let late = pair[1].1 - pair[0].1 - TimeDelta::minutes(minutes);
            assert!(late >= TimeDelta::zero(), "INC-{n}: {} was called too early", pair[1].0);
            worst = worst.max(late);
        }
    }
    assert!(worst <= LATE, "somebody was called {worst} late");
    tell(&format!(
        "{PAGES} pages escalated twice, at most {} ms late ({})",
        worst.num_milliseconds(),
        muster.clock.now()
    ));
}
