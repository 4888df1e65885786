//! Opsgenie's alert API, as its clients see it.

use crate::world::{Answer, World, key_of, request};
use axum::http::{Method, StatusCode, header};
use muster_core::alert::{Action, Level};
use muster_ingest::Kind;
use serde_json::{Value, json};

async fn ask(world: &World, method: Method, path: &str, body: Value) -> Answer {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let mut sent = request(method, path, body);
    let key = format!("GenieKey {}", key_of(Kind::Opsgenie));
    sent.headers_mut().insert(header::AUTHORIZATION, key.parse().expect("a value"));
    world.send(sent).await
}

fn alert() -> Value {
    json!({
        "message": "An example alert message",
        "alias": "Life is too short for no alias",
        "description": "Every alert needs a description",
        "responders": [{ "name": "payments", "type": "team" }],
        "tags": ["OverwriteQuietHours", "env:prod"],
        "details": { "key1": "value1", "key2": "value2" },
        "entity": "An example entity",
        "source": "http://alertmanager.example.com:9093",
        "priority": "P1",
    })
}

#[tokio::test]
async fn an_alert_is_created_looked_at_and_closed_by_its_alias() {
    let world = World::new();
    let created = ask(&world, Method::POST, "/v2/alerts", alert()).await;
    assert_eq!(created.status, StatusCode::ACCEPTED);
    assert_eq!(created.json()["result"], "Request will be processed");
    insta::assert_snapshot!("opsgenie_create", serde_json::to_string_pretty(&world.book().signals).expect("JSON"));

    let request = created.json()["requestId"].as_str().unwrap().to_owned();
    let status = ask(&world, Method::GET, &format!("/v2/alerts/requests/{request}"), Value::Null).await.json();
    assert_eq!((&status["data"]["isSuccess"], &status["data"]["action"]), (&json!(true), &json!("Create")));
    let id = status["data"]["alertId"].as_str().unwrap().replace(' ', "%20");

    let shown = ask(&world, Method::GET, &format!("/v2/alerts/{id}"), Value::Null).await.json();
    assert_eq!((&shown["data"]["status"], &shown["data"]["priority"]), (&json!("open"), &json!("P1")));
    assert_eq!(ask(&world, Method::GET, "/v2/alerts", Value::Null).await.json()["data"].as_array().unwrap().len(), 1);

    let path = format!("/in/opsgenie/v2/alerts/{id}/close?identifierType=alias");
    let closed = ask(&world, Method::POST, &path, json!({ "note": "it was the cable" })).await;
    assert_eq!(closed.status, StatusCode::ACCEPTED);
    let shown = ask(&world, Method::GET, &format!("/v2/alerts/{id}"), Value::Null).await.json();
    assert_eq!(shown["data"]["status"], "closed");
    assert_eq!(world.book().signals[1].text.as_deref(), Some("it was the cable"));
    assert_eq!(ask(&world, Method::GET, "/v2/alerts/count", Value::Null).await.json()["data"]["count"], 0);
}

#[tokio::test]
async fn an_alert_without_an_alias_is_known_by_the_id_it_gets() {
    let world = World::new();
    let created = ask(&world, Method::POST, "/v2/alerts", json!({ "message": "Disk is full" })).await.json();
    let path = format!("/v2/alerts/requests/{}", created["requestId"].as_str().unwrap());
    let status = ask(&world, Method::GET, &path, Value::Null).await.json();
    let id = status["data"]["alertId"].as_str().unwrap().to_owned();
    ask(&world, Method::POST, &format!("/v2/alerts/{id}/acknowledge"), Value::Null).await;
    let signals = std::mem::take(&mut world.book().signals);
    assert_eq!(signals[0].key, signals[1].key);
    assert_eq!(signals[1].action, Action::Acknowledge);
}

#[tokio::test]
async fn an_alert_can_be_noted_and_put_in_other_words() {
    let world = World::new();
    ask(&world, Method::POST, "/v2/alerts", json!({ "message": "Disk is full", "alias": "disk" })).await;
    let changes = [
        (Method::PUT, "message", json!({ "message": "The disk of web-1 is full" })),
        (Method::PUT, "description", json!({ "description": "since this morning" })),
        (Method::PUT, "priority", json!({ "priority": "P2" })),
        (Method::POST, "notes", json!({ "note": "ordered another" })),
    ];
    for (method, what, body) in changes {
        let path = format!("/v2/alerts/disk/{what}?identifierType=alias");
        assert_eq!(ask(&world, method, &path, body).await.status, StatusCode::ACCEPTED, "{what}");
    }
    let last = world.book().signals.pop().unwrap();
    assert_eq!((last.title.as_str(), last.level), ("The disk of web-1 is full", Some(Level::Error)));
    assert_eq!((last.text.as_deref(), last.action), (Some("ordered another"), Action::Trigger));
}

#[tokio::test]
async fn what_is_done_with_an_alert_that_is_not_there_is_accepted_and_its_status_says_so() {
    let world = World::new();
    let noted = ask(&world, Method::POST, "/v2/alerts/nothing/notes", json!({ "note": "hello?" })).await;
    assert_eq!(noted.status, StatusCode::ACCEPTED);
    let path = format!("/v2/alerts/requests/{}", noted.json()["requestId"].as_str().unwrap());
    let status = ask(&world, Method::GET, &path, Value::Null).await.json();
    assert_eq!(
        (&status["data"]["isSuccess"], &status["data"]["status"]),
        (&json!(false), &json!("Alert does not exist"))
    );
    assert!(world.book().signals.is_empty());
    assert_eq!(ask(&world, Method::GET, "/v2/alerts/nothing", Value::Null).await.status, StatusCode::NOT_FOUND);
    assert_eq!(ask(&world, Method::GET, "/v2/alerts/requests/x", Value::Null).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_opsgenie_refuses_is_refused_in_its_shape() {
    let world = World::new();
    let cases = [
        (Method::POST, "/v2/alerts", json!({ "alias": "x" }), "Message can not be empty."),
        (Method::POST, "/v2/alerts", json!({ "message": "x", "alias": "x".repeat(513) }), "Alias"),
        (Method::POST, "/v2/alerts/x/escalate", json!({}), "does not know this action"),
    ];
    for (method, path, body, said) in cases {
        let answer = ask(&world, method, path, body).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{answer:?}");
        assert!(answer.json()["message"].as_str().unwrap().contains(said), "{answer:?}");
        assert!(answer.json()["requestId"].is_string());
    }
    let nobody = world.post("/v2/alerts", alert().to_string()).await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
    assert_eq!(world.book().commits, 0);
}
