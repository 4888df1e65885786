//! Discord's answers get lost: what may have been made is looked for before it is made again.

use crate::desk::{DECLARE, Desk, ROOM, id};
use muster_discord::Rooms;
use muster_tests::discord::{FakeDiscord, Fault};

#[tokio::test]
async fn an_answer_that_is_lost_makes_no_second_message() {
    for fault in [Fault::reset_after_effect(), Fault::unparseable(), Fault::hang()] {
        let desk = Desk::impatient(|_, _| {}).await;
        desk.alice(DECLARE).await;
        desk.pass(10).await;
        let room = desk.room().await;
        desk.fake.fail(fault.clone().on("POST /channels/{}/messages").in_channel(&room.id()));
        desk.alice_in("INC-1", "note looking at the logs").await;
        desk.alice_in("INC-1", "note found it").await;
        desk.pass(10).await;
        let said = |words| room.messages_with(words).len();
        assert_eq!((said("looking at the logs"), said("found it")), (1, 1), "{fault:?}");
        desk.finish().await;
    }
}

#[tokio::test]
async fn a_message_whose_answer_was_lost_an_hour_ago_is_not_said_again() {
    let desk = Desk::open().await;
    desk.alice(DECLARE).await;
    let room = desk.room().await;
    desk.fake.fail(Fault::reset_after_effect().on("POST /channels/{}/messages"));
    desk.alice_in("INC-1", "note looking at the logs").await;
    desk.fake.fail(Fault::status(503).until_healed());
    for _ in 0..60 {
        desk.pass(60).await;
    }
    desk.fake.heal();
    desk.pass(130).await;
    assert_eq!(room.messages_with("looking at the logs").len(), 1, "Discord has forgotten the nonce, we have not");
    desk.finish().await;
}

#[tokio::test]
async fn an_answer_that_is_lost_makes_no_second_room_headline_or_announcement() {
    type Kind = fn(&FakeDiscord) -> Option<Rooms>;
    let kinds: [(Kind, &str); 3] = [
        (|_| None, "POST /guilds/{}/channels"),
        (|fake| Some(Rooms::Forum { forum: id(&fake.forum("outages", None)) }), "POST /channels/{}/threads"),
        (|fake| Some(Rooms::Threads { channel: id(&fake.text_channel("ops", None)) }), "POST /channels/{}/threads"),
    ];
    for (rooms, creation) in kinds {
        for route in [creation, "POST /channels/{}/messages", "PUT /channels/{}/messages/pins/{}"] {
            for fault in [Fault::reset_after_effect(), Fault::unparseable(), Fault::hang()] {
                let desk =
                    Desk::impatient(|fake, config| config.rooms = rooms(fake).unwrap_or(config.rooms.clone())).await;
                desk.fake.fail(fault.clone().on(route));
                desk.alice(DECLARE).await;
                desk.pass(20).await;
                assert_eq!(desk.names(), [ROOM], "{route} {fault:?}");
                desk.is_furnished(&desk.room().await);
                assert_eq!(desk.incidents.messages().len(), 1, "{route} {fault:?}");
                desk.finish().await;
            }
        }
    }
}

#[tokio::test]
async fn however_many_answers_are_lost_in_a_row_everything_is_there_once() {
    for lost in 1..=16 {
        let desk = Desk::with(|_, config| config.voice = true).await;
        let fault = if lost % 2 == 0 { Fault::reset_after_effect() } else { Fault::unparseable() };
        desk.fake.fail(fault.times(lost));
        desk.alice("new sev1 checkout is down --private").await;
        for _ in 0..40 {
            desk.world.pass(1).await;
        }
        let kinds: Vec<_> = desk.rooms().iter().map(|room| (room.name(), room.kind())).collect();
        assert_eq!(kinds, [(ROOM.to_owned(), "text"), (ROOM.to_owned(), "voice")], "{lost} lost");
        for room in desk.rooms() {
            assert!(room.sees(&desk.alice) && !room.sees(&desk.eve), "{lost} lost: {:?}", room.overwrites());
        }
        desk.is_furnished(&desk.rooms()[0]);
        desk.finish().await;
    }
}

#[tokio::test]
async fn a_channel_of_the_same_name_that_is_somebody_elses_is_left_alone() {
    let desk = Desk::open().await;
    let theirs = desk.fake.text_channel(ROOM, Some(&desk.category));
    desk.fake.fail(Fault::reset_after_effect().on("POST /guilds/{}/channels").times(2));
    desk.alice(DECLARE).await;
    desk.pass(20).await;
    let rooms = desk.rooms();
    assert_eq!(rooms.len(), 2);
    assert_eq!(theirs.messages().len(), 0);
    desk.is_furnished(rooms.iter().find(|room| room.id() != theirs.id()).expect("ours"));
    desk.finish().await;
}

#[tokio::test]
async fn ten_minutes_without_discord_lose_nothing_and_say_nothing_twice() {
    let desk = Desk::open().await;
    desk.fake.fail(Fault::status(503).until_healed());
    desk.alice(DECLARE).await;
    desk.alice_in("INC-1", "note first").await;
    desk.alice_in("INC-1", "note second").await;
    for _ in 0..10 {
        desk.pass(60).await;
    }
    assert_eq!(desk.names(), Vec::<String>::new());
    desk.fake.heal();
    for _ in 0..16 {
        desk.pass(60).await;
    }
    assert_eq!(desk.names(), [ROOM]);
    assert_eq!(desk.room().await.pins().len(), 1);
    assert_eq!(desk.incidents.messages().len(), 1);
    desk.finish().await;
}
