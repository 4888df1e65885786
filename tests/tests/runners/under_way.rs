//! An order under way: Muster hears of it, and it ends where nobody may go on with it.

use crate::alone::{Alone, LOST_AFTER, order, reason};
use muster_core::runbook::{Ended, Order};
use muster_runbooks::remote::Stop;
use muster_tests::process::eventually;
use std::sync::atomic::Ordering;
use std::time::Instant;

#[tokio::test]
async fn muster_hears_of_it_three_times_before_it_would_take_it_for_lost() {
    let mut runner = Alone::starts();
    let began = Instant::now();
    runner.is_sent(&runner.signs(&order("switch")));
    let first = runner.says_that_it_lives().await;
    assert_eq!(first.tail, Some(vec!["half way".to_owned()]));
    assert!((LOST_AFTER / 3..LOST_AFTER).contains(&began.elapsed()), "{:?}", began.elapsed());
    let second = runner.says_that_it_lives().await;
    assert_eq!((second.life, second.tail), (first.life, None), "nothing new");
    runner.hands.end.notify_one();
    assert!(matches!(runner.tells().await.report.ended, Ended::Well { .. }));
}

#[tokio::test]
async fn what_is_not_its_any_more_is_ended_and_not_reported() {
    let mut runner = Alone::starts();
    runner.far.go_on.store(false, Ordering::SeqCst);
    runner.is_sent(&runner.signs(&order("switch")));
    runner.says_that_it_lives().await;
    let (hands, mut ends) = runner.stops(Stop::Drain).await;
    assert_eq!(hands.dropped.load(Ordering::SeqCst), 1);
    assert!(ends.try_recv().is_err());
}

/// It would be begun elsewhere: so it is ended before, and both are never at it at once.
#[tokio::test]
async fn who_is_cut_off_ends_what_somebody_else_would_do_before_they_begin() {
    let mut runner = Alone::starts();
    runner.is_sent(&runner.signs(&Order { passes_on: true, ..order("switch") }));
    runner.says_that_it_lives().await;
    let heard = Instant::now();
    runner.far.is_cut.store(true, Ordering::SeqCst);
    let hands = std::sync::Arc::clone(&runner.hands);
    let is_dropped = async || (hands.dropped.load(Ordering::SeqCst) > 0).then_some(());
    eventually("it ends", LOST_AFTER, is_dropped).await;
    assert!(heard.elapsed() > LOST_AFTER / 2, "a short cut is no reason: {:?}", heard.elapsed());
    runner.far.is_cut.store(false, Ordering::SeqCst);
    assert!(reason(&runner.tells().await).contains("could not reach Muster for too long"));
}

/// Nobody else does it unasked: so it is better ended well, and told late.
#[tokio::test]
async fn who_is_cut_off_goes_on_with_what_nobody_else_would_do_and_tells_it_late() {
    let mut runner = Alone::starts();
    runner.is_sent(&runner.signs(&order("switch")));
    runner.says_that_it_lives().await;
    runner.far.is_cut.store(true, Ordering::SeqCst);
    let cut = Instant::now();
    while cut.elapsed() < LOST_AFTER * 2 {
        runner.is_not_heard().await;
    }
    runner.hands.end.notify_one();
    runner.is_not_heard().await;
    assert!(!runner.has_told());
    runner.far.is_cut.store(false, Ordering::SeqCst);
    assert!(matches!(runner.tells().await.report.ended, Ended::Well { .. }));
    assert_eq!(runner.hands.dropped.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_runner_that_is_to_stop_ends_what_it_has_first() {
    let mut runner = Alone::starts();
    runner.is_sent(&runner.signs(&order("switch")));
    runner.says_that_it_lives().await;
    let hands = std::sync::Arc::clone(&runner.hands);
    // The answer that it waits for brings work that is its own already: then that is done too.
    runner.is_sent(&runner.signs(&order("last")));
    runner.stop.send_replace(Stop::Drain);
    hands.end.notify_one();
    assert!(matches!(runner.tells().await.report.ended, Ended::Well { .. }));
    hands.end.notify_one();
    let (hands, mut ends) = runner.stops(Stop::Drain).await;
    assert_eq!(ends.try_recv().unwrap().job, order("last").task.id);
    assert_eq!(hands.dropped.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn told_twice_it_stops_at_once_and_says_that_nobody_knows() {
    let mut runner = Alone::starts();
    runner.is_sent(&runner.signs(&order("switch")));
    runner.says_that_it_lives().await;
    let (hands, mut ends) = runner.stops(Stop::Now).await;
    assert_eq!(hands.dropped.load(Ordering::SeqCst), 1);
    let Ended::Unclear { reason } = ends.try_recv().unwrap().report.ended else { panic!("it knows") };
    assert!(reason.contains("told to stop at once"), "{reason}");
}
