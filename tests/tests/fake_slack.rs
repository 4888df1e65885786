//! The fake is as strict as Slack: each limit, each refusal, each way in, proved one by one.

use axum::Router;
use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::routing::post;
use futures::{SinkExt, StreamExt};
use muster_tests::clock::{ManualClock, moment};
use muster_tests::slack::{FakeSlack, Fault, Surface, Way, check_message, check_view, live_mentions, render_text};
use serde_json::{Value, json};
use slack_morphism::signature_verifier::SlackEventSignatureVerifier;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::Message;

/// An app that calls by hand.
struct App {
    slack: FakeSlack,
    http: reqwest::Client,
}

impl App {
    fn of(slack: &FakeSlack) -> Self {
        Self { slack: slack.clone(), http: reqwest::Client::builder().no_proxy().build().expect("a client") }
    }

    async fn send(&self, method: &str, args: Value) -> reqwest::Result<reqwest::Response> {
        let token = match method {
            "apps.connections.open" => self.slack.app_token(),
            _ => self.slack.bot_token(),
        };
        let request = self.http.post(format!("{}/{method}", self.slack.api_url())).bearer_auth(token);
        request.header("content-type", "application/json; charset=utf-8").body(args.to_string()).send().await
    }

    async fn call(&self, method: &str, args: Value) -> Value {
        let answer = self.send(method, args).await.expect("an answer");
        serde_json::from_str(&answer.text().await.expect("a body")).expect("JSON")
    }

    async fn get(&self, method: &str, query: &str) -> Value {
        let request = self.http.get(format!("{}/{method}?{query}", self.slack.api_url()));
        let answer = request.bearer_auth(self.slack.bot_token()).send().await.expect("an answer");
        serde_json::from_str(&answer.text().await.expect("a body")).expect("JSON")
    }

    async fn refused(&self, method: &str, args: Value, code: &str) {
        let answer = self.call(method, args).await;
        assert_eq!(answer["error"], code, "{answer}");
    }

    /// Opens a socket that acknowledges everything and passes it on.
    async fn socket(&self) -> mpsc::UnboundedReceiver<Value> {
        let url = self.call("apps.connections.open", json!({})).await["url"].as_str().expect("a URL").to_owned();
        let (mut stream, _) = tokio_tungstenite::connect_async(&url).await.expect("the ticket is good");
        let again = tokio_tungstenite::connect_async(&url).await;
        assert!(again.is_err(), "a ticket is good once");
        let (send, receive) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Some(Ok(message)) = stream.next().await {
                let Message::Text(text) = message else { continue };
                let frame: Value = serde_json::from_str(&text).expect("JSON");
                if let Some(id) = frame["envelope_id"].as_str() {
                    let ack = Message::text(json!({ "envelope_id": id }).to_string());
                    stream.send(ack).await.expect("the socket is open");
                }
                if send.send(frame).is_err() {
                    return;
                }
            }
        });
        receive
    }
}

fn plain(text: &str) -> Value {
    json!({ "type": "plain_text", "text": text })
}

fn button(label: &str) -> Value {
    json!({ "type": "button", "action_id": label, "text": plain(label), "value": "v" })
}

fn section(text: &str) -> Value {
    json!({ "type": "section", "text": { "type": "mrkdwn", "text": text } })
}

fn of(letters: usize) -> String {
    "x".repeat(letters)
}

fn option(n: usize) -> Value {
    json!({ "text": plain(&format!("o{n}")), "value": n.to_string() })
}

fn select(options: Vec<Value>) -> Value {
    json!({ "type": "static_select", "action_id": "s", "placeholder": plain("Pick"), "options": options })
}

fn actions(elements: Vec<Value>) -> Value {
    json!({ "type": "actions", "elements": elements })
}

fn input(element: Value) -> Value {
    json!({ "type": "input", "block_id": "i", "label": plain("Title"), "element": element })
}

