//! Somebody asks to be told, says that it was them, and leaves; and nobody is flooded by asking in the name of others.

use crate::town::{Town, hook, wish};
use chrono::TimeDelta;
use muster_core::app::subscribing::{Wish, WishError};
use muster_core::comms::{Subscriber, SubscriberId, SubscriberState};
use muster_core::ports::courier::CourierError;
use muster_core::ports::subscribers::{Says, SubscriberQuery, UNCONFIRMED_KEPT};

async fn asks(town: &Town, wish: &Wish) {
    town.muster.ask_to_subscribe(wish).await.unwrap();
    town.carries().await;
}

async fn all(town: &Town) -> Vec<Subscriber> {
    town.muster.store().subscribers(&SubscriberQuery { limit: 99, ..SubscriberQuery::default() }).await.unwrap()
}

/// The only one there is.
async fn only(town: &Town) -> SubscriberId {
    let all = all(town).await;
    assert_eq!(all.len(), 1);
    all[0].id
}

async fn refusal(town: &Town, wish: &Wish) -> String {
    match town.muster.ask_to_subscribe(wish).await {
        Err(WishError::Wrong(why)) => why,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn who_asks_gets_one_letter_and_is_told_once_they_say_it_was_them() {
    let town = Town::new();
    asks(&town, &wish("anna")).await;
    let id = only(&town).await;
    let letters = town.letters.carried();
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].0, "anna@example.com");
    assert!(letters[0].1.starts_with(&format!("confirm/{id}/")), "{letters:?}");

    town.writes(&muster_tests::fixtures::incident(7)).await;
    town.publishes(1).await;
    town.carries().await;
    assert_eq!(town.letters.carried(), [], "not yet");
    assert!(town.muster.confirm_subscriber(id).await.unwrap());
    assert!(town.muster.confirm_subscriber(id).await.unwrap(), "to say it twice is to say it");
    town.clock.advance(TimeDelta::seconds(1));
    town.publishes(2).await;
    town.carries().await;
    assert_eq!(town.letters.carried(), [("anna@example.com".to_owned(), format!("INC-7/2/0/{id}"))]);

    town.muster.unsubscribe(id).await.unwrap();
    town.muster.unsubscribe(id).await.unwrap();
    assert!(!town.muster.confirm_subscriber(id).await.unwrap(), "the old link brings nobody back");
    assert!(!town.muster.confirm_subscriber(SubscriberId(99)).await.unwrap());
    town.publishes(3).await;
    town.carries().await;
    assert_eq!(town.letters.carried(), []);
}

#[tokio::test]
async fn nobody_is_asked_more_often_than_at_once_after_an_hour_and_after_a_day() {
    let town = Town::new();
    let mut letters = Vec::new();
    for minute in 0..(3 * 24 * 60) {
        if minute % 10 == 0 {
            asks(&town, &wish("anna")).await;
        }
        if !town.letters.carried().is_empty() {
            letters.push(minute);
        }
        town.clock.advance(TimeDelta::minutes(1));
    }
    assert_eq!(letters, [0, 60, 24 * 60]);
    town.muster.store().sweep_subscribers(town.muster.now() + UNCONFIRMED_KEPT, 10).await.unwrap();
    let all = town.muster.store().count_subscribers().await.unwrap();
    assert_eq!(all, [], "who never answers is forgotten");
}

#[tokio::test]
async fn who_is_told_already_is_not_asked_and_stays_as_they_are() {
    let town = Town::new();
    let told = town.subscribes(&[wish("anna")]).await.remove(0);
    let other = Wish { locale: "sv".parse().unwrap(), components: ["checkout".to_owned()].into(), ..wish("anna") };
    asks(&town, &other).await;
    assert_eq!(town.letters.carried(), []);
    assert_eq!(town.known(told.id).await, told);
}

