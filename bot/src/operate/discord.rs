//! `muster discord …`: setting a server up.

use crate::cli::Discord as What;
use crate::say;
use crate::setting::Setting;
use anyhow::{Context, bail};
use muster_core::app::Muster;
use muster_discord::{Discord, Registered};
use std::process::ExitCode;
use std::sync::Arc;

pub(super) async fn run(muster: Arc<Muster>, setting: &Setting, what: What) -> anyhow::Result<ExitCode> {
    let Some(config) = setting.config().discord.clone() else {
        bail!("no Discord server is configured: put [discord] into the config; docs/discord.md leads there")
    };
    let discord = Discord::new(muster, config).context("the config of Discord cannot work")?;
    match what {
        What::InviteUrl => {
            say::out(&discord.invite_url().await?);
        }
        What::Register { force } => match discord.register(force).await? {
            Registered::Now => say::out("The commands are registered."),
            Registered::Already => say::out("The commands are registered already, as they are."),
        },
    }
    Ok(ExitCode::SUCCESS)
}
