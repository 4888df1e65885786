//! Every interaction, whole and with each of its fields removed, is answered politely over either way.

use crate::scene::{By, Scene};
use crate::signatures::Door;
use futures::{StreamExt, stream};
use muster_tests::whittle::with_each_field_removed;
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// How long Discord waits.
/// <https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-callback>
const LIMIT: Duration = Duration::from_secs(3);

/// One of each kind.
fn samples(door: &Door<'_>) -> Vec<(&'static str, Value)> {
    let author = json!({ "id": door.scene.bob.id(), "username": "bob" });
    let message = json!({ "id": "1163583636382000300", "channel_id": door.scene.general.id(), "type": 0, "author": author,
        "content": format!("it is <@{}> again", door.scene.alice.id()), "attachments": [{ "id": "1", "filename": "x.png" }],
        "mentions": [author], "embeds": [], "timestamp": "2026-11-27T09:00:00Z", "flags": 0, "components": [] });
    let mut private = message.clone();
    private["flags"] = json!(64);
    let sev = json!([{ "name": "sev", "type": 1, "options": [{ "name": "severity", "type": 3, "value": "s", "focused": true }] }]);
    let menu = |id: &str, name: &str, data: Value| {
        let mut whole = json!({ "id": id, "name": name });
        whole.as_object_mut().expect("an object").extend(data.as_object().cloned().unwrap_or_default());
        whole
    };
    let on_message = menu(
        "2",
        "Make a task",
        json!({ "type": 3, "target_id": "1163583636382000300",
        "resolved": { "messages": { "1163583636382000300": message } } }),
    );
    let form = json!({ "custom_id": "nonsense", "components": [{ "type": 18, "id": 1, "component":
        { "type": 4, "id": 2, "custom_id": "title", "value": "x" } }] });
    let press = |message: &Value, data: Value| {
        let mut press = door.interaction(0, 3, data);
        press["message"] = message.clone();
        press
    };
    vec![
        ("command", door.declares(0)),
        (
            "line",
            door.interaction(
                0,
                2,
                menu(
                    "3",
                    "muster",
                    json!({ "type": 1, "options":
            [{ "name": "line", "type": 3, "value": "list" }] }),
                ),
            ),
        ),
        ("message command", door.interaction(0, 2, on_message)),
        ("button", press(&message, json!({ "component_type": 2, "custom_id": "r3|list" }))),
        ("button of one's own", press(&private, json!({ "component_type": 2, "custom_id": "o3|new" }))),
        ("menu", press(&message, json!({ "component_type": 3, "custom_id": "c3|0", "values": ["r|list"] }))),
        ("danger", press(&message, json!({ "component_type": 2, "custom_id": "d3|list" }))),
        ("typing", door.interaction(0, 4, menu("4", "inc", json!({ "type": 1, "options": sev })))),
        ("form", door.interaction(0, 5, form)),
        ("of tomorrow", door.interaction(0, 99, json!({}))),
    ]
}

/// What Discord would take for an answer to something of that kind.
fn is_polite(kind: &Value, answer: &Value) -> bool {
    let is_answer = match kind.as_u64() {
        Some(4) => answer["type"] == 8 && answer["data"]["choices"].is_array(),
        _ => [4, 5, 6, 7, 9].iter().any(|known| answer["type"] == *known),
    };
    let is_silent = [5, 6, 8, 9].iter().any(|known| answer["type"] == *known);
    is_answer && (is_silent || answer["data"]["allowed_mentions"] == json!({ "parse": [] }))
}

#[tokio::test]
async fn every_interaction_with_any_field_missing_is_answered_over_http() {
    let scene = Scene::by(By::Http).await;
    let door = &Door::of(&scene);
    let mut requests = Vec::new();
    for (name, sample) in samples(door) {
        for (removed, mut payload) in with_each_field_removed(&sample) {
            if payload.get("id").is_some() {
                payload["id"] = json!((requests.len() + 1).to_string());
            }
            requests.push((format!("{name} without {removed}"), payload));
        }
    }
    assert!(requests.len() > 200, "there were only {}", requests.len());
    let mut answers = stream::iter(requests)
        .map(async |(name, payload)| {
            let began = Instant::now();
            let (status, body) = door.send(door.signed(&payload.to_string())).await;
            (name, payload, status, body, began.elapsed())
        })
        .buffer_unordered(8);
    while let Some((name, payload, status, body, took)) = answers.next().await {
        assert_eq!(status, StatusCode::OK, "{name}");
        let answer: Value = serde_json::from_str(&body).expect("JSON");
        assert!(is_polite(&payload["type"], &answer), "{name}: {answer}");
        assert!(took < LIMIT, "{name} took {took:?}");
    }
    drop(answers);
    scene.ends().await;
}

