//! PagerDuty's Events API v2, as its clients see it.

use crate::samples::samples;
use crate::world::{World, key_of, source};
use axum::http::StatusCode;
use muster_core::alert::{Action, Signal};
use muster_ingest::{IngestConfig, Kind, Rate};
use serde_json::{Value, json};
use std::num::NonZeroU32;

fn event(action: &str) -> Value {
    json!({
        "routing_key": key_of(Kind::PagerDuty),
        "event_action": action,
        "dedup_key": "disk",
        "payload": { "summary": "Disk is full", "source": "web-1", "severity": "error" },
    })
}

fn with(pointer: &str, value: Value) -> Value {
    let mut event = event("trigger");
    *event.pointer_mut(pointer).expect("the field") = value;
    event
}

#[tokio::test]
async fn the_documented_event_becomes_a_signal_that_says_the_same() {
    let world = World::new();
    let mut event: Value = serde_json::from_slice(&samples(Kind::PagerDuty)[0].1).expect("JSON");
    event["routing_key"] = json!(key_of(Kind::PagerDuty));
    let answer = world.post("/v2/enqueue", event.to_string()).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED);
    let said = json!({ "status": "success", "message": "Event processed", "dedup_key": "samplekeyhere" });
    assert_eq!(answer.json(), said);
    insta::assert_snapshot!("pagerduty_trigger", serde_json::to_string_pretty(&world.book().signals).expect("JSON"));
}

#[tokio::test]
async fn an_event_without_a_key_gets_one_that_its_resolution_can_name() {
    let world = World::new();
    let mut first = event("trigger");
    first.as_object_mut().unwrap().remove("dedup_key");
    let key = world.post("/in/pagerduty/v2/enqueue", first.to_string()).await.json()["dedup_key"].clone();
    let other = world.post("/in/pagerduty/v2/enqueue", first.to_string()).await.json()["dedup_key"].clone();
    assert_eq!(key.as_str().map(str::len), Some(32));
    assert_ne!(key, other);
    let resolve = json!({ "routing_key": key_of(Kind::PagerDuty), "event_action": "resolve", "dedup_key": key });
    assert_eq!(world.post("/v2/enqueue", resolve.to_string()).await.json()["dedup_key"], key);
    let signals: Vec<Signal> = std::mem::take(&mut world.book().signals);
    assert_eq!(signals[0].key, signals[2].key);
    assert_eq!((signals[0].action, signals[2].action), (Action::Trigger, Action::Resolve));
}

#[tokio::test]
async fn what_pagerduty_refuses_is_refused_in_its_shape_and_words() {
    let world = World::new();
    let mut no_key = event("acknowledge");
    no_key.as_object_mut().unwrap().remove("dedup_key");
    let cases = [
        (with("/routing_key", json!("short")), "'routing_key'"),
        (with("/routing_key", json!("x".repeat(32))), "integration key"),
        (with("/routing_key", Value::Null), "integration key"),
        (with("/event_action", json!("explode")), "'event_action'"),
        (with("/event_action", Value::Null), "'event_action'"),
        (with("/dedup_key", json!("x".repeat(256))), "'dedup_key'"),
        (with("/payload/summary", json!("")), "'payload.summary'"),
        (with("/payload/source", Value::Null), "'payload.source'"),
        (with("/payload/severity", json!("purple")), "'payload.severity'"),
        (with("/payload/severity", json!("Critical")), "'payload.severity'"),
        (no_key, "'dedup_key'"),
        (json!([]), "integration key"),
    ];
    for (event, named) in cases {
        let answer = world.post("/v2/enqueue", event.to_string()).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{event}");
        let said = answer.json();
        assert_eq!((&said["status"], &said["message"]), (&json!("invalid event"), &json!("Event object is invalid")));
        assert!(said["errors"][0].as_str().unwrap().contains(named), "{said}");
    }
    assert_eq!(world.book().commits, 0);
}

#[tokio::test]
async fn a_key_of_255_characters_is_kept_as_it_is() {
    let world = World::new();
    let key = json!("å".repeat(255));
    let answer = world.post("/v2/enqueue", with("/dedup_key", key.clone()).to_string()).await;
    assert_eq!(answer.json()["dedup_key"], key);
    assert_eq!(json!(world.book().signals[0].key), key);
}

#[tokio::test]
async fn an_event_is_accepted_only_when_it_is_durable() {
    let world = World::new();
    assert_eq!(world.post("/v2/enqueue", event("trigger").to_string()).await.status, StatusCode::ACCEPTED);
    world.book().is_down = true;
    let answer = world.post("/v2/enqueue", event("trigger").to_string()).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.json()["dedup_key"].is_null());
}

#[tokio::test]
async fn too_large_is_413_and_too_fast_is_429() {
    let world = World::new();
    let large = with("/payload/summary", json!("x".repeat(512 * 1024)));
    assert_eq!(world.post("/v2/enqueue", large.to_string()).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let mut slow = source(Kind::PagerDuty);
    slow.rate = Rate { per_second: NonZeroU32::MIN, burst: NonZeroU32::MIN };
    let world = World::of(IngestConfig { sources: vec![slow] });
    let mut statuses = Vec::new();
    for _ in 0..50 {
        statuses.push(world.post("/v2/enqueue", event("trigger").to_string()).await.status);
    }
    assert!(statuses.contains(&StatusCode::TOO_MANY_REQUESTS));
}

#[tokio::test]
async fn a_change_event_is_accepted_and_is_no_alert() {
    let world = World::new();
    let change = json!({ "routing_key": key_of(Kind::PagerDuty), "payload": { "summary": "Deployed 1.2.3" } });
    let answer = world.post("/v2/change/enqueue", change.to_string()).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED);
    assert_eq!(answer.json()["message"], "Change event processed");
    assert!(world.book().signals.is_empty());
    let wrong = json!({ "routing_key": "x".repeat(32) });
    assert_eq!(world.post("/v2/change/enqueue", wrong.to_string()).await.status, StatusCode::BAD_REQUEST);
}
