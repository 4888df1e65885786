//! What is wrong with the connection to a server, and what to do about it.

use crate::api::{ApiError, Call, Me, guild, part, user};
use crate::config::Id;
use crate::permissions::{self, Permission};
use crate::{Discord, Rooms};
use muster_core::chat::finding::Finding;
use muster_core::clock::Timestamp;
use serde_json::Value;
use serenity::http::Route;
use serenity::model::Permissions;

/// The application reads what people write: switched on for a bot that is in few servers, or verified.
/// <https://discord.com/developers/docs/resources/application#application-object-application-flags>
const READS_MESSAGES: u64 = (1 << 18) | (1 << 19);
/// Channels of a category. <https://discord.com/developers/docs/resources/channel#channel-object-channel-types>
const IN_CATEGORY: usize = 50;
/// Channels of a server. <https://discord.com/developers/docs/resources/guild#create-guild-channel>
const IN_SERVER: usize = 500;
/// So many places left are worth a word.
const FEW: usize = 10;

/// The server as it is now.
struct Server {
    name: String,
    roles: Vec<Value>,
    ours: Vec<Id>,
    channels: Vec<Value>,
}

/// Discord does not say which application we are.
#[derive(Debug, thiserror::Error)]
#[error("Discord does not say which application the token belongs to: {0}")]
pub struct NotKnown(String);

impl Discord {
    /// The address at which somebody who manages the server brings Muster in.
    ///
    /// # Errors
    /// When Discord does not say which application we are.
    pub async fn invite_url(&self) -> Result<String, NotKnown> {
        let me = self.api.who_am_i().await.map_err(|error| NotKnown(error.to_string()))?;
        Ok(permissions::invite_url(me.application, &self.config))
    }

    /// Looks at everything that can be looked at without changing anything; `now` is the machine's time.
    pub async fn doctor(&self, now: Timestamp) -> Vec<Finding> {
        let time = match self.api.call_for_time(Call::get(Route::UserMe)).await {
            Ok((_, time)) => time,
            Err(error) => return vec![self.no_access(&error)],
        };
        let me = match self.api.ask_who_i_am().await {
            Ok(me) => me,
            Err(error) => return vec![self.no_access(&error)],
        };
        let mut findings = vec![Finding::fine(format!("Discord knows us as {}", me.name))];
        findings.push(Finding::of_clock("Discord", time, now));
        match self.server(&me).await {
            Ok(server) => findings.extend(self.look_at(&server, &me)),
            Err(error) => {
                let what = format!("We cannot look into the server {}: {error}", self.config.guild);
                findings.push(Finding::broken(what, "bring Muster in with `muster discord invite-url`"));
            }
        }
        findings.push(self.door(&me));
        findings.push(message_content(&me));
        findings.push(self.commands_are_there().await);
        findings
    }

    fn no_access(&self, error: &ApiError) -> Finding {
        let todo = match error {
            ApiError::Refused(_) => "copy a new token from “Bot” in the developer portal into the config",
            ApiError::RateLimited { .. } => "wait a minute, and ask again",
            ApiError::Ambiguous(_) | ApiError::Down(_) => {
                "see whether this machine reaches the internet, and the address of Discord in the config"
            }
        };
        Finding::broken(format!("Discord at {} does not let us in: {error}", self.config.api_url), todo)
    }

    async fn server(&self, me: &Me) -> Result<Server, ApiError> {
        let guild_id = guild(self.config.guild);
        let server = self.api.call(Call::get(Route::Guild { guild_id })).await?;
        let member = self.api.call(Call::get(Route::GuildMember { guild_id, user_id: user(me.user) })).await?;
        Ok(Server {
            name: server["name"].as_str().unwrap_or_default().to_owned(),
            roles: part::list_in(&server, "roles")?.to_vec(),
            ours: part::list_in(&member, "roles")?.iter().filter_map(part::read_id).collect(),
            channels: self.channels_of_server().await?,
        })
    }

