//! Channels and messages over REST: what Discord refuses, and in which words.

use crate::app::{App, of, text};
use muster_tests::discord::FakeDiscord;
use serde_json::{Value, json};

#[tokio::test]
async fn a_channel_is_made_as_discord_makes_it() {
    let discord = FakeDiscord::start().await;
    let app = App::of(&discord);
    let category = discord.category("Incidents");
    let make = format!("POST /guilds/{}/channels", discord.guild());
    let body = json!({ "name": "INC-1 Checkout is  down!", "type": 0, "topic": "SEV1", "parent_id": category.id() });
    let made = app.does(&make, body).await;
    assert_eq!(made["name"], "inc-1-checkout-is-down");
    let room = discord.channel("inc-1-checkout-is-down").await;
    assert_eq!((room.topic().as_str(), room.category().as_deref()), ("SEV1", Some("Incidents")));
    app.does(&format!("PATCH /channels/{}", room.id()), json!({ "topic": "SEV2", "name": "inc-1" })).await;
    assert_eq!((room.topic().as_str(), room.name().as_str()), ("SEV2", "inc-1"));
    app.ill_formed(&make, json!({ "name": of(101) })).await;
    app.ill_formed(&make, json!({ "name": "a", "topic": of(1025) })).await;
    app.ill_formed(&make, json!({ "name": "a", "colour": "red" })).await;
    app.ill_formed(&make, json!({ "type": 0 })).await;
    app.refused(&format!("PATCH /channels/{}", 404), json!({ "name": "a" }), (404, 10003)).await;
    app.does(&format!("DELETE /channels/{}", room.id()), Value::Null).await;
    assert!(room.is_gone());
    discord.finish();
}

#[tokio::test]
async fn categories_and_guilds_are_full_at_some_time() {
    let discord = FakeDiscord::start().await;
    let app = App::of(&discord);
    let make = format!("POST /guilds/{}/channels", discord.guild());
    let category = discord.category("Incidents");
    for n in 0..50 {
        app.does(&make, json!({ "name": format!("c{n}"), "parent_id": category.id() })).await;
    }
    let said = app.call(&make, json!({ "name": "one-more", "parent_id": category.id() })).await;
    let why = text(&said.body["errors"]["parent_id"]["_errors"][0]["message"]).to_owned();
    assert!(said.status == 400 && why.contains("Maximum number of channels in category"), "{why}");
    app.does(&make, json!({ "name": "outside" })).await;
    let now = discord.channels().len();
    discord.holds_at_most(now, 1000);
    app.refused(&make, json!({ "name": "too-many" }), (400, 30013)).await;
    discord.finish();
}

#[tokio::test]
async fn the_bot_does_what_its_permissions_let_it() {
    let discord = FakeDiscord::start().await;
    let app = App::of(&discord);
    let alice = discord.person("alice", "Alice Ek");
    let bob = discord.person("bob", "Bob Lind");
    let make = format!("POST /guilds/{}/channels", discord.guild());
    let (view, nobody) = ((1_u64 << 10).to_string(), discord.guild());
    let closed = json!({ "id": nobody, "type": 0, "deny": view });
    let lets = |id: String| json!({ "id": id, "type": 1, "allow": view });
    let overwrites = json!([closed, lets(alice.id()), lets(discord.bot_user())]);
    app.does(&make, json!({ "name": "secret", "permission_overwrites": overwrites })).await;
    let secret = discord.channel("secret").await;
    assert_eq!((secret.sees(&alice), secret.sees(&bob)), (true, false));
    assert_eq!(secret.overwrites().len(), 3);
    let door = format!("/channels/{}/permissions/{}", secret.id(), bob.id());
    app.does(&format!("PUT {door}"), json!({ "type": 1, "allow": view })).await;
    assert!(secret.sees(&bob));
    app.does(&format!("DELETE {door}"), Value::Null).await;
    assert!(!secret.sees(&bob));
    app.refused(&format!("DELETE {door}"), Value::Null, (404, 10009)).await;
    let (ban, manage_roles) = ((1_u64 << 2).to_string(), (1_u64 << 28).to_string());
    for beyond in [ban, manage_roles] {
        app.refused(&format!("PUT {door}"), json!({ "type": 1, "allow": beyond }), (403, 50013)).await;
    }
    let write = format!("POST /channels/{}/messages", secret.id());
    app.does(&write, json!({ "content": "hello" })).await;
    discord.deny_bot(&secret, "EMBED_LINKS");
    app.refused(&write, json!({ "embeds": [{ "title": "t" }] }), (403, 50013)).await;
    discord.deny_bot(&secret, "SEND_MESSAGES");
    app.refused(&write, json!({ "content": "hello" }), (403, 50013)).await;
    discord.deny_bot(&secret, "VIEW_CHANNEL");
    app.refused(&write, json!({ "content": "hello" }), (403, 50001)).await;
    discord.remove_permission("MANAGE_CHANNELS");
    app.refused(&make, json!({ "name": "a" }), (403, 50013)).await;
    discord.kick_bot();
    app.refused(&make, json!({ "name": "a" }), (404, 10004)).await;
    assert_eq!(discord.invalid_requests().len(), 6, "each 403 counts, and no 404");
    discord.finish();
}

