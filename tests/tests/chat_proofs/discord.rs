//! Discord, as the proofs use it.

use crate::chat::{Call, Channel, Chat, Heard, Said};
use muster_core::app::Muster;
use muster_core::clock::Clock;
use muster_core::ports::chat;
use muster_discord::{Discord, DiscordConfig, Token};
use muster_tests::discord::{self, FakeDiscord, Fault, Hand, Room, Surface, render_text};
use muster_tests::process::discord::{link, members};
use muster_tests::process::{Database, Installation, Wire};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

/// What a late answer is given by.
const LATE: &str = "PATCH /webhooks/{}/{}/messages/@original";

impl Chat for FakeDiscord {
    type Hand = Hand;
    type Room = Room;
    type Surface = Surface;

    const PLATFORM: &'static str = "discord";
    const LINKS: usize = 0;
    const PIN: &'static str = "PUT /channels/{}/messages/pins/{}";

    async fn start_by(clock: Arc<dyn Clock>) -> Self {
        Self::start_by(clock).await
    }

    fn people(&self) -> BTreeMap<&'static str, Hand> {
        members(self)
    }

    fn channel(&self, name: &str, _: &BTreeMap<&'static str, Hand>) -> Room {
        self.text_channel(name, None)
    }

    fn installation(&self, store: &str, announce: &Room, wire: Wire) -> Installation {
        Installation::in_discord(store, self, announce, wire)
    }

    /// Commands can be used once they are registered.
    async fn is_set_up(&self, database: &mut Database, people: &BTreeMap<&'static str, Hand>) {
        link(database, people).await;
        self.called("PUT /applications/{}/commands", 1).await;
    }

    async fn is_listened_to(&self, wire: Wire) {
        match wire {
            Wire::Socket => self.has_connections(1).await,
            Wire::Http => {}
        }
    }

    fn adapter(&self, muster: &Arc<Muster>, announce: &Room) -> Arc<dyn chat::Chat> {
        let server = self.guild().parse().expect("an id");
        let config = DiscordConfig {
            api_url: self.url(),
            announce: announce.id().parse().ok(),
            ..DiscordConfig::new(Token::new(self.token()), server)
        };
        Discord::new(Arc::clone(muster), config).expect("the config is good")
    }

    fn delay(&self, delay: Duration) {
        self.delay(delay);
    }

    fn fail(&self, fault: Fault) {
        self.fail(fault);
    }

    fn heal(&self) {
        self.heal();
    }

    fn calls(&self) -> Vec<Call> {
        let what = |call: discord::Call| match call.route.as_str() {
            "POST /channels/{}/messages" | "PATCH /channels/{}/messages/{}" => Call::Message,
            "PATCH /channels/{}" if call.body["topic"].is_string() => Call::Topic,
            _ => Call::Other,
        };
        self.calls().into_iter().map(what).collect()
    }

    fn forget_calls(&self) {
        self.forget_calls();
    }

    /// Who was promised an answer by a process that was killed sees the promise until Discord forgets it.
    fn is_content(&self) {
        assert_eq!(self.violations(), Vec::<String>::new());
    }

    fn finish(&self) {
        self.finish();
    }

    fn id(room: &Room) -> String {
        room.id()
    }

    fn channels(&self) -> BTreeMap<String, Channel> {
        self.channels().iter().map(|room| (room.id(), seen(room))).collect()
    }

    async fn room(&self, name: &str, holds: impl Fn(&Channel) -> bool + Send + Sync) -> Room {
        let room = self.channel(name).await;
        room.until("a room as it must be", |room| holds(&seen(room))).await;
        room
    }

    /// A public channel is open to everybody.
    fn inside(&self, brought: BTreeSet<String>, is_private: bool) -> BTreeSet<String> {
        if is_private {
            brought
        } else {
            self.channel_now("general").map(|room| seen(&room).members).unwrap_or_default()
        }
    }

    async fn tries(by: &Hand, at: &Room, line: &str) -> Heard {
        heard(&by.tries(at, "inc", line).await)
    }

    async fn types(by: &Hand, at: &Room, line: &str) -> Heard {
        heard(&by.types(at, "inc", line).await)
    }

    async fn clicks(by: &Hand, at: &Room, label: &str) -> Heard {
        heard(&by.clicks(&at.pins()[0], label).await)
    }

    async fn form(by: &Hand, title: &str) -> Surface {
        by.modal().await.fill("Title", title)
    }

    async fn sends(by: &Hand, form: &Surface) -> Surface {
        form.submit(by).await.promise()
    }

    async fn comes_to_show(surface: &Surface, words: &str) {
        surface.comes_to_show(words).await;
    }

    async fn hears(by: &Hand, words: &str) -> String {
        by.hears(words).await.picture()
    }

    /// What is still being thought about is no answer.
    fn unheard(by: &Hand) -> Vec<String> {
        let all = by.unheard();
        all.iter().map(Surface::picture).filter(|picture| !picture.contains("… is thinking")).collect()
    }

    /// The answer to the form is one of them.
    async fn answered_late(&self, times: usize) -> usize {
        self.called(LATE, times + 1).await.len() - 1
    }
}

/// Of the types of answers, these are messages.
/// <https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object-interaction-callback-type>
fn heard(heard: &discord::Heard) -> Heard {
    let is_message = matches!(heard.body["type"].as_u64(), Some(4 | 7));
    Heard { acked: heard.acked, answer: is_message.then(|| render_text(&heard.body["data"])) }
}

fn seen(room: &Room) -> Channel {
    let said =
        room.messages().into_iter().map(|message| Said { picture: message.picture(), key: key(&message.json()) });
    Channel {
        name: room.name(),
        topic: room.topic(),
        pins: room.pins().iter().map(Surface::picture).collect(),
        said: said.collect(),
        members: room.members().into_iter().collect(),
        links: 0,
    }
}

/// A card leads to the console, with the key of its effect behind the address.
fn key(message: &Value) -> Option<String> {
    let url = message["embeds"][0]["url"].as_str()?;
    url.split_once('#').map(|(_, key)| key.to_owned())
}
