//! `muster slack manifest`: setting a workspace up.

use crate::config::origin;
use crate::say;
use anyhow::bail;
use muster_slack::manifest::{Door, manifest};
use std::process::ExitCode;

/// Prints the manifest of the app, from which Slack makes it.
pub(crate) fn print_manifest(url: Option<&str>) -> anyhow::Result<ExitCode> {
    let door = match url {
        None => Door::Socket,
        Some(url) => match origin(url) {
            Ok(url) if url.starts_with("https://") => Door::Http { url },
            Ok(_) => bail!("Slack calls nothing but https:// addresses"),
            Err(wrong) => bail!("{wrong}; write it as https://muster.example.com"),
        },
    };
    say::out(&serde_json::to_string_pretty(&manifest(&door))?);
    Ok(ExitCode::SUCCESS)
}
