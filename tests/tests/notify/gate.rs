//! Nothing of a drill or a private incident leaves the house, whatever has been decided; and what did not arrive is told.

use chrono::TimeDelta;
use muster_core::comms::{Bulletin, CommsEvent};
use muster_core::effect::Recipient;
use muster_core::ids::EffectKey;
use muster_core::incident::event::Event;
use muster_core::ports::store::OutboxState;
use muster_tests::notify::customers::{bulletin, publication};
use muster_tests::notify::{Desk, Fault};
use serde_json::json;

/// A bulletin of the first incident, with a proof that nobody has looked at.
fn forged() -> Bulletin {
    let cleared = serde_json::from_value(json!("INC-1")).expect("what a proof looks like in the store");
    Bulletin { cleared, ..bulletin() }
}

fn outlet(name: &str) -> Recipient {
    Recipient::Outlet { name: name.to_owned() }
}

/// Somebody is about to publish by every way out, for an incident declared so.
async fn published(declared: &str, then: Option<&str>) -> Desk {
    let desk = Desk::open().await;
    desk.world.person("bob").types(declared).await.ok();
    desk.queues(publication("webhook", outlet("ops"), "INC-1/9/0", forged())).await;
    desk.queues(publication("statuspage", outlet("main"), "INC-1/9/1", forged())).await;
    if let Some(line) = then {
        desk.world.person("bob").in_room("INC-1").types(line).await.ok();
    }
    desk.settle().await;
    desk
}

async fn moot(desk: &Desk) -> Vec<String> {
    let rows = desk.world.muster.store().effects(OutboxState::Superseded, 100).await.expect("the outbox can be read");
    rows.into_iter().filter_map(|row| row.error).collect()
}

#[tokio::test]
async fn what_may_leave_does() {
    let desk = published("new sev1 checkout is down", None).await;
    assert_eq!(desk.statuspage.incidents().len(), 1);
    assert!(moot(&desk).await.is_empty());
}

#[tokio::test]
async fn nothing_of_a_drill_leaves_though_it_was_decided_on() {
    let desk = published("new sev1 checkout is down --kind drill", None).await;
    assert!(desk.receiver.received().is_empty() && desk.statuspage.calls().is_empty());
    assert_eq!(moot(&desk).await, ["nobody outside is told of INC-1: it is a drill"; 2]);
}

#[tokio::test]
async fn nothing_leaves_of_what_has_become_private_since() {
    let desk = published("new sev1 checkout is down", Some("edit --visibility private")).await;
    assert!(desk.receiver.received().is_empty() && desk.statuspage.calls().is_empty());
    assert_eq!(moot(&desk).await, ["nobody outside is told of INC-1: it is private"; 2]);
}

#[tokio::test]
async fn the_incident_says_who_was_not_told_and_says_it_once() {
    let desk = Desk::open().await;
    desk.world.person("bob").types("new sev1 checkout is down").await.ok();
    let undelivered = async || {
        let entries = desk.world.whole("INC-1").await.entries;
        let told = entries.into_iter().filter_map(|entry| {
            let Event::Comms { number, audience, what } = entry.what else { return None };
            let CommsEvent::Undelivered { to, error } = what else { return None };
            Some((number, audience, to, error))
        });
        told.collect::<Vec<_>>()
    };
    desk.receiver.next(Fault::of(503));
    desk.queues(publication("webhook", outlet("ops"), "INC-1/9/0", forged())).await;
    desk.settle().await;
    assert!(undelivered().await.is_empty(), "what is tried again is not given up");
    desk.receiver.next(Fault::of(404));
    desk.world.clock.advance(TimeDelta::minutes(1));
    desk.settle().await;
    let told = (
        3,
        "Customers".to_owned(),
        "webhook ops".to_owned(),
        "the webhook answered 404: it does not take the notice".to_owned(),
    );
    assert_eq!(undelivered().await, std::slice::from_ref(&told));
    desk.receiver.next(Fault::of(404));
    let key = EffectKey::from("INC-1/9/0");
    desk.world.muster.store().revive(&key, desk.world.muster.now()).await.expect("the outbox can be written");
    desk.settle().await;
    assert_eq!(undelivered().await, [told], "the same news again change nothing");
}
