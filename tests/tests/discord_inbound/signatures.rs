//! Nothing that Discord has not signed just now is listened to; what it has signed takes effect once.

use crate::scene::{By, Scene};
use futures::{StreamExt, stream};
use muster_core::clock::Clock;
use muster_tests::dice::{Dice, from_env};
use reqwest::StatusCode;
use serde_json::{Value, json};

/// A request before it is sent.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    at: String,
    signature: String,
    body: Vec<u8>,
}

/// Muster's address for interactions, and who sends there.
pub(crate) struct Door<'s> {
    pub(crate) scene: &'s Scene,
    http: reqwest::Client,
}

impl<'s> Door<'s> {
    pub(crate) fn of(scene: &'s Scene) -> Self {
        Self { scene, http: reqwest::Client::builder().no_proxy().build().expect("a client") }
    }

    fn now(&self) -> i64 {
        self.scene.world.clock.now().timestamp()
    }

    /// A request as Discord makes it, signed then.
    pub(crate) fn signed_at(&self, seconds: i64, body: &str) -> Request {
        let at = seconds.to_string();
        Request { signature: self.scene.discord.signs(&at, body), at, body: body.as_bytes().to_vec() }
    }

    /// A request as Discord makes it, signed now.
    pub(crate) fn signed(&self, body: &str) -> Request {
        self.signed_at(self.now(), body)
    }

    /// Sends a request. Gives what is answered.
    pub(crate) async fn send(&self, request: Request) -> (StatusCode, String) {
        let sending = self.http.post(format!("{}/discord/interactions", self.scene.url));
        let sending = sending.header("content-type", "application/json").header("x-signature-timestamp", &request.at);
        let answer = sending.header("x-signature-ed25519", &request.signature).body(request.body).send().await;
        let answer = answer.expect("the door answers");
        (answer.status(), answer.text().await.expect("an answer"))
    }

    /// A command that can be seen to have taken effect.
    pub(crate) fn declares(&self, id: u64) -> Value {
        let options = json!([{ "name": "new", "type": 1, "options": [
            { "name": "title", "type": 3, "value": "checkout is down" },
            { "name": "severity", "type": 3, "value": "sev1" } ] }]);
        self.interaction(id, 2, json!({ "id": "1", "name": "inc", "type": 1, "options": options }))
    }

    /// An interaction of Alice's, with all the fields that Discord documents.
    pub(crate) fn interaction(&self, id: u64, kind: u64, data: Value) -> Value {
        let (discord, channel) = (&self.scene.discord, self.scene.general.id());
        let user = json!({ "id": self.scene.alice.id(), "username": "alice.ek", "global_name": "Alice Ek",
            "discriminator": "0", "avatar": null, "public_flags": 0 });
        json!({ "id": id.to_string(), "application_id": discord.application_id(), "type": kind, "data": data,
            "guild_id": discord.guild(), "guild": { "id": discord.guild(), "locale": "en-US", "features": [] },
            "channel_id": channel, "channel": { "id": channel, "type": 0, "name": "general", "permissions": "0" },
            "member": { "user": user, "nick": null, "roles": [], "permissions": "0", "joined_at": "2026-01-01T00:00:00Z",
                "deaf": false, "mute": false, "flags": 0 },
            "token": "aW50ZXJhY3Rpb24x", "version": 1, "app_permissions": "0", "locale": "en-GB",
            "guild_locale": "en-US", "entitlements": [], "context": 0, "attachment_size_limit": 1,
            "authorizing_integration_owners": { "0": discord.guild() } })
    }

