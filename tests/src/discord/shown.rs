//! How Discord shows users, members, roles, channels and the guild to the app.

use super::message::written;
use super::state::{Channel, Id, Kind, Role, State, User};
use serde_json::{Value, json};

/// Intents whose absence leaves what people wrote empty.
/// <https://docs.discord.com/developers/events/gateway#message-content-intent>
pub(super) const MESSAGE_CONTENT: u64 = 1 << 15;

impl User {
    /// <https://docs.discord.com/developers/resources/user#user-object>
    pub(super) fn json(&self) -> Value {
        json!({
            "id": self.id.to_string(), "username": self.name, "discriminator": "0", "global_name":
            (!self.is_bot).then_some(&self.shown), "avatar": null, "bot": self.is_bot, "public_flags": 0,
        })
    }
}

impl Role {
    /// <https://docs.discord.com/developers/topics/permissions#role-object>
    pub(super) fn json(&self) -> Value {
        json!({
            "id": self.id.to_string(), "name": self.name, "color": 0, "hoist": false, "icon": null,
            "colors": { "primary_color": 0, "secondary_color": null, "tertiary_color": null },
            "unicode_emoji": null, "position": self.position, "permissions": self.permissions.to_string(),
            "managed": self.is_managed, "mentionable": self.is_mentionable, "flags": 0,
        })
    }
}

impl State {
    /// A member, without the user.
    pub(super) fn partial_member(&self, id: Id) -> Value {
        let Some(member) = self.members.get(&id) else { return Value::Null };
        let roles: Vec<_> = member.roles.iter().map(Id::to_string).collect();
        json!({
            "nick": member.nick, "avatar": null, "banner": null, "roles": roles, "joined_at": written(member.joined),
            "premium_since": null, "pending": false, "communication_disabled_until": null, "flags": 0,
        })
    }

    /// <https://docs.discord.com/developers/resources/guild#guild-member-object>
    pub(super) fn member(&self, id: Id) -> Value {
        let mut member = self.partial_member(id);
        member["user"] = self.users[&id].json();
        member["deaf"] = json!(false);
        member["mute"] = json!(false);
        member
    }

    /// What somebody is called in the guild.
    pub(super) fn called(&self, id: Id) -> String {
        let nick = self.members.get(&id).and_then(|member| member.nick.clone());
        nick.or_else(|| self.users.get(&id).map(|user| user.shown.clone())).unwrap_or_else(|| id.to_string())
    }

    /// <https://docs.discord.com/developers/resources/channel#channel-object>
    pub(super) fn channel_json(&self, channel: &Channel) -> Value {
        let mut json = json!({
            "id": channel.id.to_string(), "type": channel.kind.number(), "flags": 0,
            "last_message_id": channel.messages.keys().next_back().map(Id::to_string),
        });
        if let Some(person) = channel.recipient {
            json["recipients"] = json!([self.users[&person].json()]);
            return json;
        }
        json["guild_id"] = json!(self.guild.to_string());
        json["name"] = json!(channel.name);
        json["parent_id"] = json!(channel.parent.map(|parent| parent.to_string()));
        json["rate_limit_per_user"] = json!(0);
        if let Some(pinned) = channel.pins.last() {
            json["last_pin_timestamp"] = json!(written(pinned.1));
        }
        let Some(thread) = &channel.thread else {
            let overwrites: Vec<_> = channel.overwrites.values().map(|overwrite| overwrite.json()).collect();
            json["permission_overwrites"] = json!(overwrites);
            json["position"] = json!(channel.position);
            json["nsfw"] = json!(false);
            if channel.kind != Kind::Category {
                json["topic"] = json!(channel.topic);
            }
            if channel.kind == Kind::Voice {
                json["bitrate"] = json!(64000);
                json["user_limit"] = json!(0);
                json["rtc_region"] = Value::Null;
            }
            if channel.kind == Kind::Forum {
                json["available_tags"] = channel.others.get("available_tags").cloned().unwrap_or_else(|| json!([]));
                json["default_reaction_emoji"] = Value::Null;
                json["default_sort_order"] = Value::Null;
                json["default_forum_layout"] = json!(0);
            }
            return json;
        };
        json["owner_id"] = json!(thread.owner.to_string());
        json["message_count"] = json!(channel.messages.len());
        json["total_message_sent"] = json!(channel.messages.len());
        json["member_count"] = json!(thread.members.len());
        json["applied_tags"] = thread.tags.clone();
        json["thread_metadata"] = json!({
            "archived": thread.is_archived, "auto_archive_duration": thread.auto_archive, "locked": thread.is_locked,
            "archive_timestamp": written(thread.archived_at),
        });
        if channel.kind == Kind::PrivateThread {
            json["thread_metadata"]["invitable"] = json!(thread.is_invitable);
        }
        if thread.members.contains(&self.bot) {
            json["member"] = json!({ "id": channel.id.to_string(), "user_id": self.bot.to_string(),
                "join_timestamp": written(thread.archived_at), "flags": 0 });
        }
        json
    }

