//! From Discord to the app: interactions down the gateway or in signed requests, each to be answered in three seconds.

use super::interaction::ACK_LIMIT;
use super::refused::Refused;
use super::state::Id;
use super::{FakeDiscord, Way, check, openapi};
use crate::discord::ask::Ask;
use ed25519_dalek::Signer;
use serde_json::{Value, json};
use std::fmt::Write;
use std::sync::PoisonError;
use std::time::Duration;

impl FakeDiscord {
    /// Delivers an interaction. `None` when the app did not answer in time.
    pub(super) async fn deliver(&self, id: Id, payload: &Value) -> Option<Duration> {
        let way = self.0.way.lock().unwrap_or_else(PoisonError::into_inner).clone();
        *self.0.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(payload.clone());
        // Nobody uses an app that is not there.
        if way == Way::Gateway {
            self.until("a session on the gateway", |state| (!state.gateway.sessions.is_empty()).then_some(())).await;
        }
        let sending = async {
            match way {
                Way::Gateway => self.by_gateway(id, payload),
                Way::Http { url } => self.by_http(&url, id, payload).await?,
            }
            self.0.state.until(|| self.look(|state| state.interactions.get(&id)?.acked)).await
        };
        tokio::time::timeout(ACK_LIMIT, sending).await.ok().flatten()
    }

    /// The last interaction arrives once more, as it was. Whatever is answered to it: Discord has taken the first answer.
    ///
    /// # Panics
    /// When there was none, or an address for interactions does not take it.
    pub async fn acts_again(&self) {
        let last = self.0.last.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let payload = last.expect("somebody has done something");
        let way = self.0.way.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match way {
            Way::Gateway => self.with(|state| state.tell("INTERACTION_CREATE", 0, &payload)),
            Way::Http { url } => {
                let answer = self.posts(&url, &payload.to_string()).await;
                assert!(answer.is_some_and(|(status, _)| matches!(status, 200 | 202)), "it is not taken");
            }
        }
    }

    fn by_gateway(&self, id: Id, payload: &Value) {
        self.with(|state| {
            if let Some(interaction) = state.interactions.get_mut(&id) {
                interaction.sent = std::time::Instant::now();
            }
            state.tell("INTERACTION_CREATE", 0, payload);
        });
    }

    /// `None` when nobody is there who takes it.
    async fn by_http(&self, base: &str, id: Id, payload: &Value) -> Option<()> {
        let (status, body) = self.posts(base, &payload.to_string()).await?;
        let what = match (status, body) {
            (202, body) if body.is_empty() => return Some(()),
            (200, body) => match serde_json::from_str::<Value>(&body) {
                Ok(body) => {
                    self.in_place(id, &body);
                    return Some(());
                }
                Err(_) => format!("an interaction was answered with what is no JSON: {body}"),
            },
            (status, body) => format!("an interaction was answered with {status}: {body}"),
        };
        self.with(|state| state.violation(what));
        Some(())
    }

    /// The answer to an interaction in the body of the response.
    fn in_place(&self, id: Id, body: &Value) {
        let route = "/interactions/{interaction_id}/{interaction_token}/callback";
        let mut wrong = openapi::faults("POST", route, &Ask { body: body.clone(), ..Ask::default() });
        wrong.extend(check::callback(body));
        self.with(|state| {
            let answer = if wrong.is_empty() { state.answer(id, body) } else { Err(Refused::form(&wrong)) };
            if let Err(refused) = answer {
                state.violation(format!("an answer in place: {}", refused.json()));
            }
        });
    }

    /// Posts a signed body to the app's address for interactions. Gives status and body.
    async fn posts(&self, base: &str, body: &str) -> Option<(u16, String)> {
        let timestamp = self.0.clock.now().timestamp().to_string();
        let signature = self.signs(&timestamp, body);
        self.posts_with(base, body, (&timestamp, &signature)).await
    }

    /// The signature of a body, in hexadecimal.
    /// <https://docs.discord.com/developers/interactions/overview#setting-up-an-endpoint-validating-security-request-headers>
    #[must_use]
    pub fn signs(&self, timestamp: &str, body: &str) -> String {
        let signature = self.look(|state| state.key.sign(format!("{timestamp}{body}").as_bytes()));
        let mut text = String::new();
        for byte in signature.to_bytes() {
            let _ = write!(text, "{byte:02x}");
        }
        text
    }

    async fn posts_with(&self, base: &str, body: &str, (timestamp, signature): (&str, &str)) -> Option<(u16, String)> {
        let request = self.0.http.post(format!("{base}/discord/interactions")).body(body.to_owned());
        let request = request.header("content-type", "application/json");
        let request = request.header("user-agent", "Discord-Interactions/1.0 (+https://discord.com)");
        let request = request.header("x-signature-timestamp", timestamp).header("x-signature-ed25519", signature);
        let answer = request.send().await.ok()?;
        let status = answer.status().as_u16();
        Some((status, answer.text().await.ok()?))
    }

    /// Asks the app's address whether it is the app's, as Discord does when it is set: a PING is answered, and one with
    /// a bad signature is refused with 401. False when it is not so.
    /// <https://docs.discord.com/developers/interactions/overview#setting-up-an-endpoint>
    pub async fn verifies_url(&self) -> bool {
        let way = self.0.way.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Way::Http { url } = way else { return false };
        let ping = json!({ "id": "1", "application_id": self.application_id(), "type": 1, "token": "t", "version": 1 });
        let body = ping.to_string();
        let good = self.posts(&url, &body).await;
        let pong =
            good.filter(|(status, _)| *status == 200).and_then(|(_, body)| serde_json::from_str::<Value>(&body).ok());
        let timestamp = self.0.clock.now().timestamp().to_string();
        let bad = self.posts_with(&url, &body, (&timestamp, &"0".repeat(128))).await;
        pong.is_some_and(|pong| pong == json!({ "type": 1 })) && bad.is_some_and(|(status, _)| status == 401)
    }
}
