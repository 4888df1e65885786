//! Interactions as Discord sends them.
//! <https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object>

use super::interaction::Interaction;
use super::state::{Id, Kind, State};
use serde_json::{Value, json};

impl State {
    /// The payload of an interaction, with that data.
    pub(super) fn payload(&self, interaction: &Interaction, data: Value) -> Value {
        let room = &self.channels[&interaction.channel];
        let is_direct = room.kind == Kind::Direct;
        let locale = self.members.get(&interaction.user).map_or("en-US", |member| member.locale.as_str());
        let mut channel = self.channel_json(room);
        let may = self.permissions_in(interaction.user, room).to_string();
        let bot_may = self.permissions_in(self.bot, room).to_string();
        if let Some(map) = channel.as_object_mut() {
            map.remove("permission_overwrites");
            map.insert("permissions".to_owned(), json!(may));
        }
        let mut payload = json!({
            "id": interaction.id.to_string(), "application_id": self.application.to_string(),
            "type": interaction.done.number(), "token": interaction.token, "version": 1, "data": data,
            "channel_id": room.id.to_string(), "channel": channel, "app_permissions": bot_may, "locale": locale,
            "entitlements": [], "attachment_size_limit": 10_485_760,
        });
        if is_direct {
            payload["user"] = self.users[&interaction.user].json();
            payload["context"] = json!(1);
            payload["authorizing_integration_owners"] = json!({ "0": "0" });
        } else {
            let guild = self.guild.to_string();
            payload["guild_id"] = json!(guild);
            payload["guild_locale"] = json!("en-US");
            payload["guild"] = json!({ "id": guild, "locale": "en-US", "features": [] });
            payload["member"] = self.member(interaction.user);
            payload["member"]["permissions"] = json!(may);
            payload["context"] = json!(0);
            payload["authorizing_integration_owners"] = json!({ "0": guild });
        }
        if let Some(message) = interaction.source.and_then(|spot| self.at(spot)) {
            payload["message"] = message.json.clone();
        }
        payload
    }

    /// What ids in the data stand for: users with members, channels, roles.
    /// <https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object-resolved-data-structure>
    pub(super) fn resolved(&self, ids: &[Id]) -> Value {
        let mut resolved = json!({});
        for id in ids {
            let key = id.to_string();
            if let Some(user) = self.users.get(id) {
                resolved["users"][&key] = user.json();
                let room = self.permissions(*id).to_string();
                resolved["members"][&key] = self.partial_member(*id);
                resolved["members"][&key]["permissions"] = json!(room);
            } else if let Some(role) = self.roles.get(id) {
                resolved["roles"][&key] = role.json();
            } else if let Some(channel) = self.channels.get(id) {
                resolved["channels"][&key] = json!({ "id": key, "name": channel.name, "type": channel.kind.number(),
                    "parent_id": channel.parent.map(|parent| parent.to_string()),
                    "permissions": self.permissions_in(self.bot, channel).to_string() });
            }
        }
        resolved
    }

    /// A registered command of that type and name: the guild's before a global one.
    pub(super) fn command(&self, kind: u64, name: &str) -> Option<&Value> {
        let mut all = self.guild_commands.iter().chain(&self.global_commands);
        all.find(|command| command["type"] == kind && command["name"] == name)
    }
}
