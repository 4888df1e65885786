//! Asking Muster on behalf of somebody in Discord.

use super::payload::Interaction;
use super::text::{self, Known};
use crate::Discord;
use crate::config::Id;
use muster_core::chat::Told;
use muster_core::ids::{IncidentId, RequestId};
use muster_core::inbound::{Actor, Ask, Caller, Handle, Inbound, Place};
use std::sync::Arc;

/// So many users and channels named in one text are looked up.
const LOOKED_UP: usize = 20;

/// Where somebody is.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Spot {
    /// The channel or thread.
    pub(super) channel: Option<Id>,
    /// The channel that it is a thread of.
    pub(super) thread_of: Option<Id>,
}

impl Spot {
    /// Where an interaction was used.
    pub(super) fn of(interaction: &Interaction) -> Self {
        Self { channel: interaction.channel_id, thread_of: interaction.channel.thread_of() }
    }
}

impl Discord {
    /// Asks on behalf of the one who used a command, a button, a form, and waits for the answer however late it is. The
    /// interaction's id names the request for ever, so that it takes effect once.
    pub(super) async fn ask(self: &Arc<Self>, interaction: &Interaction, ask: Ask) -> Told {
        let Some(id) = interaction.id else {
            return Told::Failed("Discord did not say which request this is: try again".to_owned());
        };
        match self.asker(interaction).await {
            Ok(handle) => self.ask_as(handle, Spot::of(interaction), id.to_string(), ask).await,
            Err(told) => told,
        }
    }

    /// Asks on behalf of a member. `request` names what they did for ever.
    pub(super) async fn ask_as(self: &Arc<Self>, handle: Handle, spot: Spot, request: String, ask: Ask) -> Told {
        let inbound = Inbound {
            caller: Caller::Handle(handle),
            place: self.place(spot).await,
            request: RequestId::new(request),
            ask,
        };
        self.muster.ask(inbound).await
    }

    /// A place as Muster knows it. A thread of a room belongs to the room, unless it is one itself.
    pub(super) async fn place(&self, spot: Spot) -> Place {
        let channel = match (spot.channel, spot.thread_of) {
            (Some(thread), Some(parent)) if self.incident_in(thread).await.is_none() => Some(parent),
            (channel, _) => channel,
        };
        let address = channel.map(|channel| channel.to_string());
        Place { platform: crate::platform(), incident: None, address, forms: true }
    }

    /// The incident whose room a channel is.
    pub(super) async fn incident_in(&self, channel: Id) -> Option<IncidentId> {
        self.muster.incident_in(&crate::platform(), &channel.to_string()).await
    }

    /// A text as its author meant it. `name` says what a user is called in it.
    pub(super) async fn meant(&self, text: &str, name: fn(&Actor) -> Option<String>) -> String {
        if !text.contains('<') {
            return text.to_owned();
        }
        text::meant(text, &self.known(text, name).await)
    }

    /// What is known of the users, channels and roles that a text names.
    pub(super) async fn known(&self, text: &str, name: fn(&Actor) -> Option<String>) -> Known {
        let (users, channels) = text::named(text, LOOKED_UP);
        let users = users.into_iter().map(async |id| {
            let name = self.named(id).await.as_ref().and_then(name);
            name.map(|name| (id, name))
        });
        let rooms = channels.into_iter().map(async |id| {
            let incident = self.incident_in(id).await;
            incident.map(|incident| (id, incident.to_string()))
        });
        let (users, rooms) = futures::join!(futures::future::join_all(users), futures::future::join_all(rooms));
        let org = self.muster.org();
        let ours = org.groups.iter().filter(|rule| rule.platform == crate::platform());
        let teams = ours.filter_map(|rule| Some((rule.group.parse().ok()?, rule.team.clone()?)));
        Known {
            users: users.into_iter().flatten().collect(),
            rooms: rooms.into_iter().flatten().collect(),
            teams: teams.collect(),
        }
    }
}
