//! Rate limits, and calls that fail on purpose.

use crate::app::App;
use chrono::TimeDelta;
use muster_tests::clock::{ManualClock, moment};
use muster_tests::discord::{FakeDiscord, Fault};
use serde_json::json;
use std::time::{Duration, Instant};

const WRITE: &str = "POST /channels/{}/messages";

#[tokio::test]
async fn a_bucket_is_told_of_and_runs_dry_by_channel() {
    let clock = ManualClock::at(moment("2026-11-27T09:00:00Z"));
    let discord = FakeDiscord::start_by(clock.clone()).await;
    let app = App::of(&discord);
    let (one, two) = (discord.text_channel("one", None), discord.text_channel("two", None));
    discord.bucket(WRITE, 2, Duration::from_secs(5));
    let say = async |room: &str| app.call(&format!("POST /channels/{room}/messages"), json!({ "content": "t" })).await;
    let first = say(&one.id()).await;
    assert_eq!((first.header("x-ratelimit-limit"), first.header("x-ratelimit-remaining")), ("2", "1"));
    assert_eq!(
        (first.header("x-ratelimit-reset"), first.header("x-ratelimit-reset-after")),
        ("1795770005.000", "5.000")
    );
    assert_eq!(say(&one.id()).await.header("x-ratelimit-remaining"), "0");
    let refused = say(&one.id()).await;
    assert_eq!(
        (refused.status, refused.header("retry-after"), refused.header("x-ratelimit-scope")),
        (429, "5", "user")
    );
    assert_eq!((&refused.body["retry_after"], &refused.body["global"]), (&json!(5.0), &json!(false)));
    assert_eq!(refused.header("x-ratelimit-bucket"), first.header("x-ratelimit-bucket"));
    assert_eq!(say(&two.id()).await.status, 200, "another channel has a bucket of its own");
    clock.advance(TimeDelta::seconds(5));
    assert_eq!(say(&one.id()).await.status, 200);
    assert_eq!(discord.invalid_requests().len(), 1);
    discord.finish();
}

#[tokio::test]
async fn who_has_been_told_to_wait_and_does_not_is_a_violation() {
    let discord = FakeDiscord::start().await;
    let app = App::of(&discord);
    let room = discord.text_channel("one", None);
    discord.fail(Fault::rate_limited(60).on(WRITE).in_channel(&room.id()));
    let write = format!("POST /channels/{}/messages", room.id());
    assert_eq!(app.call(&write, json!({ "content": "t" })).await.status, 429);
    assert_eq!(app.call(&write, json!({ "content": "t" })).await.status, 429);
    assert!(discord.calls()[1].early, "it came too early");
    assert_eq!(discord.violations(), [""; 0], "it may have been under way");
    let told = Instant::now();
    while discord.violations().is_empty() && told.elapsed() < Duration::from_secs(5) {
        app.call(&write, json!({ "content": "t" })).await;
    }
    assert_ne!(discord.take_violations(), [""; 0], "after half a second it was not");
    discord.heal();
    app.does(&write, json!({ "content": "t" })).await;
    discord.finish();
}

#[tokio::test]
async fn a_global_limit_is_for_everything_and_a_shared_one_is_not_held_against_the_app() {
    let clock = ManualClock::at(moment("2026-11-27T09:00:00Z"));
    let discord = FakeDiscord::start_by(clock.clone()).await;
    let app = App::of(&discord);
    let room = discord.text_channel("one", None);
    discord.fail(Fault::rate_limited_globally(3).on("GET /users/@me"));
    let first = app.get("/users/@me").await;
    assert_eq!((first.status, first.header("x-ratelimit-global"), &first.body["global"]), (429, "true", &json!(true)));
    assert_eq!(app.get("/applications/@me").await.header("x-ratelimit-scope"), "global");
    clock.advance(TimeDelta::seconds(3));
    discord.fail(Fault::rate_limited_shared(3).on("GET /channels/{}"));
    let shared = app.get(&format!("/channels/{}", room.id())).await;
    assert_eq!((shared.status, shared.header("x-ratelimit-scope")), (429, "shared"));
    assert_eq!(discord.invalid_requests().len(), 2);
    discord.finish();
}

#[tokio::test]
async fn calls_fail_as_they_are_told_to() {
    let discord = FakeDiscord::start().await;
    let app = App::of(&discord);
    let room = discord.text_channel("one", None);
    let write = format!("POST /channels/{}/messages", room.id());
    discord.fail(Fault::status(503).on(WRITE).times(1));
    assert_eq!(app.call(&write, json!({ "content": "a" })).await.status, 503);
    assert!(room.messages().is_empty(), "it had no effect");
    discord.fail(Fault::reset_after_effect().on(WRITE));
    assert!(app.send(&write, json!({ "content": "b" })).await.is_err(), "the connection is reset");
    assert_eq!(room.messages().len(), 1, "and yet it is there");
    discord.fail(Fault::unparseable().on(WRITE));
    assert_eq!(app.call(&write, json!({ "content": "c" })).await.body, json!({}));
    discord.fail(Fault::hang().on(WRITE));
    let hung = tokio::time::timeout(Duration::from_millis(300), app.send(&write, json!({ "content": "d" }))).await;
    assert!(hung.is_err(), "it is never answered");
    assert_eq!(discord.called(WRITE, 4).await.iter().map(|call| call.status).collect::<Vec<_>>(), [503, 0, 200, 0]);
    discord.finish();
}
