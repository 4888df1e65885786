//! Who may send: integration keys, how often, how much.

use crate::world::{World, every_kind, key_of, request, source};
use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use muster_core::secret::Secret;
use muster_ingest::{IngestConfig, Kind, Rate};
use serde_json::json;
use std::num::NonZeroU32;

const DOWN: &str = r#"{"monitor":{"id":1,"name":"Checkout"},"heartbeat":{"status":0}}"#;

#[tokio::test]
async fn a_key_opens_in_every_place_a_monitoring_system_can_put_it() {
    let world = World::new();
    let key = key_of(Kind::UptimeKuma);
    for path in [format!("/in/uptime-kuma/{key}"), format!("/in/uptime-kuma?key={key}")] {
        assert_eq!(world.post(&path, DOWN).await.status, StatusCode::ACCEPTED, "{path}");
    }
    for scheme in ["Bearer", "bearer"] {
        let mut sent = request(Method::POST, "/in/uptime-kuma", DOWN);
        sent.headers_mut().insert(header::AUTHORIZATION, format!("{scheme} {key}").parse().expect("a value"));
        assert_eq!(world.send(sent).await.status, StatusCode::ACCEPTED);
    }
    assert_eq!(world.book().commits, 4);
}

#[tokio::test]
async fn a_wrong_key_is_told_the_same_as_none_and_nothing_is_read() {
    let world = World::new();
    let none = world.post("/in/uptime-kuma", DOWN).await;
    let wrong = world.post(&format!("/in/uptime-kuma/{}", "k".repeat(32)), "not even JSON").await;
    let endless = world.post(&format!("/in/uptime-kuma/{}", "k".repeat(4_000)), DOWN).await;
    for answer in [&none, &wrong, &endless] {
        assert_eq!((answer.status, &answer.body), (StatusCode::UNAUTHORIZED, &none.body));
    }
    assert!(none.body.contains("no integration key"), "{}", none.body);
    assert_eq!(world.book().commits, 0);
}

#[tokio::test]
async fn a_key_opens_only_the_path_of_its_kind() {
    let world = World::new();
    let answer = world.post(&format!("/in/grafana/{}", key_of(Kind::UptimeKuma)), DOWN).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(answer.body.contains("uptime-kuma"), "{}", answer.body);
}

