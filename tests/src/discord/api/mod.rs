//! The routes of the REST API, and what each does to the guild.

mod channels;
mod commands;
mod interactions;
mod messages;
mod overwrites;
mod people;
mod pins;
mod reactions;
mod threads;

use super::ask::Ask;
use super::refused::Answer;
use super::state::State;
use std::collections::BTreeMap;

pub(super) use channels::{fresh, gone, normal};
pub(super) use pins::set_pin;
pub(super) use reactions::react;

/// What a route does.
type Does = fn(&mut State, &Ask) -> Answer;

/// A route.
#[derive(Clone, Copy)]
pub(super) struct Route {
    /// `GET`.
    pub(super) method: &'static str,
    /// As Discord's description writes it: `/channels/{channel_id}`.
    pub(super) path: &'static str,
    pub(super) does: Does,
}

/// Method, path, and what is done. What is narrower comes first.
const ROUTES: &[(&str, &str, Does)] = &[
    ("GET", "/users/@me", people::me),
    ("POST", "/users/@me/channels", people::open_direct),
    ("GET", "/users/@me/guilds", people::guilds),
    ("GET", "/users/{user_id}", people::user),
    ("GET", "/applications/@me", people::application),
    ("GET", "/oauth2/applications/@me", people::application),
    ("GET", "/gateway", people::gateway),
    ("GET", "/gateway/bot", people::gateway_bot),
    ("GET", "/guilds/{guild_id}", people::guild),
    ("GET", "/guilds/{guild_id}/roles", people::roles),
    ("GET", "/guilds/{guild_id}/members/search", people::search),
    ("GET", "/guilds/{guild_id}/members/{user_id}", people::member),
    ("GET", "/guilds/{guild_id}/members", people::members),
    ("GET", "/guilds/{guild_id}/channels", channels::list),
    ("POST", "/guilds/{guild_id}/channels", channels::create),
    ("GET", "/guilds/{guild_id}/threads/active", threads::active),
    ("GET", "/channels/{channel_id}", channels::get),
    ("PATCH", "/channels/{channel_id}", channels::patch),
    ("DELETE", "/channels/{channel_id}", channels::delete),
    ("PUT", "/channels/{channel_id}/permissions/{overwrite_id}", overwrites::put),
    ("DELETE", "/channels/{channel_id}/permissions/{overwrite_id}", overwrites::delete),
    ("GET", "/channels/{channel_id}/messages/pins", pins::list),
    ("PUT", "/channels/{channel_id}/messages/pins/{message_id}", pins::put),
    ("DELETE", "/channels/{channel_id}/messages/pins/{message_id}", pins::delete),
    ("GET", "/channels/{channel_id}/messages", messages::list),
    ("POST", "/channels/{channel_id}/messages", messages::post),
    ("GET", "/channels/{channel_id}/messages/{message_id}", messages::get),
    ("PATCH", "/channels/{channel_id}/messages/{message_id}", messages::patch),
    ("DELETE", "/channels/{channel_id}/messages/{message_id}", messages::delete),
    ("PUT", "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me", reactions::put),
    ("DELETE", "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me", reactions::delete),
    ("GET", "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}", reactions::list),
    ("POST", "/channels/{channel_id}/messages/{message_id}/threads", threads::from_message),
    ("POST", "/channels/{channel_id}/threads", threads::create),
    ("GET", "/channels/{channel_id}/threads/archived/public", threads::archived),
    ("GET", "/channels/{channel_id}/thread-members", threads::members),
    ("PUT", "/channels/{channel_id}/thread-members/@me", threads::join),
    ("DELETE", "/channels/{channel_id}/thread-members/@me", threads::leave),
    ("PUT", "/channels/{channel_id}/thread-members/{user_id}", threads::add),
    ("DELETE", "/channels/{channel_id}/thread-members/{user_id}", threads::remove),
    ("POST", "/channels/{channel_id}/typing", messages::typing),
    ("GET", "/applications/{application_id}/commands", commands::list),
    ("PUT", "/applications/{application_id}/commands", commands::put),
    ("POST", "/applications/{application_id}/commands", commands::post),
    ("DELETE", "/applications/{application_id}/commands/{command_id}", commands::delete),
    ("GET", "/applications/{application_id}/guilds/{guild_id}/commands", commands::list),
    ("PUT", "/applications/{application_id}/guilds/{guild_id}/commands", commands::put),
    ("POST", "/applications/{application_id}/guilds/{guild_id}/commands", commands::post),
    ("DELETE", "/applications/{application_id}/guilds/{guild_id}/commands/{command_id}", commands::delete),
    ("POST", "/interactions/{interaction_id}/{interaction_token}/callback", interactions::callback),
    ("POST", "/webhooks/{webhook_id}/{webhook_token}", interactions::follow_up),
    ("GET", "/webhooks/{webhook_id}/{webhook_token}/messages/@original", interactions::get),
    ("PATCH", "/webhooks/{webhook_id}/{webhook_token}/messages/@original", interactions::patch),
    ("DELETE", "/webhooks/{webhook_id}/{webhook_token}/messages/@original", interactions::delete),
    ("GET", "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}", interactions::get),
    ("PATCH", "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}", interactions::patch),
    ("DELETE", "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}", interactions::delete),
];

impl Route {
    /// Method and path without names, as calls and faults write it: `GET /channels/{}`.
    pub(super) fn short(&self) -> String {
        let steps = self.path.split('/').skip(1).map(|step| if step.starts_with('{') { "{}" } else { step });
        format!("{} /{}", self.method, steps.collect::<Vec<_>>().join("/"))
    }

    /// Whether it takes no bot's token: what stands in its path is enough.
    /// <https://docs.discord.com/developers/interactions/receiving-and-responding#endpoints>
    pub(super) fn is_by_token(&self) -> bool {
        self.path.starts_with("/interactions") || self.path.starts_with("/webhooks") || self.path == "/gateway"
    }
}

/// The route of a path, and what stands in its places.
pub(super) fn find(method: &str, path: &str) -> Option<(Route, BTreeMap<&'static str, String>)> {
    let given: Vec<_> = path.split('/').collect();
    let named = |step: &'static str| step.strip_prefix('{').and_then(|step| step.strip_suffix('}'));
    ROUTES.iter().find_map(|(known, pattern, does)| {
        let steps: Vec<&'static str> = pattern.split('/').collect();
        let fits = steps.len() == given.len()
            && steps.iter().zip(&given).all(|(step, given)| named(step).is_some() || step == given);
        if *known != method || !fits {
            return None;
        }
        let places = steps.iter().zip(&given).filter_map(|(step, given)| Some((named(step)?, decoded(given))));
        Some((Route { method: known, path: pattern, does: *does }, places.collect()))
    })
}

/// A step of a path without its percent signs.
fn decoded(step: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = step.as_bytes();
    while let Some((first, others)) = rest.split_first() {
        let hex = others.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        let byte = hex.filter(|_| *first == b'%').and_then(|hex| u8::from_str_radix(hex, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &others[2..] } else { others };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
