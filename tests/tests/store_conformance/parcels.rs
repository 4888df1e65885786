//! What is on its way to those outside: laid out in batches, leased in order, settled once.

use crate::home::*;
use crate::subscribers::subscribes;
use chrono::TimeDelta;
use futures::future::join_all;
use muster_core::clock::Timestamp;
use muster_core::comms::{
    Bulk, Bulletin, Channel, Consignment, Fault, Parcel, ParcelOutcome, Subscriber, SubscriberId, SubscriberState,
    Tally,
};
use muster_core::decide::Needs;
use muster_core::ids::IncidentId;
use muster_core::ports::store::Store;
use muster_core::ports::subscribers::{
    COMES_BACK, NEWS, PARCELS_KEPT, ParcelLease, ParcelSettlement, Stays, UNCONFIRMED_KEPT,
};
use muster_tests::fixtures::{self, at, incident, subscriber as mail};
use std::collections::BTreeSet;
use std::sync::Arc;

on_every_store! {
    everybody_concerned_gets_one_and_nobody_else
    components_decide_who_is_concerned
    the_same_key_is_handed_over_once
    a_question_goes_to_one_who_is_asked
    questions_have_their_share_and_bulletins_the_rest
    what_was_not_attempted_is_no_attempt
    news_is_a_reason_to_try_again_what_waits_before_it
    one_subscriber_gets_one_after_another
    a_parcel_is_leased_once_and_again_when_the_lease_is_over
    a_late_settlement_changes_nothing
    what_failed_waits_and_what_is_given_up_can_be_revived
    what_is_given_up_tells_of_the_subscriber
    what_is_taken_ends_a_row_of_faults
    who_is_forgotten_gets_nothing_more
    subscribers_may_come_and_go_while_it_is_laid_out
    channels_do_not_wait_for_one_another
    what_has_arrived_is_forgotten_after_a_while
    a_question_that_nobody_answers_is_forgotten_with_who_was_asked
    two_who_lay_out_and_two_who_lease_share_without_a_double
}

/// Somebody who is asked since then.
pub(crate) fn asking(name: &str, since: Timestamp) -> Subscriber {
    Subscriber { state: SubscriberState::Unconfirmed, since, asked: Some(since), ..mail(name) }
}

pub(crate) fn hook(name: &str) -> Subscriber {
    Subscriber { channel: Channel::Webhook, address: format!("https://{name}.example.com/"), ..mail(name) }
}

fn bulletin(number: i64) -> Bulletin {
    Bulletin { number, ..fixtures::bulletin() }
}

fn consignment(number: i64) -> Consignment {
    Consignment { key: format!("INC-7/{number}/0"), bulk: Bulk::Bulletin(Box::new(bulletin(number))), at: at(1) }
}

fn question(subscriber: SubscriberId) -> Consignment {
    Consignment { key: format!("confirm/{subscriber}"), bulk: Bulk::Confirm { subscriber }, at: at(1) }
}

async fn hands_over(store: &Arc<dyn Store>, consignment: Consignment) {
    assert!(store.hand_over(&consignment).await.unwrap());
    while !store.spread(&consignment.key, 3).await.unwrap() {}
}

fn lease_of(channel: Channel, worker: &str, now: Timestamp) -> ParcelLease {
    ParcelLease {
        worker: worker.to_owned(),
        channel,
        now,
        until: now + TimeDelta::seconds(30),
        limit: 1_000,
        questions: 0,
    }
}

async fn leases_letters(store: &Arc<dyn Store>, worker: &str, now: Timestamp) -> Vec<Parcel> {
    store.lease_parcels(&lease_of(Channel::Email, worker, now)).await.unwrap()
}

fn keys(parcels: &[Parcel]) -> Vec<String> {
    parcels.iter().map(Parcel::key).collect()
}

fn ends(parcel: &Parcel, worker: &str, outcome: ParcelOutcome) -> ParcelSettlement {
    ParcelSettlement {
        consignment: parcel.consignment.clone(),
        subscriber: parcel.subscriber.id,
        worker: worker.to_owned(),
        attempt: parcel.attempt,
        at: at(5),
        outcome,
    }
}

