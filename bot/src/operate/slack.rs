//! `muster slack manifest` and `muster doctor`: setting a workspace up, and finding out what is wrong with it.

use crate::config::origin;
use crate::say;
use crate::setting::Setting;
use anyhow::{Context, bail};
use muster_core::app::Muster;
use muster_core::chat::finding::{Finding, Verdict};
use muster_slack::Slack;
use muster_slack::manifest::{Door, manifest};
use std::process::ExitCode;
use std::sync::Arc;

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

/// Looks at every connection, and says what to do about what is wrong.
pub(super) async fn doctor(muster: Arc<Muster>, setting: &Setting) -> anyhow::Result<ExitCode> {
    let Some(config) = setting.config().slack.clone() else {
        say::out("No chat is configured: put [slack] into the config; docs/slack.md leads there.");
        return Ok(ExitCode::SUCCESS);
    };
    let now = muster.now();
    let slack = Slack::new(muster, config).context("the config of Slack cannot work")?;
    let findings = slack.doctor(now).await;
    for finding in &findings {
        say::out(&line(finding));
    }
    let is_ill = findings.iter().any(|finding| finding.verdict == Verdict::Broken);
    Ok(if is_ill { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn line(finding: &Finding) -> String {
    let mark = match finding.verdict {
        Verdict::Fine => "ok  ",
        Verdict::Doubtful => "warn",
        Verdict::Broken => "FAIL",
    };
    match &finding.todo {
        Some(remedy) => format!("{mark}  {}\n      {remedy}", finding.what),
        None => format!("{mark}  {}", finding.what),
    }
}
