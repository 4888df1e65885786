//! The gateway: sessions, what is missed and sent again, and every way in which a connection ends.

use crate::app::{App, Line, text};
use muster_tests::discord::FakeDiscord;
use serde_json::{Value, json};
use std::time::Duration;

/// `GUILDS`, messages and reactions.
const INTENTS: u64 = 1 | 1 << 9 | 1 << 10;

#[tokio::test]
async fn a_session_begins_with_ready_and_the_guild() {
    let discord = FakeDiscord::start().await;
    let app = App::of(&discord);
    discord.text_channel("general", None);
    let mut line = app.connects().await;
    line.identify(&discord.token(), INTENTS).await;
    let ready = line.event("READY").await;
    assert_eq!((&ready["v"], text(&ready["application"]["id"])), (&json!(10), discord.application_id().as_str()));
    assert!(text(&ready["resume_gateway_url"]).ends_with("/resume"));
    let guild = line.event("GUILD_CREATE").await;
    assert_eq!((&guild["channels"][0]["name"], &guild["unavailable"]), (&json!("general"), &json!(false)));
    line.send(json!({ "op": 1, "d": 2 })).await;
    assert_eq!(line.next().await["op"], 11);
    assert_eq!((discord.intents(), discord.gateway_counts()), (Some(INTENTS), (1, 1, 0)));
    discord.finish();
}

#[tokio::test]
async fn what_happens_is_told_to_who_asked_for_it() {
    let discord = FakeDiscord::start().await;
    let app = App::of(&discord);
    let alice = discord.person("alice", "Alice Ek");
    let room = discord.text_channel("general", None);
    let mut line = app.listens(INTENTS).await;
    let mut deaf = app.listens(1).await;
    let message = alice.says(&room, "hello");
    assert_eq!(line.event("MESSAGE_CREATE").await["content"], "", "without the privileged intent");
    alice.reacts(&message, "📌");
    let reaction = line.event("MESSAGE_REACTION_ADD").await;
    assert_eq!((&reaction["emoji"]["name"], text(&reaction["user_id"])), (&json!("📌"), alice.id().as_str()));
    alice.unreacts(&message, "📌");
    line.event("MESSAGE_REACTION_REMOVE").await;
    discord.rename(&room, "renamed");
    assert_eq!(line.event("CHANNEL_UPDATE").await["name"], "renamed");
    assert_eq!(deaf.event("CHANNEL_UPDATE").await["name"], "renamed", "messages and reactions were not for it");
    let ops = discord.role("ops");
    assert_eq!(text(&line.event("GUILD_ROLE_CREATE").await["role"]["id"]), ops);
    discord.delete_role(&ops);
    assert_eq!(line.event("GUILD_ROLE_DELETE").await["role_id"], ops);
    discord.delete(&room);
    line.event("CHANNEL_DELETE").await;
    discord.kick_bot();
    line.event("GUILD_DELETE").await;
    discord.finish();
}

#[tokio::test]
async fn privileged_intents_are_refused_until_they_are_switched_on() {
    let discord = FakeDiscord::start().await;
    let app = App::of(&discord);
    let content = INTENTS | 1 << 15;
    let mut line = app.connects().await;
    line.identify(&discord.token(), content).await;
    assert_eq!(line.next().await, 4014);
    discord.allows_intents(&["MESSAGE_CONTENT"]);
    let alice = discord.person("alice", "Alice Ek");
    let room = discord.text_channel("general", None);
    let mut line = app.listens(content).await;
    alice.says(&room, "hello");
    assert_eq!(line.event("MESSAGE_CREATE").await["content"], "hello");
    let mut line = app.connects().await;
    line.identify(&discord.token(), 1 << 30).await;
    assert_eq!(line.next().await, 4013);
    let mut line = app.connects().await;
    line.identify("another", INTENTS).await;
    assert_eq!(line.next().await, 4004);
    discord.finish();
}

/// Cut, and what is missed is sent again, in order.
#[tokio::test]
async fn what_was_missed_is_sent_again_to_who_resumes() {
    let discord = FakeDiscord::start().await;
    let app = App::of(&discord);
    let room = discord.text_channel("general", None);
    let mut line = app.connects().await;
    line.identify(&discord.token(), INTENTS).await;
    let ready = line.event("READY").await;
    line.event("GUILD_CREATE").await;
    discord.cut_after_sending();
    discord.rename(&room, "one");
    assert_eq!(line.event("CHANNEL_UPDATE").await["name"], "one");
    assert_eq!(line.next().await, Value::Null, "cut without a word");
    discord.rename(&room, "two");
    discord.rename(&room, "three");
    let mut line = Line::open(text(&ready["resume_gateway_url"])).await;
    line.resume(&discord.token(), &ready["session_id"], 3).await;
    assert_eq!(line.event("CHANNEL_UPDATE").await["name"], "two");
    assert_eq!(line.event("CHANNEL_UPDATE").await["name"], "three");
    line.event("RESUMED").await;
    discord.rename(&room, "four");
    assert_eq!(line.next().await["s"], 7);
    discord.has_resumed(1).await;
    discord.finish();
}