#[tokio::test]
async fn messages_are_refused_in_discords_own_words() {
    let discord = FakeDiscord::start().await;
    let app = App::of(&discord);
    let alice = discord.person("alice", "Alice Ek");
    let room = discord.text_channel("general", None);
    let write = format!("POST /channels/{}/messages", room.id());
    app.refused(&write, json!({}), (400, 50006)).await;
    app.refused(&write, json!({ "content": "  " }), (400, 50006)).await;
    app.ill_formed(&write, json!({ "content": of(2001) })).await;
    app.ill_formed(&write, json!({ "content": "t", "nonce": of(26) })).await;
    app.ill_formed(&write, json!({ "content": "t", "colour": "red" })).await;
    app.ill_formed(&write, json!({ "content": "t", "embeds": [{ "title": "t", "shade": 1 }] })).await;
    let said = app.call(&write, json!({ "embeds": [{ "title": of(257) }] })).await;
    assert!(said.body["errors"]["embeds"]["0"]["title"]["_errors"][0]["message"].is_string(), "{}", said.body);
    assert_eq!(discord.take_violations().len(), 1);
    let reply = json!({ "content": "t", "message_reference": { "message_id": "1" } });
    app.refused(&write, reply, (400, 50035)).await;
    let posted = app.says(&room.id(), "first").await;
    let there = format!("/channels/{}/messages/{}", room.id(), text(&posted["id"]));
    app.does(&format!("PATCH {there}"), json!({ "content": "second" })).await;
    assert_eq!(app.get(&there).await.body["content"], "second");
    app.refused(&format!("PATCH {there}"), json!({ "content": "" }), (400, 50006)).await;
    let hers = alice.says(&room, "mine");
    let other = format!("PATCH /channels/{}/messages/{}", room.id(), hers.id());
    app.refused(&other, json!({ "content": "yours" }), (403, 50005)).await;
    app.does(&format!("DELETE {there}"), Value::Null).await;
    app.refused(&format!("GET {there}"), Value::Null, (404, 10008)).await;
    let (forum, category) = (discord.forum("posts", None), discord.category("c"));
    app.refused(&format!("POST /channels/{}/messages", forum.id()), json!({ "content": "t" }), (400, 40058)).await;
    app.refused(&format!("POST /channels/{}/messages", category.id()), json!({ "content": "t" }), (400, 50008)).await;
    let listed = app.get(&format!("/channels/{}/messages?limit=1", room.id())).await.body;
    assert_eq!(listed[0]["id"], hers.id());
    app.ill_formed(&format!("GET /channels/{}/messages?limit=101", room.id()), Value::Null).await;
    app.ill_formed(&format!("GET /channels/{}/messages?colour=red", room.id()), Value::Null).await;
    discord.finish();
}

#[tokio::test]
async fn what_people_write_is_empty_without_the_intent() {
    let discord = FakeDiscord::start().await;
    let app = App::of(&discord);
    let alice = discord.person("alice", "Alice Ek");
    let room = discord.text_channel("general", None);
    let hers = alice.says(&room, "cards are declined");
    let there = format!("/channels/{}/messages/{}", room.id(), hers.id());
    assert_eq!(app.get(&there).await.body["content"], "");
    discord.allows_intents(&["MESSAGE_CONTENT"]);
    assert_eq!(app.get(&there).await.body["content"], "cards are declined");
    discord.finish();
}

