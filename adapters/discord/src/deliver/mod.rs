//! Making effects in Discord: one file for each kind.

mod announce;
mod archive;
mod content;
mod failed;
mod find;
mod invite;
mod open;
mod overwrites;
mod page;
mod say;
mod spot;
mod thread;
mod title;
mod voice;

pub(crate) use spot::Channels;

use crate::Discord;
use async_trait::async_trait;
use muster_core::effect::Effect;
use muster_core::ids::PlatformId;
use muster_core::ports::chat::{Chat, Delivery, DeliveryError, Receipt};
use muster_core::view::bulletin;

/// What is recorded of links: an embed's title leads to the console, and Discord has no place for others above a room.
const NO_LINKS: &str = "no links";

#[async_trait]
impl Chat for Discord {
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
            Effect::Spread { .. } => Err(DeliveryError::no_outlet("subscribers", "Discord")),
            Effect::Topic { room, line } => self.topic(delivery, room, line).await,
            Effect::Rename { room, name } => self.rename(delivery, room, name).await,
            Effect::Links { .. } => Ok(Receipt::of(NO_LINKS)),
            Effect::Invite { room, people } => self.invite(delivery, room, people).await,
            Effect::Archive { room } => self.archive(delivery, room).await,
        }
    }
}
