//! How fast parcels leave: no more a second and at once than may; what is under way at the end is finished.

use crate::town::{Town, throttle, wish};
use chrono::TimeDelta;
use muster_core::comms::Tally;
use muster_tests::fixtures::incident;
use muster_tests::memory::MemoryStore;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;

/// Waits for what must come, looking again whenever others had their turn.
async fn until<T: PartialEq + std::fmt::Debug>(expected: T, mut look: impl AsyncFnMut() -> T) {
    let waits = async {
        while look().await != expected {
            tokio::task::yield_now().await;
        }
    };
    if tokio::time::timeout(Duration::from_secs(20), waits).await.is_err() {
        assert_eq!(look().await, expected);
    }
}

/// Lets everybody else go on until they all wait.
async fn calm() {
    for _ in 0..1_000 {
        tokio::task::yield_now().await;
    }
}

async fn town(per_second: u32, at_once: usize, people: usize) -> Town {
    let town = Town::over(Arc::new(MemoryStore::default()), throttle(per_second, at_once));
    town.writes(&incident(7)).await;
    let people: Vec<_> = (0..people).map(|number| wish(&format!("p{number}"))).collect();
    town.subscribes(&people).await;
    town
}

#[tokio::test]
async fn no_more_leave_in_a_second_than_may() {
    let town = town(50, 1_000, 1_000).await;
    let depot = town.depot.clone();
    let runs = tokio::spawn(async move { depot.run(std::future::pending()).await });
    town.publishes(1).await;
    let mut counts = Vec::new();
    for _ in 0..5 {
        for _ in 0..100 {
            town.clock.advance(TimeDelta::milliseconds(10));
            calm().await;
        }
        counts.push(town.letters.carried().len());
    }
    assert!(counts.iter().all(|count| (45..=56).contains(count)), "{counts:?}");
    runs.abort();
}

#[tokio::test]
async fn a_flood_of_questions_holds_up_no_bulletin_and_no_bulletin_holds_up_every_question() {
    let town = town(10, 1_000, 100).await;
    for number in 0..100 {
        town.muster.ask_to_subscribe(&wish(&format!("stranger{number}"))).await.unwrap();
    }
    town.publishes(1).await;
    let depot = town.depot.clone();
    let runs = tokio::spawn(async move { depot.run(std::future::pending()).await });
    for _ in 0..400 {
        town.clock.advance(TimeDelta::milliseconds(10));
        calm().await;
    }
    let carried = town.letters.carried();
    let asked = carried.iter().filter(|(_, key)| key.starts_with("confirm/")).count();
    assert!((38..=42).contains(&carried.len()), "{}", carried.len());
    // Those of the first moment were alone, before the bulletin was laid out.
    assert!((9..=12).contains(&asked), "{asked} of {} are questions", carried.len());
    runs.abort();
}

#[tokio::test]
async fn no_more_are_under_way_at_once_than_may() {
    let town = town(1_000_000, 7, 100).await;
    town.letters.lets(0);
    let depot = town.depot.clone();
    let runs = tokio::spawn(async move { depot.run(std::future::pending()).await });
    town.publishes(1).await;
    until(7, async || town.letters.count()).await;
    calm().await;
    assert_eq!(town.letters.count(), 7);
    town.letters.lets(40);
    until(47, async || town.letters.count()).await;
    calm().await;
    assert_eq!(town.letters.count(), 47);
    town.letters.lets(1_000);
    until(Tally { done: 100, ..Tally::default() }, async || town.tally(1).await).await;
    assert_eq!(town.letters.count(), 100);
    runs.abort();
}

#[tokio::test]
async fn what_is_under_way_at_the_end_is_finished_and_recorded() {
    let town = town(1_000_000, 5, 20).await;
    town.letters.lets(0);
    let (stop, stopped) = oneshot::channel::<()>();
    let depot = town.depot.clone();
    let runs = tokio::spawn(async move { depot.run(async { drop(stopped.await) }).await });
    town.publishes(1).await;
    until(5, async || town.letters.count()).await;
    stop.send(()).unwrap();
    calm().await;
    assert!(!runs.is_finished());
    town.letters.lets(1_000);
    runs.await.unwrap();
    assert_eq!(town.tally(1).await, Tally { done: 5, waiting: 15, ..Tally::default() });
}

#[tokio::test]
async fn what_a_courier_held_who_is_gone_is_carried_again_under_the_same_key() {
    let town = town(1_000_000, 5, 5).await;
    town.letters.lets(0);
    let depot = town.depot.clone();
    let runs = tokio::spawn(async move { depot.run(std::future::pending()).await });
    town.publishes(1).await;
    until(5, async || town.letters.count()).await;
    runs.abort();
    let mut before = town.letters.carried();
    town.letters.lets(1_000);
    town.passes(TimeDelta::seconds(59)).await;
    assert_eq!(town.letters.carried(), [], "they may still be under way");
    town.passes(TimeDelta::seconds(1)).await;
    let mut after = town.letters.carried();
    before.sort();
    after.sort();
    assert_eq!(before, after, "with the same keys");
}
