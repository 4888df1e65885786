//! Asking Muster on behalf of somebody in Slack.

use super::text::{Known, named};
use crate::Slack;
use crate::people::Asker;
use muster_core::chat::Told;
use muster_core::ids::{IncidentId, RequestId};
use muster_core::inbound::{Actor, Ask, Caller, Handle, Inbound, Place};
use std::sync::Arc;

/// So many users and channels named in one text are looked up.
const LOOKED_UP: usize = 20;

/// Who asks, from where, for what.
#[derive(Debug, Clone)]
pub(super) struct Asking {
    /// Their user id.
    pub(super) user: String,
    /// The name Slack gave for them with the request.
    pub(super) shown: String,
    /// The channel they are in, if they are in one.
    pub(super) channel: Option<String>,
    /// Names this request for ever, so that it takes effect once.
    pub(super) request: String,
    /// What they ask.
    pub(super) ask: Ask,
}

impl Slack {
    /// Asks, and waits for the answer however late it is.
    pub(super) async fn ask(&self, asking: Asking) -> Told {
        // Without its name nothing can be done once, and without theirs on nobody's behalf.
        if asking.user.is_empty() || asking.request.is_empty() {
            metrics::counter!("muster_slack_incomplete_total").increment(1);
            return Told::Ignored;
        }
        match self.people.handle(&self.api, &asking.user, &asking.shown).await {
            Asker::Person(handle) => self.ask_as(handle, asking).await,
            Asker::Ignored(why) => {
                tracing::debug!(why, "a request of a machine is ignored");
                Told::Ignored
            }
        }
    }

    async fn ask_as(&self, handle: Handle, asking: Asking) -> Told {
        let inbound = Inbound {
            caller: Caller::Handle(handle),
            place: self.place(asking.channel),
            request: RequestId::new(asking.request),
            ask: asking.ask,
        };
        self.muster.ask(inbound).await
    }

    fn place(&self, channel: Option<String>) -> Place {
        Place { platform: crate::platform(), incident: None, address: channel, forms: true }
    }

    /// The incident whose room a channel is.
    pub(super) async fn incident_in(&self, channel: &str) -> Option<IncidentId> {
        self.muster.incident_in(&crate::platform(), channel).await
    }

    /// A user of Slack as Muster knows them; nobody if they are a machine.
    pub(super) async fn actor(&self, user: &str) -> Option<Actor> {
        let Asker::Person(handle) = self.people.handle(&self.api, user, "").await else { return None };
        self.muster.recognise(handle).await
    }

    /// What is known of the users and channels that a text names. `name` says what a user is called in it.
    pub(super) async fn known(self: &Arc<Self>, text: &str, name: fn(&Actor) -> Option<String>) -> Known {
        let (users, channels) = named(text, LOOKED_UP);
        let users = users.into_iter().map(async |id| {
            let name = self.actor(&id).await.as_ref().and_then(name);
            name.map(|name| (id, name))
        });
        let channels = channels.into_iter().map(async |id| {
            let incident = self.incident_in(&id).await;
            incident.map(|incident| (id, incident.to_string()))
        });
        let (users, rooms) = futures::join!(futures::future::join_all(users), futures::future::join_all(channels));
        Known { users: users.into_iter().flatten().collect(), rooms: rooms.into_iter().flatten().collect() }
    }
}
