//! The chat platforms that are configured: connected, listened to, and let go.

use super::loops::Loops;
use crate::config::Config;
use axum::Router;
use muster_core::app::Muster;
use muster_core::ports::chat::Chat;
use muster_slack::Slack;
use muster_web::ConsoleChat;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// The chat platforms.
pub(super) struct Chats {
    console: Arc<dyn Chat>,
    slack: Option<Arc<Slack>>,
    /// Whether Slack is heard over Socket Mode; else over the routes.
    socket: bool,
}

impl Chats {
    /// Those of the config. Nothing is sent yet.
    pub(super) fn of(config: &Config, muster: &Arc<Muster>) -> anyhow::Result<Self> {
        let console = Arc::new(ConsoleChat::new(Arc::clone(muster)));
        let slack = config.slack.clone().map(|slack| Slack::new(Arc::clone(muster), slack)).transpose()?;
        let socket = config.slack.as_ref().is_some_and(|slack| slack.app_token.is_some());
        Ok(Self { console, slack, socket })
    }

    /// For the dispatcher.
    pub(super) fn platforms(&self) -> Vec<Arc<dyn Chat>> {
        let slack = self.slack.iter().map(|slack| Arc::clone(slack) as Arc<dyn Chat>);
        std::iter::once(Arc::clone(&self.console)).chain(slack).collect()
    }

    /// The routes that platforms call.
    pub(super) fn routes(&self) -> Router {
        self.slack.iter().fold(Router::new(), |routes, slack| routes.merge(slack.router()))
    }

    /// Listens until `stop`, beside everything else.
    pub(super) fn listen(&self, loops: &mut Loops, stop: &CancellationToken) {
        if let Some(slack) = &self.slack {
            let (slack, stop, socket) = (Arc::clone(slack), stop.clone().cancelled_owned(), self.socket);
            loops.start_stoppable("Slack", async move {
                let listening = Arc::clone(&slack);
                let listening = async move {
                    if socket {
                        return listening.listen(stop).await;
                    }
                    stop.await;
                    listening.finish().await;
                };
                tokio::join!(slack.greet(), listening);
            });
        }
    }
}