    /// The request, changed in one place that Discord has signed, or signed by somebody else, or at another time.
    fn mutated(&self, honest: &Request, dice: &mut Dice) -> Request {
        let mut request = honest.clone();
        match dice.below(8) {
            0 => {
                let at = dice.below(request.body.len());
                request.body[at] ^= 1 << dice.below(8);
            }
            1 => request.body.truncate(dice.below(request.body.len())),
            2 => request.body.extend_from_slice(b" "),
            3 => {
                let digits: Vec<char> = request.signature.chars().collect();
                let at = dice.below(digits.len());
                let other = if digits[at] == '0' { '1' } else { '0' };
                request.signature = digits.iter().enumerate().map(|(n, c)| if n == at { other } else { *c }).collect();
            }
            4 => {
                let shouted = format!("+{}", request.signature.to_uppercase());
                request.signature = ["", "00", &"0".repeat(128), &"f".repeat(128), &shouted][dice.below(5)].to_owned();
            }
            5 => request.at = (self.now() + 1 + dice.below(200) as i64).to_string(),
            6 => request.at = ["", "0", "-1", "now", "9223372036854775807", "1e9"][dice.below(6)].to_owned(),
            _ => {
                let off = 301 + dice.below(100_000) as i64;
                let body = String::from_utf8(request.body.clone()).expect("text");
                request = self.signed_at(self.now() + if dice.percent(50) { off } else { -off }, &body);
            }
        }
        request
    }
}

#[tokio::test]
async fn nothing_that_was_tampered_with_is_accepted() {
    let scene = Scene::by(By::Http).await;
    let door = &Door::of(&scene);
    let (cases, seed) = (from_env("MUSTER_CASES").unwrap_or(10_000), from_env("MUSTER_SEED").unwrap_or(1));
    let press = door.interaction(8, 3, json!({ "component_type": 2, "custom_id": "r3|new --title forged" }));
    let honest = [door.signed(&door.declares(7).to_string()), door.signed(&press.to_string())];
    let mut dice = Dice::new(seed);
    let requests: Vec<_> = (0..cases).map(|n| (n, door.mutated(&honest[dice.below(2)], &mut dice))).collect();
    let mut answers = stream::iter(requests)
        .map(async |(n, request)| (n, request.clone(), door.send(request).await.0))
        .buffer_unordered(16);
    while let Some((n, request, status)) = answers.next().await {
        assert_eq!(status, StatusCode::UNAUTHORIZED, "case {n} of seed {seed}: {request:?}");
    }
    drop(answers);
    assert_eq!(scene.world.incidents().await, 0, "nothing of it took effect");
    for request in honest {
        assert_eq!(door.send(request).await.0, StatusCode::OK, "what Discord has signed is listened to");
    }
    assert_eq!(scene.world.incidents().await, 2);
    scene.ends().await;
}

#[tokio::test]
async fn what_is_sent_again_takes_effect_once_and_is_answered_the_same() {
    let scene = Scene::by(By::Http).await;
    let door = Door::of(&scene);
    let request = door.signed(&door.declares(7).to_string());
    let (status, first) = door.send(request.clone()).await;
    assert!(status == StatusCode::OK && first.contains("INC-1"), "{status} {first}");
    for _ in 0..5 {
        assert_eq!(door.send(request.clone()).await, (StatusCode::OK, first.clone()));
    }
    assert_eq!(scene.world.incidents().await, 1);
    let other = door.send(door.signed(&door.declares(8).to_string())).await;
    assert!(other.1.contains("INC-"), "another command is another");
    assert_eq!(scene.world.incidents().await, 2);
    scene.ends().await;
}

#[tokio::test]
async fn what_was_signed_five_minutes_ago_is_old() {
    let scene = Scene::by(By::Http).await;
    let door = Door::of(&scene);
    let body = json!({ "type": 1 }).to_string();
    for (off, status) in [
        (-301, StatusCode::UNAUTHORIZED),
        (301, StatusCode::UNAUTHORIZED),
        (-300, StatusCode::OK),
        (300, StatusCode::OK),
    ] {
        assert_eq!(door.send(door.signed_at(door.now() + off, &body)).await.0, status, "{off}");
    }
    scene.ends().await;
}

#[tokio::test]
async fn discord_finds_the_address_to_be_ours() {
    let scene = Scene::by(By::Http).await;
    assert!(scene.discord.verifies_url().await);
    scene.ends().await;
}

#[tokio::test]
async fn more_than_discord_ever_sends_is_not_even_read() {
    let scene = Scene::by(By::Http).await;
    let door = Door::of(&scene);
    let (status, _) = door.send(door.signed(&"x".repeat(1024 * 1024 + 1))).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    scene.ends().await;
}