#[tokio::test]
async fn every_interaction_with_any_field_missing_is_acknowledged_over_the_gateway() {
    let scene = Scene::by(By::Gateway).await;
    let door = Door::of(&scene);
    let (mut sent, mut answerable) = (0_usize, 0);
    let wanted = ["command", "button of one's own", "typing", "form"];
    for (_, sample) in samples(&door).into_iter().filter(|(name, _)| wanted.contains(name)) {
        // What is missing further in makes no difference to the way it came.
        let payloads = with_each_field_removed(&sample).into_iter().filter(|(path, _)| path.rfind('/') <= Some(0));
        for (_, mut payload) in payloads {
            sent += 1;
            if payload.get("id").is_some() {
                payload["id"] = json!(sent.to_string());
            }
            // Without its token nothing can be answered.
            answerable += usize::from(payload.get("token").is_some());
            scene.discord.dispatches("INTERACTION_CREATE", &payload);
        }
    }
    assert!(answerable > 60, "there were only {answerable}");
    scene.discord.called("POST /interactions/{}/{}/callback", answerable).await;
    let _ = scene.alice.types(&scene.general, "inc", "list").await.says("ncident");
    assert_eq!(scene.discord.gateway_counts(), (1, 1, 0), "the connection held");
    scene.ends().await;
}

#[tokio::test]
async fn what_is_no_interaction_at_all_is_refused_and_changes_nothing() {
    let scene = Scene::by(By::Http).await;
    let door = Door::of(&scene);
    for body in ["", "{", "[]", "null", "7", "\u{0}", &"[".repeat(100_000)] {
        let (status, _) = door.send(door.signed(body)).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{}", &body[..body.len().min(20)]);
    }
    assert_eq!(scene.world.incidents().await, 0);
    scene.ends().await;
}

#[tokio::test]
async fn whoever_uses_it_from_another_server_is_told_so_and_nothing_happens() {
    let scene = Scene::by(By::Http).await;
    let door = Door::of(&scene);
    let mut elsewhere = door.declares(1);
    elsewhere["guild_id"] = json!("42");
    let (_, answer) = door.send(door.signed(&elsewhere.to_string())).await;
    assert!(answer.contains("another Discord server"), "{answer}");
    let mut stranger = door.declares(2);
    stranger["member"] = json!(null);
    stranger["guild_id"] = json!(null);
    stranger["user"] = json!({ "id": "42", "username": "mallory" });
    let (_, answer) = door.send(door.signed(&stranger.to_string())).await;
    assert!(answer.contains("those who are in its Discord server"), "{answer}");
    let mut machine = door.declares(3);
    machine["member"]["user"]["bot"] = json!(true);
    let (_, answer) = door.send(door.signed(&machine.to_string())).await;
    assert!(answer.contains("people only"), "{answer}");
    assert_eq!(scene.world.incidents().await, 0);
    scene.ends().await;
}

#[tokio::test]
async fn what_is_hard_to_take_back_is_asked_first() {
    let scene = Scene::by(By::Http).await;
    let door = Door::of(&scene);
    let mut press = door.interaction(1, 3, json!({ "component_type": 2, "custom_id": "d3|new --title checkout" }));
    let button = json!({ "type": 2, "style": 4, "label": "Declare it", "custom_id": "d3|new --title checkout" });
    press["message"] = json!({ "id": "9", "flags": 0, "components": [{ "type": 1, "components": [button] }] });
    let (_, question) = door.send(door.signed(&press.to_string())).await;
    assert!(question.contains("Declare it?"), "{question}");
    assert_eq!(scene.world.incidents().await, 0, "it was only asked");
    let question: Value = serde_json::from_str(&question).expect("JSON");
    assert_eq!((&question["type"], &question["data"]["flags"]), (&json!(4), &json!(64)));
    let id = question["data"]["components"][0]["components"][0]["custom_id"].clone();
    let mut yes = door.interaction(2, 3, json!({ "component_type": 2, "custom_id": id }));
    yes["message"] = json!({ "id": "10", "flags": 64 });
    let (_, answer) = door.send(door.signed(&yes.to_string())).await;
    assert!(answer.contains("INC-1") && answer.contains("\"type\":7"), "it takes the place of the question: {answer}");
    assert_eq!(scene.world.incidents().await, 1);
    scene.ends().await;
}