fn modal(blocks: Vec<Value>) -> Value {
    json!({ "type": "modal", "callback_id": "declare", "title": plain("Declare"), "submit": plain("Declare"),
        "blocks": blocks })
}

fn with(mut value: Value, name: &str, member: Value) -> Value {
    value[name] = member;
    value
}

#[test]
fn a_message_at_every_limit_is_well_made_and_one_beyond_it_is_not() {
    let fields = |n| json!({ "type": "section", "fields": vec![plain("f"); n] });
    let context = |n| json!({ "type": "context", "elements": vec![plain("c"); n] });
    let header = |n: usize| json!({ "type": "header", "text": plain(&of(n)) });
    let buttons = |n| actions((0..n).map(|n| button(&format!("b{n}"))).collect());
    let labelled = |n: usize| actions(vec![with(button("b"), "text", plain(&of(n)))]);
    let valued = |n: usize| actions(vec![with(button("b"), "value", json!(of(n)))]);
    let named = |n: usize| actions(vec![with(button("b"), "action_id", json!(of(n)))]);
    let linked = |n: usize| {
        let url = format!("https://a.example/{}", of(n - "https://a.example/".len()));
        actions(vec![with(button("b"), "url", json!(url))])
    };
    let choices = |n| actions(vec![select((0..n).map(option).collect())]);
    let overflow = |n| {
        let menu = json!({ "type": "overflow", "options": (0..n).map(option).collect::<Vec<_>>() });
        with(section("t"), "accessory", menu)
    };
    let worded = |n: usize| actions(vec![select(vec![json!({ "text": plain(&of(n)), "value": "v" })])]);
    let meant = |n: usize| actions(vec![select(vec![json!({ "text": plain("o"), "value": of(n) })])]);
    let asked = |n: usize| actions(vec![with(select(vec![option(1)]), "placeholder", plain(&of(n)))]);
    let id = |n: usize| with(section("t"), "block_id", json!(of(n)));
    type Make<'m> = &'m dyn Fn(usize) -> Value;
    let limits: [(&str, Make<'_>, usize); 15] = [
        ("section text", &|n| section(&of(n)), 3000),
        ("fields", &fields, 10),
        ("field text", &|n| json!({ "type": "section", "fields": [plain(&of(n))] }), 2000),
        ("header", &header, 150),
        ("context", &context, 10),
        ("actions", &buttons, 25),
        ("button text", &labelled, 75),
        ("button value", &valued, 2000),
        ("action id", &named, 255),
        ("button url", &linked, 3000),
        ("options", &choices, 100),
        ("overflow", &overflow, 5),
        ("option text", &worded, 75),
        ("option value", &meant, 150),
        ("placeholder", &asked, 150),
    ];
    for (what, make, most) in limits {
        assert_eq!(check_message(&json!([make(most)])), Vec::<String>::new(), "{what}");
        assert_ne!(check_message(&json!([make(most + 1)])), Vec::<String>::new(), "{what} beyond {most}");
    }
    assert!(check_message(&json!([id(255)])).is_empty());
    assert!(!check_message(&json!([id(256)])).is_empty());
    assert!(check_message(&json!(vec![section("t"); 50])).is_empty());
    assert!(!check_message(&json!(vec![section("t"); 51])).is_empty());
}

#[test]
fn what_is_not_block_kit_is_refused() {
    let wrong = [
        section(""),
        section("  "),
        json!({ "type": "section" }),
        json!({ "type": "sektion", "text": plain("t") }),
        with(section("t"), "colour", json!("red")),
        json!({ "type": "header", "text": { "type": "mrkdwn", "text": "*t*" } }),
        actions(vec![]),
        actions(vec![with(button("b"), "style", json!("warning"))]),
        actions(vec![json!({ "type": "knob" })]),
        actions(vec![button("same"), button("same")]),
        actions(vec![select(vec![])]),
        actions(vec![with(select(vec![option(1)]), "initial_option", option(2))]),
        actions(vec![json!({ "type": "overflow", "options": [option(1)] })]),
        with(section("t"), "accessory", json!({ "type": "plain_text_input" })),
        input(with(json!({ "type": "plain_text_input", "max_length": 3 }), "initial_value", json!("four"))),
        input(json!({ "type": "plain_text_input", "max_length": 3001 })),
        actions(vec![with(button("b"), "confirm", json!({ "title": plain("Sure?") }))]),
    ];
    for block in wrong {
        assert!(!check_message(&json!([block])).is_empty(), "{block}");
    }
    let twice = with(section("t"), "block_id", json!("same"));
    assert!(!check_message(&json!([twice, twice])).is_empty());
}

#[test]
fn a_view_has_limits_of_its_own() {
    let text = || input(json!({ "type": "plain_text_input", "action_id": "text" }));
    assert_eq!(check_view(&modal(vec![text()])), Vec::<String>::new());
    let without_submit = with(modal(vec![text()]), "submit", Value::Null);
    let wrong = [
        without_submit,
        with(modal(vec![]), "title", plain(&of(25))),
        with(modal(vec![]), "submit", plain(&of(25))),
        with(modal(vec![]), "private_metadata", json!(of(3001))),
        with(modal(vec![]), "callback_id", json!(of(256))),
        modal((0..101).map(|n| section(&n.to_string())).collect()),
        with(modal(vec![]), "type", json!("dialog")),
        json!({ "type": "home", "blocks": [], "title": plain("Home") }),
    ];
    for view in wrong {
        assert!(!check_view(&view).is_empty(), "{view}");
    }
}

#[tokio::test]
async fn channels_are_refused_in_slacks_own_words() {
    let slack = FakeSlack::start().await;
    let app = App::of(&slack);
    let alice = slack.person("alice", "Alice Ek", "alice@retail.example");
    let made = app.call("conversations.create", json!({ "name": "inc-1-checkout" })).await;
    let room = made["channel"]["id"].as_str().expect("an id").to_owned();
    for (name, code) in [
        ("inc-1-checkout", "name_taken"),
        ("", "invalid_name_required"),
        ("Inc", "invalid_name_specials"),
        ("a b", "invalid_name_specials"),
        ("--", "invalid_name_punctuation"),
        (of(81).as_str(), "invalid_name_maxlength"),
    ] {
        app.refused("conversations.create", json!({ "name": name }), code).await;
    }
    let invite = |users: &str| json!({ "channel": room, "users": users });
    assert_eq!(app.call("conversations.invite", invite(alice.id())).await["ok"], true);
    app.refused("conversations.invite", invite(alice.id()), "already_in_channel").await;
    app.refused("conversations.invite", invite("U404"), "user_not_found").await;
    let (bob, gone) = (slack.person("bob", "Bob", "b@retail.example"), slack.person("gone", "G", "g@retail.example"));
    slack.deactivate(&gone);
    let both = format!("{},{}", bob.id(), gone.id());
    app.refused("conversations.invite", invite(&both), "user_not_found").await;
    assert_eq!(slack.channel("inc-1-checkout").await.members(), ["alice", "bob", "muster"]);
    app.refused("conversations.invite", invite(&slack.bot_user()), "cant_invite_self").await;
    app.refused("chat.postMessage", json!({ "channel": "C404", "text": "hello" }), "channel_not_found").await;
    let secret = slack.private_channel("secret", &[&alice]);
    app.refused("conversations.info", json!({ "channel": room }), "invalid_arguments").await;
    assert_eq!(app.get("conversations.info", &format!("channel={}", secret.id())).await["error"], "channel_not_found");
    let here = slack.channel("inc-1-checkout").await;
    slack.kick_bot(&here);
    app.refused("chat.postMessage", json!({ "channel": room, "text": "hello" }), "not_in_channel").await;
    app.refused("conversations.setTopic", json!({ "channel": room, "topic": "t" }), "not_in_channel").await;
    alice.invites_bot(&here);
    slack.archive(&here);
    app.refused("chat.postMessage", json!({ "channel": room, "text": "hello" }), "is_archived").await;
    app.refused("conversations.unarchive", json!({ "channel": room }), "not_in_channel").await;
    assert_eq!(slack.take_violations().len(), 1, "JSON to a method that takes none");
    slack.finish();
}

#[tokio::test]
async fn messages_are_refused_in_slacks_own_words() {
    let slack = FakeSlack::start().await;
    let app = App::of(&slack);
    let alice = slack.person("alice", "Alice Ek", "alice@retail.example");
    let room = slack.public_channel("incidents", &[&alice]);
    let say = |text: String| json!({ "channel": room.id(), "text": text });
    app.refused("chat.postMessage", say(String::new()), "no_text").await;
    app.refused("chat.postMessage", say(of(40_001)), "msg_too_long").await;
    let long = json!({ "channel": room.id(), "text": "t", "blocks": vec![section(&of(2900)); 5] });
    app.refused("chat.postMessage", long, "msg_blocks_too_long").await;
    let bad = json!({ "channel": room.id(), "text": "t", "blocks": [section("")] });
    app.refused("chat.postMessage", bad, "invalid_blocks").await;
    let marked = with(say("t".to_owned()), "metadata", json!({ "event_type": "muster" }));
    app.refused("chat.postMessage", marked, "invalid_metadata_schema").await;
    app.refused("chat.postMessage", with(say("t".to_owned()), "colour", json!("red")), "invalid_arguments").await;
    app.refused("chat.postMessage", json!({ "text": "t" }), "invalid_arguments").await;
    app.refused("chat.shout", json!({}), "unknown_method").await;
    assert_eq!(slack.take_violations().len(), 8);

    let posted = app.call("chat.postMessage", say("first".to_owned())).await;
    let there = json!({ "channel": room.id(), "timestamp": posted["ts"] });
    assert_eq!(app.call("pins.add", there.clone()).await["ok"], true);
    app.refused("pins.add", there.clone(), "already_pinned").await;
    let thumb = with(there, "name", json!("thumbsup"));
    assert_eq!(app.call("reactions.add", thumb.clone()).await["ok"], true);
    app.refused("reactions.add", thumb, "already_reacted").await;
    let hers = alice.says(&room, "mine");
    let change = json!({ "channel": room.id(), "ts": hers.ts(), "text": "yours" });
    app.refused("chat.update", change, "cant_update_message").await;
    let gone = json!({ "channel": room.id(), "ts": "1.000001", "text": "t" });
    app.refused("chat.update", gone, "message_not_found").await;
    slack.finish();
}

#[tokio::test]
async fn a_token_does_what_its_scopes_allow_until_it_is_revoked() {
    let slack = FakeSlack::start().await;
    let app = App::of(&slack);
    slack.scopes(&["chat:write"]);
    let answer = app.call("conversations.create", json!({ "name": "a" })).await;
    assert_eq!(answer["error"], "missing_scope");
    assert_eq!((&answer["needed"], &answer["provided"]), (&json!("channels:manage"), &json!("chat:write")));
    slack.add_scope("channels:manage");
    assert_eq!(app.call("conversations.create", json!({ "name": "a" })).await["ok"], true);
    app.refused("conversations.create", json!({ "name": "b", "is_private": true }), "missing_scope").await;
    slack.revoke_token();
    app.refused("auth.test", json!({}), "token_revoked").await;
}

#[tokio::test]
async fn a_trigger_opens_one_modal_in_its_short_life() {
    let slack = FakeSlack::start().await;
    let app = App::of(&slack);
    let alice = slack.person("alice", "Alice Ek", "alice@retail.example");
    let open = |trigger: &str| json!({ "trigger_id": trigger, "view": modal(vec![]) });
    let first = slack.trigger(&alice);
    let opened = app.call("views.open", open(&first)).await;
    assert_eq!(alice.modal().await.json()["id"], opened["view"]["id"]);
    app.refused("views.open", open(&first), "exchanged_trigger_id").await;
    app.refused("views.open", open("1.2.3"), "invalid_trigger_id").await;
    slack.trigger_life(Duration::ZERO);
    app.refused("views.open", open(&slack.trigger(&alice)), "expired_trigger_id").await;
    let id = &opened["view"]["id"];
    let stale = json!({ "view_id": id, "hash": "0.0", "view": modal(vec![section("changed")]) });
    app.refused("views.update", stale, "hash_conflict").await;
    app.refused("views.update", json!({ "view_id": "V404", "view": modal(vec![]) }), "not_found").await;
    slack.finish();
}

#[tokio::test]
async fn a_rate_limit_holds_for_its_channel_until_its_time_has_passed() {
    let clock = ManualClock::at(moment("2026-11-27T09:00:00Z"));
    let slack = FakeSlack::start_by(Arc::clone(&clock) as Arc<_>).await;
    let app = App::of(&slack);
    let (one, other) = (slack.public_channel("one", &[]), slack.public_channel("other", &[]));
    slack.fail(Fault::rate_limited(30).on("chat.postMessage").in_channel(one.id()));
    let say = |id: &str| json!({ "channel": id, "text": "hello" });
    let refused = app.send("chat.postMessage", say(one.id())).await.expect("an answer");
    assert_eq!((refused.status().as_u16(), &refused.headers()["retry-after"]), (429, &"30".parse().expect("a value")));
    assert_eq!(app.call("chat.postMessage", say(other.id())).await["ok"], true);
    clock.advance(chrono::TimeDelta::seconds(29));
    let early = app.send("chat.postMessage", say(one.id())).await.expect("an answer");
    assert_eq!(early.headers()["retry-after"], "1");
    clock.advance(chrono::TimeDelta::seconds(1));
    assert_eq!(app.call("chat.postMessage", say(one.id())).await["ok"], true);
    assert_eq!(slack.calls().iter().map(|call| call.early).collect::<Vec<_>>(), [false, false, true, false]);
}

#[tokio::test]
async fn a_call_may_take_effect_and_its_answer_be_lost() {
    let slack = FakeSlack::start().await;
    let app = App::of(&slack);
    let room = slack.public_channel("incidents", &[]);
    let say = |text: &str| json!({ "channel": room.id(), "text": text });
    slack.fail(Fault::reset_after_effect().on("chat.postMessage"));
    assert!(app.send("chat.postMessage", say("cut")).await.is_err());
    assert_eq!(room.messages_with("cut").len(), 1);
    slack.fail(Fault::unparseable());
    assert_eq!(app.call("chat.postMessage", say("bare")).await, json!({ "ok": true }));
    assert_eq!(room.messages_with("bare").len(), 1);
    slack.fail(Fault::status(503));
    assert_eq!(app.send("chat.postMessage", say("never")).await.expect("an answer").status(), 503);
    slack.heal();
    assert!(room.messages_with("never").is_empty());
    assert_eq!(app.call("chat.postMessage", say("well")).await["ok"], true);
    slack.finish();
}

#[tokio::test]
async fn a_socket_brings_envelopes_and_takes_acknowledgements() {
    let slack = FakeSlack::start().await;
    let app = App::of(&slack);
    let alice = slack.person("alice", "Alice Ek", "alice@retail.example");
    let room = slack.public_channel("incidents", &[&alice]);
    let mut frames = app.socket().await;
    assert_eq!(frames.recv().await.expect("hello")["type"], "hello");
    let heard = alice.types(&room, "/inc", "new checkout is down").await;
    assert!(heard.acked.is_some());
    let envelope = frames.recv().await.expect("the command");
    assert_eq!(envelope["type"], "slash_commands");
    assert_eq!(envelope["payload"]["text"], "new checkout is down");
    let url = envelope["payload"]["response_url"].as_str().expect("a URL").to_owned();
    for n in 1..=6 {
        let answer = app.http.post(&url).body(json!({ "text": format!("answer {n}") }).to_string()).send().await;
        let answer: Value =
            serde_json::from_str(&answer.expect("an answer").text().await.expect("text")).expect("JSON");
        assert_eq!(answer["ok"], n <= 5, "five answers and no more: {answer}");
    }
    alice.hears("answer 5").await;
    alice.says(&room, "it is the database");
    let event = frames.recv().await.expect("the event");
    assert_eq!(
        (&event["type"], &event["payload"]["event"]["text"]),
        (&json!("events_api"), &json!("it is the database"))
    );
    slack.disconnect_sockets("refresh_requested");
    assert_eq!(frames.recv().await.expect("the word")["reason"], "refresh_requested");
    slack.cut_sockets();
    assert!(frames.recv().await.is_none());
    slack.finish();
}

#[tokio::test]
async fn people_click_fill_in_and_submit() {
    let slack = FakeSlack::start().await;
    let app = App::of(&slack);
    let alice = slack.person("alice", "Alice Ek", "alice@retail.example");
    let room = slack.public_channel("incidents", &[&alice]);
    let mut frames = app.socket().await;
    assert_eq!(frames.recv().await.expect("hello")["type"], "hello");
    let severity = with(select(vec![option(1), option(2)]), "placeholder", plain("Severity"));
    let blocks = json!([section("INC-1"), actions(vec![button("Take command"), severity])]);
    slack.subscribe_to(&[]);
    app.call("chat.postMessage", json!({ "channel": room.id(), "text": "INC-1", "blocks": blocks })).await;
    let card = room.message("INC-1").await;
    assert_eq!(card.buttons(), ["Take command", "Severity"]);
    alice.clicks(&card, "Take command").await;
    let click = frames.recv().await.expect("the click")["payload"].clone();
    assert_eq!((&click["actions"][0]["value"], &click["message"]["ts"]), (&json!("v"), &json!(card.ts())));
    alice.chooses(&card, "Severity", "o2").await;
    let choice = frames.recv().await.expect("the choice")["payload"].clone();
    assert_eq!(choice["actions"][0]["selected_option"]["value"], "2");
    let text = input(json!({ "type": "plain_text_input", "action_id": "title", "max_length": 10 }));
    let view = json!({ "trigger_id": choice["trigger_id"], "view": modal(vec![text]) });
    assert_eq!(app.call("views.open", view).await["ok"], true);
    alice.modal().await.fill("Title", "down").submit(&alice).await.closed();
    let sent = frames.recv().await.expect("the submission")["payload"].clone();
    assert_eq!(sent["view"]["state"]["values"]["i"]["title"], json!({ "type": "plain_text_input", "value": "down" }));
    assert!(!alice.has_modal());
    slack.finish();
}

#[tokio::test]
async fn requests_are_signed_as_the_sdk_verifies() {
    let slack = FakeSlack::start().await;
    let alice = slack.person("alice", "Alice Ek", "alice@retail.example");
    let room = slack.public_channel("incidents", &[&alice]);
    let verifier = SlackEventSignatureVerifier::new(&slack.signing_secret().into());
    let seen = move |headers: HeaderMap, body: Bytes| {
        let verifier = verifier.clone();
        async move {
            let header = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
            let body = std::str::from_utf8(&body).expect("text");
            let (hash, ts) = (header("x-slack-signature"), header("x-slack-request-timestamp"));
            verifier.verify(hash, body, ts).expect("the signature is good");
            let challenge = serde_json::from_str::<Value>(body).unwrap_or_default()["challenge"].clone();
            if challenge.is_string() { json!({ "challenge": challenge }) } else { json!({ "text": body }) }.to_string()
        }
    };
    let router = Router::new().route("/slack/{*path}", post(seen));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, router).await });
    slack.listen_at(Way::Http { url });
    assert!(slack.verifies_url().await);
    let said: Surface = alice.types(&room, "/inc", "new “checkout” & more").await.says("command=%2Finc");
    assert!(said.picture().contains("new+%E2%80%9Ccheckout%E2%80%9D+%26+more"), "{}", said.picture());
    slack.finish();
}

