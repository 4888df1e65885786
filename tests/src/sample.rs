//! The organisation of the tests: a retailer with a few people, of whom each may do something different.

use chrono::{NaiveDate, NaiveTime};
use chrono_tz::Tz;
use muster_core::ids::PersonId;
use muster_core::oncall::{Layer, Level, Policy, Schedule, Target, Turn, Window};
use muster_core::org::{
    Category, CustomField, Organisation, Person, Right, RunbookRules, Service, ServiceKind, Site, Team,
};
use std::collections::BTreeMap;
use std::time::Duration;

/// Everybody, by id: `alice` and `bob` respond, `carol` leads communication, `dave` operates Muster, `victor` may only
/// look, and `mallory` may respond but is never let in to anything.
pub const PEOPLE: [(&str, &str, Right); 6] = [
    ("alice", "Alice Ek", Right::Respond),
    ("bob", "Bob Lind", Right::Respond),
    ("carol", "Carol Åberg", Right::Respond),
    ("dave", "Dave Holm", Right::Admin),
    ("victor", "Victor Sjö", Right::View),
    ("mallory", "Mallory Berg", Right::Respond),
];

fn person((id, name, right): (&str, &str, Right)) -> Person {
    Person {
        id: PersonId::from(id),
        name: name.to_owned(),
        email: Some(format!("{id}@example.com")),
        right,
        time_zone: if id == "alice" { Tz::Europe__Stockholm } else { Tz::UTC },
        reach: muster_core::org::Reach::default(),
    }
}

/// Whoever is on call for payments: Alice and Bob, week about, from Monday at nine in Stockholm. On Black Friday, Alice.
fn payments() -> Schedule {
    schedule("payments", "Payments", &["alice", "bob"], Vec::new())
}

/// Carol, while the stores are open: at night nobody.
fn stores() -> Schedule {
    let hour = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default();
    schedule("stores", "Store hours", &["carol"], vec![Window::daily(Vec::new(), hour(7), hour(22))])
}

fn schedule(id: &str, name: &str, people: &[&str], windows: Vec<Window>) -> Schedule {
    let zone = Tz::Europe__Stockholm;
    let first = NaiveDate::from_ymd_opt(2026, 1, 5).and_then(|date| date.and_hms_opt(9, 0, 0)).unwrap_or_default();
    let slots = people.iter().map(|&person| vec![PersonId::from(person)]).collect();
    let layer = Layer { name: "turns".to_owned(), zone, first, until: None, turn: Turn::Weeks(1), slots, windows };
    let (team, layers) = (Some(id.to_owned()), vec![layer]);
    Schedule { id: id.to_owned(), name: name.to_owned(), team, zone, layers, calendar: None }
}

/// Whoever is on call for payments has five minutes, then everybody on the team; and all of it once more.
fn in_turn() -> Policy {
    let level = |target| Level {
        targets: vec![target],
        round_robin: false,
        after: Duration::from_secs(300),
        after_by_severity: BTreeMap::new(),
    };
    let id = || "payments".to_owned();
    let levels = vec![level(Target::Schedule { id: id() }), level(Target::Team { id: id() })];
    Policy { id: id(), name: "Payments".to_owned(), levels, repeat: 1 }
}

/// The retailer.
#[must_use]
pub fn retailer() -> Organisation {
    let service = |id: &str, name: &str, kind, owner: &str| Service {
        id: id.to_owned(),
        name: name.to_owned(),
        kind,
        owner: Some(owner.to_owned()),
    };
    let site = |id: &str, name: &str| Site { id: id.to_owned(), name: name.to_owned() };
    let team = |id: &str, name: &str, members: &[&str]| Team {
        id: id.to_owned(),
        name: name.to_owned(),
        members: members.iter().map(|&member| PersonId::from(member)).collect(),
        policy: (id == "payments").then(|| id.to_owned()),
    };
    let category = |key: &str, name: &str, private| Category { key: key.to_owned(), name: name.to_owned(), private };
    let choices = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
    Organisation {
        people: PEOPLE.map(person).to_vec(),
        teams: vec![team("payments", "Payments", &["alice", "bob"]), team("stores", "Stores", &["carol"])],
        services: vec![
            service("checkout", "Checkout", ServiceKind::Web, "payments"),
            service("payment", "Card payments", ServiceKind::Backend, "payments"),
            service("tills", "Tills", ServiceKind::PointOfSale, "stores"),
            service("fridges", "Fridge sensors", ServiceKind::Iot, "stores"),
            service("wan", "Store lines", ServiceKind::Network, "stores"),
        ],
        sites: vec![
            site("stockholm", "Stockholm Sergels torg"),
            site("gothenburg", "Gothenburg Nordstan"),
            site("warehouse", "Central warehouse"),
        ],
        categories: vec![category("outage", "Outage", false), category("security", "Security", true)],
        fields: vec![
            CustomField {
                key: "impact".to_owned(),
                name: "Impact".to_owned(),
                choices: choices(&["low", "medium", "high"]),
            },
            CustomField { key: "ticket".to_owned(), name: "Ticket".to_owned(), choices: Vec::new() },
        ],
        schedules: vec![payments(), stores()],
        policies: vec![in_turn()],
        runbooks: RunbookRules { books: crate::runs::books(), ..RunbookRules::default() },
        ..Organisation::empty("Nordvaror", "https://muster.example.com")
    }
}
