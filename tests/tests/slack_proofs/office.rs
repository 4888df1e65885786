//! The real Muster in a workspace, and what must hold in the workspace once all is quiet.

use muster_tests::process::slack::{Wire, members};
use muster_tests::process::{Audit, Database, Installation, eventually};
use muster_tests::slack::{FakeSlack, Hand, Room, Surface};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::OpenOptions;
use std::io::Write;
use std::time::Duration;

/// Who is brought into every room, beside those who are in the incident.
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

/// An installation and its workspace.
pub(crate) struct Office {
    pub(crate) slack: FakeSlack,
    pub(crate) installation: Installation,
    pub(crate) people: BTreeMap<&'static str, Hand>,
    /// Where commands are given.
    pub(crate) general: Room,
    incidents: Room,
}

impl Office {
    /// An office on that store. Nothing is started yet.
    pub(crate) async fn open(store: &str, wire: Wire) -> Self {
        let slack = FakeSlack::start().await;
        let people = members(&slack);
        let everybody: Vec<_> = people.values().collect();
        let general = slack.public_channel("general", &everybody);
        let incidents = slack.public_channel("incidents", &everybody);
        let installation = Installation::in_slack(store, &slack, wire);
        let mut config = OpenOptions::new().append(true).open(installation.config()).expect("there is a config");
        config.write_all(ROOMS.as_bytes()).expect("the config is written");
        Self { slack, installation, people, general, incidents }
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
    /// in the workspace.
    ///
    /// # Panics
    /// When it is not so.
    pub(crate) fn holds_what_is_in(&self, audit: &Audit) {
        audit.holds_together();
        for (key, effect) in &audit.outbox {
            assert!(["done", "superseded"].contains(&effect.state.as_str()), "{key}: {effect:?}");
        }
        let mut rooms: BTreeMap<_, _> =
            self.slack.channels().into_iter().map(|room| (room.id().to_owned(), room)).collect();
        rooms.remove(self.general.id());
        rooms.remove(self.incidents.id());
        for (id, incident) in &audit.incidents {
            let address = self.address(*id, incident);
            let room = rooms.remove(&address).unwrap_or_else(|| panic!("INC-{id} has the room of another, or none"));
            self.is_furnished(&room, *id, incident);
        }
        let left: Vec<_> = rooms.values().map(Room::name).collect();
        assert!(left.is_empty(), "rooms of nobody: {left:?}");
        assert_eq!(self.announced(), audit.incidents.keys().copied().collect(), "each is announced, and nothing else");
        // A headline, a welcome and an announcement each.
        assert!(self.said_once().len() >= 3 * audit.incidents.len());
        self.slack.finish();
    }

    /// The channel of an incident, as the incident knows it.
    fn address(&self, id: i64, incident: &Value) -> String {
        let all = incident["rooms"].as_array().into_iter().flatten();
        let mut here: Vec<_> = all.filter(|room| room["platform"] == "slack").collect();
        assert_eq!(here.len(), 1, "INC-{id} has one room in Slack: {here:?}");
        here.remove(0)["address"].as_str().expect("a room has an address").to_owned()
    }

    fn is_furnished(&self, room: &Room, id: i64, incident: &Value) {
        let name = room.name();
        assert!(name.starts_with(&format!("inc-{id}-")), "INC-{id} is in #{name}");
        let pins = room.pins();
        assert_eq!(pins.len(), 1, "#{name}: one headline is pinned");
        assert!(is_headline_of(&pins[0].picture(), id), "#{name}: {}", pins[0].picture());
        let said: Vec<_> = room.messages().iter().map(Surface::picture).collect();
        let headlines = said.iter().filter(|picture| is_headline_of(picture, id)).count();
        let welcomes = said.iter().filter(|picture| picture.contains("Welcome to ")).count();
        assert_eq!((headlines, welcomes), (1, 1), "#{name}: one headline, one welcome\n{}", said.join("\n\n"));
        assert_eq!(room.bookmarks().len(), 1, "#{name}: {:?}", room.bookmarks());
        let severity = incident["severity"].as_str().unwrap_or("no severity");
        assert!(room.topic().starts_with(&format!("{severity} · ")), "#{name}: {}", room.topic());
        let joined = incident["participants"].as_array().into_iter().flatten();
        let mut wanted: BTreeSet<_> = joined.filter_map(|one| one["person"].as_str()).collect();
        wanted.extend(CALLED);
        wanted.insert("muster");
        let there = room.members();
        assert_eq!(there.iter().map(String::as_str).collect::<BTreeSet<_>>(), wanted, "#{name}");
    }

    /// Of which incidents there is a card in `#incidents`; of none are there two.
    fn announced(&self) -> BTreeSet<i64> {
        let mut all = BTreeSet::new();
        for card in self.incidents.messages() {
            let id = incident_in(&card.picture()).unwrap_or_else(|| panic!("this names none:\n{}", card.picture()));
            assert!(all.insert(id), "INC-{id} is announced twice");
        }
        all
    }

    /// The effects that were said, each once: every message carries the key of its own.
    fn said_once(&self) -> BTreeSet<String> {
        let mut keys = BTreeSet::new();
        for room in self.slack.channels() {
            for message in room.messages() {
                let json = message.json();
                if let Some(key) = json["metadata"]["event_payload"]["key"].as_str() {
                    assert!(keys.insert(key.to_owned()), "{key} is said twice in #{}", room.name());
                }
            }
        }
        keys
    }
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