async fn settles(store: &Arc<dyn Store>, parcel: &Parcel, outcome: ParcelOutcome) {
    assert_eq!(store.settle_parcels(&[ends(parcel, "w", outcome)]).await.unwrap(), 1);
}

fn given_up(fault: Fault) -> ParcelOutcome {
    ParcelOutcome::Parked { error: "no".to_owned(), fault }
}

async fn tally(store: &Arc<dyn Store>, number: i64) -> Tally {
    store.tally(IncidentId(7), number).await.unwrap()
}

async fn everybody_concerned_gets_one_and_nobody_else(home: Home) {
    let store = home.store;
    for name in ["a", "b", "c", "d", "e", "f", "g"] {
        subscribes(&store, mail(name)).await;
    }
    subscribes(&store, Subscriber { audience: "business".to_owned(), ..mail("other") }).await;
    for state in SubscriberState::ALL.into_iter().filter(|state| *state != SubscriberState::Active) {
        subscribes(&store, Subscriber { state, ..mail(state.word()) }).await;
    }
    subscribes(&store, Subscriber { since: at(2), ..mail("later") }).await;

    assert!(store.hand_over(&consignment(1)).await.unwrap());
    assert_eq!(store.spreading(9).await.unwrap(), ["INC-7/1/0"]);
    assert_eq!(store.next_parcel(Channel::Email).await.unwrap(), None);
    assert!(!store.spread("INC-7/1/0", 4).await.unwrap());
    assert_eq!(tally(&store, 1).await.waiting, 4);
    assert!(!store.spread("INC-7/1/0", 4).await.unwrap(), "it cannot know yet that nobody comes behind");
    assert!(store.spread("INC-7/1/0", 4).await.unwrap());
    assert!(store.spread("INC-7/1/0", 4).await.unwrap(), "to do it again is to have done it");
    assert_eq!(store.spreading(9).await.unwrap(), [] as [String; 0]);

    assert_eq!(tally(&store, 1).await, Tally { waiting: 7, ..Tally::default() });
    assert_eq!(tally(&store, 2).await, Tally::default());
    assert_eq!(store.next_parcel(Channel::Email).await.unwrap(), Some(at(1)));
    let parcels = leases_letters(&store, "w", at(1)).await;
    let told: Vec<_> = parcels.iter().map(|parcel| parcel.subscriber.address.as_str()).collect();
    assert_eq!(told, ["a", "b", "c", "d", "e", "f", "g"].map(|name| format!("{name}@example.com")));
    assert_eq!(parcels[0].key(), format!("INC-7/1/0/{}", parcels[0].subscriber.id));
    assert_eq!(store.consignment("INC-7/1/0").await.unwrap(), Some(consignment(1)), "whole");
    assert_eq!(store.consignment("INC-7/1/1").await.unwrap(), None);
}

async fn components_decide_who_is_concerned(home: Home) {
    let store = home.store;
    let hears_of = |name: &str, components: &[&str]| Subscriber {
        components: components.iter().map(|&component| component.to_owned()).collect(),
        ..mail(name)
    };
    let people = [
        hears_of("all", &[]),
        hears_of("checkout", &["checkout"]),
        hears_of("both", &["apps", "stores"]),
        hears_of("part", &["check", "out", "checkout-eu", "store"]),
    ];
    store.subscribe(&people, Stays::Nobody).await.unwrap();
    let about = |concerns: &[&str], number| Consignment {
        bulk: Bulk::Bulletin(Box::new(Bulletin {
            concerns: concerns.iter().map(|&component| component.to_owned()).collect(),
            ..bulletin(number)
        })),
        ..consignment(number)
    };
    let cases: [(&[&str], &[&str]); 4] = [
        (&[], &["all"]),
        (&["checkout"], &["all", "checkout"]),
        (&["checkout", "stores"], &["all", "both", "checkout"]),
        (&["elsewhere"], &["all"]),
    ];
    for (number, (concerns, expected)) in (1..).zip(cases) {
        hands_over(&store, about(concerns, number)).await;
        let parcels = leases_letters(&store, "w", at(number * 100)).await;
        let mut told: Vec<_> = parcels.iter().map(|parcel| parcel.subscriber.address.clone()).collect();
        told.sort();
        assert_eq!(told, expected.iter().map(|name| format!("{name}@example.com")).collect::<Vec<_>>(), "{concerns:?}");
        let done: Vec<_> = parcels.iter().map(|parcel| ends(parcel, "w", ParcelOutcome::Done)).collect();
        assert_eq!(store.settle_parcels(&done).await.unwrap(), parcels.len() as u64);
    }
}