#[tokio::test]
async fn a_session_that_is_gone_cannot_be_resumed() {
    let discord = FakeDiscord::start().await;
    let app = App::of(&discord);
    let mut line = app.connects().await;
    line.identify(&discord.token(), INTENTS).await;
    let ready = line.event("READY").await;
    line.event("GUILD_CREATE").await;
    let resume = text(&ready["resume_gateway_url"]);
    let gone = json!({ "op": 9, "d": false, "s": null, "t": null });
    discord.refuses_resume();
    discord.cut();
    assert_eq!(line.next().await, Value::Null);
    let mut line = Line::open(resume).await;
    line.resume(&discord.token(), &ready["session_id"], 2).await;
    assert_eq!(line.next().await, gone);
    line.resume(&discord.token(), &ready["session_id"], 2).await;
    line.event("RESUMED").await;
    discord.asks_to_reconnect();
    assert_eq!(line.next().await["op"], 7);
    discord.invalidates(true);
    assert_eq!(line.next().await["d"], true);
    discord.invalidates(false);
    assert_eq!(line.next().await, gone);
    let mut line = Line::open(resume).await;
    line.resume(&discord.token(), &ready["session_id"], 2).await;
    assert_eq!(line.next().await, gone, "what was invalidated stays so");
    let mut line = app.listens(INTENTS).await;
    discord.closes_with(4009);
    assert_eq!(line.next().await, 4009);
    let mut line = app.listens(INTENTS).await;
    discord.revoke_token();
    assert_eq!(line.next().await, 4004);
    discord.finish();
}

#[tokio::test]
async fn what_an_app_does_wrong_on_the_gateway_is_a_violation() {
    let discord = FakeDiscord::start().await;
    let app = App::of(&discord);
    let mut line = app.connects().await;
    line.identify(&discord.token(), INTENTS).await;
    let ready = line.event("READY").await;
    line.event("GUILD_CREATE").await;
    line.send(json!({ "op": 1, "d": 99 })).await;
    assert_eq!(line.next().await["op"], 11);
    assert_eq!(discord.take_violations().len(), 1, "a heartbeat of what never was");
    line.identify(&discord.token(), INTENTS).await;
    assert_eq!((line.next().await, discord.take_violations().len()), (json!(4005), 1));
    let mut line = app.connects().await;
    line.resume(&discord.token(), &ready["session_id"], 2).await;
    line.event("RESUMED").await;
    assert_eq!(discord.take_violations().len(), 1, "that is not where one resumes");
    let mut line = Line::open(text(&ready["resume_gateway_url"])).await;
    line.identify(&discord.token(), INTENTS).await;
    line.event("READY").await;
    assert_eq!(discord.take_violations().len(), 1, "nor is that where one begins");
    let mut line = app.connects().await;
    line.send(json!({ "op": 6, "d": { "token": discord.token(), "session_id": ready["session_id"], "seq": 99 } }))
        .await;
    assert_eq!((line.next().await, discord.take_violations().len()), (json!(4007), 1));
    let mut line = app.connects().await;
    line.send(json!({ "op": 99 })).await;
    assert_eq!((line.next().await, discord.take_violations().len()), (json!(4001), 1));
    let mut line = app.connects().await;
    line.send(json!({ "op": 3, "d": {} })).await;
    assert_eq!(line.next().await, 4003);
    let mut line = app.connects().await;
    line.send(json!({ "op": 1, "d": "x".repeat(5000) })).await;
    assert_eq!((line.next().await, discord.take_violations().len()), (json!(4002), 1));
    discord.finish();
}

#[tokio::test]
async fn who_sends_no_heartbeat_is_closed_and_a_zombie_gets_no_acknowledgement() {
    let discord = FakeDiscord::start().await;
    let app = App::of(&discord);
    discord.heartbeat(Duration::from_millis(50));
    let mut line = app.listens(INTENTS).await;
    discord.withholds_acks(true);
    line.send(json!({ "op": 1, "d": null })).await;
    discord.has_beaten(1).await;
    discord.withholds_acks(false);
    line.send(json!({ "op": 1, "d": 1 })).await;
    assert_eq!(line.next().await["op"], 11, "the first was not acknowledged, the second is");
    assert_eq!(line.next().await, 4009);
    assert_eq!(discord.take_violations().len(), 1);
    discord.finish();
}

#[tokio::test]
async fn anything_at_all_can_be_sent() {
    let discord = FakeDiscord::start().await;
    let app = App::of(&discord);
    let mut line = app.listens(INTENTS).await;
    discord.dispatches("SOMETHING_NEW", &json!({ "a": [1, null] }));
    assert_eq!(line.event("SOMETHING_NEW").await["a"], json!([1, null]));
    discord.sends_raw(&json!({ "op": 42 }));
    assert_eq!(line.next().await, json!({ "op": 42 }));
    discord.finish();
}
