//! Registration: Discord is told of our commands when it has others. It lets that be done 200 times a day.
//! <https://docs.discord.com/developers/interactions/application-commands#registering-a-command>

use crate::Discord;
use crate::api::{ApiError, Call, code};
use crate::commands;
use serde_json::{Value, json};
use serenity::http::Route;
use serenity::model::id::{ApplicationId, GuildId};

/// How the commands that Discord has compare to ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Registered {
    /// It had them.
    Already,
    /// It has them now.
    Now,
}

/// Why the commands could not be registered.
#[derive(Debug, thiserror::Error)]
#[error("the commands could not be registered: {0}")]
pub struct NotRegistered(String);

impl Discord {
    /// Asks who we are and sees to it that Discord has our commands, so that the first incident need not. What does not
    /// work yet is tried again when it is needed, and at the next start.
    pub async fn greet(&self) {
        match self.register(false).await {
            Ok(Registered::Already) => tracing::info!("Discord knows us and our commands"),
            Ok(Registered::Now) => tracing::info!("Discord has been told of our commands"),
            Err(error) => tracing::warn!(%error, "Discord does not answer as it should yet"),
        }
    }

    /// Sees to it that Discord has our commands. If `force`, it is told of them even if it has them, and what it has where
    /// the config does not want them any more is taken away: people would see every command twice.
    ///
    /// # Errors
    /// When Discord does not say what it has, or does not take ours.
    pub async fn register(&self, force: bool) -> Result<Registered, NotRegistered> {
        self.have_registered(force).await.map_err(|error| NotRegistered(error.to_string()))
    }

    async fn have_registered(&self, force: bool) -> Result<Registered, ApiError> {
        if !force && self.has_our_commands().await? {
            return Ok(Registered::Already);
        }
        let here = self.commands_route(self.config.commands_in_guild).await?;
        self.api.call(Call::put(here, Some(Value::Array(commands::registration())))).await?;
        if force {
            self.forget_elsewhere().await?;
        }
        Ok(Registered::Now)
    }

    async fn forget_elsewhere(&self) -> Result<(), ApiError> {
        let there = self.commands_route(!self.config.commands_in_guild).await?;
        match self.api.call(Call::put(there, Some(json!([])))).await {
            // Where we have never been nothing is registered.
            Err(error) if error.is(&[code::MISSING_ACCESS, code::UNKNOWN_GUILD]) => Ok(()),
            answer => answer.map(drop),
        }
    }

    /// Whether Discord has our commands as they are now.
    pub(crate) async fn has_our_commands(&self) -> Result<bool, ApiError> {
        let registered = self.api.call(Call::get(self.commands_route(self.config.commands_in_guild).await?)).await?;
        Ok(commands::is_same(&registered, &Value::Array(commands::registration())))
    }

    /// Where our commands are registered: everywhere, or in the server alone, where changes show at once.
    async fn commands_route(&self, in_guild: bool) -> Result<Route<'static>, ApiError> {
        let application_id = ApplicationId::new(self.api.who_am_i().await?.application.max(1));
        Ok(match in_guild {
            true => Route::GuildCommands { application_id, guild_id: GuildId::new(self.config.guild.max(1)) },
            false => Route::Commands { application_id },
        })
    }
}
