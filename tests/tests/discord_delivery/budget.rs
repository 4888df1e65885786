//! Limits: what Discord asks us to leave alone, and how few invalid requests are made whatever goes wrong.
//! <https://docs.discord.com/developers/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans>

use crate::desk::{DECLARE, Desk};
use muster_tests::discord::Fault;

/// The most invalid requests that may be made in ten minutes.
const MOST: usize = 10;

#[tokio::test]
async fn a_channel_that_is_held_back_is_left_alone_and_the_others_go_on() {
    let desk = Desk::open().await;
    desk.alice(DECLARE).await;
    desk.alice("new sev1 tills do not open").await;
    let (held, free) = (desk.room().await, desk.fake.channel("inc-2-tills-do-not-open").await);
    desk.fake.fail(Fault::rate_limited(30).on("POST /channels/{}/messages").in_channel(&held.id()));
    desk.alice_in("INC-1", "note looking at the logs").await;
    desk.alice_in("INC-2", "note the key is stuck").await;
    desk.pass(29).await;
    assert_eq!(held.messages_with("looking at the logs").len(), 0);
    assert_eq!(free.messages_with("the key is stuck").len(), 1);
    desk.pass(4).await;
    assert_eq!(held.messages_with("looking at the logs").len(), 1);
    desk.finish().await;
}

#[tokio::test]
async fn a_limit_on_everything_stops_everything_and_one_on_something_shared_is_not_held_against_us() {
    let desk = Desk::open().await;
    desk.alice(DECLARE).await;
    desk.alice("new sev1 tills do not open").await;
    let (first, second) = (desk.room().await, desk.fake.channel("inc-2-tills-do-not-open").await);
    desk.fake.fail(Fault::rate_limited_globally(20));
    desk.alice_in("INC-1", "note looking at the logs").await;
    desk.fake.forget_calls();
    desk.alice_in("INC-2", "note the key is stuck").await;
    desk.pass(19).await;
    assert_eq!(desk.fake.calls().len(), 0, "nothing at all goes out");
    desk.pass(6).await;
    assert_eq!(first.messages_with("looking at the logs").len(), 1);
    assert_eq!(second.messages_with("the key is stuck").len(), 1);
    for _ in 0..2 * MOST {
        desk.fake.fail(Fault::rate_limited_shared(2).on("POST /channels/{}/messages").in_channel(&first.id()));
        desk.alice_in("INC-1", "note and again").await;
        desk.pass(5).await;
    }
    assert_eq!(first.messages_with("and again").len(), 2 * MOST, "the budget is not touched");
    desk.finish().await;
}

#[tokio::test]
async fn a_revoked_token_costs_ten_invalid_requests_at_most_with_sixty_effects_waiting() {
    let desk = Desk::open().await;
    for n in 1..=12 {
        desk.alice(&format!("new sev1 till {n} is down")).await;
    }
    desk.fake.revoke_token();
    for n in 1..=12 {
        for word in ["one", "two", "three"] {
            desk.world.person("alice").in_room(&format!("INC-{n}")).types(&format!("note {word}")).await.ok();
        }
        desk.world.person("alice").in_room(&format!("INC-{n}")).types("sev sev2 only one till").await.ok();
    }
    desk.world.settle().await;
    desk.pass(600).await;
    let invalid = desk.fake.invalid_requests().len();
    assert!((1..=MOST).contains(&invalid), "{invalid} invalid requests");
    let troubles = desk.discord.troubles();
    assert!(troubles.len() == 1 && troubles[0].contains("developer portal"), "{troubles:?}");
    desk.fake.restore_token();
    desk.pass(1_300).await;
    for n in 1..=12 {
        let room = desk.fake.channel(&format!("inc-{n}-till-{n}-is-down")).await;
        for word in ["one", "two", "three"] {
            assert_eq!(room.messages_with(&format!("noted: {word}")).len(), 1, "{}", room.name());
        }
    }
    assert_eq!(desk.discord.troubles(), Vec::<String>::new());
    desk.finish().await;
}

#[tokio::test]
async fn what_is_forbidden_everywhere_is_asked_for_ten_times_at_most_and_done_when_it_is_allowed() {
    let desk = Desk::open().await;
    for n in 1..=20 {
        desk.alice(&format!("new sev1 till {n} is down")).await;
    }
    desk.fake.remove_permission("SEND_MESSAGES");
    for n in 1..=20 {
        desk.world.person("alice").in_room(&format!("INC-{n}")).types("note looking").await.ok();
    }
    desk.world.settle().await;
    desk.pass(590).await;
    let invalid = desk.fake.invalid_requests().len();
    assert!((1..=MOST).contains(&invalid), "{invalid} invalid requests");
    assert!(desk.discord.troubles().iter().all(|one| one.contains("“Send Messages”")), "{:?}", desk.discord.troubles());
    desk.fake.add_permission("SEND_MESSAGES");
    desk.pass(1_300).await;
    for n in 1..=20 {
        let room = desk.fake.channel(&format!("inc-{n}-till-{n}-is-down")).await;
        assert_eq!(room.messages_with("looking").len(), 1, "{}", room.name());
    }
    assert_eq!(desk.discord.troubles(), Vec::<String>::new());
    desk.finish().await;
}
