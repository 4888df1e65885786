//! The organisation of the tests: a retailer with a few people, of whom each may do something different.

use chrono_tz::Tz;
use muster_core::ids::PersonId;
use muster_core::org::{Category, CustomField, Organisation, Person, Right, Service, ServiceKind, Site, Team};

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
        policy: None,
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
        ..Organisation::empty("Nordvaror", "https://muster.example.com")
    }
}
