//! Nothing that Slack has not signed just now is listened to; what it has signed takes effect once.

use crate::door::{Door, Request, form};
use futures::{StreamExt, stream};
use muster_core::clock::Clock;
use muster_core::decide::ListQuery;
use muster_core::ids::PersonId;
use muster_tests::dice::{Dice, from_env};
use reqwest::StatusCode;
use serde_json::json;

/// A command that can be seen to have taken effect.
fn declares(trigger: &str) -> String {
    form(&[
        ("command", "/inc"),
        ("text", "new sev1 checkout is down"),
        ("user_id", "U111"),
        ("user_name", "alice"),
        ("channel_id", "C111"),
        ("trigger_id", trigger),
        ("response_url", "https://hooks.slack.com/commands/T111/1/x"),
    ])
}

async fn incidents(door: &Door) -> usize {
    let (list, _) = door.world.muster.list(ListQuery::of(PersonId::from("alice"))).await.expect("a list");
    list.len()
}

/// The request, changed in one place that Slack has signed, or signed by somebody else.
fn mutated(door: &Door, honest: &Request, dice: &mut Dice) -> Request {
    let mut request = honest.clone();
    match dice.below(8) {
        0 => {
            let at = dice.below(request.body.len());
            request.body[at] ^= 1 << dice.below(8);
        }
        1 => request.body.truncate(dice.below(request.body.len())),
        2 => request.body.extend_from_slice(b"&text=new+sev1+forged"),
        3 => {
            let digits: Vec<char> = request.signature.chars().collect();
            let at = dice.below(digits.len());
            let other = if digits[at] == '0' { '1' } else { '0' };
            request.signature = digits.iter().enumerate().map(|(n, c)| if n == at { other } else { *c }).collect();
        }
        4 => request.signature = ["", "v0=", "v1=00", "v0", "none"][dice.below(5)].to_owned(),
        5 => request.at = (door.world.clock.now().timestamp() + 1 + dice.below(200) as i64).to_string(),
        6 => {
            request.at =
                ["", "0", "-1", "now", "9223372036854775807", "-9223372036854775808", "1e9"][dice.below(7)].to_owned()
        }
        _ => {
            let old = door.world.clock.now().timestamp() - 301 - dice.below(100_000) as i64;
            let future = door.world.clock.now().timestamp() + 301 + dice.below(100_000) as i64;
            let body = String::from_utf8(request.body.clone()).expect("text");
            request = door.signed_at(if dice.percent(50) { old } else { future }, request.path, &body);
        }
    }
    request
}

#[tokio::test]
async fn nothing_that_was_tampered_with_is_accepted() {
    let door = &Door::open().await;
    let (cases, seed) = (from_env("MUSTER_CASES").unwrap_or(10_000), from_env("MUSTER_SEED").unwrap_or(1));
    let press = json!({ "type": "block_actions", "user": { "id": "U111" }, "trigger_id": "7.7.7", "channel": { "id": "C111" },
        "actions": [{ "action_id": "run.1", "value": "new --title forged" }] });
    let event =
        json!({ "type": "event_callback", "event_id": "Ev1", "event": { "type": "app_home_opened", "user": "U111" } });
    let honest = [
        door.signed("commands", &declares("1.2.3")),
        door.signed("interactivity", &form(&[("payload", &press.to_string())])),
        door.signed("events", &event.to_string()),
    ];
    let mut dice = Dice::new(seed);
    let requests: Vec<_> = (0..cases).map(|n| (n, mutated(door, &honest[dice.below(3)], &mut dice))).collect();
    let mut answers = stream::iter(requests)
        .map(async |(n, request)| (n, request.clone(), door.send(request).await.0))
        .buffer_unordered(16);
    while let Some((n, request, status)) = answers.next().await {
        assert_eq!(status, StatusCode::UNAUTHORIZED, "case {n} of seed {seed}: {request:?}");
    }
    assert_eq!(incidents(door).await, 0, "nothing of it took effect");
    for request in honest {
        assert_eq!(door.send(request).await.0, StatusCode::OK, "what Slack has signed is listened to");
    }
    assert_eq!(incidents(door).await, 2);
}

#[tokio::test]
async fn what_is_sent_again_takes_effect_once_and_is_answered_the_same() {
    let door = Door::open().await;
    let request = door.signed("commands", &declares("1.2.3"));
    let (status, first) = door.send(request.clone()).await;
    assert_eq!(status, StatusCode::OK);
    assert!(first.contains("INC-1"), "{first}");
    for _ in 0..5 {
        assert_eq!(door.send(request.clone()).await, (StatusCode::OK, first.clone()));
    }
    assert_eq!(incidents(&door).await, 1);
    let other = door.send(door.signed("commands", &declares("1.2.4"))).await;
    assert!(other.1.contains("INC-"), "another command is another");
    assert_eq!(incidents(&door).await, 2);
}

#[tokio::test]
async fn what_was_signed_five_minutes_ago_is_old() {
    let door = Door::open().await;
    let now = door.world.clock.now().timestamp();
    for (at, status) in [
        (now - 301, StatusCode::UNAUTHORIZED),
        (now + 301, StatusCode::UNAUTHORIZED),
        (now - 300, StatusCode::OK),
        (now + 300, StatusCode::OK),
    ] {
        assert_eq!(door.send(door.signed_at(at, "commands", &declares("1.2.3"))).await.0, status, "{}", at - now);
    }
}

#[tokio::test]
async fn more_than_slack_ever_sends_is_not_even_read() {
    let door = Door::open().await;
    let (status, _) = door.send(door.signed("events", &"x".repeat(1024 * 1024 + 1))).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
}
