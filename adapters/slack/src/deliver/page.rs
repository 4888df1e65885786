//! Pages and bulletins: a message to one person, or in a channel. Who is not there was not reached.

use super::failed::failed;
use super::spot::Spot;
use crate::Slack;
use muster_core::effect::Recipient;
use muster_core::ports::chat::{Delivery, DeliveryError, Receipt};
use muster_core::view::View;

impl Slack {
    pub(super) async fn page(
        &self,
        delivery: &Delivery,
        to: &Recipient,
        view: &View,
    ) -> Result<Receipt, DeliveryError> {
        match to {
            Recipient::Person { person, .. } => {
                let told = self.tell_alone(delivery, person, view).await?;
                told.reached().ok_or_else(|| DeliveryError::nobody(person, "Slack"))
            }
            Recipient::Channel { address } => {
                let said = self.say(delivery, &Spot::of_others(address.clone()), view).await;
                said.map(Receipt::of).map_err(|error| failed(&error))
            }
            Recipient::Outlet { name } => Err(DeliveryError::no_outlet(name, "Slack")),
        }
    }
}
