//! Where the gateway is, and how often a session may still be begun.

use super::{Api, ApiError, Call, part};
use serenity::http::Route;
use std::time::Duration;

/// What Discord tells of its gateway. <https://discord.com/developers/docs/events/gateway#get-gateway-bot>
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Gateway {
    /// Its address.
    pub(crate) url: String,
    /// So many sessions may still be begun.
    pub(crate) remaining: u64,
    /// When there are as many again as there were.
    pub(crate) reset_after: Duration,
}

impl Api {
    /// Where the gateway is.
    ///
    /// # Errors
    /// [`ApiError`].
    pub(crate) async fn gateway(&self) -> Result<Gateway, ApiError> {
        let answer = self.call(Call::get(Route::GatewayBot)).await?;
        let limit = &answer["session_start_limit"];
        Ok(Gateway {
            url: part::text(&answer, "url")?.to_owned(),
            remaining: limit["remaining"].as_u64().unwrap_or(1),
            reset_after: Duration::from_millis(limit["reset_after"].as_u64().unwrap_or_default()),
        })
    }
}
