//! The chat platforms and other ways to reach people that are configured: connected, listened to, and let go.

use super::loops::Loops;
use crate::config::Config;
use axum::Router;
use muster_core::app::Muster;
use muster_core::ports::chat::Chat;
use muster_core::ports::outside::Outside;
use muster_discord::Discord;
use muster_notify::Notify;
use muster_slack::Slack;
use muster_web::ConsoleChat;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// The chat platforms, and the other ways to reach people.
pub(super) struct Chats {
    console: Arc<dyn Chat>,
    slack: Option<Arc<Slack>>,
    discord: Option<Arc<Discord>>,
    notify: Notify,
}

impl Chats {
    /// Those of the config. Nothing is sent yet.
    pub(super) fn of(config: &Config, muster: &Arc<Muster>, outside: &Arc<dyn Outside>) -> anyhow::Result<Self> {
        let slack = config.slack.clone().map(|slack| Slack::new(Arc::clone(muster), slack)).transpose()?;
        let discord = config.discord.clone().map(|discord| Discord::new(Arc::clone(muster), discord)).transpose()?;
        let notify = Notify::new(muster, config.notify.clone(), outside)?;
        Ok(Self { console: Arc::new(ConsoleChat::new(Arc::clone(muster))), slack, discord, notify })
    }

    /// For the dispatcher.
    pub(super) fn platforms(&self) -> Vec<Arc<dyn Chat>> {
        let slack = self.slack.iter().map(|slack| Arc::clone(slack) as Arc<dyn Chat>);
        let discord = self.discord.iter().map(|discord| Arc::clone(discord) as Arc<dyn Chat>);
        let chats = std::iter::once(Arc::clone(&self.console)).chain(slack).chain(discord);
        chats.chain(self.notify.platforms()).collect()
    }

    /// The routes that platforms call.
    pub(super) fn routes(&self) -> Router {
        let slack = self.slack.iter().map(Slack::router);
        let discord = self.discord.iter().map(Discord::router);
        slack.chain(discord).fold(self.notify.router(), Router::merge)
    }

    /// Listens until `stop`, beside everything else.
    pub(super) fn listen(&self, loops: &mut Loops, stop: &CancellationToken) {
        if let Some(slack) = self.slack.clone() {
            let stop = stop.clone().cancelled_owned();
            loops.start_stoppable("Slack", async move {
                tokio::join!(slack.greet(), Arc::clone(&slack).listen(stop));
            });
        }
        if let Some(discord) = self.discord.clone() {
            let stop = stop.clone().cancelled_owned();
            loops.start_stoppable("Discord", async move {
                tokio::join!(discord.greet(), Arc::clone(&discord).listen(stop));
            });
        }
    }
}