#[tokio::test]
async fn what_is_not_acknowledged_is_a_violation_and_an_event_is_tried_again() {
    let slack = FakeSlack::start().await;
    let alice = slack.person("alice", "Alice Ek", "alice@retail.example");
    let room = slack.public_channel("incidents", &[&alice]);
    let (send, mut tries) = mpsc::unbounded_channel();
    let refuse = move |headers: HeaderMap| {
        let number = headers.get("x-slack-retry-num").and_then(|value| value.to_str().ok()).map(str::to_owned);
        send.send(number).expect("the test listens");
        async { axum::http::StatusCode::INTERNAL_SERVER_ERROR }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let router = Router::new().route("/slack/{*path}", post(refuse));
    tokio::spawn(async move { axum::serve(listener, router).await });
    slack.listen_at(Way::Http { url });
    assert!(alice.types(&room, "/inc", "").await.acked.is_none());
    assert_eq!(tries.recv().await.expect("the command"), None);
    assert_eq!(slack.take_violations().len(), 1);
    alice.says(&room, "hello");
    for number in [None, Some("1"), Some("2"), Some("3")] {
        assert_eq!(tries.recv().await.expect("the event").as_deref(), number);
    }
}

#[test]
fn a_picture_shows_what_a_person_sees() {
    let fields = json!({ "type": "section", "fields": [
        { "type": "mrkdwn", "text": "*Severity*\nSEV1" }, { "type": "mrkdwn", "text": "*Status*\ntriage" } ] });
    let small = json!({ "type": "context", "elements": [
        { "type": "mrkdwn", "text": "Next <!date^1795770000^{time}|09:00> in <https://a.example|the room>" } ] });
    let blocks =
        json!([{ "type": "header", "text": plain("INC-1") }, fields, actions(vec![button("Take command")]), small]);
    let shown = render_text(&json!({ "text": "INC-1", "blocks": blocks }));
    let expected = format!(
        "**INC-1**\n{:<38} *Status*: triage\n[ Take command ]\n  ‹Next 09:00 in the room <https://a.example>›",
        "*Severity*: SEV1"
    );
    assert_eq!(shown, expected);
}

#[test]
fn live_mentions_are_those_that_ping() {
    let message = json!({ "text": "<!here> &lt;!channel&gt;", "blocks": [
        section("<@U1> and <!subteam^S1|@ops>"), { "type": "header", "text": plain("<!everyone>") } ] });
    assert_eq!(live_mentions(&message), ["<!here>", "<@U1>", "<!subteam^S1|@ops>"]);
    assert!(live_mentions(&json!({ "text": "<!date^1^{time}|x> <https://a.example|@here>" })).is_empty());
}

#[tokio::test]
async fn the_sdk_understands_every_answer() {
    use slack_morphism::prelude::*;
    let slack = FakeSlack::start().await;
    let alice = slack.person("alice", "Alice Ek", "alice@retail.example");
    slack.group("ops", "Operations", &[&alice]);
    let connector = hyper_util::client::legacy::connect::HttpConnector::new();
    let client =
        SlackClient::new(SlackClientHyperConnector::with_connector(connector).with_slack_api_url(&slack.api_url()));
    let token = SlackApiToken::new(slack.bot_token().into());
    let session = client.open_session(&token);
    let me = session.auth_test().await.expect("auth.test");
    assert_eq!(me.user_id.0, slack.bot_user());
    let user: SlackUserId = alice.id().into();
    let request = SlackApiConversationsCreateRequest::new("inc-1".to_owned());
    let room = session.conversations_create(&request).await.expect("conversations.create").channel.id;
    let request = SlackApiConversationsInviteRequest::new(room.clone(), vec![user.clone()]);
    session.conversations_invite(&request).await.expect("conversations.invite");
    let request = SlackApiConversationsInfoRequest::new(room.clone());
    session.conversations_info(&request).await.expect("conversations.info");
    let request = SlackApiConversationsSetTopicRequest::new(room.clone(), "SEV1".to_owned());
    session.conversations_set_topic(&request).await.expect("conversations.setTopic");
    let payload = [("key".to_owned(), "INC-1/1/0".to_owned())].into();
    let metadata = SlackMessageMetadata::new("muster".to_owned()).with_event_payload(payload);
    let content = SlackMessageContent::new().with_text("hello".to_owned()).with_metadata(metadata);
    let request = SlackApiChatPostMessageRequest::new(room.clone(), content);
    let posted = session.chat_post_message(&request).await.expect("chat.postMessage");
    let content = SlackMessageContent::new().with_text("changed".to_owned());
    let request = SlackApiChatUpdateRequest::new(room.clone(), content.clone(), posted.ts.clone());
    session.chat_update(&request).await.expect("chat.update");
    let request = SlackApiChatPostEphemeralRequest::new(room.clone(), user.clone(), content);
    session.chat_post_ephemeral(&request).await.expect("chat.postEphemeral");
    let request = SlackApiPinsAddRequest::new(room.clone(), posted.ts.clone());
    session.pins_add(&request).await.expect("pins.add");
    let pins = session.pins_list(&SlackApiPinsListRequest::new(room.clone())).await.expect("pins.list");
    assert_eq!(pins.items.len(), 1);
    let request = SlackApiReactionsAddRequest::new(room.clone(), "pushpin".into(), posted.ts.clone());
    session.reactions_add(&request).await.expect("reactions.add");
    let request = SlackApiConversationsHistoryRequest::new().with_channel(room.clone()).with_include_all_metadata(true);
    let history = session.conversations_history(&request).await.expect("conversations.history");
    let keys = history.messages.iter().filter_map(|message| message.content.metadata.as_ref()?.event_payload.clone());
    assert_eq!(keys.map(|payload| payload["key"].clone()).collect::<Vec<_>>(), ["INC-1/1/0"]);
    let request = SlackApiConversationsListRequest::new();
    assert_eq!(session.conversations_list(&request).await.expect("conversations.list").channels.len(), 1);
    let request = SlackApiConversationsMembersRequest::new().with_channel(room.clone());
    assert_eq!(session.conversations_members(&request).await.expect("conversations.members").members.len(), 2);
    session.users_info(&SlackApiUsersInfoRequest::new(user.clone())).await.expect("users.info");
    session.users_list(&SlackApiUsersListRequest::new()).await.expect("users.list");
    let request = SlackApiUsersLookupByEmailRequest::new(EmailAddress("alice@retail.example".to_owned()));
    assert_eq!(session.users_lookup_by_email(&request).await.expect("users.lookupByEmail").user.id, user);
    session
        .conversations_open(&SlackApiConversationsOpenRequest::new().with_users(vec![user.clone()]))
        .await
        .expect("open");
    let home = SlackView::Home(SlackHomeView::new(slack_blocks![some_into(SlackDividerBlock::new())]));
    session.views_publish(&SlackApiViewsPublishRequest::new(user, home)).await.expect("views.publish");
    let title = SlackBlockPlainTextOnly::from("Declare");
    let modal = SlackView::Modal(SlackModalView::new(title, slack_blocks![some_into(SlackDividerBlock::new())]));
    let request = SlackApiViewsOpenRequest::new(slack.trigger(&alice).into(), modal.clone());
    let opened = session.views_open(&request).await.expect("views.open").view.state_params.id;
    let request = SlackApiViewsUpdateRequest::new(modal).with_view_id(opened);
    session.views_update(&request).await.expect("views.update");
    session
        .conversations_archive(&SlackApiConversationsArchiveRequest::new(room))
        .await
        .expect("conversations.archive");
    slack.finish();
}