async fn the_same_key_is_handed_over_once(home: Home) {
    let store = home.store;
    subscribes(&store, mail("anna")).await;
    hands_over(&store, consignment(1)).await;
    let other = Consignment { bulk: Bulk::Bulletin(Box::new(bulletin(9))), ..consignment(1) };
    assert!(!store.hand_over(&other).await.unwrap());
    assert_eq!(store.consignment("INC-7/1/0").await.unwrap(), Some(consignment(1)), "the first stays");
    assert_eq!(store.spreading(9).await.unwrap(), [] as [String; 0], "and is not laid out again");
    assert!(store.spread("unheard of", 10).await.unwrap());
}

async fn a_question_goes_to_one_who_is_asked(home: Home) {
    let store = home.store;
    let asked = subscribes(&store, asking("new", at(9))).await;
    let told = subscribes(&store, mail("told")).await;
    for one in [&asked, &told] {
        hands_over(&store, question(one.id)).await;
    }
    let leased = leases_letters(&store, "w", at(10)).await;
    assert_eq!(keys(&leased), [format!("confirm/{0}/{0}", asked.id)], "who is told already is not asked");
    assert_eq!(leased[0].subscriber, asked);
    assert_eq!(store.tally(IncidentId(0), 0).await.unwrap(), Tally::default(), "questions are of no incident");
}

async fn questions_have_their_share_and_bulletins_the_rest(home: Home) {
    let store = home.store;
    for name in ["a", "b", "c"] {
        subscribes(&store, mail(name)).await;
    }
    for name in ["x", "y", "z"] {
        let asked = subscribes(&store, asking(name, at(0))).await;
        hands_over(&store, question(asked.id)).await;
    }
    assert_eq!(store.next_parcel(Channel::Email).await.unwrap(), Some(at(1)));
    hands_over(&store, consignment(1)).await;
    let takes = async |limit, questions| {
        let lease = ParcelLease { limit, questions, ..lease_of(Channel::Email, "w", at(10)) };
        let leased = store.lease_parcels(&lease).await.unwrap();
        let asks = leased.iter().filter(|parcel| parcel.consignment.starts_with("confirm/")).count();
        (asks, leased.len() - asks)
    };
    assert_eq!(takes(1, 0).await, (0, 1));
    assert_eq!(takes(2, 1).await, (1, 1));
    assert_eq!(takes(2, 0).await, (1, 1), "where there is too little else, more of them");
    assert_eq!(takes(9, 0).await, (1, 0));
}

async fn what_was_not_attempted_is_no_attempt(home: Home) {
    let store = home.store;
    subscribes(&store, mail("anna")).await;
    hands_over(&store, consignment(1)).await;
    for _ in 0..3 {
        let leased = leases_letters(&store, "w", at(10)).await.remove(0);
        assert_eq!(leased.attempt, 1);
        settles(&store, &leased, ParcelOutcome::Returned { at: at(10) }).await;
        assert_eq!(tally(&store, 1).await, Tally { waiting: 1, ..Tally::default() });
    }
}

