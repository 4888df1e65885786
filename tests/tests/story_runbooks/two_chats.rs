//! One run in two chats: a question is answered by a click in Discord, and what follows is approved by another in Slack.

use super::books::failover;
use muster_tests::gateway::{Gateway, Works};
use muster_tests::stage::both::Both;
use muster_tests::stage::workspace::Wire;
use std::sync::Arc;

/// Returns once nothing is due, and no machine has anything to do.
async fn rests(both: &Both, works: &Works) {
    loop {
        both.muster.settle().await;
        if works.is_idle().await {
            both.muster.settle().await;
            if works.is_idle().await {
                return;
            }
        }
        tokio::task::yield_now().await;
    }
}

async fn a_run_is_driven_from_both_sides(both: Both) {
    let gateway = Gateway::start().await;
    let mut org = muster_core::org::Organisation::clone(&both.muster.app.org());
    org.runbooks.books = vec![Arc::new(failover(&gateway))];
    both.muster.app.reconfigure(org);
    let works = Works::begin(Arc::clone(&both.muster.app), &gateway);
    let (in_slack, in_discord) = both.declared().await;
    let (slack, discord) = (&both.slack, &both.discord);
    let _ = slack.types(&slack.alice, &in_slack, "ic").await;
    let _ = slack.types(&slack.alice, &in_slack, "runbook run payment-failover region=eu").await.shows("Run 1");
    rests(&both, &works).await;

    // In each room there is one card, and both are the same.
    let here = in_discord.message("Which provider takes over?").await;
    in_slack.message("Which provider takes over?").await;
    let _ = discord.clicks(&discord.alice, &here, "Stripe").await;
    rests(&both, &works).await;
    let there = in_slack.message("Payments move to stripe").await;
    let stale = in_discord.message("Payments move to stripe").await;
    assert!(there.picture().contains("its mark is"), "{}", there.picture());
    let _ = discord.clicks(&discord.alice, &stale, "Approve").await.shows("You have asked for it yourself");
    let _ = discord.clicks(&discord.carol, &stale, "Approve").await.shows("You are not among those");
    assert_eq!(gateway.active("eu"), "primary");
    slack.bob.clicks(&there, "Approve").await;
    slack.bob.hears("Run 1").await;
    rests(&both, &works).await;
    assert_eq!(gateway.active("eu"), "stripe");
    for cards in [in_slack.messages_with("5 of 5").len(), in_discord.messages_with("5 of 5").len()] {
        assert_eq!(cards, 1, "one card, edited");
    }

    // Somebody who takes it back does so in either.
    let card = in_discord.message("5 of 5").await;
    let sure = discord.clicks(&discord.bob, &card, "Undo").await;
    let _ = discord.clicks(&discord.bob, &sure, "Undo").await;
    rests(&both, &works).await;
    assert_eq!(gateway.active("eu"), "primary");
    in_slack.message("taken back").await;
    gateway.did_nothing_twice();
    let store = both.muster.app.store();
    let log = store.audit(0, 100).await.expect("the audit log can be read");
    let deeds = log.iter().map(|one| serde_json::from_str::<muster_core::audit::Deed>(&one.body).expect("a deed"));
    let deeds: Vec<_> = deeds.map(|deed| format!("{} by {} via {}", deed.what, deed.by.person, deed.via)).collect();
    assert_eq!(
        deeds[..3],
        ["run.started by alice via slack", "step.answered by alice via discord", "step.approved by bob via slack"]
    );
    assert_eq!(deeds[4], "run.undoing by bob via discord");
    drop(works);
    both.finish().await;
}

#[tokio::test]
async fn over_a_socket_and_over_http() {
    a_run_is_driven_from_both_sides(Both::begin(Wire::Socket, Wire::Http).await).await;
}

#[tokio::test]
async fn over_http_and_over_the_gateway() {
    a_run_is_driven_from_both_sides(Both::begin(Wire::Http, Wire::Socket).await).await;
}
