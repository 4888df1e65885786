//! What is not a whole, fresh order for this runner is refused, and that is said.

use crate::alone::{Alone, order, reason};
use muster_core::clock::SystemEntropy;
use muster_core::ports::signer::Signer;
use muster_core::runbook::{Ended, Order, Signed};
use muster_runbooks::remote::SigningKey;
use muster_tests::fixtures::at;
use std::sync::atomic::Ordering;

#[tokio::test]
async fn an_order_is_carried_out_and_reported() {
    let mut runner = Alone::starts();
    runner.hands.quick.store(true, Ordering::SeqCst);
    runner.is_sent(&runner.signs(&order("switch")));
    let end = runner.tells().await;
    assert_eq!(end.job, order("switch").task.id);
    assert!(matches!(end.report.ended, Ended::Well { .. }));
    assert_eq!(runner.has_begun(), ["INC-7/1/switch/1"]);
}

/// Each is told of, and none begins; what comes after is carried out.
#[tokio::test]
async fn what_is_no_order_for_it_is_refused_and_said_so() {
    type Wrong = fn(&Alone, &Signed) -> Signed;
    let refused: [(Wrong, &str); 11] = [
        (|_, good| Signed { signature: String::new(), ..good.clone() }, "not signed by a key"),
        (|_, good| Signed { signature: "?".repeat(88), ..good.clone() }, "not signed by a key"),
        (|_, good| signed_by_another(good), "not signed by a key"),
        (|_, good| altered(good, "\"rehearsal\":false", "\"rehearsal\":true"), "not signed by a key"),
        (|_, good| altered(good, "warehouse-1", "warehouse-2"), "not signed by a key"),
        (|_, good| altered(good, "{", "{ "), "not signed by a key"),
        (|us, _| us.signs(&Order { runner: "warehouse-2".to_owned(), ..order("good") }), "for the runner warehouse-2"),
        (|us, _| us.signs(&Order { label: "payments".to_owned(), ..order("good") }), "for the label payments"),
        (|us, _| us.signs(&Order { issued_at: at(-100), expires_at: at(0), ..order("good") }), "expired"),
        (|us, _| us.signs(&Order { issued_at: at(31), expires_at: at(100), ..order("good") }), "the clocks differ"),
        (|us, _| us.signs(&Order { expires_at: at(1_000), ..order("good") }), "the clocks differ"),
    ];
    for (wrong, why) in refused {
        let mut runner = Alone::starts();
        runner.hands.quick.store(true, Ordering::SeqCst);
        let good = runner.signs(&order("good"));
        runner.is_sent(&wrong(&runner, &good));
        let end = runner.tells().await;
        let said = reason(&end);
        assert!(said.starts_with("the runner warehouse-1 refused it") && said.contains(why), "{why}: {said}");
        assert_eq!(runner.has_begun(), [""; 0], "{why}");
        runner.is_sent(&good);
        assert!(matches!(runner.tells().await.report.ended, Ended::Well { .. }));
        assert_eq!(runner.has_begun(), ["INC-7/1/good/1"]);
    }
}

fn signed_by_another(good: &Signed) -> Signed {
    Signed { signature: SigningKey::generate(&SystemEntropy).sign(&good.order), ..good.clone() }
}

fn altered(good: &Signed, from: &str, to: &str) -> Signed {
    let order = good.order.replacen(from, to, 1);
    assert_ne!(order, good.order);
    Signed { order, ..good.clone() }
}

#[tokio::test]
async fn what_is_no_order_at_all_is_refused() {
    let mut runner = Alone::starts();
    runner.hands.quick.store(true, Ordering::SeqCst);
    for nonsense in ["{}", &"[".repeat(10_000)] {
        runner.is_sent(&Signed { order: nonsense.to_owned(), signature: runner.key.sign(nonsense) });
    }
    let mut odd = order("odd");
    odd.task.id.step = "a\n1 INC-7/1/good/1".to_owned();
    runner.is_sent(&runner.signs(&odd));
    assert!(reason(&runner.tells().await).contains("it names no step"));
    runner.is_sent(&runner.signs(&order("good")));
    assert!(matches!(runner.tells().await.report.ended, Ended::Well { .. }));
    assert_eq!(runner.has_begun(), ["INC-7/1/good/1"]);
}

/// Nothing is said of what was begun before: whatever became of it may be on its way.
#[tokio::test]
async fn an_order_that_is_sent_again_is_not_begun_again_not_even_in_another_life() {
    let mut runner = Alone::starts();
    runner.hands.quick.store(true, Ordering::SeqCst);
    let first = runner.signs(&order("first"));
    let anew = runner.signs(&Order { issued_at: at(0), expires_at: at(90), ..order("first") });
    runner.is_sent(&first);
    runner.tells().await;
    for again in [&first, &anew] {
        runner.is_sent(again);
    }
    runner.is_sent(&runner.signs(&order("second")));
    assert_eq!(runner.tells().await.job, order("second").task.id, "nothing was told of the first");

    // It dies with an order under way, of which nobody knows how it ended.
    runner.hands.quick.store(false, Ordering::SeqCst);
    let third = runner.signs(&order("third"));
    runner.is_sent(&third);
    runner.says_that_it_lives().await;
    assert_eq!(runner.has_begun(), ["INC-7/1/first/1", "INC-7/1/second/1", "INC-7/1/third/1"]);
    let mut runner = runner.dies_and_starts_again().await;
    runner.hands.quick.store(true, Ordering::SeqCst);
    for again in [&first, &anew, &third] {
        runner.is_sent(again);
    }
    runner.is_sent(&runner.signs(&order("fourth")));
    assert_eq!(runner.tells().await.job, order("fourth").task.id);
    assert_eq!(runner.has_begun(), ["INC-7/1/fourth/1"]);
    assert!(!runner.has_told());
}

/// An order that nobody has signed names a job that is under way: that goes on, and is not said to have failed.
#[tokio::test]
async fn a_forged_order_ends_nothing_that_is_under_way() {
    let mut runner = Alone::starts();
    let good = runner.signs(&order("switch"));
    runner.is_sent(&good);
    runner.says_that_it_lives().await;
    runner.is_sent(&Signed { signature: String::new(), ..good });
    runner.says_that_it_lives().await;
    runner.hands.end.notify_one();
    assert!(matches!(runner.tells().await.report.ended, Ended::Well { .. }));
    assert_eq!(runner.has_begun().len(), 1);
}
