//! A Discord server with a Muster in it, which runs as a real one does.

use super::heard::Expected;
use super::running::{Running, serve};
use super::workspace::Wire;
use crate::discord::{FakeDiscord, Hand, Heard, Room, Surface, Way};
use crate::sample;
use muster_core::clock::Clock;
use muster_core::org::{ChatRules, Organisation, Right};
use muster_core::ports::chat::Chat;
use muster_discord::{Discord, DiscordConfig, Id, Rooms, Token};
use std::sync::Arc;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// A Discord server with a Muster in it, in which everybody has said who they are.
pub struct Guild {
    /// The platform.
    pub discord: FakeDiscord,
    /// Of payments.
    pub alice: Hand,
    /// Of payments, too.
    pub bob: Hand,
    /// Of the stores.
    pub carol: Hand,
    /// Operates Muster.
    pub dave: Hand,
    /// May only look.
    pub victor: Hand,
    /// Is let in to nothing that is private.
    pub mallory: Hand,
    /// Where everybody looks.
    pub incidents: Room,
    /// A channel that is no incident's.
    pub general: Room,
    /// Where the rooms are made.
    pub category: Room,
    /// The Muster.
    pub muster: Arc<Running>,
    app: Arc<Discord>,
    stop: oneshot::Sender<()>,
    listening: JoinHandle<()>,
    expected: Expected,
}

impl Guild {
    /// Everybody is in the server and known, nothing has happened.
    pub async fn begin(wire: Wire) -> Self {
        Self::with(wire, |_, _| {}).await
    }

    /// The same with another config.
    ///
    /// # Panics
    /// When the config is bad.
    pub async fn with(wire: Wire, change: impl FnOnce(&FakeDiscord, &mut DiscordConfig)) -> Self {
        let muster = match wire {
            Wire::Socket => Running::over_a_file(organisation()).await,
            Wire::Http => Running::in_memory(organisation()),
        };
        let guild = Self::of(muster, wire, change).await;
        guild.muster.run(vec![guild.chat()]);
        guild
    }

    /// One of a Muster that does not run yet.
    ///
    /// # Panics
    /// When the config is bad.
    pub async fn of(muster: Arc<Running>, wire: Wire, change: impl FnOnce(&FakeDiscord, &mut DiscordConfig)) -> Self {
        let discord = FakeDiscord::start_by(Arc::clone(&muster.clock) as Arc<dyn Clock>).await;
        let config = config(&discord, wire, change);
        let app = Discord::new(Arc::clone(&muster.app), config.config).expect("the config is good");
        app.greet().await;
        let (stop, stopped) = oneshot::channel();
        let listening = listen(wire, &app, &discord, stopped).await;
        let [alice, bob, carol, dave, victor, mallory] = sample::PEOPLE.map(|(id, name, _)| discord.person(id, name));
        let (incidents, general, category) = (config.incidents, config.general, config.category);
        let expected = Expected::default();
        let guild = Self {
            discord,
            alice,
            bob,
            carol,
            dave,
            victor,
            mallory,
            incidents,
            general,
            category,
            muster,
            app,
            stop,
            listening,
            expected,
        };
        for ((person, ..), hand) in sample::PEOPLE.iter().zip(guild.everybody()) {
            guild.is_linked(person, hand).await;
        }
        guild
    }

    /// Somebody types the code that the console gives them.
    ///
    /// # Panics
    /// When it gives them none.
    pub async fn is_linked(&self, person: &str, hand: &Hand) {
        let line = super::code(&self.muster.in_console(person, "link").await.text());
        let linked = self.types(hand, &self.general, &line).await;
        let _ = linked.shows("From now on you are");
    }

    /// The chat, for the Muster to run on.
    #[must_use]
    pub fn chat(&self) -> Arc<dyn Chat> {
        Arc::clone(&self.app) as Arc<dyn Chat>
    }

    /// The organisation is configured otherwise from now on.
    pub fn configured(self, change: impl FnOnce(&mut Organisation)) -> Self {
        let mut org = organisation();
        change(&mut org);
        self.muster.app.reconfigure(org);
        self
    }

    /// Somebody types a line, as the options of its command: what they alone are answered.
    pub async fn types(&self, hand: &Hand, room: &Room, line: &str) -> Surface {
        let heard = hand.types(room, "inc", line).await;
        private(hand, heard).await
    }

