//! The depot: each gets each thing once, what fails is tried again under the same key, and what stands no more goes to nobody.

use crate::town::{Town, hook, throttle, wish};
use chrono::TimeDelta;
use muster_core::comms::{SubscriberState, Tally};
use muster_core::effect::Effect;
use muster_core::ids::{EffectKey, IncidentId};
use muster_core::incident::{Incident, Visibility};
use muster_core::ports::chat::{Chat, Delivery, DeliveryError};
use muster_core::ports::courier::CourierError;
use muster_tests::fixtures::{effect, incident, next};
use sqlx::{Connection, SqliteConnection};
use std::sync::Arc;
use std::time::Duration;

fn again() -> CourierError {
    CourierError::Again { reason: "busy".to_owned(), after: None }
}

async fn published(names: &[&str]) -> (Town, Vec<muster_core::comms::Subscriber>) {
    let town = Town::new();
    town.writes(&incident(7)).await;
    let people = town.subscribes(&names.iter().map(|name| wish(name)).collect::<Vec<_>>()).await;
    town.publishes(1).await;
    (town, people)
}

#[tokio::test]
async fn each_gets_each_thing_once_and_in_order() {
    let town = Town::new();
    town.writes(&incident(7)).await;
    let people: Vec<_> = (0..250).map(|number| wish(&format!("p{number}"))).chain([hook("bert")]).collect();
    let people = town.subscribes(&people).await;
    town.publishes(1).await;
    town.publishes(2).await;
    town.carries().await;
    let letters = town.letters.carried();
    assert_eq!(letters.len(), 500);
    for person in &people[..250] {
        let theirs: Vec<_> =
            letters.iter().filter(|(to, _)| *to == person.address).map(|(_, key)| key.clone()).collect();
        assert_eq!(theirs, [format!("INC-7/1/0/{}", person.id), format!("INC-7/2/0/{}", person.id)]);
    }
    assert_eq!(town.hooks.carried().len(), 2);
    assert_eq!(town.tally(1).await, Tally { done: 251, ..Tally::default() });
    town.publishes(1).await;
    town.carries().await;
    assert_eq!(town.letters.carried(), [], "the dispatcher may hand it over again");
}

#[tokio::test]
async fn what_fails_is_tried_again_under_the_same_key_and_then_parked() {
    let (town, people) = published(&["anna", "bert"]).await;
    town.letters.meets("anna@example.com", Some(again()));
    town.carries().await;
    let key = format!("INC-7/1/0/{}", people[0].id);
    assert_eq!(town.letters.carried().len(), 2);
    assert_eq!(town.tally(1).await, Tally { done: 1, retrying: 1, ..Tally::default() });

    let mut minutes = Vec::new();
    for minute in 1..=(24 * 60) {
        town.passes(TimeDelta::minutes(1)).await;
        let carried = town.letters.carried();
        assert!(carried.iter().all(|(_, again)| *again == key), "{carried:?}");
        minutes.extend(carried.iter().map(|_| minute));
    }
    assert_eq!(minutes, [1, 6, 21, 81, 321, 1_041]);
    assert_eq!(town.tally(1).await, Tally { done: 1, parked: 1, ..Tally::default() });
    assert_eq!(town.state(people[0].id).await, SubscriberState::Active, "our own mail server is nobody's fault");
    let parked = town.muster.store().parked(9).await.unwrap();
    assert_eq!((parked[0].subscriber, parked[0].attempts, parked[0].error.as_str()), (people[0].id, 7, "busy"));

    town.letters.meets("anna@example.com", None);
    assert_eq!(town.muster.store().revive_parcels("INC-7/1/0", town.muster.now()).await.unwrap(), 1);
    town.carries().await;
    assert_eq!(town.letters.carried(), [("anna@example.com".to_owned(), key)]);
}

#[tokio::test]
async fn a_webhook_is_left_alone_for_as_long_as_it_asks_for() {
    let town = Town::new();
    town.writes(&incident(7)).await;
    let id = town.subscribes(&[hook("bert")]).await[0].id;
    let after = Some(Duration::from_secs(90));
    let busy = CourierError::Again { reason: "429".to_owned(), after };
    town.hooks.meets("https://bert.example.com/", Some(busy));
    town.publishes(1).await;
    town.carries().await;
    assert_eq!(town.hooks.carried().len(), 1);
    town.hooks.meets("https://bert.example.com/", Some(CourierError::Gone { reason: "410".to_owned() }));
    town.passes(TimeDelta::seconds(89)).await;
    assert_eq!(town.hooks.carried(), []);
    town.passes(TimeDelta::seconds(1)).await;
    assert_eq!(town.hooks.carried().len(), 1);
    assert_eq!(town.state(id).await, SubscriberState::Gone);
    town.publishes(2).await;
    town.carries().await;
    assert_eq!(town.hooks.carried(), [], "it wants nothing more");
}