#[tokio::test]
async fn a_nonce_is_good_for_one_message() {
    use chrono::TimeDelta;
    use muster_tests::clock::{ManualClock, moment};
    let clock = ManualClock::at(moment("2026-11-27T09:00:00Z"));
    let discord = FakeDiscord::start_by(clock.clone()).await;
    let app = App::of(&discord);
    let room = discord.text_channel("general", None);
    let write = format!("POST /channels/{}/messages", room.id());
    let body = json!({ "content": "once", "nonce": "INC-1/1/0", "enforce_nonce": true });
    let first = app.does(&write, body.clone()).await;
    assert_eq!(app.does(&write, body.clone()).await["id"], first["id"]);
    assert_eq!(room.messages().len(), 1);
    let lax = json!({ "content": "once", "nonce": "INC-1/1/0" });
    assert_ne!(app.does(&write, lax).await["id"], first["id"], "a nonce alone keeps nothing from being said twice");
    clock.advance(TimeDelta::minutes(5));
    assert_ne!(app.does(&write, body).await["id"], first["id"], "it is forgotten after a few minutes");
    discord.finish();
}

#[tokio::test]
async fn a_message_pings_whom_it_names_and_may() {
    let discord = FakeDiscord::start().await;
    let app = App::of(&discord);
    let (alice, ops) = (discord.person("alice", "Alice Ek"), discord.role("ops"));
    let room = discord.text_channel("general", None);
    let write = format!("POST /channels/{}/messages", room.id());
    let content = format!("@everyone <@{}> <@&{ops}>", alice.id());
    let said = async |body: Value| {
        app.does(&write, body).await;
        room.messages().pop().expect("a message").pinged()
    };
    assert_eq!(said(json!({ "content": content })).await, ["@everyone", "@Alice Ek", "@ops"]);
    assert_eq!(said(json!({ "content": content, "allowed_mentions": { "parse": [] } })).await, [""; 0]);
    let her = json!({ "parse": [], "users": [alice.id()] });
    assert_eq!(said(json!({ "content": content, "allowed_mentions": her })).await, ["@Alice Ek"]);
    assert_eq!(said(json!({ "embeds": [{ "description": content }] })).await, [""; 0]);
    discord.remove_permission("MENTION_EVERYONE");
    assert_eq!(said(json!({ "content": content })).await, ["@Alice Ek"]);
    discord.makes_mentionable(&ops);
    assert_eq!(said(json!({ "content": content })).await, ["@Alice Ek", "@ops"]);
    discord.finish();
}

#[tokio::test]
async fn pins_are_set_the_new_way() {
    let discord = FakeDiscord::start().await;
    let app = App::of(&discord);
    let room = discord.text_channel("general", None);
    let message = app.says(&room.id(), "the headline").await;
    let id = text(&message["id"]);
    app.does(&format!("PUT /channels/{}/messages/pins/{id}", room.id()), Value::Null).await;
    let pins = app.get(&format!("/channels/{}/messages/pins", room.id())).await.body;
    assert_eq!((&pins["items"][0]["message"]["id"], &pins["has_more"]), (&message["id"], &json!(false)));
    assert_eq!(room.pins().len(), 1);
    app.refused(&format!("PUT /channels/{}/messages/pins/1", room.id()), Value::Null, (404, 10008)).await;
    app.does(&format!("DELETE /channels/{}/messages/pins/{id}", room.id()), Value::Null).await;
    assert!(room.pins().is_empty());
    for _ in 0..251 {
        app.says(&room.id(), "x").await;
    }
    for (n, message) in room.messages().iter().enumerate().skip(1) {
        let put = format!("PUT /channels/{}/messages/pins/{}", room.id(), message.id());
        if n <= 250 {
            app.does(&put, Value::Null).await
        } else {
            app.refused(&put, Value::Null, (400, 30003)).await;
            Value::Null
        };
    }
    discord.remove_permission("PIN_MESSAGES");
    app.refused(&format!("DELETE /channels/{}/messages/pins/{id}", room.id()), Value::Null, (403, 50013)).await;
    assert_eq!(app.call(&format!("PUT /channels/{}/pins/{id}", room.id()), Value::Null).await.status, 404);
    assert_eq!(discord.take_violations().len(), 1, "the old way is deprecated");
    discord.finish();
}

