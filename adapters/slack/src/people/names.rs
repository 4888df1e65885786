//! What rendering must know of the people and incidents that a view names, asked for beforehand.

use super::People;
use crate::Slack;
use crate::render::Names;
use chrono::TimeDelta;
use chrono_tz::Tz;
use futures::future::join_all;
use muster_core::ids::{IncidentId, PersonId};
use muster_core::view::{Line, Section, Span, View};
use std::collections::{BTreeSet, HashMap};

/// How long it is remembered which channel is an incident's room.
const ROOM_FOR: TimeDelta = TimeDelta::minutes(1);

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
}

impl People {
    /// What is known of those that a view names. Whom Slack cannot tell in time is shown by name.
    pub(crate) async fn names(&self, slack: &Slack, view: &View) -> Known {
        let mut named = Named::default();
        named.read(view);
        let user = async |person: PersonId| {
            let user = self.user_of(&slack.api, &person).await.ok().flatten();
            user.map(|user| (person, user))
        };
        let channel = async |id: IncidentId| self.channel_of(id).await.map(|channel| (id, channel));
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

    /// An incident has a room that everybody may find.
    pub(crate) fn found_room(&self, incident: IncidentId, channel: &str) {
        self.rooms.keep(incident, channel.to_owned(), self.muster.now() + ROOM_FOR);
    }

    /// The room of an incident, if everybody may find it: who reads a message is not known when it is written.
    async fn channel_of(&self, incident: IncidentId) -> Option<String> {
        if let Some(known) = self.rooms.fresh(&incident, self.muster.now()) {
            return Some(known);
        }
        let room = self.muster.room_on(&crate::platform(), incident).await.ok().flatten()?;
        let address = Some(room.address).filter(|_| !room.private)?;
        self.found_room(incident, &address);
        Some(address)
    }
}

/// Whom and what a view names. Only those who are to be notified are shown by more than their name.
#[derive(Default)]
struct Named {
    people: BTreeSet<PersonId>,
    incidents: BTreeSet<IncidentId>,
}

impl Named {
    fn read(&mut self, view: &View) {
        self.line(&view.title);
        for section in &view.sections {
            match section {
                Section::Text(line) => self.line(line),
                Section::Fields(fields) => fields.iter().for_each(|field| self.line(&field.value)),
                Section::List(items) => items.iter().for_each(|item| self.line(&item.line)),
                Section::Heading(_) | Section::Code(_) => {}
            }
        }
        self.line(&view.footer);
    }

    fn line(&mut self, line: &Line) {
        for span in line {
            match span {
                Span::Mention { id, .. } => drop(self.people.insert(id.clone())),
                Span::Incident(id) => drop(self.incidents.insert(*id)),
                Span::Text(_)
                | Span::Strong(_)
                | Span::Code(_)
                | Span::Command(_)
                | Span::Person { .. }
                | Span::Time { .. }
                | Span::Link { .. } => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use muster_core::view::{Tone, text};

    #[test]
    fn those_who_are_to_be_notified_are_found_wherever_they_are_named() {
        let mention = |id: &str| Span::Mention { id: PersonId::from(id), name: id.to_owned() };
        let view = View::titled(Tone::Neutral, vec![mention("alice"), Span::Incident(IncidentId(1))])
            .with(Section::Text(vec![text("with "), mention("bob")]))
            .with(Section::Text(vec![Span::Person { id: PersonId::from("carol"), name: "Carol".into() }]))
            .footed(vec![mention("dave"), mention("alice"), Span::Incident(IncidentId(2))]);
        let mut named = Named::default();
        named.read(&view);
        assert_eq!(named.people, ["alice", "bob", "dave"].map(PersonId::from).into());
        assert_eq!(named.incidents, [1, 2].map(IncidentId).into());
    }
}