    /// Somebody uses something that one can click on: what they alone are answered.
    pub async fn clicks(&self, hand: &Hand, on: &Surface, label: &str) -> Surface {
        let heard = match on.offering(label) {
            Some(select) => hand.chooses(on, &select, label).await,
            None => hand.clicks(on, label).await,
        };
        private(hand, heard).await
    }

    /// Somebody sends a form: what they alone are answered.
    pub async fn submits(&self, hand: &Hand, form: Surface) -> Surface {
        let heard = form.submit(hand).await;
        private(hand, heard).await
    }

    /// Alice declares “checkout is down”, SEV1; its room, with all that belongs into it.
    pub async fn declared(&self) -> Room {
        let answer = self.types(&self.alice, &self.general, "new sev1 checkout is down").await;
        let _ = answer.shows("INC-1 checkout is down");
        let room = self.discord.channel("inc-1-checkout-is-down").await;
        room.message("Welcome to INC-1").await;
        self.muster.settle().await;
        room
    }

    /// The next direct message that somebody gets, which must hold these words.
    pub async fn is_told(&self, hand: &Hand, words: &str) -> Surface {
        let message = hand.direct().message(words).await;
        self.expected.expects([message.id()]);
        message
    }

    /// Everybody, in the order of [`sample::PEOPLE`].
    #[must_use]
    pub fn everybody(&self) -> [&Hand; 6] {
        [&self.alice, &self.bob, &self.carol, &self.dave, &self.victor, &self.mallory]
    }

    /// Takes every direct message to somebody as expected.
    pub fn has_heard(&self, hand: &Hand) {
        self.expected.expects(hand.direct().messages().iter().map(Surface::id));
    }

    /// The end of a story: everything has been said, heard, and was allowed; nobody was pinged who was not meant.
    ///
    /// # Panics
    /// When that is not so.
    pub async fn finish(self) {
        self.muster.settle().await;
        let everybody = self.everybody().map(Hand::clone);
        drop(self.stop);
        self.listening.await.expect("listening ends by itself");
        self.app.finish().await;
        self.muster.finish().await;
        for hand in &everybody {
            let told = hand.unheard().into_iter().chain(hand.direct().messages());
            self.expected.is_all(&hand.id(), told.map(|surface| (surface.id(), surface.picture())).collect());
        }
        assert_eq!(self.app.troubles(), [""; 0], "an operator has something to mend");
        self.discord.finish();
    }
}

/// What somebody alone is answered, whether it came at once or after “thinking…”.
pub async fn private(hand: &Hand, heard: Heard) -> Surface {
    match heard.said {
        Some(said) => said,
        None => hand.hears("").await,
    }
}

fn organisation() -> Organisation {
    let mut org = sample::retailer();
    org.chats = vec![ChatRules { platform: muster_discord::platform(), rooms: true, announces: true }];
    org.guest_right = Right::View;
    org
}

/// A config, and the channels it speaks of.
struct Configured {
    config: DiscordConfig,
    incidents: Room,
    general: Room,
    category: Room,
}

fn config(discord: &FakeDiscord, wire: Wire, change: impl FnOnce(&FakeDiscord, &mut DiscordConfig)) -> Configured {
    let [incidents, general] = ["incidents", "general"].map(|name| discord.text_channel(name, None));
    let category = discord.category("war rooms");
    let mut config = DiscordConfig {
        api_url: discord.url(),
        public_key: (wire == Wire::Http).then(|| discord.public_key()),
        gateway: wire == Wire::Socket,
        rooms: Rooms::Channels { categories: vec![id(&category)] },
        announce: Some(id(&incidents)),
        ..DiscordConfig::new(Token::new(discord.token()), discord.guild().parse().expect("a snowflake"))
    };
    change(discord, &mut config);
    Configured { config, incidents, general, category }
}

/// A channel as a config names it.
///
/// # Panics
/// Never.
#[must_use]
pub fn id(room: &Room) -> Id {
    room.id().parse().expect("a snowflake")
}

async fn listen(
    wire: Wire,
    app: &Arc<Discord>,
    discord: &FakeDiscord,
    stopped: oneshot::Receiver<()>,
) -> JoinHandle<()> {
    match wire {
        Wire::Socket => {
            let listening = tokio::spawn(Arc::clone(app).listen(async { drop(stopped.await) }));
            discord.has_identified(1).await;
            listening
        }
        Wire::Http => {
            let (url, listening) = serve(app.router(), stopped).await;
            discord.listen_at(Way::Http { url });
            listening
        }
    }
}
