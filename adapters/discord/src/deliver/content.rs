//! A message as Discord takes it; and a plain one instead, should it not take it.

use super::find::fragment;
use super::spot::Spot;
use crate::Discord;
use crate::api::{ApiError, Call, code};
use crate::render;
use muster_core::chat::fit::cut;
use muster_core::ids::EffectKey;
use muster_core::ports::chat::Delivery;
use muster_core::view::View;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// So long a nonce may be. <https://discord.com/developers/docs/resources/message#create-message>
const NONCE: usize = 25;
/// So much of the text is kept in a plain message, which holds 2,000 characters in all.
/// <https://discord.com/developers/docs/resources/message#create-message>
const PLAIN: usize = 1_500;
/// No preview of links. <https://discord.com/developers/docs/resources/message#message-object-message-flags>
const SUPPRESS_EMBEDS: u64 = 1 << 2;

impl Discord {
    /// A view as a message that can be found again, by Discord for some minutes and by us for ever.
    pub(super) async fn content(&self, delivery: &Delivery, view: &View) -> Value {
        let page = delivery.public_page(&self.muster.org());
        let known = self.people.names(self, view).await.leading_to(page);
        let mut message = render::message(view, &known.names());
        render::marked(&mut message, delivery.key.as_str());
        message
    }

    /// Says it, and should Discord not take it, says it plainly with a link to the whole.
    ///
    /// # Errors
    /// [`ApiError`].
    pub(super) async fn say_somehow(
        &self,
        delivery: &Delivery,
        spot: Spot,
        call: impl Fn(Value) -> Call<'static>,
        message: Value,
    ) -> Result<Value, ApiError> {
        let plain = plainly(&message, &self.link(delivery));
        match self.call_at(spot, call(message)).await {
            Err(error) if error.is(&[code::INVALID_FORM]) => {
                tracing::error!(%error, effect = %delivery.key, "Discord did not take a message; it is said plainly");
                self.call_at(spot, call(plain)).await
            }
            answer => answer,
        }
    }

    /// The console's page about it, with the effect's key behind it.
    pub(super) fn link(&self, delivery: &Delivery) -> String {
        format!("{}#{}", delivery.page(&self.muster.org()), fragment(&delivery.key))
    }
}

/// The message, once: Discord gives back what it has under a nonce for some minutes.
pub(super) fn once(mut message: Value, key: &EffectKey) -> Value {
    message["nonce"] = json!(nonce(key));
    message["enforce_nonce"] = json!(true);
    message
}

/// As many characters as a nonce may have, the same for one effect in every attempt.
fn nonce(key: &EffectKey) -> String {
    let digest = Sha256::digest(key.as_str());
    let mut hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    hex.truncate(NONCE);
    hex
}

/// The title and the link, with nothing that Discord could find fault with. Nobody is pinged.
fn plainly(message: &Value, page: &str) -> Value {
    let card = &message["embeds"][0];
    let text = |name: &str| card[name].as_str().unwrap_or_default().to_owned();
    let text = cut(&format!("{}\n{}", text("title"), text("description")), PLAIN);
    json!({
        "content": format!("{}\n{page}", text.trim()),
        "embeds": [],
        "components": [],
        "flags": SUPPRESS_EMBEDS,
        "allowed_mentions": { "parse": [] },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_message_is_short_pings_nobody_and_leads_to_the_whole() {
        let message = json!({
            "content": "<@7>",
            "embeds": [{ "title": "INC-1", "description": "å".repeat(4_000) }],
            "components": [{}],
            "allowed_mentions": { "parse": [], "users": ["7"] },
        });
        let plain = plainly(&message, "https://muster.example/incidents/INC-1#INC-1-2-0");
        let text = plain["content"].as_str().expect("text");
        assert!(text.starts_with("INC-1\nå") && text.ends_with("#INC-1-2-0") && text.chars().count() < 2_000);
        assert_eq!((&plain["embeds"], &plain["components"]), (&json!([]), &json!([])));
        assert_eq!(plain["allowed_mentions"], json!({ "parse": [] }));
    }

    #[test]
    fn a_nonce_is_the_same_for_one_effect_only_and_as_long_as_it_may_be() {
        let one = nonce(&EffectKey::from("INC-1/2/0"));
        assert_eq!(one.len(), NONCE);
        assert_eq!(one, nonce(&EffectKey::from("INC-1/2/0")));
        assert_ne!(one, nonce(&EffectKey::from("INC-1/2/1")));
    }
}
