//! What comes from Discord, over the gateway or HTTP: both ways end in [`Discord::take`], which answers in time whatever
//! happens behind it.

mod ack;
mod ask;
mod back;
mod event;
mod gateway;
mod http;
mod kept;
mod member;
mod payload;
mod press;
mod quote;
mod react;
mod slash;
mod submit;
mod suggest;
mod text;

use crate::Discord;
use crate::api::{ApiError, code};
use crate::config::{ConfigError, DiscordConfig, Id};
use ack::Ack;
use back::Back;
use kept::Kept;
use muster_core::chat::cache::Cache;
use muster_core::inbound::Handle;
use payload::Interaction;
use serde_json::Value;
use serenity::interactions_endpoint::Verifier;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

/// The kinds of interactions.
/// <https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object-interaction-type>
const PING: u64 = 1;
const COMMAND: u64 = 2;
const PRESS: u64 = 3;
const TYPING: u64 = 4;
const FORM: u64 = 5;

/// How long one attempt at answering may take, and the pause before the next: with what goes before, both are over
/// within the 3 s that Discord waits.
const ATTEMPT: Duration = Duration::from_millis(1_100);
const AGAIN: [Duration; 1] = [Duration::from_millis(50)];

/// What is kept in mind of those who are heard.
pub(crate) struct Hearing {
    kept: Kept,
    members: Cache<Id, Option<Handle>>,
    verifier: Option<Verifier>,
}

impl Hearing {
    /// Nobody has been heard yet.
    ///
    /// # Errors
    /// When the public key is none.
    pub(crate) fn new(config: &DiscordConfig) -> Result<Self, ConfigError> {
        let key = config.public_key.as_deref();
        let verifier = key.map(|key| http::verifier(key).ok_or(ConfigError::PublicKey)).transpose()?;
        Ok(Self { kept: Kept::default(), members: Cache::new(), verifier })
    }
}

impl Discord {
    /// Does what is asked and answers in time.
    async fn take(self: &Arc<Self>, interaction: Interaction) -> Ack {
        match interaction.kind {
            PING => Ack::Pong,
            COMMAND => self.command(interaction).await,
            PRESS => self.pressed(interaction).await,
            TYPING => self.suggestions(interaction).await,
            FORM => self.submitted(interaction).await,
            _ => self.not_understood(Back::of(&interaction), "Muster does not know what this is").await,
        }
    }

    /// Answers an interaction that came over the gateway, and goes on with it after that.
    async fn answer(self: &Arc<Self>, interaction: Interaction) {
        let (back, id, token) = (Back::of(&interaction), interaction.id.unwrap_or_default(), interaction.token.clone());
        let ack = self.take(interaction).await;
        match self.acknowledge(id, &token, ack.body()).await {
            Ok(()) => {
                if let Some(rest) = ack.rest() {
                    rest.await;
                }
            }
            Err(error) => {
                metrics::counter!("muster_discord_unanswered_total").increment(1);
                tracing::warn!(%error, "Discord takes no answer to an interaction any more");
                self.say_late(&back, ack).await;
            }
        }
    }

    /// Gives the first answer. One whose fate is unknown is given again: Discord takes the first.
    async fn acknowledge(&self, id: Id, token: &str, answer: Value) -> Result<(), ApiError> {
        let mut pauses = AGAIN.iter();
        loop {
            let given = timeout(ATTEMPT, self.api.callback(id, token, answer.clone())).await;
            let given = given.unwrap_or_else(|_| Err(ApiError::Ambiguous("no answer in time".to_owned())));
            let pause = match &given {
                Err(error) if error.is(&[code::ALREADY_ACKNOWLEDGED]) => return Ok(()),
                Err(ApiError::Ambiguous(_) | ApiError::Down(_) | ApiError::RateLimited { .. }) => pauses.next(),
                Ok(()) | Err(ApiError::Refused(_)) => None,
            };
            let Some(pause) = pause else { return given };
            tokio::time::sleep(*pause).await;
        }
    }

    /// Waits for what goes on after Discord has been answered, for up to 5 s.
    pub async fn finish(&self) {
        self.inbox.finish().await;
    }
}
