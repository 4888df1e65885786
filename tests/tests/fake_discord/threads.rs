//! Threads and forum posts: locked, archived, full.

use crate::app::{App, text};
use muster_tests::discord::FakeDiscord;
use serde_json::{Value, json};

#[tokio::test]
async fn a_forum_post_is_a_thread_with_a_first_message() {
    let discord = FakeDiscord::start().await;
    let app = App::of(&discord);
    let forum = discord.forum("incidents", None);
    let make = format!("POST /channels/{}/threads", forum.id());
    let made = app.does(&make, json!({ "name": "INC-1 Checkout", "message": { "content": "INC-1" } })).await;
    assert_eq!(made["id"], made["message"]["id"], "its first message has its id");
    let post = discord.channel("INC-1 Checkout").await;
    assert_eq!((post.kind(), post.category().as_deref()), ("thread", Some("incidents")));
    post.message("INC-1").await;
    app.ill_formed(&make, json!({ "name": "no message" })).await;
    app.ill_formed(&make, json!({ "name": "t", "message": { "content": "x".repeat(2001) } })).await;
    discord.finish();
}

#[tokio::test]
async fn an_archived_thread_is_still_until_somebody_writes() {
    let discord = FakeDiscord::start().await;
    let app = App::of(&discord);
    let alice = discord.person("alice", "Alice Ek");
    let room = discord.text_channel("general", None);
    let made = app.does(&format!("POST /channels/{}/threads", room.id()), json!({ "name": "inc-1", "type": 11 })).await;
    let id = text(&made["id"]).to_owned();
    let thread = discord.channel("inc-1").await;
    let message = app.says(&id, "INC-1").await;
    let there = format!("/channels/{id}/messages/{}", text(&message["id"]));
    app.does(&format!("PATCH /channels/{id}"), json!({ "archived": true, "locked": true })).await;
    assert!(thread.is_archived() && thread.is_locked() && !thread.can_write(&alice));
    app.refused(&format!("PATCH {there}"), json!({ "content": "t" }), (400, 50083)).await;
    app.refused(&format!("PATCH /channels/{id}"), json!({ "name": "t" }), (400, 50083)).await;
    app.refused(&format!("PUT /channels/{id}/thread-members/{}", alice.id()), Value::Null, (400, 50083)).await;
    app.refused(&format!("PUT /channels/{id}/messages/pins/{}", text(&message["id"])), Value::Null, (400, 50083)).await;
    app.says(&id, "more").await;
    assert!(!thread.is_archived(), "a message wakes it");
    app.does(&format!("PUT /channels/{id}/thread-members/{}", alice.id()), Value::Null).await;
    assert_eq!(thread.members(), ["alice", "muster"]);
    discord.remove_permission("MANAGE_THREADS");
    app.refused(&format!("POST /channels/{id}/messages"), json!({ "content": "t" }), (403, 50013)).await;
    app.refused(&format!("PATCH /channels/{id}"), json!({ "locked": false }), (403, 50013)).await;
    discord.finish();
}

#[tokio::test]
async fn threads_hang_on_messages_are_private_and_are_full_at_some_time() {
    let discord = FakeDiscord::start().await;
    let app = App::of(&discord);
    let (alice, bob) = (discord.person("alice", "Alice Ek"), discord.person("bob", "Bob Lind"));
    let room = discord.text_channel("general", None);
    let message = app.says(&room.id(), "INC-1").await;
    let open = format!("POST /channels/{}/messages/{}/threads", room.id(), text(&message["id"]));
    app.does(&open, json!({ "name": "talk" })).await;
    app.refused(&open, json!({ "name": "talk" }), (400, 160_004)).await;
    let make = format!("POST /channels/{}/threads", room.id());
    let made = app.does(&make, json!({ "name": "secret", "type": 12 })).await;
    let secret = discord.channel("secret").await;
    app.does(&format!("PUT /channels/{}/thread-members/{}", text(&made["id"]), alice.id()), Value::Null).await;
    assert_eq!((secret.sees(&alice), secret.sees(&bob)), (true, false));
    let active = app.get(&format!("/guilds/{}/threads/active", discord.guild())).await.body;
    assert_eq!(active["threads"].as_array().map(Vec::len), Some(2));
    discord.holds_at_most(500, 2);
    app.refused(&make, json!({ "name": "third", "type": 11 }), (400, 160_006)).await;
    app.refused(
        &format!("POST /channels/{}/threads", text(&made["id"])),
        json!({ "name": "t", "type": 11 }),
        (400, 50024),
    )
    .await;
    discord.finish();
}