#[tokio::test]
async fn reactions_are_told_and_counted() {
    let discord = FakeDiscord::start().await;
    let app = App::of(&discord);
    let alice = discord.person("alice", "Alice Ek");
    let room = discord.text_channel("general", None);
    let message = alice.says(&room, "it is the database");
    let there = format!("/channels/{}/messages/{}/reactions", room.id(), message.id());
    app.does(&format!("PUT {there}/%F0%9F%93%8C/@me"), Value::Null).await;
    alice.reacts(&message, "📌");
    assert_eq!(message.json()["reactions"][0]["count"], 2);
    app.does(&format!("DELETE {there}/%F0%9F%93%8C/@me"), Value::Null).await;
    assert_eq!(app.get(&format!("{there}/%F0%9F%93%8C")).await.body[0]["id"], alice.id());
    app.refused(&format!("PUT {there}/pushpin/@me"), Value::Null, (400, 10014)).await;
    discord.finish();
}

#[tokio::test]
async fn direct_messages_reach_who_is_open_to_them() {
    let discord = FakeDiscord::start().await;
    let app = App::of(&discord);
    let alice = discord.person("alice", "Alice Ek");
    let room = app.does("POST /users/@me/channels", json!({ "recipient_id": alice.id() })).await;
    app.says(text(&room["id"]), "you are paged").await;
    alice.direct().message("you are paged").await;
    alice.closes_direct(true);
    let write = format!("POST /channels/{}/messages", text(&room["id"]));
    app.refused(&write, json!({ "content": "t" }), (403, 50007)).await;
    app.refused("POST /users/@me/channels", json!({ "recipient_id": "404" }), (404, 10013)).await;
    discord.finish();
}

#[tokio::test]
async fn members_are_looked_up_by_id_and_by_name() {
    let discord = FakeDiscord::start().await;
    let app = App::of(&discord);
    let (alice, ops) = (discord.person("alice.ek", "Alice Ek"), discord.role("ops"));
    discord.gives(&alice, &ops);
    let guild = discord.guild();
    let member = app.get(&format!("/guilds/{guild}/members/{}", alice.id())).await.body;
    assert_eq!((&member["user"]["global_name"], &member["roles"]), (&json!("Alice Ek"), &json!([ops])));
    assert_eq!(
        app.get(&format!("/guilds/{guild}/members/search?query=Ali&limit=5")).await.body.as_array().map(Vec::len),
        Some(1)
    );
    app.refused(&format!("GET /guilds/{guild}/members/404"), Value::Null, (404, 10013)).await;
    discord.leaves(&alice);
    app.refused(&format!("GET /guilds/{guild}/members/{}", alice.id()), Value::Null, (404, 10007)).await;
    app.refused(&format!("GET /guilds/{guild}/members?limit=5"), Value::Null, (403, 50001)).await;
    discord.finish();
}

#[tokio::test]
async fn a_token_is_good_until_it_is_revoked() {
    let discord = FakeDiscord::start().await;
    let app = App::of(&discord);
    assert_eq!(app.get("/users/@me").await.id(), discord.bot_user());
    assert_eq!(app.get("/applications/@me").await.body["verify_key"], discord.public_key());
    discord.revoke_token();
    app.refused("GET /users/@me", Value::Null, (401, 0)).await;
    let [invalid] = &discord.invalid_requests()[..] else { panic!("one invalid request") };
    assert_eq!((invalid.route.as_str(), invalid.status), ("GET /users/@me", 401));
    discord.restore_token();
    assert_eq!(app.get("/users/@me").await.status, 200);
    assert_eq!(app.get("/users/@you/nothing").await.status, 404);
    assert_eq!(discord.take_violations().len(), 1);
    let stranger = reqwest::Client::builder().no_proxy().user_agent("curl").build().expect("a client");
    let answer = stranger.get(format!("{}/api/v10/gateway", discord.url())).send().await.expect("an answer");
    assert_eq!((answer.status().as_u16(), discord.take_violations().len()), (403, 1), "a bot says that it is one");
    discord.finish();
}
