//! What each vendor documents that it sends, and what we make of it.

use crate::world::{World, key_of, request};
use axum::http::Method;
use muster_core::alert::{Action, Level};
use muster_ingest::Kind;
use serde_json::json;
use std::path::{Path, PathBuf};

/// The samples of a kind, in the order of their names.
pub(crate) fn samples(kind: Kind) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples").join(kind.word());
    let files = std::fs::read_dir(folder).into_iter().flatten().map(|file| file.expect("a file").path());
    let mut files: Vec<PathBuf> = files.collect();
    files.sort();
    let name = |path: &PathBuf| path.file_stem().expect("it is there").to_str().expect("it is there").to_owned();
    files.into_iter().map(|path| (name(&path), std::fs::read(&path).expect("a sample"))).collect()
}

#[tokio::test]
async fn every_documented_payload_becomes_signals_that_say_the_same() {
    let world = World::new();
    let kinds = [
        Kind::Alertmanager,
        Kind::Grafana,
        Kind::Datadog,
        Kind::Sentry,
        Kind::UptimeKuma,
        Kind::CloudEvents,
        Kind::Email,
    ];
    for kind in kinds {
        let samples = samples(kind);
        assert!(!samples.is_empty(), "{kind:?} has samples");
        for (name, body) in samples {
            let signals = world.takes(kind, body).await;
            assert!(signals.iter().all(|signal| signal.source == format!("the-{}", kind.word())));
            let said = serde_json::to_string_pretty(&signals).expect("JSON");
            insta::assert_snapshot!(format!("{}_{name}", kind.word()), said);
        }
    }
}

#[tokio::test]
async fn an_issue_of_sentry_is_ended_by_its_own_resolution() {
    let world = World::new();
    let of = |name: &str| samples(Kind::Sentry).into_iter().find(|(known, _)| known == name).expect("the sample").1;
    let fired = world.takes(Kind::Sentry, of("event_alert")).await;
    let ended = world.takes(Kind::Sentry, of("issue_resolved")).await;
    assert_eq!(fired[0].key, ended[0].key);
    assert_eq!((fired[0].action, ended[0].action), (Action::Trigger, Action::Resolve));
}

#[tokio::test]
async fn what_sentry_says_of_comments_and_installations_is_no_alert() {
    let world = World::new();
    let body = json!({ "action": "created", "data": { "comment": "+1", "issue_id": 1 } }).to_string();
    let mut comment = request(Method::POST, &format!("/in/sentry/{}", key_of(Kind::Sentry)), body);
    comment.headers_mut().insert("sentry-hook-resource", "comment".parse().expect("a value"));
    assert_eq!(world.send(comment).await.json(), json!({ "accepted": 0 }));
}

#[tokio::test]
async fn an_event_in_headers_is_the_same_as_one_in_a_body() {
    let world = World::new();
    let mut binary =
        request(Method::POST, &format!("/in/cloudevents/{}", key_of(Kind::CloudEvents)), "{\"state\":\"ok\"}");
    let headers = [
        ("ce-specversion", "1.0"),
        ("ce-id", "1"),
        ("ce-source", "/shops/stockholm-1"),
        ("ce-type", "com.example.freezer.alarm"),
        ("ce-subject", "freezer%20%C3%A5tta"),
        ("content-type", "application/json"),
    ];
    for (name, value) in headers {
        binary.headers_mut().insert(name, value.parse().expect("a value"));
    }
    world.send(binary).await;
    let event = json!({
        "specversion": "1.0", "id": "1", "source": "/shops/stockholm-1", "type": "com.example.freezer.alarm",
        "subject": "freezer åtta", "data": { "state": "ok" },
    });
    let in_headers = std::mem::take(&mut world.book().signals);
    let in_body = world.takes(Kind::CloudEvents, event.to_string()).await;
    assert_eq!(in_headers, in_body);
    assert_eq!(in_body[0].key, "/shops/stockholm-1 freezer åtta");
    assert_eq!(in_body[0].action, Action::Resolve);
}

#[tokio::test]
async fn whoever_sends_events_may_ask_first_whether_it_may() {
    let world = World::new();
    for (key, may) in [(key_of(Kind::CloudEvents), 200), ("x".repeat(32), 401)] {
        let mut ask = request(Method::OPTIONS, &format!("/in/cloudevents/{key}"), "");
        ask.headers_mut().insert("webhook-request-origin", "events.example.com".parse().expect("a value"));
        assert_eq!(world.send(ask).await.status.as_u16(), may);
    }
}

#[tokio::test]
async fn any_json_is_understood_by_the_mapping_of_its_source() {
    let world = World::new();
    let build = |status: &str| {
        let failed = status == "failed";
        json!({ "build": {
            "url": "https://ci.example.com/7", "name": "checkout", "failed": failed, "status": status,
            "severity": "high", "at": 1_795_776_120,
        } })
    };
    let failed = world.takes(Kind::Webhook, build("failed").to_string()).await.remove(0);
    assert_eq!(failed.title, "checkout failed");
    assert_eq!((failed.action, failed.level), (Action::Trigger, Some(Level::Error)));
    assert_eq!(failed.labels["job"], "checkout");
    assert_eq!(failed.at, Some(crate::world::start()));
    let passed = world.takes(Kind::Webhook, build("fixed").to_string()).await.remove(0);
    assert_eq!((passed.action, passed.key), (Action::Resolve, failed.key));
    let odd = world.post(&format!("/in/webhook/{}", key_of(Kind::Webhook)), "[]").await;
    assert_eq!(odd.status.as_u16(), 400);
    assert!(odd.body.contains("finds no title"), "{}", odd.body);
}
