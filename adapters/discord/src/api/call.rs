//! A call as we mean it: a method, a place, and what goes with it.

use crate::config::{API_URL, Id};
use muster_core::ids::IncidentId;
use serde_json::Value;
use serenity::http::{LightMethod, Route};
use serenity::model::Permissions;
use serenity::model::id::{ChannelId, GuildId, MessageId, UserId};

/// One call. Its ids are what Discord or a config said; the SDK refuses 0, so that becomes 1, which nothing is called by.
#[derive(Debug, Clone)]
pub(crate) struct Call<'a> {
    pub(super) method: LightMethod,
    pub(super) route: Route<'a>,
    path: Option<String>,
    pub(super) query: Vec<(&'static str, String)>,
    pub(super) body: Option<Value>,
    pub(super) reason: Option<IncidentId>,
    pub(super) part: &'static str,
    pub(super) needs: Permissions,
}

impl<'a> Call<'a> {
    fn new(method: LightMethod, route: Route<'a>, body: Option<Value>) -> Self {
        let needs = Permissions::empty();
        Self { method, route, path: None, query: Vec::new(), body, reason: None, part: "", needs }
    }

    /// Reads.
    pub(crate) fn get(route: Route<'a>) -> Self {
        Self::new(LightMethod::Get, route, None)
    }

    /// Makes.
    pub(crate) fn post(route: Route<'a>, body: Value) -> Self {
        Self::new(LightMethod::Post, route, Some(body))
    }

    /// Changes.
    pub(crate) fn patch(route: Route<'a>, body: Value) -> Self {
        Self::new(LightMethod::Patch, route, Some(body))
    }

    /// Sets.
    pub(crate) fn put(route: Route<'a>, body: Option<Value>) -> Self {
        Self::new(LightMethod::Put, route, body)
    }

    /// Takes away.
    pub(crate) fn delete(route: Route<'a>) -> Self {
        Self::new(LightMethod::Delete, route, None)
    }

    /// The same at a path that the SDK has no route for; what it gave is the route whose limits count.
    pub(crate) fn at(mut self, path: String) -> Self {
        self.path = Some(path);
        self
    }

    /// The same with one more thing in the address: a number or a word, nothing that anybody typed.
    pub(crate) fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.query.push((name, value.to_string()));
        self
    }

    /// The same, telling the server's audit log for which incident.
    /// <https://discord.com/developers/docs/resources/audit-log>
    pub(crate) fn because(mut self, incident: Option<IncidentId>) -> Self {
        self.reason = incident;
        self
    }

    /// The same, limited by itself: Discord lets a channel's name be changed twice in 10 minutes, its topic as often, and
    /// everything else about it more freely. <https://github.com/discord/discord-api-docs/issues/2190>
    pub(crate) fn limited_as(mut self, part: &'static str) -> Self {
        self.part = part;
        self
    }

    /// The same, saying which permissions it takes, for the operator who has not given them.
    pub(crate) fn needing(mut self, needs: Permissions) -> Self {
        self.needs = needs;
        self
    }

    /// What the SDK calls the route, for counting.
    pub(super) fn name(&self) -> String {
        let name = format!("{:?}", self.route);
        name.split([' ', '{']).next().unwrap_or_default().to_owned()
    }

    /// The path below Discord's address.
    pub(super) fn path(&self) -> String {
        match &self.path {
            Some(path) => format!("/api/v10{path}"),
            None => self.route.path().trim_start_matches(API_URL).to_owned(),
        }
    }

    /// Whether a refusal may be about the one it is about: that says nothing of the next one.
    pub(super) fn is_about_somebody(&self) -> bool {
        matches!(self.route, Route::ChannelThreadMember { .. })
    }

    /// The channel it is about, if it is about one.
    pub(super) fn channel(&self) -> Option<Id> {
        let path = self.path();
        let mut parts = path.split('/').skip_while(|part| *part != "channels");
        parts.nth(1)?.parse().ok()
    }

    /// Whether only one who is in the server can make it.
    pub(super) fn is_in_server(&self) -> bool {
        self.channel().is_some() || self.path().contains("/guilds/")
    }
}

/// A channel, as routes want it.
pub(crate) fn channel(id: Id) -> ChannelId {
    ChannelId::new(id.max(1))
}

/// A server, as routes want it.
pub(crate) fn guild(id: Id) -> GuildId {
    GuildId::new(id.max(1))
}

/// A user, as routes want it.
pub(crate) fn user(id: Id) -> UserId {
    UserId::new(id.max(1))
}

/// A message, as routes want it.
pub(crate) fn message(id: Id) -> MessageId {
    MessageId::new(id.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_knows_its_path_its_name_and_its_channel() {
        let call = Call::get(Route::ChannelMessage { channel_id: channel(7), message_id: message(9) });
        assert_eq!(
            (call.path().as_str(), call.name().as_str(), call.channel()),
            ("/api/v10/channels/7/messages/9", "ChannelMessage", Some(7))
        );
        let pin = call.at("/channels/7/messages/pins/9".to_owned());
        assert_eq!((pin.path().as_str(), pin.channel()), ("/api/v10/channels/7/messages/pins/9", Some(7)));
        let all = Call::get(Route::GuildChannels { guild_id: guild(0) });
        assert_eq!((all.path().as_str(), all.channel()), ("/api/v10/guilds/1/channels", None));
    }
}