async fn news_is_a_reason_to_try_again_what_waits_before_it(home: Home) {
    let store = home.store;
    let [anna, bert] = [subscribes(&store, mail("anna")).await, subscribes(&store, mail("bert")).await];
    hands_over(&store, consignment(1)).await;
    let tomorrow = at(10) + TimeDelta::days(1);
    let fails = async |now| {
        for parcel in leases_letters(&store, "w", now).await {
            let at = if parcel.subscriber.id == anna.id { tomorrow } else { now };
            settles(&store, &parcel, ParcelOutcome::Retry { at, error: "busy".to_owned() }).await;
        }
    };
    fails(at(10)).await;
    let choosy = Subscriber { components: ["stores".to_owned()].into(), ..mail("bert") };
    assert_eq!(subscribes(&store, choosy).await.id, bert.id);
    hands_over(&store, Consignment { at: at(20), ..consignment(2) }).await;
    let again = leases_letters(&store, "w", at(20)).await;
    let mut tried: Vec<_> = again.iter().map(|parcel| (parcel.key(), parcel.attempt)).collect();
    tried.sort();
    let (first, other) = (format!("INC-7/1/0/{}", anna.id), format!("INC-7/1/0/{}", bert.id));
    assert_eq!(tried, [(first.clone(), 1), (other, 2)], "whom it does not concern has no news");
    for parcel in &again {
        let outcome = ParcelOutcome::Retry { at: at(20) + NEWS, error: "busy".to_owned() };
        settles(&store, parcel, outcome).await;
    }
    hands_over(&store, Consignment { at: at(2) + NEWS, ..consignment(3) }).await;
    assert_eq!(leases_letters(&store, "w", at(2) + NEWS).await, [], "what is too old ends as it would have");
    let last = leases_letters(&store, "w", at(20) + NEWS).await;
    assert!(last.iter().any(|parcel| (parcel.key(), parcel.attempt) == (first.clone(), 2)), "{last:?}");
}

async fn one_subscriber_gets_one_after_another(home: Home) {
    let store = home.store;
    let [anna, bert] = [subscribes(&store, mail("anna")).await, subscribes(&store, mail("bert")).await];
    hands_over(&store, consignment(2)).await;
    hands_over(&store, consignment(1)).await;
    let first = leases_letters(&store, "w", at(10)).await;
    assert_eq!(keys(&first), [format!("INC-7/2/0/{}", anna.id), format!("INC-7/2/0/{}", bert.id)], "as handed over");
    assert_eq!(leases_letters(&store, "w", at(11)).await, [], "the second waits for the first");

    settles(&store, &first[0], ParcelOutcome::Done).await;
    settles(&store, &first[1], ParcelOutcome::Retry { at: at(50), error: "busy".to_owned() }).await;
    assert_eq!(store.next_parcel(Channel::Email).await.unwrap(), Some(at(1)), "the second of anna");
    let second = leases_letters(&store, "w", at(12)).await;
    assert_eq!(keys(&second), [format!("INC-7/1/0/{}", anna.id)]);
    assert_eq!(store.next_parcel(Channel::Email).await.unwrap(), Some(at(42)), "the lease of anna's");
    settles(&store, &second[0], ParcelOutcome::Done).await;
    assert_eq!(
        store.next_parcel(Channel::Email).await.unwrap(),
        Some(at(50)),
        "what waits behind bert's first is stuck"
    );

    let again = leases_letters(&store, "w", at(50)).await;
    assert_eq!((keys(&again), again[0].attempt), (vec![format!("INC-7/2/0/{}", bert.id)], 2));
    settles(&store, &again[0], given_up(Fault::None)).await;
    assert_eq!(keys(&leases_letters(&store, "w", at(50)).await), [format!("INC-7/1/0/{}", bert.id)]);
}

async fn a_parcel_is_leased_once_and_again_when_the_lease_is_over(home: Home) {
    let store = home.store;
    subscribes(&store, mail("anna")).await;
    hands_over(&store, consignment(1)).await;
    let first = leases_letters(&store, "one", at(1)).await;
    assert_eq!(leases_letters(&store, "two", at(30)).await, []);
    assert_eq!(store.next_parcel(Channel::Email).await.unwrap(), Some(at(31)));
    let again = leases_letters(&store, "two", at(31)).await;
    assert_eq!((first[0].attempt, again[0].attempt), (1, 2));
    assert_eq!(first[0].key(), again[0].key());
}

