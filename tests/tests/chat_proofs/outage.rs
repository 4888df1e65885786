//! Ten minutes of 503: everything arrives once, in order within each room, what somebody waits for before the rest.

use crate::chat::{Call, Chat};
use crate::desk::{Desk, LONGEST, OUTAGE, lines};
use chrono::TimeDelta;
use muster_tests::discord::FakeDiscord;
use muster_tests::fault::Fault;
use muster_tests::slack::FakeSlack;

/// So many effects are under way at once.
const UNDER_WAY: usize = 64;
/// More rooms than that: there is something to choose from.
const ROOMS: usize = UNDER_WAY + 6;

async fn each_room_reads_in_order<C: Chat>() {
    let desk = Desk::<C>::open().await;
    desk.types(None, "new sev1 checkout is down").await;
    desk.types(None, "new sev2 tills are slow").await;
    desk.chat.fail(Fault::status(503).until_healed());
    desk.types(None, "new sev1 fridges are warm").await;
    for n in 0..10 {
        desk.types(Some(1), &format!("note line {n}")).await;
        desk.types(Some(2), &format!("note line {n}")).await;
        desk.types(Some(3), &format!("summary so far {n}")).await;
        desk.pass(OUTAGE / 10).await;
    }
    assert!(desk.channel("inc-3-fridges-are-warm").is_none(), "the chat was down");
    desk.chat.heal();
    desk.pass(LONGEST).await;
    for incident in [1, 2] {
        assert_eq!(lines(&desk.room(incident)), (0..10).collect::<Vec<_>>(), "INC-{incident}");
    }
    let late = desk.room(3);
    assert_eq!((late.pins.len(), late.shows("Welcome to ")), (1, 1));
    assert!(late.pins[0].contains("so far 9"), "{}", late.pins[0]);
    assert_eq!(late.members, desk.chat.inside(["alice".to_owned()].into(), false));
    for title in ["checkout is down", "tills are slow", "fridges are warm"] {
        assert_eq!(desk.announced(title), 1, "{title} is announced once");
    }
    desk.ends().await;
}

async fn what_somebody_waits_for_goes_first<C: Chat>() {
    let desk = Desk::<C>::open().await;
    for n in 1..=ROOMS {
        desk.types(None, &format!("new sev3 till {n} is dead")).await;
    }
    desk.chat.fail(Fault::status(503).until_healed());
    for n in (1..).take(ROOMS) {
        desk.types(Some(n), "sev sev1 all of them").await;
    }
    desk.pass(OUTAGE).await;
    desk.chat.heal();
    desk.chat.forget_calls();
    // Everything is due at once.
    desk.clock.advance(TimeDelta::seconds(LONGEST));
    desk.settle().await;
    let calls = desk.chat.calls();
    let said = |calls: &[Call]| calls.iter().filter(|call| **call == Call::Message).count();
    let first = calls.iter().position(|call| *call == Call::Topic).expect("topics are set");
    let (before, all) = (said(&calls[..first]), said(&calls));
    // In each room a headline and a message, and an announcement.
    assert_eq!(all, 3 * ROOMS);
    assert!(before + UNDER_WAY >= all, "{before} of {all} were said when the first topic was set");
    for n in (1..).take(ROOMS) {
        let room = desk.room(n);
        assert!(room.topic.starts_with("SEV1"), "{}", room.topic);
        assert_eq!(room.shows("all of them"), 1);
    }
    desk.ends().await;
}

async fn a_headline_is_pinned_in_the_end<C: Chat>() {
    for fault in [Fault::status(503).times(3), Fault::rate_limited(30), Fault::reset_after_effect()] {
        let desk = Desk::<C>::open().await;
        desk.chat.fail(fault.clone().on(C::PIN));
        desk.types(None, "new sev1 checkout is down").await;
        desk.pass(60).await;
        let room = desk.room(1);
        assert_eq!((room.pins.len(), room.shows("Severity")), (1, 1), "{fault:?}: {room:#?}");
        desk.ends().await;
    }
}

#[tokio::test]
async fn ten_minutes_of_503_in_slack_lose_nothing_and_each_room_reads_in_order() {
    each_room_reads_in_order::<FakeSlack>().await;
}

#[tokio::test]
async fn ten_minutes_of_503_in_discord_lose_nothing_and_each_room_reads_in_order() {
    each_room_reads_in_order::<FakeDiscord>().await;
}

#[tokio::test]
async fn after_an_outage_of_slack_what_somebody_waits_for_goes_before_the_rest() {
    what_somebody_waits_for_goes_first::<FakeSlack>().await;
}

#[tokio::test]
async fn after_an_outage_of_discord_what_somebody_waits_for_goes_before_the_rest() {
    what_somebody_waits_for_goes_first::<FakeDiscord>().await;
}

#[tokio::test]
async fn a_headline_that_slack_does_not_pin_at_first_is_pinned_in_the_end() {
    a_headline_is_pinned_in_the_end::<FakeSlack>().await;
}

#[tokio::test]
async fn a_headline_that_discord_does_not_pin_at_first_is_pinned_in_the_end() {
    a_headline_is_pinned_in_the_end::<FakeDiscord>().await;
}
