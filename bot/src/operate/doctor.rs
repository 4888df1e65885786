//! `muster doctor`: what is wrong with the connections, and what to do about it.

use crate::say;
use crate::setting::Setting;
use anyhow::Context;
use muster_core::app::Muster;
use muster_core::chat::finding::{Finding, Verdict};
use muster_core::ports::outside::Outside;
use muster_discord::Discord;
use muster_outside::WayOut;
use muster_slack::Slack;
use std::process::ExitCode;
use std::sync::Arc;

/// Looks at every connection, and says what to do about what is wrong.
pub(super) async fn run(muster: Arc<Muster>, setting: &Setting) -> anyhow::Result<ExitCode> {
    let (config, now) = (setting.config(), muster.now());
    let mut findings = Vec::new();
    if let Some(slack) = config.slack.clone() {
        let slack = Slack::new(Arc::clone(&muster), slack).context("the config of Slack cannot work")?;
        findings.extend(slack.doctor(now).await);
    }
    if let Some(discord) = config.discord.clone() {
        let discord = Discord::new(muster, discord).context("the config of Discord cannot work")?;
        findings.extend(discord.doctor(now).await);
    }
    let outside: Arc<dyn Outside> = Arc::new(WayOut::new(config.outside.clone()));
    findings.extend(muster_notify::doctor(&config.notify, &outside).await);
    if let Some(page) = &config.comms.page {
        findings.extend(page.export.doctor(outside.as_ref(), now).await);
    }
    if config.comms.subscribing.key.is_some() && config.notify.email.is_none() {
        let todo = "put [email] into the config; docs/notify.md leads there";
        findings.push(Finding::doubtful("Subscribers are told by webhook only: no letter can be sent", todo));
    }
    if config.slack.is_none() && config.discord.is_none() {
        say::out(
            "No chat is configured: put [slack] or [discord] into the config; docs/slack.md and docs/discord.md lead there.",
        );
    }
    findings.iter().for_each(|finding| say::out(&line(finding)));
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