async fn a_late_settlement_changes_nothing(home: Home) {
    let store = home.store;
    subscribes(&store, mail("anna")).await;
    hands_over(&store, consignment(1)).await;
    let late = leases_letters(&store, "one", at(1)).await.remove(0);
    let held = leases_letters(&store, "two", at(60)).await.remove(0);
    let settle = async |parcel: &Parcel, worker: &str, outcome| {
        store.settle_parcels(&[ends(parcel, worker, outcome)]).await.unwrap()
    };
    assert_eq!(settle(&late, "one", given_up(Fault::Nobody)).await, 0);
    assert_eq!(settle(&held, "one", ParcelOutcome::Done).await, 0, "of somebody else");
    assert_eq!(store.subscriber(held.subscriber.id).await.unwrap(), Some(held.subscriber.clone()), "nobody is blamed");
    assert_eq!(settle(&held, "two", ParcelOutcome::Done).await, 1);
    assert_eq!(settle(&held, "two", ParcelOutcome::Done).await, 0, "a second time");
    assert_eq!(store.settle_parcels(&[]).await.unwrap(), 0);
    assert_eq!(tally(&store, 1).await, Tally { done: 1, ..Tally::default() });
}

async fn what_failed_waits_and_what_is_given_up_can_be_revived(home: Home) {
    let store = home.store;
    for name in ["a", "b", "c", "d", "e"] {
        subscribes(&store, mail(name)).await;
    }
    hands_over(&store, consignment(1)).await;
    let all = leases_letters(&store, "w", at(1)).await;
    let outcomes = [
        ParcelOutcome::Done,
        ParcelOutcome::Retry { at: at(90), error: "busy".to_owned() },
        given_up(Fault::None),
        ParcelOutcome::Moot,
    ];
    let ended: Vec<_> = all.iter().zip(outcomes).map(|(parcel, outcome)| ends(parcel, "w", outcome)).collect();
    assert_eq!(store.settle_parcels(&ended).await.unwrap(), 4);
    let expected = Tally { waiting: 1, done: 1, retrying: 1, parked: 1, moot: 1 };
    assert_eq!(tally(&store, 1).await, expected);
    assert_eq!(store.count_parcels().await.unwrap(), (2, 1));
    declares(&store, &incident(7)).await;
    let needs = Needs { tally: Some(1), ..about(7) };
    assert_eq!(store.load(&needs).await.unwrap().tally, Some(expected), "a command can ask for it too");

    let parked = store.parked(10).await.unwrap();
    assert_eq!(parked.len(), 1);
    assert_eq!((parked[0].consignment.as_str(), parked[0].attempts, parked[0].error.as_str()), ("INC-7/1/0", 1, "no"));
    assert_eq!((parked[0].subscriber, parked[0].at), (all[2].subscriber.id, at(5)));
    assert_eq!(store.revive_parcels("INC-7/9/0", at(100)).await.unwrap(), 0);
    assert_eq!(store.revive_parcels("INC-7/1/0", at(100)).await.unwrap(), 1);
    assert_eq!(tally(&store, 1).await, Tally { waiting: 2, parked: 0, ..expected });
    let again = leases_letters(&store, "w", at(100)).await;
    let revived = again.iter().find(|parcel| parcel.subscriber.id == all[2].subscriber.id).unwrap();
    assert_eq!(revived.attempt, 1, "as a new one");
}

async fn what_is_given_up_tells_of_the_subscriber(home: Home) {
    let store = home.store;
    let faults = [Fault::None, Fault::Counts, Fault::Nobody, Fault::Gone];
    let people: Vec<_> = ["none", "counts", "nobody", "gone"].map(mail).into();
    let people = store.subscribe(&people, Stays::Nobody).await.unwrap();
    let asks = subscribes(&store, asking("asks", at(0))).await;
    hands_over(&store, consignment(1)).await;
    hands_over(&store, question(asks.id)).await;
    for parcel in leases_letters(&store, "w", at(1)).await {
        let place = people.iter().position(|one| one.id == parcel.subscriber.id);
        settles(&store, &parcel, given_up(place.map_or(Fault::Nobody, |place| faults[place]))).await;
    }
    let now = async |id| {
        let one = store.subscriber(id).await.unwrap().unwrap();
        (one.state, one.failures)
    };
    assert_eq!(now(people[0].id).await, (SubscriberState::Active, 0));
    assert_eq!(now(people[1].id).await, (SubscriberState::Active, 1));
    assert_eq!(now(people[2].id).await, (SubscriberState::Bounced, 0));
    assert_eq!(now(people[3].id).await, (SubscriberState::Gone, 0));
    assert_eq!(now(asks.id).await, (SubscriberState::Bounced, 0), "the question has come back");
}

