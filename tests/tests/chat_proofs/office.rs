//! The real Muster in a chat, and what must hold there once all is quiet.

use crate::chat::{Channel, Chat};
use crate::declared::Author;
use muster_core::clock::SystemClock;
use muster_tests::process::{Audit, Database, Installation, Server, Wire, eventually};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::OpenOptions;
use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

/// Who is brought into every public room, beside those who are in the incident.
pub(crate) const CALLED: [&str; 3] = ["bob", "carol", "dave"];

/// What the config says beside the usual.
const ROOMS: &str = r#"
[[team]]
id = "on-call"
name = "On call"
members = ["bob", "carol", "dave"]

[rooms]
invite_teams = ["on-call"]
"#;

/// An installation and the chat it is in.
pub(crate) struct Office<C: Chat> {
    pub(crate) chat: C,
    pub(crate) installation: Installation,
    pub(crate) people: BTreeMap<&'static str, C::Hand>,
    /// Where commands are given.
    pub(crate) general: C::Room,
    incidents: C::Room,
    wire: Wire,
}

impl<C: Chat> Office<C> {
    /// An office on that store. Nothing runs.
    pub(crate) async fn open(store: &str, wire: Wire) -> Self {
        let chat = C::start_by(Arc::new(SystemClock)).await;
        let people = chat.people();
        let [general, incidents] = ["general", "incidents"].map(|name| chat.channel(name, &people));
        let installation = chat.installation(store, &incidents, wire);
        let mut config = OpenOptions::new().append(true).open(installation.config()).expect("there is a config");
        config.write_all(ROOMS.as_bytes()).expect("the config is written");
        let office = Self { chat, installation, people, general, incidents, wire };
        let server = office.installation.start().await;
        office.chat.is_set_up(&mut office.database().await, &office.people).await;
        server.terminate().await;
        office
    }

    /// Starts it, and returns once it listens.
    pub(crate) async fn begins(&self) -> Server<'_> {
        let server = self.installation.start().await;
        self.chat.is_listened_to(self.wire).await;
        server
    }

    /// Somebody who declares incidents.
    pub(crate) fn author(&self, name: &'static str) -> Author<C> {
        Author { name, hand: self.people[name].clone(), at: self.general.clone() }
    }

    /// The database, read past Muster.
    pub(crate) async fn database(&self) -> Database {
        Database::open(&self.installation.database_url()).await
    }

    /// Returns once nothing waits to be made.
    pub(crate) async fn is_quiet(&self, database: &mut Database, within: Duration) {
        eventually("every effect is made", within, async || {
            let waiting = database.number("SELECT CAST(count(*) AS TEXT) FROM outbox WHERE state = 'waiting'").await;
            if waiting > 0 {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            (waiting == 0).then_some(())
        })
        .await;
    }

    /// Every incident has one room with everything that belongs into it, once; nothing is left over, in the outbox or
    /// in the chat.
    ///
    /// # Panics
    /// When it is not so.
    pub(crate) fn holds_what_is_in(&self, audit: &Audit) {
        audit.holds_together();
        for (key, effect) in &audit.outbox {
            assert!(["done", "superseded"].contains(&effect.state.as_str()), "{key}: {effect:?}");
        }
        let all = self.chat.channels();
        are_said_once(all.values());
        let others = [&self.general, &self.incidents].map(C::id);
        let mut rooms: BTreeMap<_, _> = all.iter().filter(|(id, _)| !others.contains(id)).collect();
        for (id, incident) in &audit.incidents {
            let address = address::<C>(*id, incident);
            let room = rooms.remove(&address).unwrap_or_else(|| panic!("INC-{id} has the room of another, or none"));
            self.is_furnished(room, *id, incident);
        }
        let left: Vec<_> = rooms.values().map(|room| &room.name).collect();
        assert!(left.is_empty(), "rooms of nobody: {left:?}");
        let public = audit.incidents.iter().filter(|(_, incident)| !is_private(incident));
        let public: BTreeSet<_> = public.map(|(id, _)| *id).collect();
        assert_eq!(announced(&all[&C::id(&self.incidents)]), public, "each is announced, and nothing else");
        self.chat.is_content();
    }

    fn is_furnished(&self, room: &Channel, id: i64, incident: &Value) {
        let Channel { name, topic, .. } = room;
        assert!(name.starts_with(&format!("inc-{id}-")), "INC-{id} is in #{name}");
        assert_eq!(room.pins.len(), 1, "#{name}: one headline is pinned");
        assert!(is_headline_of(&room.pins[0], id), "#{name}: {}", room.pins[0]);
        let headlines = room.said.iter().filter(|said| is_headline_of(&said.picture, id)).count();
        assert_eq!((headlines, room.shows("Welcome to ")), (1, 1), "one headline, one welcome: {room:#?}");
        assert!(room.said.iter().filter(|said| said.key.is_some()).count() >= 2, "both can be found again: {room:#?}");
        assert_eq!(room.links, C::LINKS, "#{name}");
        let severity = incident["severity"].as_str().unwrap_or("no severity");
        assert!(topic.starts_with(&format!("{severity} · ")), "#{name}: {topic}");
        let joined = incident["participants"].as_array().into_iter().flatten();
        let mut brought: BTreeSet<_> = joined.filter_map(|one| one["person"].as_str()).map(str::to_owned).collect();
        if !is_private(incident) {
            brought.extend(CALLED.map(str::to_owned));
        }
        assert_eq!(room.members, self.chat.inside(brought, is_private(incident)), "#{name}");
    }
}

/// The channel of an incident, as the incident knows it.
fn address<C: Chat>(id: i64, incident: &Value) -> String {
    let all = incident["rooms"].as_array().into_iter().flatten();
    let mut here: Vec<_> = all.filter(|room| room["platform"] == C::PLATFORM).collect();
    assert_eq!(here.len(), 1, "INC-{id} has one room there: {here:?}");
    here.remove(0)["address"].as_str().expect("a room has an address").to_owned()
}

/// Of which incidents there is a card in `#incidents`; of none are there two.
fn announced(incidents: &Channel) -> BTreeSet<i64> {
    let mut all = BTreeSet::new();
    for card in &incidents.said {
        let id = incident_in(&card.picture).unwrap_or_else(|| panic!("this names none:\n{}", card.picture));
        assert!(card.key.is_some(), "the announcement of INC-{id} can be found again");
        assert!(all.insert(id), "INC-{id} is announced twice");
    }
    all
}

/// No effect was said twice: every message carries the key of its own.
fn are_said_once<'c>(channels: impl Iterator<Item = &'c Channel>) {
    let mut keys = BTreeSet::new();
    for channel in channels {
        for key in channel.said.iter().filter_map(|said| said.key.as_ref()) {
            assert!(keys.insert(key), "{key} is said twice in #{}", channel.name);
        }
    }
}

/// Whether only those who joined know of it.
pub(crate) fn is_private(incident: &Value) -> bool {
    incident["visibility"] == "private"
}

/// The incident that is named first: `INC-7`, or its room, `#inc-7-checkout-is-down`.
pub(crate) fn incident_in(picture: &str) -> Option<i64> {
    let lower = picture.to_lowercase();
    let (_, rest) = lower.split_once("inc-")?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// Whether it is the card that says how an incident stands.
fn is_headline_of(picture: &str, id: i64) -> bool {
    incident_in(picture) == Some(id) && picture.contains("Severity")
}
