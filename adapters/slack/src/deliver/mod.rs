//! Making effects in Slack: one file for each kind.

mod announce;
mod archive;
mod content;
mod failed;
mod find;
mod invite;
mod links;
mod open;
mod page;
mod say;
mod spot;
mod title;

pub(crate) use announce::Channels;
pub(crate) use failed::failed;

use crate::Slack;
use async_trait::async_trait;
use muster_core::effect::Effect;
use muster_core::ids::PlatformId;
use muster_core::ports::chat::{Chat, Delivery, DeliveryError, Receipt};
use muster_core::view::bulletin;

#[async_trait]
impl Chat for Slack {
    fn platform(&self) -> PlatformId {
        crate::platform()
    }

    async fn deliver(&self, delivery: &Delivery) -> Result<Receipt, DeliveryError> {
        match &delivery.effect {
            Effect::Post { room, view } => self.post(delivery, room, view).await,
            Effect::Tell { person, view, .. } => self.tell_alone(delivery, person, view).await,
            Effect::Open { plan, .. } => self.open_room(delivery, plan).await,
            Effect::Headline { room, view } => self.headline(delivery, room, view).await,
            Effect::Card { room, view, .. } => self.card(delivery, room, view).await,
            Effect::Page { to, notice, .. } => self.page(delivery, to, &notice.view).await,
            Effect::Announce { view, .. } => self.announce(delivery, view).await,
            Effect::Publish { to, bulletin, .. } => {
                self.page(delivery, to, &bulletin::view(bulletin, &self.muster.org())).await
            }
            Effect::Spread { .. } => Err(DeliveryError::no_outlet("subscribers", "Slack")),
            Effect::Topic { room, line } => self.topic(room, line).await,
            Effect::Rename { room, name } => self.rename(room, name).await,
            Effect::Links { room, links } => self.links(delivery, room, links).await,
            Effect::Invite { room, people } => self.invite(room, people).await,
            Effect::Archive { room } => self.archive(room).await,
        }
    }
}
