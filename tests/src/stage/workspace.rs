//! A Slack workspace with a Muster in it, which runs as a real one does.

use super::heard::Expected;
use super::running::{Running, serve};
use crate::sample;
use crate::slack::{FakeSlack, Hand, Heard, Room, Surface, Way, live_mentions};
use muster_core::clock::Clock;
use muster_core::org::{ChatRules, Organisation, Right};
use muster_core::ports::chat::Chat;
use muster_slack::{Slack, SlackConfig, Token};
use std::sync::Arc;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub use crate::process::Wire;

/// Where the announcements are.
const ANNOUNCED_IN: &str = "incidents";

/// A Slack with a Muster in it.
pub struct Workspace {
    /// The platform.
    pub slack: FakeSlack,
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
    /// The Muster.
    pub muster: Arc<Running>,
    app: Arc<Slack>,
    stop: oneshot::Sender<()>,
    listening: JoinHandle<()>,
    expected: Expected,
}

impl Workspace {
    /// Everybody is in the workspace, nothing has happened.
    pub async fn begin(wire: Wire) -> Self {
        let muster = match wire {
            Wire::Socket => Running::over_a_file(organisation()).await,
            Wire::Http => Running::in_memory(organisation()),
        };
        let workspace = Self::of(muster, wire).await;
        workspace.muster.run(vec![workspace.chat()]);
        workspace
    }

    /// One of a Muster that does not run yet.
    pub async fn of(muster: Arc<Running>, wire: Wire) -> Self {
        let slack = FakeSlack::start_by(Arc::clone(&muster.clock) as Arc<dyn Clock>).await;
        let person = |(id, name, _)| slack.person(id, name, &format!("{id}@example.com"));
        let [alice, bob, carol, dave, victor, mallory] = sample::PEOPLE.map(person);
        let everybody = [&alice, &bob, &carol, &dave, &victor, &mallory];
        let (incidents, general) =
            (slack.public_channel(ANNOUNCED_IN, &everybody), slack.public_channel("general", &everybody));
        let secret = |which: Wire, text: String| (which == wire).then(|| Token::new(text));
        let config = SlackConfig {
            api_url: slack.api_url(),
            app_token: secret(Wire::Socket, slack.app_token()),
            signing_secret: secret(Wire::Http, slack.signing_secret()),
            announce: Some(ANNOUNCED_IN.to_owned()),
            ..SlackConfig::new(Token::new(slack.bot_token()))
        };
        let app = Slack::new(Arc::clone(&muster.app), config).expect("the config is good");
        app.greet().await;
        let (stop, stopped) = oneshot::channel();
        let listening = listen(wire, &app, &slack, stopped).await;
        Self {
            slack,
            alice,
            bob,
            carol,
            dave,
            victor,
            mallory,
            incidents,
            general,
            muster,
            app,
            stop,
            listening,
            expected: Expected::default(),
        }
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

    /// Somebody types `/inc …`: what they alone are answered.
    pub async fn types(&self, hand: &Hand, room: &Room, line: &str) -> Surface {
        let heard = hand.types(room, "/inc", line).await;
        private(hand, heard).await
    }

    /// Somebody types `/inc …` and gets a form.
    pub async fn opens(&self, hand: &Hand, room: &Room, line: &str) -> Surface {
        let heard = hand.types(room, "/inc", line).await;
        assert!(heard.said.is_none(), "a form comes instead of an answer");
        hand.modal().await
    }

    /// Alice declares “checkout is down”, SEV1; its room, with all that belongs into it.
    pub async fn declared(&self) -> Room {
        let answer = self.types(&self.alice, &self.general, "new sev1 checkout is down").await;
        let _ = answer.shows("INC-1 checkout is down");
        let room = self.slack.channel("inc-1-checkout-is-down").await;
        room.message("Welcome to INC-1").await;
        self.muster.settle().await;
        room
    }

    /// The next direct message that somebody gets, which must hold these words.
    pub async fn is_told(&self, hand: &Hand, words: &str) -> Surface {
        let message = hand.direct().message(words).await;
        self.expected.expects([message.ts()]);
        message
    }

    /// Everybody, in the order of [`sample::PEOPLE`].
    #[must_use]
    pub fn everybody(&self) -> [&Hand; 6] {
        [&self.alice, &self.bob, &self.carol, &self.dave, &self.victor, &self.mallory]
    }

    /// Takes every direct message to somebody as expected.
    pub fn has_heard(&self, hand: &Hand) {
        self.expected.expects(hand.direct().messages().iter().map(Surface::ts));
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
            self.expected.is_all(hand.id(), told.map(|surface| (surface.ts(), surface.picture())).collect());
        }
        assert_eq!(self.slack.lost_events(), [serde_json::Value::Null; 0], "events were not acknowledged");
        assert_eq!(self.app.troubles(), [""; 0], "an operator has something to mend");
        self.slack.finish();
    }
}

/// What somebody alone is answered, whether it came at once or after “Working on it…”.
pub async fn private(hand: &Hand, heard: Heard) -> Surface {
    match heard.said {
        Some(said) if !said.picture().contains("Working on it") => said,
        Some(_) | None => hand.hears("").await,
    }
}

/// Whom a message pings.
pub fn pings(message: &Surface) -> Vec<String> {
    live_mentions(&message.json())
}

fn organisation() -> Organisation {
    let mut org = sample::retailer();
    org.chats = vec![ChatRules { platform: muster_slack::platform(), rooms: true, announces: true }];
    org.guest_right = Right::View;
    org
}

async fn listen(wire: Wire, app: &Arc<Slack>, slack: &FakeSlack, stopped: oneshot::Receiver<()>) -> JoinHandle<()> {
    match wire {
        Wire::Socket => {
            let listening = tokio::spawn(Arc::clone(app).listen(async { drop(stopped.await) }));
            slack.has_sockets(1).await;
            listening
        }
        Wire::Http => {
            let (url, listening) = serve(app.router(), stopped).await;
            slack.listen_at(Way::Http { url });
            listening
        }
    }
}
