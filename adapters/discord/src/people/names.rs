//! What rendering must know of the people and incidents that a view names, asked for beforehand.

use super::People;
use crate::Discord;
use crate::config::Id;
use crate::render::Names;
use futures::future::join_all;
use muster_core::chat::named::Named;
use muster_core::ids::{IncidentId, PersonId};
use muster_core::view::View;
use std::collections::HashMap;
use std::time::Duration;

/// How long a message waits for the store to say who is who. Whom it cannot tell in time is shown by name.
const WAIT: Duration = Duration::from_millis(1_200);

type UserOf = dyn Fn(&PersonId) -> Option<Id> + Send + Sync;
type ChannelOf = dyn Fn(IncidentId) -> Option<Id> + Send + Sync;

/// What is known of those that a view names.
pub(crate) struct Known {
    user: Box<UserOf>,
    channel: Box<ChannelOf>,
    guild: Id,
    console_url: String,
}

impl Known {
    /// As rendering wants it.
    pub(crate) fn names(&self) -> Names<'_> {
        Names { user: &*self.user, channel: &*self.channel, guild: self.guild, console_url: &self.console_url }
    }

    /// The same for a view whose whole is to be read at that address: customers are not led to the console.
    pub(crate) fn leading_to(self, page: Option<String>) -> Self {
        match page {
            Some(console_url) => Self { console_url, ..self },
            None => self,
        }
    }
}

impl People {
    /// What is known of those that a view names.
    pub(crate) async fn names(&self, discord: &Discord, view: &View) -> Known {
        let named = Named::of(view);
        let user = async |person: PersonId| {
            let user = self.user_of(&person).await.ok().flatten();
            user.map(|user| (person, user))
        };
        let channel = async |incident: IncidentId| {
            let channel = self.addresses.room_of(incident).await?.parse().ok()?;
            Some((incident, channel))
        };
        let users = tokio::time::timeout(WAIT, join_all(named.people.into_iter().map(user)));
        let channels = tokio::time::timeout(WAIT, join_all(named.incidents.into_iter().map(channel)));
        let (users, channels) = tokio::join!(users, channels);
        let users: HashMap<_, _> = users.unwrap_or_default().into_iter().flatten().collect();
        let channels: HashMap<_, _> = channels.unwrap_or_default().into_iter().flatten().collect();
        Known {
            user: Box::new(move |person| users.get(person).copied()),
            channel: Box::new(move |incident| channels.get(&incident).copied()),
            guild: discord.config.guild,
            console_url: self.muster.org().console_url.clone(),
        }
    }
}
