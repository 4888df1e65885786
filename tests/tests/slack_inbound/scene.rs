//! A whole Muster beside a whole Slack: what is decided is delivered while the test looks on.

use muster_core::app::dispatch::Dispatcher;
use muster_core::clock::Clock;
use muster_core::org::{ChatRules, Organisation};
use muster_core::ports::chat::Chat;
use muster_core::ports::store::Store;
use muster_slack::{Slack, SlackConfig, Token};
use muster_tests::memory::MemoryStore;
use muster_tests::sample;
use muster_tests::slack::{FakeSlack, Hand, Room, Way};
use muster_tests::world::World;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// How Slack reaches Muster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    Http,
    Socket,
}

/// A test's people and their Slack.
pub(crate) struct Scene {
    pub(crate) slack: FakeSlack,
    pub(crate) world: World,
    pub(crate) adapter: Arc<Slack>,
    pub(crate) alice: Hand,
    pub(crate) bob: Hand,
    /// Where everybody is.
    pub(crate) general: Room,
    stop: Option<oneshot::Sender<()>>,
    listening: Option<JoinHandle<()>>,
    delivering: JoinHandle<()>,
}

impl Scene {
    pub(crate) async fn by(way: By) -> Self {
        Self::over(way, Arc::new(MemoryStore::default())).await
    }

    pub(crate) async fn over(way: By, store: Arc<dyn Store>) -> Self {
        let rules = ChatRules { platform: muster_slack::platform(), rooms: true, announces: false };
        let world = World::over(store, Organisation { chats: vec![rules], ..sample::retailer() }, Box::new(()));
        let slack = FakeSlack::start_by(Arc::clone(&world.clock) as Arc<dyn Clock>).await;
        let alice = slack.person("alice.ek", "Alice Ek", "alice@example.com");
        let bob = slack.person("bob", "Bob Lind", "bob@example.com");
        let general = slack.public_channel("general", &[&alice, &bob]);
        let config = SlackConfig {
            api_url: slack.api_url(),
            app_token: Some(Token::new(slack.app_token())),
            signing_secret: Some(Token::new(slack.signing_secret())),
            ..SlackConfig::new(Token::new(slack.bot_token()))
        };
        let adapter = Slack::new(Arc::clone(&world.muster), config).expect("a config that works");
        let chat: Arc<dyn Chat> = Arc::clone(&adapter) as Arc<dyn Chat>;
        let dispatcher = Dispatcher::new(Arc::clone(&world.muster), "slack".to_owned(), vec![chat]);
        let delivering = tokio::spawn(async move { dispatcher.run(std::future::pending()).await });
        let mut scene = Self { slack, world, adapter, alice, bob, general, stop: None, listening: None, delivering };
        scene.listen(way).await;
        scene
    }

    async fn listen(&mut self, way: By) {
        let adapter = Arc::clone(&self.adapter);
        match way {
            By::Http => {
                let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
                let url = format!("http://{}", listener.local_addr().expect("an address"));
                tokio::spawn(async move { axum::serve(listener, adapter.router()).await.expect("it serves") });
                self.slack.listen_at(Way::Http { url });
            }
            By::Socket => {
                let (stop, stopped) = oneshot::channel::<()>();
                let listening = adapter.listen(async move {
                    let _ = stopped.await;
                });
                self.listening = Some(tokio::spawn(listening));
                self.stop = Some(stop);
                self.slack.has_sockets(1).await;
            }
        }
    }

    /// Alice declares an incident; this is its room, once it is furnished.
    pub(crate) async fn declared(&self) -> Room {
        let said = self.alice.types(&self.general, "/inc", "new sev1 checkout is down").await;
        let _ = said.says("INC-1");
        let room = self.slack.channel("inc-1-checkout-is-down").await;
        room.message("Welcome to INC-1").await;
        room.until("alice is in it", |room| room.members().iter().any(|name| name == "alice.ek")).await;
        room
    }

    /// The end: Muster stops in time, and did nothing that no app may do.
    pub(crate) async fn ends(mut self) {
        if let (Some(stop), Some(listening)) = (self.stop.take(), self.listening.take()) {
            stop.send(()).expect("it listens");
            let limit = Duration::from_secs(6);
            tokio::time::timeout(limit, listening).await.expect("it stops in time").expect("without a panic");
        } else {
            self.adapter.finish().await;
        }
        self.delivering.abort();
        self.slack.finish();
    }
}