#[tokio::test]
async fn a_webhook_that_recovers_hears_at_once_all_that_it_has_missed_and_in_order() {
    let town = Town::new();
    town.writes(&incident(7)).await;
    town.subscribes(&[hook("bert")]).await;
    town.hooks.meets("https://bert.example.com/", Some(again()));
    town.publishes(1).await;
    for _ in 0..12 {
        town.passes(TimeDelta::hours(1)).await;
    }
    // The next attempt would be many hours away.
    town.hooks.carried();
    town.hooks.meets("https://bert.example.com/", None);
    town.publishes(2).await;
    town.carries().await;
    let heard: Vec<_> = town.hooks.carried().into_iter().map(|(_, key)| key[..7].to_owned()).collect();
    assert_eq!(heard, ["INC-7/1", "INC-7/2"]);
}

#[tokio::test]
async fn what_cannot_be_read_holds_up_nothing_and_is_left_for_an_operator() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("muster.db").display().to_string();
    let store = muster_store::connect(&format!("sqlite:{path}")).await.unwrap();
    let town = Town::over(store, throttle(1_000_000, 100));
    town.writes(&incident(7)).await;
    town.subscribes(&[wish("anna"), wish("bert")]).await;
    let spoils = async |key: &str| {
        let mut connection = SqliteConnection::connect(&path).await.unwrap();
        sqlx::query("UPDATE consignments SET bulk = '{' WHERE key = $1")
            .bind(key)
            .execute(&mut connection)
            .await
            .unwrap();
    };
    town.publishes(1).await;
    spoils("INC-7/1/0").await;
    town.publishes(2).await;
    assert!(town.depot.carry_due().await.is_err(), "it is told");
    town.publishes(3).await;
    assert!(town.depot.carry_due().await.is_err());
    assert_eq!((town.tally(2).await.waiting, town.tally(3).await.waiting), (2, 2), "what is behind it is laid out");

    spoils("INC-7/2/0").await;
    let mut connection = SqliteConnection::connect(&path).await.unwrap();
    sqlx::query("DELETE FROM consignments WHERE number = 1").execute(&mut connection).await.unwrap();
    town.carries().await;
    assert_eq!(town.tally(2).await, Tally { parked: 2, ..Tally::default() });
    assert_eq!(town.tally(3).await, Tally { done: 2, ..Tally::default() });
    assert_eq!(town.letters.carried().len(), 2);
}

#[tokio::test]
async fn three_refusals_in_a_row_end_it_and_an_address_of_nobody_does_at_once() {
    let (town, people) = published(&["anna", "bert", "carl"]).await;
    let refused = CourierError::Refused { reason: "552".to_owned() };
    town.letters.meets("anna@example.com", Some(refused));
    town.letters.meets("bert@example.com", Some(CourierError::Nobody { reason: "550".to_owned() }));
    let mut states = Vec::new();
    for number in 2..=5 {
        town.passes(TimeDelta::minutes(1)).await;
        states.push((town.state(people[0].id).await, town.state(people[1].id).await));
        town.publishes(number).await;
    }
    let (told, bounced) = (SubscriberState::Active, SubscriberState::Bounced);
    assert_eq!(states, [(told, bounced), (told, bounced), (bounced, bounced), (bounced, bounced)]);
    let count = |name: &str, all: &[(String, String)]| all.iter().filter(|(to, _)| to.starts_with(name)).count();
    let all = town.letters.carried();
    assert_eq!((count("anna", &all), count("bert", &all), count("carl", &all)), (3, 1, 4));
}

#[tokio::test]
async fn who_has_left_meanwhile_gets_nothing() {
    let (town, people) = published(&["anna", "bert"]).await;
    town.letters.meets("anna@example.com", Some(again()));
    town.letters.meets("bert@example.com", Some(again()));
    town.carries().await;
    assert_eq!(town.letters.carried().len(), 2);
    town.muster.unsubscribe(people[0].id).await.unwrap();
    town.passes(TimeDelta::minutes(1)).await;
    assert_eq!(town.letters.carried().len(), 1, "only bert");
    assert_eq!(town.tally(1).await, Tally { retrying: 1, moot: 1, ..Tally::default() });
}

#[tokio::test]
async fn what_has_become_private_goes_to_nobody_more() {
    let (town, _) = published(&["anna", "bert"]).await;
    town.writes(&Incident { visibility: Visibility::Private, ..next(&incident(7)) }).await;
    town.carries().await;
    assert_eq!(town.letters.carried(), []);
    assert_eq!(town.tally(1).await, Tally { moot: 2, ..Tally::default() });
}

#[tokio::test]
async fn subscribers_are_handed_what_is_published_and_nothing_else() {
    let town = Town::new();
    let outgoing = effect(1, "room", 1);
    assert!(matches!(outgoing.effect, Effect::Post { .. }));
    let delivery = Delivery {
        key: EffectKey::from("INC-1/1/0"),
        incident: Some(IncidentId(1)),
        attempt: 1,
        made: None,
        effect: outgoing.effect,
    };
    let threshold = muster_core::app::parcels::Threshold::new(Arc::clone(&town.muster));
    assert!(matches!(threshold.deliver(&delivery).await, Err(DeliveryError::Permanent { .. })));
    assert_eq!(town.muster.store().spreading(9).await.unwrap(), [] as [String; 0]);
}
