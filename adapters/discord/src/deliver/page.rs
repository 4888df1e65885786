//! Pages and bulletins: a message to one person, or in a channel. Who is not there was not reached.

use super::failed::failed;
use super::spot::Spot;
use crate::Discord;
use muster_core::effect::Recipient;
use muster_core::ports::chat::{Delivery, DeliveryError, Receipt};
use muster_core::view::View;

impl Discord {
    pub(super) async fn page(
        &self,
        delivery: &Delivery,
        to: &Recipient,
        view: &View,
    ) -> Result<Receipt, DeliveryError> {
        match to {
            Recipient::Person { person, .. } => {
                let told = self.tell_alone(delivery, person, view).await?;
                told.reached().ok_or_else(|| DeliveryError::nobody(person, "Discord"))
            }
            Recipient::Channel { address } => {
                let Ok(channel) = address.parse() else {
                    let reason = format!("`{address}` is not the id of a channel of Discord");
                    return Err(DeliveryError::Permanent { reason });
                };
                let said = self.say_once(delivery, Spot::of_others(channel), view).await;
                said.map(|message| Receipt::of(message.to_string())).map_err(|error| failed(&error))
            }
            Recipient::Outlet { name } => Err(DeliveryError::no_outlet(name, "Discord")),
        }
    }
}
