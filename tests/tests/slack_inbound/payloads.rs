//! Every payload there is a sample of, whole and with each of its fields removed, is answered 200 or acknowledged.

use crate::door::{Door, form};
use axum::extract::ws::Message;
use futures::{StreamExt, stream};
use muster_tests::whittle::with_each_field_removed;
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long Slack waits. <https://docs.slack.dev/interactivity/handling-user-interaction#acknowledgment_response>
const LIMIT: Duration = Duration::from_secs(3);

/// The samples by name: payloads, and whole envelopes of Socket Mode.
///
/// # Panics
/// On CI, when they are not there.
#[expect(clippy::print_stderr, reason = "a test that is not run says so")]
fn samples() -> Vec<(String, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/specs/slack-payloads");
    let Ok(files) = std::fs::read_dir(&folder) else {
        assert!(std::env::var_os("CI").is_none(), "there are no samples of payloads at {}", folder.display());
        eprintln!("NOT RUN on the vendor's samples: there is no {}", folder.display());
        return Vec::new();
    };
    let mut samples: Vec<_> = files
        .map(|file| file.expect("a file").path())
        .map(|path| {
            let text = std::fs::read_to_string(&path).expect("a sample");
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, serde_json::from_str(&text).expect("JSON"))
        })
        .collect();
    samples.sort_by(|one, other| one.0.cmp(&other.0));
    assert!(samples.len() >= 30, "some samples are missing: {}", samples.len());
    samples
}

/// What Muster itself provokes, in the shapes that Slack gives it.
fn our_own() -> Vec<(String, Value)> {
    let (team, user) =
        (json!({ "id": "T111", "domain": "acme" }), json!({ "id": "U111", "username": "alice", "name": "alice" }));
    let metadata = json!({ "target": { "command": "new" }, "carried": { "channel": "C111" } }).to_string();
    let field = |value: &str| json!({ "type": "plain_text_input", "value": value });
    let modal = json!({ "id": "V111", "hash": "1.a", "type": "modal", "callback_id": "form", "private_metadata": metadata,
        "blocks": [{ "type": "input", "block_id": "title", "element": { "type": "plain_text_input" } }],
        "state": { "values": { "title": { "title": field("") } } } });
    let event = |event: Value| json!({ "type": "event_callback", "event_id": "Ev1", "team_id": "T111", "api_app_id": "A1", "event": event });
    let list = [
        json!({ "command": "/inc", "text": "list", "user_id": "U111", "user_name": "alice", "channel_id": "C111",
            "team_id": "T111", "trigger_id": "1.2.3", "response_url": "https://hooks.slack.com/commands/T111/1/x" }),
        json!({ "type": "block_actions", "user": user, "team": team, "channel": { "id": "C111" }, "trigger_id": "1.2.4",
            "container": { "type": "message", "message_ts": "1583636382.000300", "channel_id": "C111", "is_ephemeral": true },
            "actions": [{ "type": "button", "action_id": "run.1", "value": "list", "action_ts": "1583636382.1" }] }),
        json!({ "type": "block_actions", "user": user, "trigger_id": "1.2.5", "view": { "id": "V1", "type": "home" },
            "actions": [{ "type": "static_select", "action_id": "open.2", "selected_option": { "value": "new" } }] }),
        json!({ "type": "view_submission", "user": user, "team": team, "trigger_id": "1.2.6", "view": modal }),
        json!({ "type": "block_suggestion", "user": user, "action_id": "service", "block_id": "service", "value": "ch", "view": modal }),
        json!({ "type": "shortcut", "callback_id": "declare", "user": user, "trigger_id": "1.2.7", "action_ts": "1.2" }),
        json!({ "type": "message_action", "callback_id": "declare_from_message", "user": user, "trigger_id": "1.2.8",
            "channel": { "id": "C111" }, "message_ts": "1583636382.000300",
            "message": { "ts": "1583636382.000300", "user": "U222", "text": "it is <@U111> again", "files": [{ "name": "x" }] } }),
        event(json!({ "type": "reaction_added", "user": "U111", "reaction": "pushpin", "item_user": "U222",
            "item": { "type": "message", "channel": "C111", "ts": "1583636382.000300" } })),
        event(
            json!({ "type": "member_joined_channel", "user": "U111", "channel": "C111", "inviter": "U222", "team": "T111" }),
        ),
        event(json!({ "type": "app_home_opened", "user": "U111", "tab": "home", "channel": "D111" })),
        event(json!({ "type": "user_change", "user": { "id": "U111", "profile": { "email": "alice@example.com" } } })),
        event(json!({ "type": "channel_deleted", "channel": "C111" })),
        event(json!({ "type": "channel_rename", "channel": { "id": "C111", "name": "x" } })),
        event(json!({ "type": "app_uninstalled" })),
        json!({ "type": "url_verification", "challenge": "abc" }),
        json!({ "type": "app_rate_limited", "team_id": "T111", "minute_rate_limited": 1 }),
    ];
    list.into_iter().enumerate().map(|(n, payload)| (format!("our own {n}"), payload)).collect()
}

/// The same as another event: one that comes again is not looked at.
fn as_another(mut payload: Value, number: usize) -> Value {
    for path in ["/event_id", "/payload/event_id"] {
        if let Some(id) = payload.pointer_mut(path) {
            *id = json!(format!("Ev{number}"));
        }
    }
    payload
}

