//! Registration: Discord is told of our commands when it has others. It lets that be done 200 times a day.
//! <https://docs.discord.com/developers/interactions/application-commands#registering-a-command>

use crate::Discord;
use crate::api::{ApiError, Call};
use crate::commands;
use serde_json::Value;
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
    /// Sees to it that Discord has our commands; tells it of them even if it has them, if `force`.
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
        let route = self.commands_route().await?;
        self.api.call(Call::put(route, Some(Value::Array(commands::registration())))).await?;
        Ok(Registered::Now)
    }

    /// Whether Discord has our commands as they are now.
    pub(crate) async fn has_our_commands(&self) -> Result<bool, ApiError> {
        let registered = self.api.call(Call::get(self.commands_route().await?)).await?;
        Ok(commands::is_same(&registered, &Value::Array(commands::registration())))
    }

    /// Where our commands are registered: everywhere, or in the server alone, where changes show at once.
    async fn commands_route(&self) -> Result<Route<'static>, ApiError> {
        let application_id = ApplicationId::new(self.api.who_am_i().await?.application.max(1));
        Ok(match self.config.commands_in_guild {
            true => Route::GuildCommands { application_id, guild_id: GuildId::new(self.config.guild.max(1)) },
            false => Route::Commands { application_id },
        })
    }
}
