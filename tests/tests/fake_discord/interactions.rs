//! Interactions: the first answer, and what its token is good for.

use crate::app::{App, Line, text};
use chrono::TimeDelta;
use ed25519_dalek::{Signature, VerifyingKey};
use muster_tests::clock::{ManualClock, moment};
use muster_tests::discord::{FakeDiscord, Hand, Heard, Room, Way};
use serde_json::{Value, json};
use std::future::Future;

const INTENTS: u64 = 1;

/// A guild in which `/inc` is registered, and an app that listens.
struct Scene {
    discord: FakeDiscord,
    app: App,
    line: Line,
    alice: Hand,
    room: Room,
}

async fn scene(discord: FakeDiscord) -> Scene {
    let app = App::of(&discord);
    app.registers(json!([{ "name": "inc", "description": "d" }])).await;
    let alice = discord.person("alice", "Alice Ek");
    let room = discord.text_channel("general", None);
    let line = app.listens(INTENTS).await;
    Scene { discord, app, line, alice, room }
}

impl Scene {
    /// Alice uses `/inc`, and meanwhile the app does that with the interaction.
    async fn used<F: Future<Output = ()>>(&mut self, does: impl FnOnce(App, Value) -> F) -> Heard {
        let (alice, room) = (self.alice.clone(), self.room.clone());
        let using = tokio::spawn(async move { alice.uses(&room, json!({ "name": "inc" })).await });
        let interaction = self.line.event("INTERACTION_CREATE").await;
        does(self.app.clone(), interaction).await;
        using.await.expect("she is not in the way")
    }
}

#[tokio::test]
async fn an_answer_in_time_is_heard_and_a_second_one_refused() {
    let mut scene = scene(FakeDiscord::start().await).await;
    let heard = scene
        .used(async |app, interaction| {
            assert_eq!((&interaction["type"], &interaction["data"]["name"]), (&json!(2), &json!("inc")));
            assert_eq!(interaction["member"]["user"]["username"], "alice");
            assert_eq!(interaction["authorizing_integration_owners"]["0"], app.discord.guild());
            let hook = app.hook(&interaction);
            app.refused(&format!("POST {hook}"), json!({ "content": "t" }), (404, 10015)).await;
            let wrong = app.answers(&interaction, json!({ "type": 6 })).await;
            assert_eq!((wrong.status, app.discord.take_violations().len()), (400, 1), "6 answers no command");
            let said =
                app.answers(&interaction, json!({ "type": 4, "data": { "content": "hello", "flags": 64 } })).await;
            assert_eq!(said.status, 204);
            let again = app.answers(&interaction, json!({ "type": 4, "data": { "content": "again" } })).await;
            assert_eq!((again.status, again.body["code"].as_u64()), (400, Some(40060)));
        })
        .await;
    let said = heard.says("hello");
    assert!(said.is_private() && scene.room.messages().is_empty());
    scene.discord.finish();
}

#[tokio::test]
async fn a_deferred_answer_is_given_later_and_others_after_it() {
    let mut scene = scene(FakeDiscord::start().await).await;
    let mut kept = Value::Null;
    let keep = &mut kept;
    let heard = scene
        .used(async |app, interaction| {
            app.answers(&interaction, json!({ "type": 5, "data": { "flags": 64 } })).await;
            *keep = interaction;
        })
        .await;
    assert!(heard.acked.is_some() && heard.said.is_none());
    let app = scene.app.clone();
    let hook = app.hook(&kept);
    let owed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| scene.discord.finish()));
    assert!(owed.is_err(), "she still sees that it thinks");
    app.does(&format!("PATCH {hook}/messages/@original"), json!({ "content": "INC-1" })).await;
    let said = scene.alice.hears("INC-1").await;
    let more = app.does(&format!("POST {hook}"), json!({ "content": "and more", "flags": 64 })).await;
    scene.alice.hears("and more").await;
    let other = format!("{hook}/messages/{}", text(&more["id"]));
    app.does(&format!("PATCH {other}"), json!({ "content": "and less" })).await;
    app.does(&format!("DELETE {hook}/messages/@original"), Value::Null).await;
    assert!(said.is_gone());
    app.refused(&format!("GET {hook}/messages/@original"), Value::Null, (404, 10008)).await;
    app.does(&format!("POST {hook}"), json!({ "content": "for all" })).await;
    scene.room.message("for all").await;
    scene.discord.finish();
}

#[tokio::test]
async fn the_first_message_after_deferring_is_the_answer() {
    let mut scene = scene(FakeDiscord::start().await).await;
    scene
        .used(async |app, interaction| {
            app.answers(&interaction, json!({ "type": 5 })).await;
            app.does(&format!("POST {}", app.hook(&interaction)), json!({ "content": "INC-1" })).await;
        })
        .await;
    assert_eq!(scene.room.messages().len(), 1);
    scene.discord.finish();
}

