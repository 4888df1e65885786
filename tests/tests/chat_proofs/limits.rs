//! Discord's limits, and its patience with those who go on asking: nothing comes early, nothing is lost, nothing is out of
//! order, and there are never more invalid requests than Muster allows itself.
//! <https://docs.discord.com/developers/topics/rate-limits>

use crate::desk::{Desk, OUTAGE, lines};
use muster_tests::discord::FakeDiscord;
use muster_tests::fault::Fault;
use std::time::Duration;

/// The most invalid requests in any ten minutes.
const MOST: usize = 10;
/// An hour, in seconds: the longest that Muster rests before it looks whether it is let in again.
const HOUR: i64 = 3_600;

/// Lets time pass a minute at a time. Gives the invalid requests of each.
async fn invalid_in_each_minute(desk: &Desk<FakeDiscord>, minutes: i64) -> Vec<usize> {
    let mut each = Vec::new();
    for _ in 0..minutes {
        desk.pass(60).await;
        each.push(desk.chat.invalid_requests().len());
        desk.chat.forget_calls();
    }
    each
}

/// In no ten minutes are there too many.
fn are_few(invalid: &[usize]) {
    let most = invalid.windows(10).map(|ten| ten.iter().sum()).max().unwrap_or(0);
    assert!((1..=MOST).contains(&most), "{most} in ten minutes: {invalid:?}");
}

#[tokio::test]
async fn buckets_that_run_dry_are_waited_for_and_each_room_reads_in_order() {
    let desk = Desk::<FakeDiscord>::open().await;
    for title in ["checkout is down", "tills are slow"] {
        desk.types(None, &format!("new sev1 {title}")).await;
    }
    desk.chat.bucket("POST /channels/{}/messages", 5, Duration::from_secs(5));
    for n in 0..20 {
        desk.types(Some(1), &format!("note line {n}")).await;
    }
    desk.types(Some(2), "note line 0").await;
    let (held, free) = (lines(&desk.room(1)).len(), lines(&desk.room(2)).len());
    assert!(held < 20 && free == 1, "one room does not hold up another: {held}, {free}");
    desk.pass(60).await;
    assert_eq!(lines(&desk.room(1)), (0..20).collect::<Vec<_>>());
    assert!(desk.chat.calls().iter().all(|call| !call.early), "nothing comes before its time");
    desk.ends().await;
}

#[tokio::test]
async fn whatever_is_limited_for_a_while_is_done_once_afterwards_and_nothing_comes_early() {
    let routes = [
        "POST /guilds/{}/channels",
        "POST /channels/{}/messages",
        "PATCH /channels/{}/messages/{}",
        "PUT /channels/{}/messages/pins/{}",
        "PATCH /channels/{}",
    ];
    // What is under way when everything is limited is refused together.
    let faults =
        [(Fault::rate_limited(30), 1), (Fault::rate_limited_shared(30), 1), (Fault::rate_limited_globally(30), MOST)];
    let all = routes.into_iter().flat_map(|route| faults.iter().map(move |(fault, most)| (route, fault, *most)));
    for (route, fault, most) in all {
        let desk = Desk::<FakeDiscord>::open().await;
        desk.chat.fail(fault.clone().on(route));
        desk.types(None, "new sev1 checkout is down").await;
        desk.pass(90).await;
        desk.types(Some(1), "note line 0").await;
        desk.types(Some(1), "sev sev2 the shop is open").await;
        desk.types(Some(1), "note line 1").await;
        desk.pass(90).await;
        let room = desk.room(1);
        assert_eq!((lines(&room), room.pins.len(), room.shows("Welcome to ")), (vec![0, 1], 1, 1), "{route} {fault:?}");
        assert!(room.topic.starts_with("SEV2") && room.pins[0].contains("SEV2"), "{route} {fault:?}: {room:#?}");
        assert_eq!(desk.announced("checkout is down"), 1, "{route} {fault:?}");
        let limited = desk.chat.calls().iter().filter(|call| call.status == 429).count();
        assert!((1..=most).contains(&limited), "{route} {fault:?}: who has been told to wait asked {limited} times");
        desk.ends().await;
    }
}

#[tokio::test]
async fn a_token_that_is_revoked_for_three_hours_costs_few_requests_and_nothing_that_was_said() {
    let desk = Desk::<FakeDiscord>::open().await;
    for n in 1..=30 {
        desk.types(None, &format!("new sev3 till {n} is dead")).await;
    }
    desk.chat.revoke_token();
    let mut invalid = Vec::new();
    for n in 0..6 {
        for incident in 1..=30 {
            desk.types(Some(incident), &format!("note line {n}")).await;
        }
        invalid.extend(invalid_in_each_minute(&desk, 30).await);
    }
    are_few(&invalid);
    desk.chat.restore_token();
    desk.pass(2 * HOUR).await;
    for incident in 1..=30 {
        assert_eq!(lines(&desk.room(incident)), (0..6).collect::<Vec<_>>(), "INC-{incident}");
    }
    desk.ends().await;
}

#[tokio::test]
async fn a_permission_that_is_missing_costs_few_requests_and_nothing_that_was_said() {
    let desk = Desk::<FakeDiscord>::open().await;
    for n in 1..=30 {
        desk.types(None, &format!("new sev3 till {n} is dead")).await;
    }
    desk.chat.remove_permission("SEND_MESSAGES");
    for incident in 1..=30 {
        desk.types(Some(incident), "note line 0").await;
    }
    are_few(&invalid_in_each_minute(&desk, OUTAGE / 60 * 6).await);
    desk.chat.add_permission("SEND_MESSAGES");
    desk.pass(2 * HOUR).await;
    for incident in 1..=30 {
        assert_eq!(lines(&desk.room(incident)), [0], "INC-{incident}");
    }
    desk.ends().await;
}
