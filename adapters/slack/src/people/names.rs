//! What rendering must know of the people and incidents that a view names, asked for beforehand.

use super::People;
use crate::Slack;
use crate::render::Names;
use chrono_tz::Tz;
use futures::future::join_all;
use muster_core::chat::named::Named;
use muster_core::ids::{IncidentId, PersonId};
use muster_core::view::View;
use std::collections::HashMap;

type UserOf = dyn Fn(&PersonId) -> Option<String> + Send + Sync;
type ChannelOf = dyn Fn(IncidentId) -> Option<String> + Send + Sync;

/// What is known of those that a view names.
pub(crate) struct Known {
    user: Box<UserOf>,
    channel: Box<ChannelOf>,
    workspace_url: Option<String>,
    command: String,
    console_url: String,
    zone: Tz,
}

impl Known {
    /// As rendering wants it.
    pub(crate) fn names(&self) -> Names<'_> {
        Names {
            user: &*self.user,
            channel: &*self.channel,
            workspace_url: self.workspace_url.as_deref(),
            command: &self.command,
            console_url: &self.console_url,
            zone: self.zone,
        }
    }

    /// The same, times in this zone.
    pub(crate) fn in_zone(self, zone: Tz) -> Self {
        Self { zone, ..self }
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
    /// What is known of those that a view names. Whom Slack cannot tell in time is shown by name.
    pub(crate) async fn names(&self, slack: &Slack, view: &View) -> Known {
        let named = Named::of(view);
        let user = async |person: PersonId| {
            let user = self.user_of(&slack.api, &person).await.ok().flatten();
            user.map(|user| (person, user))
        };
        let channel = async |id: IncidentId| self.addresses.room_of(id).await.map(|channel| (id, channel));
        let users = tokio::time::timeout(super::WAIT, join_all(named.people.into_iter().map(user)));
        let (users, channels) = tokio::join!(users, join_all(named.incidents.into_iter().map(channel)));
        let users: HashMap<_, _> = users.unwrap_or_default().into_iter().flatten().collect();
        let channels: HashMap<_, _> = channels.into_iter().flatten().collect();
        Known {
            user: Box::new(move |person| users.get(person).cloned()),
            channel: Box::new(move |incident| channels.get(&incident).cloned()),
            workspace_url: slack.api.me().map(|me| me.url.trim_end_matches('/').to_owned()),
            command: slack.config.command.clone(),
            console_url: self.muster.org().console_url.clone(),
            zone: Tz::UTC,
        }
    }
}
