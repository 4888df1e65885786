//! SNS: only what SNS has signed is taken, and only SNS is asked for what it signs with.
//!
//! The samples were signed once by a key that is kept nowhere; its certificate is good in 2026.

use crate::samples::samples;
use crate::world::{World, key_of, request};
use axum::http::{Method, StatusCode};
use muster_core::alert::Action;
use muster_core::ports::outside::OutsideError;
use muster_ingest::Kind;
use serde_json::{Value, json};

const CERTIFICATE: &str =
    "https://sns.eu-north-1.amazonaws.com/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem";

fn sample(name: &str) -> Vec<u8> {
    samples(Kind::Sns).into_iter().find(|(known, _)| known == name).expect("the sample").1
}

fn world() -> World {
    let world = World::new();
    world.outside.pages.lock().expect("a lock").insert(CERTIFICATE.to_owned(), Ok(sample("certificate")));
    world
}

fn path() -> String {
    format!("/in/sns/{}", key_of(Kind::Sns))
}

#[tokio::test]
async fn an_alarm_of_cloudwatch_fires_and_is_over_in_both_versions_of_the_signature() {
    let world = world();
    let fired = world.takes(Kind::Sns, sample("alarm_v1")).await;
    let ended = world.takes(Kind::Sns, sample("ok_v2")).await;
    insta::assert_snapshot!("sns_alarm", serde_json::to_string_pretty(&fired).expect("JSON"));
    assert_eq!((fired[0].action, ended[0].action), (Action::Trigger, Action::Resolve));
    assert_eq!(fired[0].key, ended[0].key);
    assert_eq!(*world.outside.asked.lock().expect("a lock"), [CERTIFICATE], "the certificate is fetched once");
}

#[tokio::test]
async fn a_text_that_somebody_published_is_a_signal_too() {
    let signals = world().takes(Kind::Sns, sample("plain_v2")).await;
    insta::assert_snapshot!("sns_plain", serde_json::to_string_pretty(&signals).expect("JSON"));
}

#[tokio::test]
async fn a_subscription_is_confirmed_where_sns_says() {
    let world = world();
    let message: Value = serde_json::from_slice(&sample("confirmation_v1")).expect("JSON");
    let confirm = message["SubscribeURL"].as_str().unwrap().to_owned();
    world.outside.pages.lock().expect("a lock").insert(confirm.clone(), Ok(Vec::new()));
    let answer = world.post(&path(), sample("confirmation_v1")).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    assert_eq!(*world.outside.asked.lock().expect("a lock"), [CERTIFICATE.to_owned(), confirm]);
    assert!(world.book().signals.is_empty());
}

#[tokio::test]
async fn whatever_is_changed_after_signing_is_refused_and_nobody_is_asked_on_its_word() {
    let changes = [
        ("Message", json!("all is well")),
        ("MessageId", json!("1")),
        ("Subject", json!("OK")),
        ("Subject", Value::Null),
        ("Timestamp", json!("2026-11-27T10:42:02.000Z")),
        ("TopicArn", json!("arn:aws:sns:eu-north-1:999999999999:mine")),
        ("Type", json!("UnsubscribeConfirmation")),
        ("SignatureVersion", json!("2")),
        ("SignatureVersion", json!("3")),
        ("Signature", json!("AAAA")),
        ("Signature", json!("!")),
        ("SigningCertURL", json!("https://sns.eu-north-1.amazonaws.com/other.pem")),
        ("SigningCertURL", json!("https://evil.example/x.pem")),
        ("SigningCertURL", json!("http://169.254.169.254/latest/meta-data")),
    ];
    for (field, value) in changes {
        let world = world();
        let mut message: Value = serde_json::from_slice(&sample("alarm_v1")).expect("JSON");
        message[field] = value.clone();
        let answer = world.post(&path(), message.to_string()).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{field}: {value}");
        assert_eq!(world.book().commits, 0);
        assert!(
            world.outside.asked.lock().expect("a lock").iter().all(|url| url.starts_with("https://sns.eu-north-1."))
        );
    }
}

#[tokio::test]
async fn a_subscription_is_confirmed_nowhere_else() {
    let world = world();
    let mut message: Value = serde_json::from_slice(&sample("confirmation_v1")).expect("JSON");
    message["SubscribeURL"] = json!("https://evil.example/");
    assert_eq!(world.post(&path(), message.to_string()).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(*world.outside.asked.lock().expect("a lock"), [CERTIFICATE]);
}

#[tokio::test]
async fn a_certificate_that_cannot_be_had_just_now_makes_sns_send_again() {
    let world = world();
    let broken = OutsideError::Failed { reason: "it broke".to_owned() };
    world.outside.pages.lock().expect("a lock").insert(CERTIFICATE.to_owned(), Err(broken));
    assert_eq!(world.post(&path(), sample("alarm_v1")).await.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn a_certificate_that_has_run_out_signs_nothing() {
    let world = world();
    world.later(60 * 60 * 24 * 60);
    assert_eq!(world.post(&path(), sample("alarm_v1")).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn raw_messages_are_refused_with_what_to_do() {
    let world = world();
    let mut raw = request(Method::POST, &path(), "anything");
    raw.headers_mut().insert("x-amz-sns-rawdelivery", "true".parse().expect("a value"));
    let answer = world.send(raw).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(answer.body.contains("turn raw message delivery"), "{}", answer.body);
}
