//! Pages: whom they are calling, and what became of them.

use crate::home::*;
use chrono::TimeDelta;
use muster_core::clock::Timestamp;
use muster_core::decide::{Change, Needs, PageFact, PageFactKind, Tag};
use muster_core::ids::PersonId;
use muster_core::incident::Incident;
use muster_core::ports::store::{CALLING, FACTS_KEPT, Store};
use muster_tests::fixtures::{at, fact, incident, next, write};
use std::sync::Arc;

on_every_store! {
    whoever_is_called_finds_the_incidents
    not_more_are_found_than_somebody_can_answer
    what_became_of_pages_is_told_in_the_order_of_time
    what_became_of_pages_is_forgotten_after_more_than_a_year
}

async fn calling(store: &Arc<dyn Store>, person: &str) -> Vec<Incident> {
    let needs = Needs { calling: Some(PersonId::from(person)), ..Needs::default() };
    store.load(&needs).await.unwrap().calling.expect("they were asked for")
}

async fn history(store: &Arc<dyn Store>, from: Timestamp, until: Timestamp) -> Vec<PageFact> {
    store.load(&Needs { history: Some((from, until)), ..Needs::default() }).await.unwrap().history
}

fn tagged(incident: &Incident, added: &[&str], removed: &[&str]) -> Change {
    let tags = |people: &[&str]| people.iter().map(|person| Tag::Called(PersonId::from(*person))).collect();
    Change::Incident { incident: Box::new(incident.clone()), added: tags(added), removed: tags(removed) }
}

async fn whoever_is_called_finds_the_incidents(home: Home) {
    let store = home.store;
    for number in [3, 1, 2] {
        commits(&store, write(&format!("declare {number}")).incident(&incident(number))).await;
    }
    assert_eq!(calling(&store, "alice").await, [], "alice has joined, but nobody calls her");
    let (one, three) = (next(&incident(1)), next(&incident(3)));
    commits(&store, write("page 3").change(tagged(&three, &["bob", "carol"], &[]))).await;
    commits(&store, write("page 1").change(tagged(&one, &["bob"], &[]))).await;
    assert_eq!(calling(&store, "bob").await, [one.clone(), three.clone()], "oldest first");
    assert_eq!(calling(&store, "carol").await, std::slice::from_ref(&three));

    commits(&store, write("ack").change(tagged(&next(&one), &[], &["bob"]))).await;
    assert_eq!(calling(&store, "bob").await, [three]);
    assert_eq!(calling(&store, "dave").await, []);
}

async fn not_more_are_found_than_somebody_can_answer(home: Home) {
    let store = home.store;
    for number in 1..=CALLING + 5 {
        commits(&store, write(&format!("page {number}")).change(tagged(&incident(number), &["bob"], &[]))).await;
    }
    let found: Vec<_> = calling(&store, "bob").await.iter().map(|incident| incident.id.0).collect();
    assert_eq!(found, (1..=CALLING).collect::<Vec<_>>());
}

async fn what_became_of_pages_is_told_in_the_order_of_time(home: Home) {
    let store = home.store;
    use PageFactKind::{Acked, Called, Declined, Raised, Unanswered};
    let facts = [(1, Raised), (2, Called), (3, Declined), (4, Called), (5, Acked)].map(|(at, what)| fact(1, at, what));
    let other = PageFact { team: None, page: 2, ..fact(2, 3, Unanswered) };
    commits(&store, write("later").change(Change::Fact(facts[3].clone())).change(Change::Fact(facts[4].clone()))).await;
    let earlier =
        facts[..3].iter().rev().fold(write("earlier"), |making, fact| making.change(Change::Fact(fact.clone())));
    commits(&store, earlier.change(Change::Fact(other.clone()))).await;

    let all = history(&store, at(0), at(100)).await;
    assert_eq!(all, [&facts[0], &facts[1], &facts[2], &other, &facts[3], &facts[4]].map(Clone::clone));
    assert_eq!(history(&store, at(2), at(4)).await, all[1..4], "from the first moment, and before the other");
    assert_eq!(history(&store, at(6), at(100)).await, []);
}

async fn what_became_of_pages_is_forgotten_after_more_than_a_year(home: Home) {
    let store = home.store;
    let facts = (1..=5)
        .fold(write("facts"), |making, second| making.change(Change::Fact(fact(1, second, PageFactKind::Called))));
    commits(&store, facts.at(at(1_000_000_000))).await;
    let left = async || history(&store, at(0), at(100)).await.len();
    assert_eq!(store.sweep(at(4) + FACTS_KEPT, 2).await.unwrap(), 2, "in portions");
    assert_eq!(left().await, 3);
    assert_eq!(store.sweep(at(4) + FACTS_KEPT, 2).await.unwrap(), 1);
    assert_eq!(store.sweep(at(4) + FACTS_KEPT - TimeDelta::seconds(2), 2).await.unwrap(), 0);
    assert_eq!(left().await, 2);
}
