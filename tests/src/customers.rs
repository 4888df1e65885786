//! The customers of the retailer, and who lets go what they are told: its audiences, its components, the templates that Muster brings.

use crate::fixtures;
use crate::statuspage::{language, names};
use chrono_tz::Tz;
use muster_core::comms::library;
use muster_core::comms::template::Known;
use muster_core::comms::{
    Audience, CommsRules, Component, ComponentState, Destination, Locales, PageRules, PublicRules, PublicSite, Theme,
};
use muster_core::ids::{PersonId, RoleKey, SeverityKey};
use muster_core::oncall::Target;
use muster_core::runbook::Who;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// At these severities a second person lets go what customers are told.
const APPROVED_AT: [&str; 2] = ["SEV1", "SEV2"];

fn component(id: &str, service: &str, each: [&str; 3]) -> Component {
    Component {
        id: id.to_owned(),
        names: names(each),
        descriptions: BTreeMap::new(),
        group: None,
        services: vec![service.to_owned()],
        sites: None,
    }
}

/// An audience of which Dave and the commander may let go what it is told.
fn audience(id: &str, name: &str, to: Vec<Destination>) -> Audience {
    let commander = Who::Role { role: RoleKey::commander() };
    Audience {
        id: id.to_owned(),
        name: name.to_owned(),
        to,
        locales: Locales::new(language("en"), ["sv", "de"].map(language)),
        approval: APPROVED_AT.map(SeverityKey::from).to_vec(),
        approvers: vec![Who::Person { person: PersonId::from("dave") }, commander],
        clocked: id == "public",
        ..fixtures::audience()
    }
}

/// What the config says: customers read the status page, business customers are told by mail; at SEV1 and SEV2 Dave or the commander
/// lets go what they are told. Customers hear within a quarter of an hour, and then twice an hour.
///
/// # Panics
/// When a template of the library is not sound.
#[must_use]
pub fn rules() -> CommsRules {
    let rule = |severity: &str, state| PublicRules {
        severity: SeverityKey::from(severity),
        first_within: Some(Duration::from_secs(15 * 60)),
        every: Some(Duration::from_secs(30 * 60)),
        state: Some(state),
    };
    let mut rules = CommsRules {
        locales: Locales::new(language("en"), ["sv", "de"].map(language)),
        audiences: vec![
            audience("public", "Customers", vec![Destination::Page]),
            audience("business", "Business customers", vec![Destination::Person { person: PersonId::from("carol") }]),
        ],
        rules: vec![rule("SEV1", ComponentState::MajorOutage), rule("SEV2", ComponentState::PartialOutage)],
        components: vec![
            component("card-payments", "payment", ["Card payments", "Kortbetalningar", "Kartenzahlung"]),
            component("web-shop", "checkout", ["Web shop", "Webbutik", "Onlineshop"]),
        ],
        sites: vec![PublicSite { site: "stockholm".to_owned(), name: "Stockholm".to_owned(), region: None }],
        review_page: Some(Target::Person { id: PersonId::from("dave") }),
        page: Some(PageRules {
            name: "Nordic Retail".to_owned(),
            url: "https://status.example.com".to_owned(),
            time_zone: Tz::Europe__Stockholm,
            since: None,
            theme: Theme::default(),
        }),
        ..CommsRules::default()
    };
    let known = Known {
        audiences: rules.audiences.iter().map(|one| one.id.clone()).collect(),
        severities: ["SEV1", "SEV2", "SEV3", "SEV4"].map(SeverityKey::from).to_vec(),
        locales: rules.locales.clone(),
    };
    rules.templates = library::templates(&known).into_iter().map(Arc::new).collect();
    rules
}
