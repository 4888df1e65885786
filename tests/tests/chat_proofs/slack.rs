//! Slack, as the proofs use it.

use crate::chat::{Call, Channel, Chat, Heard, Said};
use muster_core::app::Muster;
use muster_core::clock::Clock;
use muster_core::ports::chat;
use muster_slack::{Slack, SlackConfig, Token};
use muster_tests::process::slack::members;
use muster_tests::process::{Database, Installation, Wire};
use muster_tests::slack::{self, FakeSlack, Fault, Hand, Room, Surface, render_text};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

impl Chat for FakeSlack {
    type Hand = Hand;
    type Room = Room;
    type Surface = Surface;

    const PLATFORM: &'static str = "slack";
    const LINKS: usize = 1;
    const PIN: &'static str = "pins.add";

    async fn start_by(clock: Arc<dyn Clock>) -> Self {
        Self::start_by(clock).await
    }

    fn people(&self) -> BTreeMap<&'static str, Hand> {
        members(self)
    }

    fn channel(&self, name: &str, everybody: &BTreeMap<&'static str, Hand>) -> Room {
        self.public_channel(name, &everybody.values().collect::<Vec<_>>())
    }

    fn installation(&self, store: &str, _: &Room, wire: Wire) -> Installation {
        Installation::in_slack(store, self, wire)
    }

    /// Slack tells addresses, by which people are known.
    async fn is_set_up(&self, _: &mut Database, _: &BTreeMap<&'static str, Hand>) {}

    async fn is_listened_to(&self, wire: Wire) {
        match wire {
            Wire::Socket => self.has_sockets(1).await,
            Wire::Http => {}
        }
    }

    fn adapter(&self, muster: &Arc<Muster>, announce: &Room) -> Arc<dyn chat::Chat> {
        let config = SlackConfig {
            api_url: self.api_url(),
            announce: Some(announce.name()),
            ..SlackConfig::new(Token::new(self.bot_token()))
        };
        Slack::new(Arc::clone(muster), config).expect("the config is good")
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
        let what = |call: slack::Call| match call.method.as_str() {
            "chat.postMessage" | "chat.update" => Call::Message,
            "conversations.setTopic" => Call::Topic,
            _ => Call::Other,
        };
        self.calls().into_iter().map(what).collect()
    }

    fn forget_calls(&self) {
        self.forget_calls();
    }

    fn is_content(&self) {
        self.finish();
    }

    fn finish(&self) {
        self.finish();
    }

    fn id(room: &Room) -> String {
        room.id().to_owned()
    }

    fn channels(&self) -> BTreeMap<String, Channel> {
        self.channels().iter().map(|room| (room.id().to_owned(), seen(room))).collect()
    }

    async fn room(&self, name: &str, holds: impl Fn(&Channel) -> bool + Send + Sync) -> Room {
        let room = self.channel(name).await;
        room.until("a room as it must be", |room| holds(&seen(room))).await;
        room
    }

    fn inside(&self, mut brought: BTreeSet<String>, _: bool) -> BTreeSet<String> {
        brought.insert("muster".to_owned());
        brought
    }

    async fn tries(by: &Hand, at: &Room, line: &str) -> Heard {
        heard(&by.tries(at, "/inc", line).await)
    }

    async fn types(by: &Hand, at: &Room, line: &str) -> Heard {
        heard(&by.types(at, "/inc", line).await)
    }

    /// What comes of a click never comes with its acknowledgement.
    async fn clicks(by: &Hand, at: &Room, label: &str) -> Heard {
        heard(&by.clicks(&at.pins()[0], label).await)
    }

    async fn form(by: &Hand, title: &str) -> Surface {
        by.modal().await.fill("title", title)
    }

    async fn sends(by: &Hand, form: &Surface) -> Surface {
        form.submit(by).await.updated().shows("Working on it…")
    }

    async fn comes_to_show(surface: &Surface, words: &str) {
        surface.comes_to_show(words).await;
    }

    async fn hears(by: &Hand, words: &str) -> String {
        by.hears(words).await.picture()
    }

    fn unheard(by: &Hand) -> Vec<String> {
        by.unheard().iter().map(Surface::picture).collect()
    }

    async fn answered_late(&self, times: usize) -> usize {
        self.called("response_url", times).await.len()
    }
}

fn heard(heard: &slack::Heard) -> Heard {
    let answer = render_text(&heard.body);
    let is_answer = !answer.is_empty() && !answer.contains("Working on it…");
    Heard { acked: heard.acked, answer: is_answer.then_some(answer) }
}

fn seen(room: &Room) -> Channel {
    let said = room.messages().into_iter().map(|message| {
        let key = message.json()["metadata"]["event_payload"]["key"].as_str().map(str::to_owned);
        Said { picture: message.picture(), key }
    });
    Channel {
        name: room.name(),
        topic: room.topic(),
        pins: room.pins().iter().map(Surface::picture).collect(),
        said: said.collect(),
        members: room.members().into_iter().collect(),
        links: room.bookmarks().len(),
    }
}