async fn what_is_taken_ends_a_row_of_faults(home: Home) {
    let store = home.store;
    let [mail, hook] = [subscribes(&store, mail("anna")).await, subscribes(&store, hook("anna")).await];
    for one in [&mail, &hook] {
        store.count_fault(one.id, at(0)).await.unwrap();
    }
    let failures = async |one: &Subscriber| store.subscriber(one.id).await.unwrap().unwrap().failures;
    let takes = async |number, now: Timestamp| {
        hands_over(&store, consignment(number)).await;
        for channel in Channel::ALL {
            for parcel in store.lease_parcels(&lease_of(channel, "w", now)).await.unwrap() {
                let ended = ParcelSettlement { at: now, ..ends(&parcel, "w", ParcelOutcome::Done) };
                assert_eq!(store.settle_parcels(&[ended]).await.unwrap(), 1);
            }
        }
    };
    takes(1, at(10)).await;
    assert_eq!((failures(&mail).await, failures(&hook).await), (1, 0), "a letter may still come back");
    takes(2, at(10) + COMES_BACK).await;
    assert_eq!(failures(&mail).await, 0);
}

async fn who_is_forgotten_gets_nothing_more(home: Home) {
    let store = home.store;
    let [anna, bert] = [subscribes(&store, mail("anna")).await, subscribes(&store, mail("bert")).await];
    hands_over(&store, consignment(1)).await;
    assert!(store.forget_subscriber(anna.id).await.unwrap());
    let parcels = leases_letters(&store, "w", at(1)).await;
    assert_eq!(keys(&parcels), [format!("INC-7/1/0/{}", bert.id)]);
    settles(&store, &parcels[0], given_up(Fault::None)).await;
    assert!(store.forget_subscriber(bert.id).await.unwrap());
    store.revive_parcels("INC-7/1/0", at(5)).await.unwrap();
    assert_eq!(leases_letters(&store, "w", at(9)).await, [], "revived for nobody");
    assert_eq!(store.next_parcel(Channel::Email).await.unwrap(), None, "and gone");
}

async fn subscribers_may_come_and_go_while_it_is_laid_out(home: Home) {
    let store = home.store;
    let people: Vec<_> = (0..10).map(|number| mail(&format!("p{number}"))).collect();
    let people = store.subscribe(&people, Stays::Nobody).await.unwrap();
    store.hand_over(&consignment(1)).await.unwrap();
    assert!(!store.spread("INC-7/1/0", 5).await.unwrap());
    let leaves = async |id| {
        let to = (SubscriberState::Left, at(2));
        assert!(store.move_subscriber(id, &[SubscriberState::Active], to).await.unwrap());
    };
    leaves(people[0].id).await;
    leaves(people[7].id).await;
    assert!(store.forget_subscriber(people[1].id).await.unwrap());
    assert!(store.forget_subscriber(people[8].id).await.unwrap());
    subscribes(&store, Subscriber { since: at(2), ..mail("new") }).await;
    subscribes(&store, Subscriber { locale: "sv".parse().unwrap(), since: at(2), ..mail("p9") }).await;
    while !store.spread("INC-7/1/0", 2).await.unwrap() {}

    let parcels = leases_letters(&store, "w", at(3)).await;
    let told: Vec<_> = parcels.iter().map(|parcel| (parcel.subscriber.id, parcel.subscriber.state)).collect();
    let active = [2, 3, 4, 5, 6, 9].map(|place| (people[place].id, SubscriberState::Active));
    let mut expected = vec![(people[0].id, SubscriberState::Left)];
    expected.extend(active);
    assert_eq!(told, expected, "whoever has left after their parcel was made is shown as having left");
    assert_eq!(parcels.last().unwrap().subscriber.locale.as_str(), "sv", "as they are now");
}

async fn channels_do_not_wait_for_one_another(home: Home) {
    let store = home.store;
    let [anna, bert] = [subscribes(&store, mail("anna")).await, subscribes(&store, hook("bert")).await];
    hands_over(&store, consignment(1)).await;
    let hooks = store.lease_parcels(&lease_of(Channel::Webhook, "w", at(5))).await.unwrap();
    assert_eq!(keys(&hooks), [format!("INC-7/1/0/{}", bert.id)]);
    assert_eq!(store.next_parcel(Channel::Webhook).await.unwrap(), Some(at(35)));
    assert_eq!(store.next_parcel(Channel::Email).await.unwrap(), Some(at(1)));
    assert_eq!(keys(&leases_letters(&store, "w", at(5)).await), [format!("INC-7/1/0/{}", anna.id)]);
}

