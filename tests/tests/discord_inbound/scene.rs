//! A whole Muster beside a whole Discord: what is decided is delivered while the test looks on.

use muster_core::app::dispatch::Dispatcher;
use muster_core::clock::Clock;
use muster_core::org::{ChatRules, Organisation};
use muster_core::ports::chat::Chat;
use muster_core::ports::store::Store;
use muster_discord::{Discord, DiscordConfig, Registered, Token};
use muster_tests::discord::{FakeDiscord, Hand, Room, Way};
use muster_tests::memory::MemoryStore;
use muster_tests::sample;
use muster_tests::world::World;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// How interactions reach Muster. Events come over the gateway in either case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    Http,
    Gateway,
}

/// A test's people and their Discord.
pub(crate) struct Scene {
    pub(crate) discord: FakeDiscord,
    pub(crate) world: World,
    pub(crate) adapter: Arc<Discord>,
    pub(crate) alice: Hand,
    pub(crate) bob: Hand,
    /// Where everybody is.
    pub(crate) general: Room,
    /// Where Muster listens over HTTP.
    pub(crate) url: String,
    stop: oneshot::Sender<()>,
    listening: JoinHandle<()>,
    delivering: JoinHandle<()>,
}

impl Scene {
    pub(crate) async fn by(way: By) -> Self {
        Self::over(way, Arc::new(MemoryStore::default())).await
    }

    pub(crate) async fn over(way: By, store: Arc<dyn Store>) -> Self {
        let rules = ChatRules { platform: muster_discord::platform(), rooms: true, announces: false };
        let world = World::over(store, Organisation { chats: vec![rules], ..sample::retailer() }, Box::new(()));
        let discord = FakeDiscord::start_by(Arc::clone(&world.clock) as Arc<dyn Clock>).await;
        let alice = discord.person("alice.ek", "Alice Ek");
        let bob = discord.person("bob", "Bob Lind");
        let general = discord.text_channel("general", None);
        let config = DiscordConfig {
            api_url: discord.url(),
            public_key: Some(discord.public_key()),
            ..DiscordConfig::new(Token::new(discord.token()), discord.guild().parse().expect("an id"))
        };
        let adapter = Discord::new(Arc::clone(&world.muster), config).expect("a config that works");
        assert_eq!(adapter.register(false).await.expect("it is registered"), Registered::Now);
        let chat: Arc<dyn Chat> = Arc::clone(&adapter) as Arc<dyn Chat>;
        let dispatcher = Dispatcher::new(Arc::clone(&world.muster), "discord".to_owned(), vec![chat]);
        let delivering = tokio::spawn(async move { dispatcher.run(std::future::pending()).await });
        let (stop, stopped) = oneshot::channel::<()>();
        let listening = tokio::spawn(Arc::clone(&adapter).listen(async move {
            let _ = stopped.await;
        }));
        discord.has_connections(1).await;
        let url = serve(&adapter).await;
        if way == By::Http {
            discord.listen_at(Way::Http { url: url.clone() });
        }
        let scene = Self { discord, world, adapter, alice, bob, general, url, stop, listening, delivering };
        scene.links("alice", &scene.alice).await;
        scene.links("bob", &scene.bob).await;
        scene
    }

    /// Somebody of the organisation is this person in Discord.
    async fn links(&self, person: &str, hand: &Hand) {
        let shown = self.world.person(person).types("link").await;
        let line =
            shown.text().lines().map(str::trim).find(|line| line.starts_with("link ")).expect("a code").to_owned();
        self.world.handle("discord", &hand.id(), person).types(&line).await.ok();
    }

    /// Alice declares an incident; this is its room, once it is furnished.
    pub(crate) async fn declared(&self) -> Room {
        let said = self.alice.types(&self.general, "inc", "new sev1 checkout is down").await;
        let _ = said.says("INC-1");
        let room = self.discord.channel("inc-1-checkout-is-down").await;
        room.message("Welcome to INC-1").await;
        room
    }

    /// The end: Muster stops in time, and did nothing that no app may do.
    pub(crate) async fn ends(self) {
        let _ = self.stop.send(());
        let limit = Duration::from_secs(6);
        tokio::time::timeout(limit, self.listening).await.expect("it stops in time").expect("without a panic");
        self.delivering.abort();
        self.discord.finish();
    }
}

/// Serves the address for interactions.
async fn serve(adapter: &Arc<Discord>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let router = adapter.router();
    tokio::spawn(async move { axum::serve(listener, router).await.expect("it serves") });
    url
}