/// What travels over HTTP: an envelope is of Socket Mode only, and what it holds is a payload.
fn payload_of(sample: &Value) -> &Value {
    if sample.get("envelope_id").is_some() { &sample["payload"] } else { sample }
}

fn is_command(payload: &Value) -> bool {
    payload.get("type").is_none() && payload.get("event").is_none() && payload.get("command").is_some()
}

fn is_event(payload: &Value) -> bool {
    let kind = payload["type"].as_str();
    matches!(kind, Some("event_callback" | "url_verification" | "app_rate_limited"))
}

#[tokio::test]
async fn every_payload_with_any_field_missing_is_answered_200_over_http() {
    let door = &Door::open().await;
    let mut requests = Vec::new();
    for (name, sample) in samples().into_iter().chain(our_own()) {
        let whole = payload_of(&sample);
        for (removed, payload) in with_each_field_removed(whole) {
            let payload = as_another(payload, requests.len());
            let request = if is_command(whole) {
                let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                let fields: Vec<_> =
                    payload.as_object().expect("fields").iter().map(|(k, v)| (k.clone(), text(v))).collect();
                let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
                door.signed("commands", &form(&fields))
            } else if is_event(whole) {
                door.signed("events", &payload.to_string())
            } else {
                door.signed("interactivity", &form(&[("payload", &payload.to_string())]))
            };
            requests.push((format!("{name} without {removed}"), request));
        }
    }
    let count = requests.len();
    let mut answers = stream::iter(requests)
        .map(async |(name, request)| {
            let began = Instant::now();
            let (status, _) = door.send(request).await;
            (name, status, began.elapsed())
        })
        .buffer_unordered(8);
    let mut answered = 0;
    while let Some((name, status, took)) = answers.next().await {
        assert_eq!(status, StatusCode::OK, "{name}");
        assert!(took < LIMIT, "{name} took {took:?}");
        answered += 1;
    }
    assert_eq!(answered, count);
    assert!(count > 200, "there were only {count}");
}

#[tokio::test]
async fn every_envelope_with_any_field_missing_is_acknowledged_over_a_socket() {
    let door = Door::open().await;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let listening = tokio::spawn(Arc::clone(&door.slack).listen(async move {
        let _ = stopped.await;
    }));
    let mut socket = door.greets().await;
    let mut number = 0_usize;
    for (name, sample) in samples().into_iter().chain(our_own()) {
        let payload = payload_of(&sample);
        let kind = match (is_command(payload), is_event(payload)) {
            (true, _) => "slash_commands",
            (false, true) => "events_api",
            (false, false) => "interactive",
        };
        let envelope = json!({ "envelope_id": "", "type": kind, "payload": payload, "accepts_response_payload": true });
        for (removed, envelope) in with_each_field_removed(&envelope) {
            let mut envelope = as_another(envelope, number);
            if removed == "/envelope_id" {
                socket.send(Message::text(envelope.to_string())).await.expect("sent");
                continue;
            }
            number += 1;
            let id = format!("{number}");
            envelope["envelope_id"] = json!(id);
            socket.send(Message::text(envelope.to_string())).await.expect("sent");
            let answer = async {
                loop {
                    let Message::Text(text) = socket.recv().await.expect("an answer").expect("a frame") else {
                        continue;
                    };
                    let answer: Value = serde_json::from_str(&text).expect("JSON");
                    // What had no id of its own is acknowledged under none.
                    if answer["envelope_id"] == id.as_str() {
                        return;
                    }
                    assert_eq!(answer["envelope_id"], "", "{name} without {removed}");
                }
            };
            let in_time = tokio::time::timeout(LIMIT, answer).await;
            in_time.unwrap_or_else(|_| panic!("{name} without {removed} was not acknowledged"));
        }
    }
    assert!(number > 200, "there were only {number}");
    stop.send(()).expect("it listens");
    tokio::time::timeout(Duration::from_secs(6), listening).await.expect("it stops in time").expect("without a panic");
}

#[tokio::test]
async fn what_is_no_json_at_all_is_answered_200_and_changes_nothing() {
    let door = Door::open().await;
    for body in ["", "{", "[]", "null", "7", "\u{0}", "{\"type\":{}}", &"[".repeat(100_000)] {
        for request in [
            door.signed("events", body),
            door.signed("interactivity", &form(&[("payload", body)])),
            door.signed("interactivity", body),
            door.signed("commands", body),
        ] {
            assert_eq!(door.send(request).await.0, StatusCode::OK, "{}", &body[..body.len().min(20)]);
        }
    }
    assert!(door.world.muster.store().next_due().await.expect("a store").is_none());
}

#[tokio::test]
async fn the_address_for_events_proves_that_it_is_ours() {
    let door = Door::open().await;
    let body = json!({ "type": "url_verification", "challenge": "3eZbrw1aB10FEMAGAZd4", "token": "x" }).to_string();
    let (status, answer) = door.send(door.signed("events", &body)).await;
    assert_eq!((status, answer.as_str()), (StatusCode::OK, r#"{"challenge":"3eZbrw1aB10FEMAGAZd4"}"#));
}
