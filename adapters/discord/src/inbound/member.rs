//! Who asks: a member of the server, with the roles that they have there.

use super::payload::{Interaction, Member};
use crate::Discord;
use crate::api::{ApiError, Call, code, guild, user};
use crate::config::Id;
use chrono::TimeDelta;
use muster_core::chat::Told;
use muster_core::inbound::{Actor, Handle};
use muster_core::refusal::Refusal;
use serenity::http::Route;

/// How long it is remembered who is a member, where Discord does not say it with the request.
const GOOD_FOR: TimeDelta = TimeDelta::minutes(10);

impl Discord {
    /// Who used a command, a button, a form.
    ///
    /// # Errors
    /// What they are told when it is nobody whom Muster answers.
    pub(super) async fn asker(&self, interaction: &Interaction) -> Result<Handle, Told> {
        let who = interaction.user();
        match (who.id, interaction.guild_id) {
            _ if who.is_bot => Err(Told::Ignored),
            (None, _) => Err(Told::Failed("Discord did not say who asks: try again".to_owned())),
            (Some(_), Some(guild)) if guild != self.config.guild => {
                let sentence = "This Muster works for another Discord server: use it there";
                Err(Told::Refused(Refusal::forbidden(sentence)))
            }
            (Some(id), Some(_)) => Ok(self.met(id, &interaction.member)),
            // In a conversation with the bot Discord does not say whether they are in the server.
            (Some(id), None) => self.member(id).await,
        }
    }

    /// A member of the server.
    ///
    /// # Errors
    /// What they are told when they are none, or when Discord does not say.
    pub(super) async fn member(&self, id: Id) -> Result<Handle, Told> {
        let sentence = "Muster answers those who are in its Discord server";
        match self.look_up(id).await {
            Ok(Some(handle)) => Ok(handle),
            Ok(None) => Err(Told::Refused(Refusal::forbidden(sentence))),
            Err(error) => {
                tracing::info!(%error, "Discord does not say who somebody is");
                let known = self.hearing.members.stale(&id).flatten();
                // What roles they still have nobody knows: those they had give nothing.
                let known = known.map(|handle| Handle { groups: Vec::new(), ..handle });
                known
                    .ok_or_else(|| Told::Failed("Discord does not say who you are: try again in the server".to_owned()))
            }
        }
    }

    /// <https://docs.discord.com/developers/resources/guild#get-guild-member>
    async fn look_up(&self, id: Id) -> Result<Option<Handle>, ApiError> {
        if let Some(known) = self.hearing.members.fresh(&id, self.muster.now()) {
            return Ok(known);
        }
        let route = Route::GuildMember { guild_id: guild(self.config.guild), user_id: user(id) };
        let member = match self.api.call(Call::get(route)).await {
            Ok(member) => serde_json::from_value::<Member>(member).unwrap_or_default(),
            Err(error) if error.is(&[code::UNKNOWN_MEMBER, code::UNKNOWN_USER]) => {
                self.hearing.members.keep(id, None, self.muster.now() + GOOD_FOR);
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        Ok((!member.user.is_bot).then(|| self.met(id, &member)))
    }

    /// Takes note of a member as Discord has just shown them.
    pub(super) fn met(&self, id: Id, member: &Member) -> Handle {
        let handle = Handle {
            platform: crate::platform(),
            id: id.to_string(),
            name: member.shown().to_owned(),
            email: None,
            groups: member.roles.clone(),
        };
        self.hearing.members.keep(id, Some(handle.clone()), self.muster.now() + GOOD_FOR);
        handle
    }

    /// Who somebody that a text names is to Muster; nobody when that cannot be found out.
    pub(super) async fn named(&self, id: Id) -> Option<Actor> {
        let unnamed = || Handle {
            platform: crate::platform(),
            id: id.to_string(),
            name: String::new(),
            email: None,
            groups: Vec::new(),
        };
        let handle = self.hearing.members.stale(&id).flatten().unwrap_or_else(unnamed);
        self.muster.recognise(handle).await
    }
}
