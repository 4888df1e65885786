//! Muster, connected to a server, for one test.

use async_trait::async_trait;
use chrono::TimeDelta;
use muster_core::clock::Clock;
use muster_core::ids::PlatformId;
use muster_core::org::{ChatRules, Organisation};
use muster_core::ports::chat::{Chat, Delivery, DeliveryError, Receipt};
use muster_core::ports::store::OutboxState;
use muster_discord::{Discord, DiscordConfig, Id, Rooms, Token};
use muster_tests::discord::{FakeDiscord, Hand, Room};
use muster_tests::memory::MemoryStore;
use muster_tests::sample;
use muster_tests::world::World;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

pub(crate) const ROOM: &str = "inc-1-checkout-is-down";
pub(crate) const DECLARE: &str = "new sev1 checkout is down";

/// Discord, once there is a Muster for it.
#[derive(Default)]
struct Late(OnceLock<Arc<Discord>>);

#[async_trait]
impl Chat for Late {
    fn platform(&self) -> PlatformId {
        muster_discord::platform()
    }

    async fn deliver(&self, delivery: &Delivery) -> Result<Receipt, DeliveryError> {
        self.0.get().expect("Discord is there before anything is said").deliver(delivery).await
    }
}

/// Muster, connected to a server with a channel for announcements and a category for rooms.
pub(crate) struct Desk {
    pub(crate) world: World,
    pub(crate) fake: FakeDiscord,
    pub(crate) discord: Arc<Discord>,
    pub(crate) incidents: Room,
    pub(crate) category: Room,
    pub(crate) alice: Hand,
    pub(crate) bob: Hand,
    pub(crate) eve: Hand,
}

pub(crate) fn id(room: &Room) -> Id {
    room.id().parse().expect("a snowflake")
}

impl Desk {
    pub(crate) async fn open() -> Self {
        Self::with(|_, _| {}).await
    }

    /// The same with rooms of another kind, or another config.
    pub(crate) async fn with(change: impl FnOnce(&FakeDiscord, &mut DiscordConfig)) -> Self {
        Self::of(sample::retailer(), change).await
    }

    /// The same, and a call that is not answered is soon given up.
    pub(crate) async fn impatient(change: impl FnOnce(&FakeDiscord, &mut DiscordConfig)) -> Self {
        Self::with(|fake, config| {
            config.patience = Duration::from_millis(500);
            change(fake, config);
        })
        .await
    }

    pub(crate) async fn of(mut org: Organisation, change: impl FnOnce(&FakeDiscord, &mut DiscordConfig)) -> Self {
        let late = Arc::new(Late::default());
        org.chats = vec![ChatRules { platform: muster_discord::platform(), rooms: true, announces: true }];
        let world = World::with_chats(Arc::new(MemoryStore::default()), org, vec![Arc::clone(&late) as Arc<dyn Chat>]);
        let fake = FakeDiscord::start_by(Arc::clone(&world.clock) as Arc<dyn Clock>).await;
        let [alice, bob, eve] = [("alice", "Alice Ek"), ("bob", "Bob Lind"), ("eve", "Eve Ask")]
            .map(|(name, shown)| fake.person(name, shown));
        let incidents = fake.text_channel("incidents", None);
        let category = fake.category("war rooms");
        let mut config = DiscordConfig {
            api_url: fake.url(),
            rooms: Rooms::Channels { categories: vec![id(&category)] },
            announce: Some(id(&incidents)),
            // The fake checks every call against Discord's own description, which takes its time.
            patience: Duration::from_secs(5),
            ..DiscordConfig::new(Token::new(fake.token()), fake.guild().parse().expect("a snowflake"))
        };
        change(&fake, &mut config);
        let discord = Discord::new(Arc::clone(&world.muster), config).expect("the config is good");
        assert!(late.0.set(Arc::clone(&discord)).is_ok());
        let desk = Self { world, fake, discord, incidents, category, alice, bob, eve };
        desk.is_linked("alice", &desk.alice).await;
        desk.is_linked("bob", &desk.bob).await;
        desk
    }

    /// A person types the code that they get in the console.
    pub(crate) async fn is_linked(&self, person: &str, hand: &Hand) {
        let shown = self.world.person(person).types("link").await;
        let code =
            shown.text().split_whitespace().skip_while(|word| *word != "link").nth(1).expect("a code").to_owned();
        self.world.handle("discord", &hand.id(), person).types(&format!("link {code}")).await.ok();
    }

    /// Alice types in the console.
    pub(crate) async fn alice(&self, line: &str) {
        self.world.person("alice").types(line).await.ok();
        self.world.settle().await;
    }

    pub(crate) async fn alice_in(&self, incident: &str, line: &str) {
        self.in_room("alice", incident, line).await;
    }

    pub(crate) async fn in_room(&self, person: &str, incident: &str, line: &str) {
        self.world.person(person).in_room(incident).types(line).await.ok();
        self.world.settle().await;
    }

    /// Lets time pass in steps, as it does.
    pub(crate) async fn pass(&self, seconds: i64) {
        for _ in 0..seconds {
            self.world.clock.advance(TimeDelta::seconds(1));
            self.world.settle().await;
        }
    }

    pub(crate) async fn room(&self) -> Room {
        self.fake.channel(ROOM).await
    }

    pub(crate) fn rooms(&self) -> Vec<Room> {
        self.fake.channels().into_iter().filter(|room| room.name().starts_with("inc-")).collect()
    }

    pub(crate) fn names(&self) -> Vec<String> {
        self.rooms().iter().map(Room::name).collect()
    }

    pub(crate) fn routes(&self) -> Vec<String> {
        let mut routes: Vec<_> = self.fake.calls().into_iter().map(|call| call.route).collect();
        routes.sort();
        routes
    }

    /// Everything that was to be done is done, and nothing that no app may do.
    pub(crate) async fn finish(&self) {
        let store = self.world.muster.store();
        for state in [OutboxState::Waiting, OutboxState::Dead] {
            let left = store.effects(state, 1_000).await.expect("the outbox can be read");
            let ours = left.iter().filter(|row| *row.outgoing.effect.platform() == muster_discord::platform());
            let left: Vec<_> = ours.map(|row| (&row.outgoing.key, &row.error)).collect();
            assert!(left.is_empty(), "effects are left {state:?}: {left:?}");
        }
        assert!(self.fake.calls().iter().all(|call| !call.early), "a call came before Discord allowed it");
        self.fake.finish();
    }

    /// What a room must hold after a declaration, whatever happened meanwhile: once each.
    pub(crate) fn is_furnished(&self, room: &Room) {
        assert_eq!(room.pins().len(), 1, "one headline is pinned");
        assert_eq!(room.messages_with("Declared").len(), 1, "one headline, and no second one");
        assert_eq!(room.messages_with("Welcome").len(), 1);
        if room.kind() == "text" {
            assert!(room.topic().starts_with("SEV1 · "), "{}", room.topic());
        }
    }
}