#[tokio::test]
async fn a_source_that_has_left_the_config_may_send_no_more() {
    let world = World::new();
    let path = format!("/in/uptime-kuma/{}", key_of(Kind::UptimeKuma));
    assert_eq!(world.post(&path, DOWN).await.status, StatusCode::ACCEPTED);
    let mut without = every_kind();
    without.sources.retain(|source| source.kind != Kind::UptimeKuma);
    world.ingest.configure(without);
    assert_eq!(world.post(&path, DOWN).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_key_is_looked_up_once_in_a_while_and_a_revoked_one_stops_within_seconds() {
    let world = World::new();
    let path = format!("/in/uptime-kuma/{}", key_of(Kind::UptimeKuma));
    for _ in 0..100 {
        assert_eq!(world.post(&path, DOWN).await.status, StatusCode::ACCEPTED);
    }
    assert_eq!(world.book().look_ups, 1);
    world.book().keys.clear();
    world.later(5);
    assert_eq!(world.post(&path, DOWN).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn several_keys_of_one_source_are_good_at_once() {
    let world = World::new();
    world.book().keys.insert(Secret::presented("n".repeat(32)).hash(), "the-uptime-kuma".to_owned());
    for key in [key_of(Kind::UptimeKuma), "n".repeat(32)] {
        assert_eq!(world.post(&format!("/in/uptime-kuma/{key}"), DOWN).await.status, StatusCode::ACCEPTED);
    }
}

#[tokio::test]
async fn nothing_is_acknowledged_that_is_not_durable() {
    let world = World::new();
    let path = format!("/in/uptime-kuma/{}", key_of(Kind::UptimeKuma));
    assert_eq!(world.post(&path, DOWN).await.status, StatusCode::ACCEPTED);
    world.book().is_down = true;
    world.later(10);
    let late = world.post(&path, DOWN).await;
    assert_eq!((late.status, late.retry_after.as_deref()), (StatusCode::SERVICE_UNAVAILABLE, Some("5")));
    assert_eq!(world.book().commits, 1);
}

#[tokio::test]
async fn a_source_that_sends_too_much_is_told_how_long_to_wait() {
    let mut mad = source(Kind::UptimeKuma);
    mad.rate = Rate { per_second: NonZeroU32::MIN, burst: NonZeroU32::new(3).unwrap() };
    let world = World::of(IngestConfig { sources: vec![mad, source(Kind::Heartbeat)] });
    let path = format!("/in/uptime-kuma/{}", key_of(Kind::UptimeKuma));
    let mut answers = Vec::new();
    for _ in 0..50 {
        answers.push(world.post(&path, DOWN).await);
    }
    assert!(answers[..3].iter().all(|answer| answer.status == StatusCode::ACCEPTED));
    let refused = answers.iter().find(|answer| answer.status == StatusCode::TOO_MANY_REQUESTS).expect("a refusal");
    assert_eq!(refused.retry_after.as_deref(), Some("1"));
    let other = world.post(&format!("/in/heartbeat/{}", key_of(Kind::Heartbeat)), "").await;
    assert_eq!(other.status, StatusCode::OK, "others do not notice");
}

#[tokio::test]
async fn whoever_guesses_keys_is_slowed_down_and_the_known_are_not() {
    let world = World::new();
    let good = format!("/in/uptime-kuma/{}", key_of(Kind::UptimeKuma));
    assert_eq!(world.post(&good, DOWN).await.status, StatusCode::ACCEPTED);
    let mut last = StatusCode::OK;
    for n in 0..200 {
        last = world.post(&format!("/in/uptime-kuma/{n:032}"), DOWN).await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    assert!(world.book().look_ups < 150, "the database is spared");
    assert_eq!(world.post(&good, DOWN).await.status, StatusCode::ACCEPTED);
}

#[tokio::test]
async fn what_is_too_large_is_refused_before_it_is_read() {
    let world = World::new();
    let path = format!("/in/uptime-kuma/{}", key_of(Kind::UptimeKuma));
    let mut announced = request(Method::POST, &path, Body::empty());
    announced.headers_mut().insert(header::CONTENT_LENGTH, (512 * 1024 + 1).into());
    assert_eq!(world.send(announced).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let unannounced = Body::from_stream(futures_of(600));
    assert_eq!(world.post(&path, unannounced).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let deep = "[".repeat(200_000);
    assert_eq!(world.post(&path, deep).await.status, StatusCode::BAD_REQUEST);
}

/// So many KB, one after another.
fn futures_of(kilobytes: usize) -> impl futures::Stream<Item = Result<Vec<u8>, std::io::Error>> {
    futures::stream::iter((0..kilobytes).map(|_| Ok(vec![b' '; 1024])))
}

#[tokio::test]
async fn a_request_is_taken_whole_or_not_at_all() {
    let world = World::new();
    let path = format!("/in/alertmanager/{}", key_of(Kind::Alertmanager));
    let of = |count: usize| json!({ "alerts": vec![json!({ "labels": { "alertname": "a" } }); count] }).to_string();
    assert_eq!(world.post(&path, of(1_000)).await.status, StatusCode::ACCEPTED);
    assert_eq!(world.book().signals.len(), 1_000);
    assert_eq!(world.book().commits, 1);
    assert_eq!(world.post(&path, of(1_001)).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(world.book().commits, 1);
}

#[tokio::test]
async fn a_heartbeat_is_a_call_of_any_kind() {
    let world = World::new();
    let path = format!("/in/heartbeat/{}", key_of(Kind::Heartbeat));
    for method in [Method::GET, Method::HEAD, Method::POST] {
        assert_eq!(world.send(request(method, &path, "")).await.status, StatusCode::OK);
    }
    assert_eq!(world.book().beats, ["the-heartbeat"; 3]);
    assert_eq!(world.post("/in/heartbeat/x", "").await.status, StatusCode::UNAUTHORIZED);
}
