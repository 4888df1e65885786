//! Timers: set, moved, cleared, and fired once.

use crate::home::*;
use muster_core::ids::RequestId;
use muster_core::ports::store::Committed;
use muster_tests::fixtures::{at, effect, incident, next, timer, write};

on_both_engines! {
    a_timer_is_set_moved_and_cleared
    a_fired_timer_is_gone_and_can_be_set_again
    a_timer_that_was_moved_or_cleared_is_stale
    two_who_fire_one_timer_fire_it_once
}

async fn a_timer_is_set_moved_and_cleared(home: Home) {
    let store = home.store;
    assert_eq!(store.next_due().await.unwrap(), None);
    commits(&store, write("set").timer(timer(1, at(100))).timer(timer(2, at(50))).timer(timer(3, at(200)))).await;
    assert_eq!(store.next_due().await.unwrap(), Some(at(50)));
    assert_eq!(store.due(at(49), 10).await.unwrap(), []);
    assert_eq!(store.due(at(100), 10).await.unwrap(), [timer(2, at(50)), timer(1, at(100))]);
    assert_eq!(store.due(at(100), 1).await.unwrap(), [timer(2, at(50))]);

    commits(&store, write("move").timer(timer(2, at(300))).clear(&timer(1, at(0)))).await;
    assert_eq!(store.due(at(999), 10).await.unwrap(), [timer(3, at(200)), timer(2, at(300))]);
    commits(&store, write("last word").timer(timer(2, at(1))).clear(&timer(2, at(0))).timer(timer(2, at(2)))).await;
    assert_eq!(store.next_due().await.unwrap(), Some(at(2)));
    assert_eq!(store.pending().await.unwrap(), 2);
}

async fn a_fired_timer_is_gone_and_can_be_set_again(home: Home) {
    let store = home.store;
    commits(&store, write("set").incident(&incident(1)).timer(timer(1, at(10))).timer(timer(2, at(20)))).await;
    let fire = write("fire").fired(timer(1, at(10))).incident(&next(&incident(1))).timer(timer(1, at(30)));
    commits(&store, fire).await;
    assert_eq!(store.due(at(99), 10).await.unwrap(), [timer(2, at(20)), timer(1, at(30))]);

    commits(&store, write("moot").fired(timer(2, at(20)))).await;
    assert_eq!(store.due(at(99), 10).await.unwrap(), [timer(1, at(30))], "gone though there was nothing to do");
    assert_eq!(store.kept(&RequestId::from("moot")).await.unwrap(), None);
}

async fn a_timer_that_was_moved_or_cleared_is_stale(home: Home) {
    let store = home.store;
    commits(&store, write("set").timer(timer(1, at(10)))).await;
    commits(&store, write("move").timer(timer(1, at(20)))).await;
    let fire = |due| write("fire").fired(timer(1, due)).incident(&incident(1)).effect(effect(1, "room", 1));
    assert_eq!(commit(&store, fire(at(10))).await.unwrap(), Committed::Stale);
    assert_eq!(read(&store, 1).await, None);
    assert_eq!(store.kept(&RequestId::from("fire")).await.unwrap(), None);
    assert_eq!(store.pending().await.unwrap(), 1);

    commits(&store, fire(at(20))).await;
    assert_eq!(commit(&store, write("again").fired(timer(1, at(20)))).await.unwrap(), Committed::Stale);
}

async fn two_who_fire_one_timer_fire_it_once(home: Home) {
    let other = home.opened_again().await;
    let store = home.store;
    for round in 1..=10 {
        commits(&store, write(&format!("set {round}")).timer(timer(1, at(round)))).await;
        let fire = |who: i64| {
            let number = round * 2 + who;
            write(&format!("fire {number}")).fired(timer(1, at(round))).incident(&incident(number))
        };
        let (first, second) = tokio::join!(commit(&store, fire(0)), commit(&other, fire(1)));
        let results = [first.unwrap(), second.unwrap()];
        assert!(results.contains(&Committed::Fresh) && results.contains(&Committed::Stale), "{results:?}");
    }
}
