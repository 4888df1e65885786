//! The status page of the tests: a Nordic retailer on a bad day, on a calm one, and before anything was ever said.

pub mod host;
mod incidents;
mod reading;

pub use incidents::{open, past, planned};
pub use reading::reading;

use crate::clock::moment;
use chrono::NaiveDate;
use chrono_tz::Tz;
use muster_core::clock::Timestamp;
use muster_core::comms::{
    Audience, CommsRules, Component, ComponentGroup, Destination, Locale, Locales, PageRules, PublicIncident,
    PublicSite, Texts, Theme, Written,
};
use muster_statuspage::Model;
use std::collections::BTreeMap;
use std::sync::Arc;

/// When customers look: 11:40 in Stockholm, a week before Black Friday.
#[must_use]
pub fn now() -> Timestamp {
    moment("2026-11-21T10:40:00Z")
}

/// A language of the page.
///
/// # Panics
/// When it is not one.
#[must_use]
pub fn language(name: &str) -> Locale {
    name.parse().expect("a language in a test is written as en")
}

/// The same thing in English, Swedish and German.
#[must_use]
pub fn names(each: [&str; 3]) -> BTreeMap<Locale, String> {
    ["en", "sv", "de"].into_iter().zip(each).map(|(name, text)| (language(name), text.to_owned())).collect()
}

/// A text in English, Swedish and German: title and body each.
#[must_use]
pub fn texts(each: [(&str, &str); 3]) -> Texts {
    let written = |(title, body): (&str, &str)| Written { title: title.to_owned(), body: body.to_owned() };
    ["en", "sv", "de"].into_iter().zip(each).map(|(name, text)| (language(name), written(text))).collect()
}

fn component(id: &str, group: Option<&str>, each: [&str; 3]) -> Component {
    Component {
        id: id.to_owned(),
        names: names(each),
        descriptions: BTreeMap::new(),
        group: group.map(str::to_owned),
        services: vec![id.to_owned()],
        sites: None,
    }
}

fn components() -> Vec<Component> {
    let described = |component: Component, each| Component { descriptions: names(each), ..component };
    let malmo = Some(vec!["malmo-emporia".to_owned()]);
    vec![
        component("web-shop", Some("online"), ["Web shop", "Webbutik", "Onlineshop"]),
        component("app", Some("online"), ["App", "App", "App"]),
        component("checkout", Some("online"), ["Checkout", "Kassa på nätet", "Bestellvorgang"]),
        described(
            component("card-payments", Some("online"), ["Card payments", "Kortbetalningar", "Kartenzahlung"]),
            [
                "Cards and Swish, online and in stores",
                "Kort och Swish, på nätet och i butik",
                "Karten und Swish, online und in Filialen",
            ],
        ),
        component("tills", Some("stores"), ["Tills", "Kassor", "Kassen"]),
        component("self-checkout", Some("stores"), ["Self-checkout", "Självutcheckning", "Selbstbedienungskassen"]),
        component("gift-cards", Some("stores"), ["Gift cards", "Presentkort", "Geschenkkarten"]),
        component("home-delivery", Some("deliveries"), ["Home delivery", "Hemleverans", "Lieferung nach Hause"]),
        Component {
            sites: malmo,
            ..component("parcel-lockers", Some("deliveries"), ["Parcel lockers", "Paketskåp", "Paketfächer"])
        },
        component("customer-service", None, ["Customer service", "Kundservice", "Kundendienst"]),
    ]
}

/// Customers: they are told by the page, and by what they subscribe to.
#[must_use]
pub fn customers() -> Audience {
    Audience {
        id: "public".to_owned(),
        name: "Customers".to_owned(),
        to: vec![Destination::Page, Destination::Subscribers],
        locales: Locales::new(language("en"), ["sv", "de"].map(language)),
        waits_for_all: false,
        approval: Vec::new(),
        approvers: Vec::new(),
        clocked: true,
    }
}

/// What the config says: the year of which all was told, three languages, groups, components, three sites in two regions.
#[must_use]
pub fn rules() -> CommsRules {
    let group = |id: &str, each| ComponentGroup { id: id.to_owned(), names: names(each) };
    let site = |id: &str, name: &str, region: &str| PublicSite {
        site: id.to_owned(),
        name: name.to_owned(),
        region: Some(region.to_owned()),
    };
    CommsRules {
        locales: Locales::new(language("en"), ["sv", "de"].map(language)),
        audiences: vec![customers()],
        components: components(),
        groups: vec![
            group("online", ["Online", "På nätet", "Online"]),
            group("stores", ["Stores", "Butiker", "Filialen"]),
            group("deliveries", ["Deliveries", "Leveranser", "Lieferungen"]),
        ],
        sites: vec![
            site("stockholm-sickla", "Stockholm Sickla", "Mälardalen"),
            site("vasteras-erikslund", "Västerås Erikslund", "Mälardalen"),
            site("malmo-emporia", "Malmö Emporia", "Skåne"),
        ],
        page: Some(PageRules {
            name: "Nordic Retail".to_owned(),
            url: "https://status.example.com".to_owned(),
            time_zone: Tz::Europe__Stockholm,
            since: NaiveDate::from_ymd_opt(2026, 1, 1),
            theme: Theme {
                accent: Some("#0f6b4f".to_owned()),
                logo: None,
                home_url: Some("https://shop.example.com".to_owned()),
                contact: Some("https://shop.example.com/help".to_owned()),
            },
        }),
        ..CommsRules::default()
    }
}

/// Everything customers can see, with these incidents.
#[must_use]
pub fn model(incidents: Vec<PublicIncident>) -> Model {
    Model::new(Arc::new(rules()), incidents, now())
}

/// A bad day: payments are down, work is planned, and there is a past.
#[must_use]
pub fn outage() -> Model {
    model(past().into_iter().chain([open(), planned()]).collect())
}

/// A calm day: work is planned, and there is a past.
#[must_use]
pub fn calm() -> Model {
    model(past().into_iter().chain([planned()]).collect())
}

/// The same rules, and the page knows of no day before its first word.
#[must_use]
pub fn new_rules() -> CommsRules {
    let rules = rules();
    let page = rules.page.map(|page| PageRules { since: None, ..page });
    CommsRules { page, ..rules }
}

/// The first day: nothing was ever said, and the config knows a name and nothing else.
#[must_use]
pub fn empty() -> Model {
    let rules = CommsRules { components: Vec::new(), groups: Vec::new(), sites: Vec::new(), ..new_rules() };
    Model::new(Arc::new(rules), Vec::new(), now())
}
