//! Discord's limits as Muster keeps them in earnest: the SDK's buckets switched on, over TLS, by the real clock.
//!
//! What is held back goes to the outbox and comes back when it may, which is what `delivers` does here.

use futures::future::join_all;
use muster_core::app::Muster;
use muster_core::clock::SystemClock;
use muster_core::effect::Effect;
use muster_core::ids::{EffectKey, IncidentId};
use muster_core::incident::room::Room as Place;
use muster_core::ports::chat::{Chat, Delivery, DeliveryError};
use muster_core::view::{Tone, View, text};
use muster_discord::reqwest::{Certificate, Client};
use muster_discord::{Discord, DiscordConfig, Token};
use muster_tests::clock::SeededEntropy;
use muster_tests::discord::{Call, FakeDiscord, Fault, Room};
use muster_tests::memory::MemoryStore;
use muster_tests::sample;
use std::sync::Arc;
use std::time::Duration;

const SAY: &str = "POST /channels/{}/messages";

/// Muster, connected to what it takes for the real Discord.
struct Earnest {
    fake: FakeDiscord,
    discord: Arc<Discord>,
}

impl Earnest {
    async fn open() -> Self {
        let fake = FakeDiscord::start_tls().await;
        let entropy = SeededEntropy::new(1);
        let muster = Muster::new(Arc::new(MemoryStore::default()), Arc::new(SystemClock), entropy, sample::retailer());
        let authority = Certificate::from_pem(fake.ca_pem().as_bytes()).expect("a certificate");
        let client =
            Client::builder().no_proxy().resolve("discord.com", fake.address()).add_root_certificate(authority);
        let guild = fake.guild().parse().expect("a snowflake");
        let config = DiscordConfig::new(Token::new(fake.token()), guild);
        let discord = Discord::over(muster, config, client.build().expect("a client")).expect("the config is good");
        Self { fake, discord }
    }

    /// Says something in a room once, waiting as long as it is told to; tells how often it was held back.
    async fn delivers(&self, room: &Room, number: usize) -> usize {
        let place = Place {
            platform: muster_discord::platform(),
            address: room.id(),
            home: true,
            url: None,
            private: false,
            archived: false,
        };
        let view = View::titled(Tone::Neutral, vec![text(format!("message {number:02}"))]);
        let key = EffectKey::new(format!("INC-1/{}/{number}", room.id()));
        let effect = Effect::Post { room: place, view: Box::new(view) };
        let delivery = Delivery { key, incident: Some(IncidentId(1)), attempt: 1, made: None, effect };
        for held in 0..100 {
            match self.discord.deliver(&delivery).await {
                Ok(_) => return held,
                Err(DeliveryError::Transient { after: Some(after), .. }) => tokio::time::sleep(after).await,
                Err(other) => panic!("{other}"),
            }
        }
        panic!("message {number} was never said");
    }

    fn said_in(&self, room: &Room) -> Vec<Call> {
        let path = format!("/channels/{}/messages", room.id());
        self.fake.calls().into_iter().filter(|call| call.path == path && call.status == 200).collect()
    }

    fn is_blameless(&self, invalid: usize) {
        assert!(self.fake.calls().iter().all(|call| !call.early), "a call came before Discord allowed it");
        assert_eq!(self.fake.invalid_requests().len(), invalid, "invalid requests");
        self.fake.finish();
    }
}

#[tokio::test]
async fn a_channel_that_takes_five_messages_in_two_seconds_gets_no_more_and_holds_nobody_up() {
    let earnest = Earnest::open().await;
    earnest.fake.bucket(SAY, 5, Duration::from_secs(2));
    let (busy, quiet) = (earnest.fake.text_channel("busy", None), earnest.fake.text_channel("quiet", None));
    let many = join_all((0..12).map(|number| earnest.delivers(&busy, number)));
    let (held, at_once) = tokio::join!(many, earnest.delivers(&quiet, 0));
    assert!(held.iter().any(|held| *held > 0), "nothing was held back, so nothing was tested");
    assert_eq!(at_once, 0);
    assert_eq!(busy.messages().len(), 12);
    assert!(earnest.said_in(&quiet)[0].at < earnest.said_in(&busy)[11].at);
    earnest.is_blameless(0);
}

#[tokio::test]
async fn one_refusal_is_enough_to_wait_as_long_as_discord_asks_and_holds_nobody_else_up() {
    let earnest = Earnest::open().await;
    let (busy, quiet) = (earnest.fake.text_channel("busy", None), earnest.fake.text_channel("quiet", None));
    earnest.fake.fail(Fault::rate_limited(2).on(SAY).in_channel(&busy.id()));
    let begun = earnest.fake.age();
    assert_eq!(earnest.delivers(&busy, 0).await, 1);
    let waited = earnest.said_in(&busy)[0].at - begun;
    assert!(waited >= Duration::from_secs(2), "{waited:?}");
    earnest.fake.fail(Fault::rate_limited(2).on(SAY).in_channel(&busy.id()));
    let (_, at_once) = tokio::join!(earnest.delivers(&busy, 1), earnest.delivers(&quiet, 0));
    assert_eq!(at_once, 0);
    assert!(earnest.said_in(&quiet)[0].at < earnest.said_in(&busy)[1].at);
    earnest.is_blameless(2);
}

#[tokio::test]
async fn a_limit_on_everything_lets_nothing_through_until_it_is_over() {
    let earnest = Earnest::open().await;
    let rooms: Vec<_> = (0..3).map(|n| earnest.fake.text_channel(&format!("room-{n}"), None)).collect();
    earnest.fake.fail(Fault::rate_limited_globally(2));
    assert_eq!(earnest.delivers(&rooms[0], 0).await, 1);
    let refused = earnest.fake.invalid_requests()[0].at;
    join_all(rooms.iter().map(|room| earnest.delivers(room, 1))).await;
    let answered = earnest.fake.calls().into_iter().filter(|call| call.status == 200);
    for call in answered {
        assert!(call.at - refused >= Duration::from_secs(2), "{} came early", call.route);
    }
    earnest.is_blameless(1);
}

#[tokio::test]
async fn a_dead_token_costs_ten_invalid_requests_at_most_however_many_are_waiting() {
    let earnest = Earnest::open().await;
    let rooms: Vec<_> = (0..60).map(|n| earnest.fake.text_channel(&format!("room-{n}"), None)).collect();
    earnest.fake.revoke_token();
    let first = join_all(rooms.iter().map(|room| {
        let give_up = Duration::from_secs(3);
        tokio::time::timeout(give_up, earnest.delivers(room, 0))
    }));
    assert!(first.await.iter().all(Result::is_err), "nobody gets in with a dead token");
    let invalid = earnest.fake.invalid_requests().len();
    assert!((1..=10).contains(&invalid), "{invalid} invalid requests");
}
