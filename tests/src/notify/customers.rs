//! What customers are told in the tests: a retailer's checkout fails, in English, Swedish and German.

use crate::clock::moment;
use crate::fixtures::{self, subscriber};
use crate::statuspage::{customers, language, names, texts};
use chrono_tz::Tz;
use muster_core::comms::{
    Bulk, Bulletin, Channel, CommsRules, Component, ComponentState, Locales, PageRules, Parcel, PublicStatus,
    Subscriber, SubscriberId, Theme,
};
use muster_core::effect::{Effect, Recipient};
use muster_core::ids::{EffectKey, PlatformId};
use muster_core::ports::chat::Delivery;

/// Where customers find the status page.
pub const PAGE: &str = "https://status.example.com";

/// What the config says about telling customers.
#[must_use]
pub fn rules() -> CommsRules {
    let component = |id: &str, each: [&str; 3]| Component {
        id: id.to_owned(),
        names: names(each),
        descriptions: Default::default(),
        group: None,
        services: vec![id.to_owned()],
        sites: None,
    };
    CommsRules {
        locales: Locales::new(language("en"), ["sv", "de"].map(language)),
        audiences: vec![customers()],
        components: vec![
            component("checkout", ["Checkout", "Kassan", "Kasse"]),
            component("deliveries", ["Deliveries", "Leveranser", "Lieferungen"]),
        ],
        page: Some(PageRules {
            name: "Nordvaror".to_owned(),
            url: PAGE.to_owned(),
            time_zone: Tz::Europe__Stockholm,
            since: None,
            theme: Theme::default(),
        }),
        ..CommsRules::default()
    }
}

/// Customers are told that the checkout fails. It is message 3 of INC-7.
#[must_use]
pub fn bulletin() -> Bulletin {
    let told = [
        (
            "Card payments fail",
            "Some customers cannot pay by card in our web shop. We are looking for the cause.\n\n\
             Invoice and Swish work. Help: https://shop.example.com/help",
        ),
        (
            "Kortbetalningar går inte igenom",
            "En del kunder kan inte betala med kort i vår webbutik. Vi letar efter orsaken.\n\n\
             Faktura och Swish fungerar. Hjälp: https://shop.example.com/help",
        ),
        (
            "Kartenzahlungen schlagen fehl",
            "Einige Kundinnen und Kunden können im Onlineshop nicht mit Karte zahlen. Wir suchen die Ursache.\n\n\
             Rechnung und Swish funktionieren. Hilfe: https://shop.example.com/help",
        ),
    ];
    Bulletin {
        number: 3,
        status: Some(PublicStatus::Investigating),
        texts: texts(told),
        components: [("checkout".to_owned(), ComponentState::MajorOutage)].into(),
        concerns: ["checkout".to_owned()].into(),
        at: moment("2026-11-27T09:42:00Z"),
        next_at: Some(moment("2026-11-27T10:12:00Z")),
        ..fixtures::bulletin()
    }
}

/// A bulletin on its way to somebody, as the outbox has it.
#[must_use]
pub fn publication(platform: &str, to: Recipient, key: &str, bulletin: Bulletin) -> Delivery {
    Delivery {
        key: EffectKey::from(key),
        incident: Some(bulletin.cleared.incident()),
        attempt: 1,
        made: None,
        effect: Effect::Publish { platform: PlatformId::from(platform), to, bulletin: Box::new(bulletin) },
    }
}

/// A bulletin on its way to a subscriber.
#[must_use]
pub fn parcel(channel: Channel, number: i64, address: &str, locale: &str) -> Parcel {
    let subscriber = Subscriber {
        id: SubscriberId(number),
        channel,
        address: address.to_owned(),
        locale: language(locale),
        ..subscriber("anna")
    };
    Parcel { consignment: "INC-7/12/3".to_owned(), subscriber, attempt: 1 }
}

/// What is in it.
#[must_use]
pub fn bulk(bulletin: Bulletin) -> Bulk {
    Bulk::Bulletin(Box::new(bulletin))
}