    /// <https://docs.discord.com/developers/resources/guild#guild-object>
    pub(super) fn guild_json(&self) -> Value {
        let roles: Vec<_> = self.roles.values().map(Role::json).collect();
        json!({
            "id": self.guild.to_string(), "name": "Acme", "icon": null, "splash": null, "discovery_splash": null,
            "owner_id": self.owner.to_string(), "afk_channel_id": null, "afk_timeout": 300,
            "verification_level": 0, "default_message_notifications": 1, "explicit_content_filter": 0,
            "roles": roles, "emojis": [], "features": [], "mfa_level": 0, "application_id": null,
            "system_channel_id": null, "system_channel_flags": 0, "rules_channel_id": null,
            "vanity_url_code": null, "description": null, "banner": null, "premium_tier": 0,
            "preferred_locale": "en-US", "public_updates_channel_id": null, "nsfw_level": 0, "stickers": [],
            "premium_progress_bar_enabled": false, "safety_alerts_channel_id": null, "incidents_data": null,
            "max_members": 500_000, "max_presences": null, "region": "deprecated", "nsfw": false,
        })
    }

    /// What `GUILD_CREATE` holds beyond the guild.
    /// <https://docs.discord.com/developers/events/gateway-events#guild-create>
    pub(super) fn whole_guild(&self) -> Value {
        let mut guild = self.guild_json();
        let seen = |channel: &&Channel| self.permissions_in(self.bot, channel) != 0;
        let channels = self.guild_channels().filter(seen).map(|channel| self.channel_json(channel));
        let threads = self.active_threads().filter(seen).map(|channel| self.channel_json(channel));
        guild["joined_at"] = json!(written(self.members.get(&self.bot).map_or(self.now, |member| member.joined)));
        guild["large"] = json!(false);
        guild["unavailable"] = json!(false);
        guild["member_count"] = json!(self.members.len());
        guild["members"] = json!([self.member(self.bot)]);
        guild["channels"] = channels.collect();
        guild["threads"] = threads.collect();
        for empty in ["voice_states", "presences", "stage_instances", "guild_scheduled_events", "soundboard_sounds"] {
            guild[empty] = json!([]);
        }
        guild
    }

    /// A message as the app may see it: without the intent, what people wrote to others is empty.
    pub(super) fn as_seen(&self, channel: Id, mut message: Value) -> Value {
        let is_direct = self.channels.get(&channel).is_some_and(|channel| channel.kind == Kind::Direct);
        let me = self.bot.to_string();
        let names_me = || message["mentions"].as_array().is_some_and(|all| all.iter().any(|user| user["id"] == *me));
        if self.privileged & MESSAGE_CONTENT == 0 && !is_direct && message["author"]["id"] != *me && !names_me() {
            message["content"] = json!("");
            for part in ["embeds", "attachments", "components"] {
                message[part] = json!([]);
            }
        }
        message
    }

    /// Something about a channel, with the guild's id if it is the guild's.
    pub(super) fn with_guild(&self, channel: Id, mut event: Value) -> Value {
        if self.channels.get(&channel).is_some_and(|channel| channel.kind != Kind::Direct) {
            event["guild_id"] = json!(self.guild.to_string());
        }
        event
    }
}