#[tokio::test]
async fn an_address_from_which_the_question_came_back_is_left_alone_for_a_day() {
    let town = Town::new();
    town.letters.meets("anna@example.com", Some(CourierError::Nobody { reason: "550".to_owned() }));
    asks(&town, &wish("anna")).await;
    assert_eq!(town.letters.carried().len(), 1);
    let id = only(&town).await;
    assert_eq!(town.state(id).await, SubscriberState::Bounced);
    for _ in 0..23 {
        town.clock.advance(TimeDelta::hours(1));
        asks(&town, &wish("anna")).await;
        assert_eq!(town.letters.carried(), []);
    }
    town.clock.advance(TimeDelta::hours(1));
    asks(&town, &wish("anna")).await;
    assert_eq!(town.letters.carried().len(), 1);
}

#[tokio::test]
async fn letters_that_come_back_end_it_after_three() {
    let town = Town::new();
    let id = town.subscribes(&[wish("anna")]).await[0].id;
    town.writes(&muster_tests::fixtures::incident(7)).await;
    for number in 1..=3 {
        assert_eq!(town.state(id).await, SubscriberState::Active);
        town.publishes(number).await;
        town.passes(TimeDelta::hours(1)).await;
        assert_eq!(town.letters.carried().len(), 1, "the mail server takes it, and finds out later");
        town.muster.hear_of_bounce(id).await.unwrap();
    }
    assert_eq!(town.state(id).await, SubscriberState::Bounced);

    asks(&town, &wish("bert")).await;
    let bert = all(&town).await[1].id;
    town.muster.hear_of_bounce(bert).await.unwrap();
    assert_eq!(town.state(bert).await, SubscriberState::Bounced, "the question itself: at once");
}

