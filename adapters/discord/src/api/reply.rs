//! Answering interactions. Their tokens are all that such a call needs: the bot's own token does not go along, so that
//! a dead one keeps nobody from being answered, and nothing of it counts as an invalid request of the bot.
//! <https://discord.com/developers/docs/interactions/receiving-and-responding#followup-messages>

use super::{Api, ApiError, Call};
use crate::config::Id;
use serde_json::Value;
use serenity::http::Route;
use serenity::model::id::{ApplicationId, InteractionId};

/// Longer tokens than this are none.
const LONGEST: usize = 512;

impl Api {
    /// Answers an interaction that came over the gateway. It must arrive within 3 s.
    /// <https://discord.com/developers/docs/interactions/receiving-and-responding#create-interaction-response>
    ///
    /// # Errors
    /// [`ApiError`]; as a refusal without a call, when the token is none.
    pub(crate) async fn callback(&self, interaction: Id, token: &str, answer: Value) -> Result<(), ApiError> {
        let route = Route::InteractionResponse { interaction_id: InteractionId::new(interaction.max(1)), token };
        self.reply(token, Call::post(route, answer)).await.map(drop)
    }

    /// Changes the first answer to an interaction, or gives it after it was deferred. Works for 15 minutes.
    /// <https://discord.com/developers/docs/interactions/receiving-and-responding#edit-original-interaction-response>
    ///
    /// # Errors
    /// [`ApiError`]; as a refusal without a call, when the token is none.
    pub(crate) async fn edit_original(&self, application: Id, token: &str, message: Value) -> Result<(), ApiError> {
        let application_id = ApplicationId::new(application.max(1));
        let route = Route::WebhookOriginalInteractionResponse { application_id, token };
        self.reply(token, Call::patch(route, message)).await.map(drop)
    }

    /// Says something more to an interaction. Works for 15 minutes.
    /// <https://discord.com/developers/docs/interactions/receiving-and-responding#create-followup-message>
    ///
    /// # Errors
    /// [`ApiError`]; as a refusal without a call, when the token is none.
    pub(crate) async fn follow_up(&self, application: Id, token: &str, message: Value) -> Result<(), ApiError> {
        let application_id = ApplicationId::new(application.max(1));
        let route = Route::WebhookFollowupMessages { application_id, token };
        self.reply(token, Call::post(route, message)).await.map(drop)
    }

    async fn reply(&self, token: &str, call: Call<'_>) -> Result<Value, ApiError> {
        let is_token = |c: u8| c.is_ascii_alphanumeric() || b"-_.~".contains(&c);
        if token.is_empty() || token.len() > LONGEST || !token.bytes().all(is_token) || token.contains("..") {
            return Err(ApiError::unsaid(401));
        }
        let outcome = self.send(&call, None).await.and_then(|answer| answer.judged());
        self.count(&call, outcome.as_ref().err());
        outcome
    }
}