    fn look_at(&self, server: &Server, me: &Me) -> Vec<Finding> {
        let mut findings = vec![Finding::fine(format!("We are in the server {}", server.name))];
        let here = permissions::in_server(&server.roles, &server.ours, self.config.guild);
        let needed = permissions::needed(&self.config);
        findings.extend(lacking(here, &needed, "the server"));
        let saying = Permissions::VIEW_CHANNEL | Permissions::SEND_MESSAGES | Permissions::EMBED_LINKS;
        let of_saying: Vec<_> = needed.iter().copied().filter(|one| saying.contains(one.bits)).collect();
        let places: Vec<(Id, &str, &[Permission])> = match &self.config.rooms {
            Rooms::Channels { categories } => categories.iter().map(|one| (*one, "category", &needed[..])).collect(),
            Rooms::Forum { forum } => vec![(*forum, "forum", &of_saying[..])],
            Rooms::Threads { channel } => vec![(*channel, "channel", &of_saying[..])],
        };
        let announce = self.config.announce.map(|one| (one, "channel for announcements", &of_saying[..]));
        for (id, what, needed) in places.into_iter().chain(announce) {
            let found = server.channels.iter().find(|one| part::read_id(&one["id"]) == Some(id));
            let Some(found) = found else {
                let what = format!("There is no {what} {id} in the server, or we do not see it");
                findings.push(Finding::broken(what, "let Muster's role see it, or name another one in the config"));
                continue;
            };
            let name = format!("the {what} {}", found["name"].as_str().unwrap_or_default());
            let there = permissions::in_channel(here, found, &server.ours, (self.config.guild, me.user));
            findings.extend(lacking(there, needed, &name));
        }
        if self.config.announce.is_none() {
            let todo = "name a channel as `announce` in the config";
            findings.push(Finding::doubtful("Incidents are announced nowhere", todo));
        }
        findings.extend(self.places_left(server));
        findings
    }

    fn places_left(&self, server: &Server) -> Option<Finding> {
        let Rooms::Channels { categories } = &self.config.rooms else { return None };
        let in_category =
            |id: Id| server.channels.iter().filter(|one| part::read_id(&one["parent_id"]) == Some(id)).count();
        let in_categories = categories.iter().map(|id| IN_CATEGORY.saturating_sub(in_category(*id))).sum();
        let in_server = IN_SERVER.saturating_sub(server.channels.len());
        let left = if categories.is_empty() { in_server } else { in_server.min(in_categories) };
        let what = format!("There is a place for {left} more rooms");
        let todo = "name one more category in the config, or delete channels that nobody needs any more";
        Some(if left <= FEW { Finding::doubtful(what, todo) } else { Finding::fine(what) })
    }

    async fn commands_are_there(&self) -> Finding {
        let todo = "register them with `muster discord register`; people see new ones when they restart Discord";
        match self.has_our_commands().await {
            Ok(true) => Finding::fine("Our commands are registered"),
            Ok(false) => Finding::broken("Discord has no commands of ours, or others than these", todo),
            Err(error) => Finding::broken(format!("Which commands Discord has cannot be looked up: {error}"), todo),
        }
    }

    /// Over HTTP, signatures are checked with the key in the config: another one lets nobody in.
    fn door(&self, me: &Me) -> Finding {
        match (&self.config.public_key, &me.verify_key) {
            (None, _) => Finding::fine("Commands come over the gateway"),
            (Some(ours), Some(theirs)) if !ours.eq_ignore_ascii_case(theirs) => Finding::broken(
                "HTTP: the public key in the config is not that of the application",
                "copy it from “General Information” in the developer portal",
            ),
            (Some(_), _) => Finding::doubtful(
                "HTTP: whether Discord reaches us cannot be looked up",
                "save the “Interactions Endpoint URL” in “General Information” once more: Discord tries it",
            ),
        }
    }
}

fn message_content(me: &Me) -> Finding {
    if me.flags & READS_MESSAGES != 0 {
        return Finding::fine("A reaction puts a message on the timeline");
    }
    Finding::doubtful(
        "Discord does not show us what people write: a reaction puts no message on the timeline",
        "switch “Message Content Intent” on under “Bot” in the developer portal, or use “Add to timeline” of the message",
    )
}

/// What is lacking of what is needed, each with its reason.
fn lacking(has: Permissions, needed: &[Permission], place: &str) -> Vec<Finding> {
    let todo = "give it to Muster's role there, or bring Muster in again with `muster discord invite-url`";
    let missing = needed.iter().filter(|one| !has.contains(one.bits));
    let missing: Vec<_> = missing
        .map(|one| {
            let what = format!("In {place} we lack the permission “{}”: it is needed {}", one.name, one.why);
            Finding::broken(what, todo)
        })
        .collect();
    if missing.is_empty() { vec![Finding::fine(format!("We may do in {place} all we need"))] } else { missing }
}