#[tokio::test]
async fn an_answer_after_three_seconds_is_too_late() {
    let mut scene = scene(FakeDiscord::start().await).await;
    let (alice, room) = (scene.alice.clone(), scene.room.clone());
    let heard = alice.uses(&room, json!({ "name": "inc" })).await;
    assert!(heard.acked.is_none());
    assert_eq!(scene.discord.take_violations().len(), 1, "the application did not respond");
    let interaction = scene.line.event("INTERACTION_CREATE").await;
    let said = scene.app.answers(&interaction, json!({ "type": 4, "data": { "content": "late" } })).await;
    assert_eq!((said.status, said.body["code"].as_u64()), (404, Some(10062)));
    scene.discord.finish();
}

#[tokio::test]
async fn a_token_is_good_for_fifteen_minutes() {
    let clock = ManualClock::at(moment("2026-11-27T09:00:00Z"));
    let mut scene = scene(FakeDiscord::start_by(clock.clone()).await).await;
    let mut kept = Value::Null;
    let keep = &mut kept;
    scene
        .used(async |app, interaction| {
            app.answers(&interaction, json!({ "type": 5 })).await;
            *keep = interaction;
        })
        .await;
    let hook = scene.app.hook(&kept);
    clock.advance(TimeDelta::minutes(14));
    scene.app.does(&format!("GET {hook}/messages/@original"), Value::Null).await;
    clock.advance(TimeDelta::minutes(1));
    scene.app.refused(&format!("PATCH {hook}/messages/@original"), json!({ "content": "t" }), (401, 50027)).await;
    assert_eq!(scene.discord.invalid_requests().len(), 1);
    scene.discord.finish();
}

#[tokio::test]
async fn a_missed_interaction_comes_again_to_who_resumes() {
    let discord = FakeDiscord::start().await;
    let app = App::of(&discord);
    app.registers(json!([{ "name": "inc", "description": "d" }])).await;
    let (alice, room) = (discord.person("alice", "Alice Ek"), discord.text_channel("general", None));
    let mut line = app.connects().await;
    line.identify(&discord.token(), INTENTS).await;
    let ready = line.event("READY").await;
    line.event("GUILD_CREATE").await;
    discord.cut();
    assert_eq!(line.next().await, Value::Null);
    let using = tokio::spawn(async move { alice.uses(&room, json!({ "name": "inc" })).await });
    let mut line = Line::open(text(&ready["resume_gateway_url"])).await;
    line.resume(&discord.token(), &ready["session_id"], 2).await;
    let mut frame = line.next().await;
    if frame["t"] == "RESUMED" {
        frame = line.next().await;
    }
    assert_eq!(frame["t"], "INTERACTION_CREATE");
    app.answers(&frame["d"], json!({ "type": 4, "data": { "content": "INC-1" } })).await;
    let _ = using.await.expect("it is answered").says("INC-1");
    discord.finish();
}

#[tokio::test]
async fn over_http_interactions_are_signed_and_answered_in_place_or_not() {
    use axum::Router;
    use axum::http::{HeaderMap, StatusCode};
    use axum::routing::post;
    let discord = FakeDiscord::start().await;
    let app = App::of(&discord);
    app.registers(json!([{ "name": "inc", "description": "d" }, { "name": "later", "description": "d" }])).await;
    let (alice, room) = (discord.person("alice", "Alice Ek"), discord.text_channel("general", None));
    let key = hex(&discord.public_key()).try_into().expect("32 bytes");
    let key = VerifyingKey::from_bytes(&key).expect("a key");
    let answer = move |headers: HeaderMap, body: String| {
        let app = app.clone();
        async move {
            let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
            let signed = format!("{}{body}", header("x-signature-timestamp"));
            let signature = Signature::from_slice(&hex(header("x-signature-ed25519"))).expect("64 bytes");
            if key.verify_strict(signed.as_bytes(), &signature).is_err() {
                return (StatusCode::UNAUTHORIZED, String::new());
            }
            let interaction: Value = serde_json::from_str(&body).expect("JSON");
            if interaction["type"] == 1 {
                return (StatusCode::OK, json!({ "type": 1 }).to_string());
            }
            let said = json!({ "type": 4, "data": { "content": "INC-1", "flags": 64 } });
            if interaction["data"]["name"] == "inc" {
                return (StatusCode::OK, said.to_string());
            }
            tokio::spawn(async move { app.answers(&interaction, said).await });
            (StatusCode::ACCEPTED, String::new())
        }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let router = Router::new().route("/discord/interactions", post(answer));
    tokio::spawn(async move { axum::serve(listener, router).await });
    discord.listen_at(Way::Http { url });
    assert!(discord.verifies_url().await);
    for name in ["inc", "later"] {
        let _ = alice.uses(&room, json!({ "name": name })).await.says("INC-1");
    }
    discord.finish();
}

fn hex(text: &str) -> Vec<u8> {
    let digits = (0..text.len() / 2).map(|n| u8::from_str_radix(&text[2 * n..2 * n + 2], 16));
    digits.collect::<Result<_, _>>().expect("hexadecimal digits")
}
