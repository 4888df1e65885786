//! SIGHUP: the config is read again. A broken one changes nothing.

use super::{calendars, customers, machine};
use crate::config::Config;
use crate::setting::{Setting, load};
use anyhow::Context;
use muster_core::app::Muster;
use muster_ingest::Ingest;
use muster_runbooks::execute::Machine;
use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::signal::unix::{SignalKind, signal};

/// What was read at the start, and from where; nothing in local mode.
pub(super) type Source = Option<(PathBuf, Config)>;

/// What takes on a new config beside Muster itself.
pub(super) struct Kept {
    /// The calendars of schedules.
    pub(super) calendars: Arc<calendars::Reader>,
    /// Who may send alerts.
    pub(super) ingest: Arc<Ingest>,
    /// What carries steps out.
    pub(super) machine: Arc<Machine>,
}

/// Where the config of this setting can be read again.
pub(super) fn source(setting: &Setting) -> Source {
    match setting {
        Setting::Configured { path, config } => Some((path.clone(), config.as_ref().clone())),
        Setting::Local { .. } => None,
    }
}

/// Reads the config again at every SIGHUP, for ever.
pub(super) fn on_hangup(
    muster: Arc<Muster>,
    source: Source,
    kept: Kept,
) -> anyhow::Result<impl Future<Output = ()> + Send> {
    let mut hangup = signal(SignalKind::hangup()).context("signals cannot be listened for")?;
    Ok(async move {
        loop {
            hangup.recv().await;
            match &source {
                Some((path, started)) => match load(path) {
                    Ok(config) => take_on(&muster, config, started, &kept).await,
                    Err(error) => {
                        tracing::error!("the config stays as it was, because the new one is broken:\n{error:#}");
                    }
                },
                None => tracing::info!("SIGHUP: there is no config to read again in local mode"),
            }
        }
    })
}

/// Whether the page is where it was: what it looks like and says changes at once.
fn is_page_placed_as(config: &Config, started: &Config) -> bool {
    let place = |config: &Config| config.comms.page.as_ref().map(|page| (page.listen, page.export.clone()));
    place(config) == place(started)
}

async fn take_on(muster: &Muster, config: Config, started: &Config, kept: &Kept) {
    let fixed = [
        ("server", config.listen == started.listen && config.public_url == started.public_url),
        ("store", config.store == started.store),
        ("log", config.log == started.log),
        ("slack", config.slack == started.slack),
        ("discord", config.discord == started.discord),
        ("watchdog", config.watchdog == started.watchdog),
        ("outside", config.outside == started.outside),
        ("subscribers", config.comms.subscribing == started.comms.subscribing),
        ("statuspage", is_page_placed_as(&config, started)),
        ("email", config.notify.email == started.notify.email),
        ("twilio", config.notify.twilio == started.notify.twilio),
        ("ntfy", config.notify.ntfy == started.notify.ntfy),
        ("[pagerduty]", config.notify.pagerduty == started.notify.pagerduty),
        ("[statuspage_io]", config.notify.statuspage == started.notify.statuspage),
        ("[webhook]", config.notify.webhooks == started.notify.webhooks),
    ];
    for (section, _) in fixed.iter().filter(|(_, is_same)| !is_same) {
        tracing::warn!("[{section}] has changed, which takes effect at the next start");
    }
    let summary = config.summary();
    kept.ingest.configure(config.ingest);
    kept.machine.configure(config.runbooks.settings.clone(), machine::outside(&config.runbooks));
    kept.calendars.configure(config.calendars);
    let mut org = kept.calendars.read(config.org, muster).await;
    let running = muster.org();
    org.console_url.clone_from(&running.console_url);
    customers::place_page(&mut org);
    customers::keep_subscribing(&mut org, started);
    // The adapters keep what they started with, and these rules with them.
    org.chats.clone_from(&running.chats);
    muster.reconfigure(org);
    tracing::info!("the config was read again: {summary}");
}
