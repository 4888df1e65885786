//! Signals: taken in at once, in order, and gone when they are sorted.

use crate::home::*;
use futures::future::join_all;
use muster_core::alert::{SignalId, Waiting};
use muster_core::decide::Change;
use muster_core::ports::store::{Committed, Store};
use muster_tests::fixtures::{incident, signal, write};
use std::sync::Arc;

on_every_store! {
    signals_wait_in_the_order_of_their_ids
    a_signal_taken_in_again_is_there_once
    sorted_signals_wait_no_longer
    a_signal_is_sorted_once
    of_two_who_sort_the_same_signals_one_wins
    signals_of_many_callers_are_all_there
    who_sorts_some_of_the_same_never_waits_for_ever
}

fn signals(numbers: impl IntoIterator<Item = i64>) -> Vec<Waiting> {
    numbers.into_iter().map(signal).collect()
}

fn sorted(numbers: impl IntoIterator<Item = i64>) -> Change {
    Change::Sorted(numbers.into_iter().map(|number| signal(number).id).collect())
}

async fn waiting(store: &Arc<dyn Store>) -> Vec<SignalId> {
    store.waiting(100_000).await.unwrap().into_iter().map(|waiting| waiting.id).collect()
}

fn ids(numbers: impl IntoIterator<Item = i64>) -> Vec<SignalId> {
    numbers.into_iter().map(|number| signal(number).id).collect()
}

async fn signals_wait_in_the_order_of_their_ids(home: Home) {
    let store = home.store;
    assert_eq!(store.waiting(10).await.unwrap(), []);
    store.take_in(&[]).await.unwrap();
    store.take_in(&signals([9, 11])).await.unwrap();
    store.take_in(&signals([10, 100, 8])).await.unwrap();
    assert_eq!(store.waiting(10).await.unwrap(), signals([8, 9, 10, 11, 100]), "whole, and in order");
    assert_eq!(store.waiting(2).await.unwrap(), signals([8, 9]));
    assert_eq!(store.count_waiting().await.unwrap(), 5);
}

async fn a_signal_taken_in_again_is_there_once(home: Home) {
    let store = home.store;
    store.take_in(&signals(1..=3)).await.unwrap();
    store.take_in(&signals(2..=5)).await.unwrap();
    assert_eq!(store.waiting(10).await.unwrap(), signals(1..=5));
}

async fn sorted_signals_wait_no_longer(home: Home) {
    let store = home.store;
    store.take_in(&signals(1..=100)).await.unwrap();
    commits(&store, write("sort").change(sorted((1..=100).filter(|number| number % 2 == 0)))).await;
    assert_eq!(waiting(&store).await, ids((1..=100).filter(|number| number % 2 == 1)));
    commits(&store, write("rest").change(sorted((1..=50).filter(|number| number % 2 == 1))).change(sorted([51, 51])))
        .await;
    assert_eq!(store.count_waiting().await.unwrap(), 24);
}

async fn a_signal_is_sorted_once(home: Home) {
    let store = home.store;
    store.take_in(&signals(1..=40)).await.unwrap();
    commits(&store, write("first").change(sorted([7]))).await;
    let late = write("late").change(sorted(1..=40)).incident(&incident(1));
    assert!(is_conflict(&commit(&store, late).await), "one of them waits no longer");
    assert_eq!(read(&store, 1).await, None);
    assert_eq!(store.count_waiting().await.unwrap(), 39);
    let again = commit(&store, write("first").change(sorted([7]))).await;
    assert!(matches!(again, Ok(Committed::Repeated(_))));
    assert!(is_conflict(&commit(&store, write("never there").change(sorted([99]))).await));
}

async fn of_two_who_sort_the_same_signals_one_wins(home: Home) {
    let other = home.opened_again().await;
    let store = home.store;
    for round in 0..10 {
        let batch = round * 100..round * 100 + 60;
        store.take_in(&signals(batch.clone())).await.unwrap();
        let [one, two] = [round * 2 + 1, round * 2 + 2];
        let sort = |number| write(&format!("sort {number}")).change(sorted(batch.clone())).incident(&incident(number));
        let results = tokio::join!(commit(&store, sort(one)), commit(&other, sort(two)));
        let won = |result: &Result<_, _>| matches!(result, Ok(Committed::Fresh));
        assert!(won(&results.0) != won(&results.1), "{results:?}");
        assert!(is_conflict(&results.0) || is_conflict(&results.1), "{results:?}");
        assert_eq!(read(&store, one).await.is_some(), won(&results.0));
        assert_eq!(read(&store, two).await.is_some(), won(&results.1));
        assert_eq!(store.count_waiting().await.unwrap(), 0);
    }
}

async fn signals_of_many_callers_are_all_there(home: Home) {
    let other = home.opened_again().await;
    let store = home.store;
    let callers = (0..40).map(|caller| {
        let store = if caller % 2 == 0 { &store } else { &other };
        async move {
            for number in 0..5 {
                store.take_in(&signals([caller * 1_000 + number])).await.unwrap();
            }
            store.take_in(&signals(caller * 1_000 + 10..caller * 1_000 + 100)).await.unwrap();
        }
    });
    join_all(callers).await;
    let all = (0..40).flat_map(|caller| (0..5).chain(10..100).map(move |number| caller * 1_000 + number));
    assert_eq!(waiting(&store).await, ids(all));
}

/// Batches that overlap, in whatever order they are named.
async fn who_sorts_some_of_the_same_never_waits_for_ever(home: Home) {
    let other = home.opened_again().await;
    let store = home.store;
    for round in 0..10 {
        store.take_in(&signals(1..=90)).await.unwrap();
        let sort = |who, numbers: Vec<i64>| write(&format!("{who} {round}")).change(sorted(numbers));
        let rising = commit(&store, sort("rising", (1..=60).collect()));
        let falling = commit(&other, sort("falling", (31..=90).rev().collect()));
        let results = tokio::join!(rising, falling);
        let left = match results {
            (Ok(Committed::Fresh), ref lost) if is_conflict(lost) => 61..=90,
            (ref lost, Ok(Committed::Fresh)) if is_conflict(lost) => 1..=30,
            results => panic!("{results:?}"),
        };
        assert_eq!(waiting(&store).await, ids(left.clone()));
        commits(&store, write(&format!("rest {round}")).change(sorted(left))).await;
    }
}
