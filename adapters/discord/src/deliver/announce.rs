//! The announcement: one card in the channel where everybody looks.

use super::failed::{FOR_OPERATOR, failed};
use super::spot::Spot;
use crate::Discord;
use crate::api::{ApiError, code};
use crate::config::Id;
use muster_core::ports::chat::{Delivery, DeliveryError, Receipt};
use muster_core::view::View;

/// What is recorded where nothing is announced.
const NOT_ANNOUNCED: &str = "not announced";
/// The setting, as sentences for operators name it.
const SETTING: &str = "announce";

impl Discord {
    pub(super) async fn announce(&self, delivery: &Delivery, view: &View) -> Result<Receipt, DeliveryError> {
        let Some(channel) = self.config.announce else { return Ok(Receipt::of(NOT_ANNOUNCED)) };
        match self.stand(delivery, Spot::of_others(channel), view).await {
            Ok(shown) => {
                self.api.health().configured(SETTING);
                Ok(Receipt::of(shown.message.to_string()))
            }
            Err(error) if error.is(&[code::UNKNOWN_CHANNEL, code::MISSING_ACCESS]) => {
                Err(self.cannot_announce(channel, &error))
            }
            Err(error) => Err(failed(&error)),
        }
    }

    fn cannot_announce(&self, channel: Id, why: &ApiError) -> DeliveryError {
        let todo = "let Muster's role see it and send messages there, or change `announce` in the config";
        let reason = format!("Discord incidents cannot be announced in the channel {channel} ({why}): {todo}");
        self.api.health().misconfigured(SETTING, reason.clone());
        DeliveryError::Transient { reason, after: Some(FOR_OPERATOR) }
    }
}
