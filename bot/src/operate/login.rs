//! `login-link`: a way in to the console for somebody without a chat.

use super::known;
use crate::local::Door;
use crate::say;
use crate::setting::Setting;
use anyhow::{Context, bail};
use muster_core::app::Muster;
use std::process::ExitCode;

/// Prints the link, alone, so that it can be piped.
pub(super) async fn link(muster: &Muster, setting: &Setting, person: &str) -> anyhow::Result<ExitCode> {
    let url = match setting {
        Setting::Configured { config, .. } => match &config.public_url {
            Some(url) => url.clone(),
            None if config.listen.port() == 0 => bail!("set server.public_url in the config: nobody knows the port"),
            None => format!("http://{}", config.listen),
        },
        Setting::Local { data, .. } => {
            Door::of(data).map(|door| door.url).context("no Muster is running here; start it with `muster`")?
        }
    };
    let person = known(&muster.org(), person)?;
    say::out(&muster_web::login_link(muster, &person, &url).await?);
    say::aside(&format!("Signs {person} in, once, within {} minutes.", muster_web::LOGIN_LINK_LIFE.num_minutes()));
    Ok(ExitCode::SUCCESS)
}
