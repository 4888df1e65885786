//! Checks that are made until they hold.

use crate::world::{But, World, get, outputs, reason};
use axum::http::StatusCode;
use muster_core::ids::IncidentId;
use muster_core::ports::executor::Executor;
use muster_core::runbook::{Action, JobId, Scope, Source, Task, work};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::sync::watch;

fn probe(call: Value, holds: Option<&str>, times: u32) -> Task {
    let every = json!({ "secs": 0, "nanos": 20_000_000 });
    let action = json!({ "does": "probe", "call": call, "holds": holds, "every": every, "times": times });
    let action: Action = serde_json::from_value(action).expect("an action");
    let work = work(&action, &Scope::default()).expect("its values are there").expect("a machine's");
    let id = JobId { incident: IncidentId(7), run: 1, step: "works".to_owned(), undo: false, attempt: 1 };
    Task { id, work, timeout: Duration::from_secs(10), outputs: Vec::new(), rehearsal: false }
}

/// The graph without its times.
fn graph(text: &str) -> String {
    let word = |word: &str| word.trim().split_once(' ').expect("a time and more").1.to_owned();
    text.lines().map(|line| line.split('·').map(word).collect::<Vec<_>>().join(" · ")).collect::<Vec<_>>().join(" | ")
}

#[tokio::test]
async fn it_must_hold_as_often_in_a_row_as_was_asked() {
    let world = World::new().await;
    world.server.answers((StatusCode::SERVICE_UNAVAILABLE, "closed"));
    for rate in ["0.98", "0.5", "0.98", "0.99", "0.999"] {
        world.server.answers(format!("{{\"success_rate\": {rate}}}"));
    }
    let task = probe(get(&world.url("/health")), Some("json.success_rate > 0.97 && status == 200"), 3)
        .finding("rate", Source::Json("/success_rate".to_owned()));
    let tail = watch::Sender::default();
    let report = world.machine().execute(&task, &tail).await;
    assert_eq!(outputs(&report), json!({ "rate": 0.999 }));
    assert_eq!(graph(&report.output), "✗ 503 · ✓ 1/3 · ✗ 200 · ✓ 1/3 · ✓ 2/3 · ✓ 3/3");
    assert_eq!(tail.borrow().join("\n"), report.output, "whoever watched has seen the same");
    let keys: Vec<_> = world.server.got().iter().map(|got| got.headers["idempotency-key"].clone()).collect();
    assert_eq!((keys.len(), &keys[5]), (6, &"INC-7/1/works/1/6".parse().expect("a header")), "each try is one");
}

#[tokio::test]
async fn when_the_time_is_up_it_says_what_was_wrong_last() {
    let world = World::new().await;
    let task = probe(get(&world.url("/")), Some("json.rate > 0.9"), 1).within(Duration::from_millis(150));
    let report = world.does(&task).await;
    assert!(reason(&report).starts_with("it did not hold within 150 ms; the last time "), "{report:?}");
    assert!(report.output.contains("✗ 200 · "), "{}", report.output);
    for _ in 0..100 {
        world.server.answers(StatusCode::NOT_FOUND);
    }
    let report = world.does(&probe(get(&world.url("/")), None, 1).within(Duration::from_millis(100))).await;
    assert_eq!(reason(&report), "it did not hold within 100 ms; the last time it answered 404, not 200-299");
    let nobody = probe(get("http://127.0.0.1:1/"), None, 1).within(Duration::from_millis(100));
    let report = world.does(&nobody).await;
    assert_eq!(reason(&report), "it did not hold within 100 ms; the last time no connection could be made");
    assert!(report.output.contains("✗ no answer"), "{}", report.output);
}