async fn what_has_arrived_is_forgotten_after_a_while(home: Home) {
    let store = home.store;
    let [anna, bert] = [subscribes(&store, mail("anna")).await, subscribes(&store, mail("bert")).await];
    hands_over(&store, consignment(1)).await;
    let parcels = leases_letters(&store, "w", at(1)).await;
    settles(&store, &parcels[0], ParcelOutcome::Done).await;
    store.sweep_subscribers(at(4) + PARCELS_KEPT, 10).await.unwrap();
    assert_eq!(tally(&store, 1).await, Tally { waiting: 1, done: 1, ..Tally::default() });
    store.sweep_subscribers(at(6) + PARCELS_KEPT, 10).await.unwrap();
    assert_eq!(tally(&store, 1).await, Tally { waiting: 1, ..Tally::default() }, "what waits stays");
    settles(&store, &parcels[1], ParcelOutcome::Done).await;
    for person in [anna, bert] {
        assert!(store.subscriber(person.id).await.unwrap().is_some(), "and so do people");
    }
}

async fn a_question_that_nobody_answers_is_forgotten_with_who_was_asked(home: Home) {
    let store = home.store;
    let [anna, bert] =
        [subscribes(&store, asking("anna", at(1))).await, subscribes(&store, asking("bert", at(1))).await];
    hands_over(&store, question(anna.id)).await;
    hands_over(&store, question(bert.id)).await;
    let leased = leases_letters(&store, "w", at(1)).await;
    settles(&store, &leased[0], ParcelOutcome::Done).await;
    store.sweep_subscribers(at(1) + UNCONFIRMED_KEPT, 10).await.unwrap();
    assert!(
        store.consignment(&question(anna.id).key).await.unwrap().is_some(),
        "it is kept as long as it is waited for"
    );
    store.sweep_subscribers(at(2) + UNCONFIRMED_KEPT, 10).await.unwrap();
    assert_eq!(store.count_parcels().await.unwrap(), (0, 0));
    for id in [anna.id, bert.id] {
        assert_eq!(store.consignment(&question(id).key).await.unwrap(), None);
    }
}

async fn two_who_lay_out_and_two_who_lease_share_without_a_double(home: Home) {
    let other = home.opened_again().await;
    let store = home.store;
    let people: Vec<_> = (0..300).map(|number| mail(&format!("p{number}"))).collect();
    store.subscribe(&people, Stays::Nobody).await.unwrap();
    for number in 1..=2 {
        store.hand_over(&consignment(number)).await.unwrap();
    }
    let stores = [&store, &other, &store, &other].map(Arc::clone);
    let works = stores.into_iter().enumerate().map(|(worker, store)| {
        tokio::spawn(async move {
            let worker = format!("worker {worker}");
            let mut carried = Vec::new();
            loop {
                let spreading = store.spreading(10).await.unwrap();
                for key in &spreading {
                    store.spread(key, 7).await.unwrap();
                }
                let lease = ParcelLease { limit: 10, ..lease_of(Channel::Email, &worker, at(5)) };
                let leased = store.lease_parcels(&lease).await.unwrap();
                let done: Vec<_> = leased.iter().map(|parcel| ends(parcel, &worker, ParcelOutcome::Done)).collect();
                assert_eq!(store.settle_parcels(&done).await.unwrap(), leased.len() as u64);
                carried.extend(keys(&leased));
                let (waiting, _) = store.count_parcels().await.unwrap();
                if spreading.is_empty() && leased.is_empty() && waiting == 0 {
                    return carried;
                }
            }
        })
    });
    let carried: Vec<_> = join_all(works).await.into_iter().flat_map(Result::unwrap).collect();
    assert_eq!(carried.len(), 600, "each once");
    assert_eq!(carried.iter().collect::<BTreeSet<_>>().len(), 600);
}