#[tokio::test]
async fn what_cannot_be_is_refused_with_what_can() {
    let town = Town::new();
    let in_audience = |audience: &str| Wish { audience: audience.to_owned(), ..wish("anna") };
    let refusals = [
        refusal(&town, &Wish { address: "anna@localhost".to_owned(), ..wish("") }).await,
        refusal(&town, &in_audience("Everybody\u{7}!")).await,
        refusal(&town, &in_audience("internal")).await,
        refusal(&town, &in_audience("business")).await,
        refusal(&town, &hook("anna")).await,
        refusal(&town, &Wish { locale: "fi".parse().unwrap(), ..wish("anna") }).await,
        refusal(&town, &Wish { components: ["tills".to_owned()].into(), ..wish("anna") }).await,
    ];
    insta::assert_snapshot!(refusals.join("\n"), @r"
    This is not an e-mail address: write it as name@example.com.
    Nobody can subscribe to “Everybody!”. There is: public, business.
    Nobody can subscribe to “internal”. There is: public, business.
    Write to us to be told of this.
    Write to us to be told by webhook.
    Nothing is written in “fi”. There is: en, sv.
    There is no component “tills”. There is: checkout, stores.
    ");
    assert_eq!(town.muster.store().count_subscribers().await.unwrap(), []);
    let shouted = Wish { audience: "PUBLIC".to_owned(), components: ["Checkout".to_owned()].into(), ..wish("anna") };
    asks(&town, &shouted).await;
    let known = town.known(only(&town).await).await;
    assert_eq!((known.audience.as_str(), known.components), ("public", ["checkout".to_owned()].into()));
}

#[tokio::test]
async fn too_many_who_ask_at_once_are_told_to_wait() {
    let town = Town::new();
    let mut refused = 0;
    for number in 0..700 {
        match town.muster.ask_to_subscribe(&wish(&format!("p{number}"))).await {
            Ok(()) => assert_eq!(refused, 0, "nobody slips in behind"),
            Err(WishError::Busy) => refused += 1,
            Err(other) => panic!("{other}"),
        }
    }
    assert_eq!(refused, 100);
    town.clock.advance(TimeDelta::minutes(1));
    asks(&town, &wish("late")).await;
    assert_eq!(town.letters.carried().len(), 601);
}

#[tokio::test]
async fn one_mailbox_is_asked_no_more_often_whatever_its_address_is_made_to_look_like() {
    let town = Town::new();
    let names = ["anna", "Anna", "aNNa", "anna+shop", "ANNA+Sale", "anna+a+b"];
    let mut letters = Vec::new();
    for minute in 0..(3 * 24 * 60) {
        if minute % 20 == 0 {
            for name in names {
                asks(&town, &wish(name)).await;
            }
        }
        letters.extend(town.letters.carried().iter().map(|_| minute));
        town.clock.advance(TimeDelta::minutes(1));
    }
    assert_eq!(letters, [0, 60, 24 * 60]);
    asks(&town, &wish("annabel")).await;
    assert_eq!(town.letters.carried().len(), 1, "others are asked");
}

#[tokio::test]
async fn who_is_told_is_told_once_in_whatever_capitals_they_ask_again() {
    let town = Town::new();
    let anna = town.subscribes(&[wish("Anna")]).await.remove(0);
    for name in ["anna", "ANNA"] {
        asks(&town, &wish(name)).await;
    }
    assert_eq!(all(&town).await, [anna]);
    assert_eq!(town.letters.carried(), []);
}

#[tokio::test]
async fn a_stranger_cannot_make_it_forgotten_that_somebody_has_left() {
    let town = Town::new();
    let anna = town.subscribes(&[wish("anna")]).await.remove(0);
    town.muster.unsubscribe(anna.id).await.unwrap();
    asks(&town, &wish("Anna")).await;
    assert_eq!(town.letters.carried().len(), 1, "she may have changed her mind");
    let imports = async || town.muster.import_subscribers(&[wish("anna")], Says::default()).await.unwrap().remove(0);
    assert_eq!(imports().await.state, SubscriberState::Left);
    town.clock.advance(UNCONFIRMED_KEPT + TimeDelta::seconds(1));
    town.muster.store().sweep_subscribers(town.muster.now(), 10).await.unwrap();
    let left = imports().await;
    assert_eq!((left.id, left.state, left.asked), (anna.id, SubscriberState::Left, None));
    assert!(!town.muster.confirm_subscriber(anna.id).await.unwrap(), "too late");

    let sale = Wish { components: ["checkout".to_owned()].into(), ..wish("anna") };
    asks(&town, &sale).await;
    assert!(town.muster.confirm_subscriber(anna.id).await.unwrap());
    let told = town.known(anna.id).await;
    assert_eq!((told.state, told.components), (SubscriberState::Active, sale.components), "it was her");
}

#[tokio::test]
async fn an_old_list_brings_back_nobody_and_changes_nothing_that_it_does_not_say() {
    let town = Town::new();
    let swedish = Wish { locale: "sv".parse().unwrap(), ..wish("dora") };
    let people = town.subscribes(&[wish("anna"), swedish]).await;
    town.muster.unsubscribe(people[0].id).await.unwrap();
    asks(&town, &wish("carl")).await;
    let list = [wish("anna"), hook("bert"), wish("carl"), wish("dora")];
    let kept = town.muster.import_subscribers(&list, Says::default()).await.unwrap();
    let told = SubscriberState::Active;
    let states: Vec<_> = kept.iter().map(|one| one.state).collect();
    assert_eq!(states, [SubscriberState::Left, told, SubscriberState::Unconfirmed, told]);
    assert_eq!(kept[3], people[1], "her language is hers");
    assert_eq!(town.subscribes(&[wish("anna")]).await[0].state, told, "an operator can insist");
}

#[tokio::test]
async fn addresses_print_nowhere() {
    let town = Town::new();
    let anna = town.subscribes(&[wish("anna")]).await;
    let printed = format!("{:?} {anna:?}", wish("anna"));
    assert!(!printed.contains("anna"), "{printed}");
}
