//! Rooms of every kind: opened, named, put away, taken out again, lost.

use crate::desk::{DECLARE, Desk, ROOM, id};
use chrono::TimeDelta;
use muster_discord::Rooms;
use muster_tests::discord::FakeDiscord;
use muster_tests::sample;

#[tokio::test]
async fn a_declaration_furnishes_a_room_and_announces_it_with_six_calls() {
    let desk = Desk::open().await;
    desk.alice(DECLARE).await;
    desk.fake.forget_calls();
    desk.alice("new sev1 tills do not open").await;
    assert_eq!(
        desk.routes(),
        [
            "PATCH /channels/{}",
            "POST /channels/{}/messages",
            "POST /channels/{}/messages",
            "POST /channels/{}/messages",
            "POST /guilds/{}/channels",
            "PUT /channels/{}/messages/pins/{}",
        ]
    );
    let room = desk.fake.channel("inc-2-tills-do-not-open").await;
    desk.is_furnished(&room);
    assert_eq!(room.category().as_deref(), Some("war rooms"));
    assert!(room.sees(&desk.eve), "who sees the category sees the room");
    assert_eq!(desk.incidents.messages_with("tills do not open").len(), 1);
    desk.finish().await;
}

#[tokio::test]
async fn a_full_category_is_followed_by_the_next_and_when_none_is_left_an_operator_is_told() {
    let mut second = None;
    let desk = Desk::with(|fake, config| {
        let next = fake.category("more war rooms");
        let Rooms::Channels { categories } = &mut config.rooms else { panic!("channels") };
        categories.push(id(&next));
        second = Some(next);
    })
    .await;
    desk.fake.fills(&desk.category);
    desk.alice(DECLARE).await;
    assert_eq!(desk.room().await.category().as_deref(), Some("more war rooms"));
    assert_eq!(desk.discord.troubles(), Vec::<String>::new());
    desk.fake.fills(&second.expect("a category"));
    desk.alice("new sev1 tills do not open").await;
    let outside = desk.fake.channel("inc-2-tills-do-not-open").await;
    assert_eq!(outside.category(), None);
    desk.is_furnished(&outside);
    let troubles = desk.discord.troubles();
    assert!(troubles.len() == 1 && troubles[0].contains("`categories`"), "{troubles:?}");
    desk.finish().await;
}

#[tokio::test]
async fn a_server_that_is_full_opens_a_room_once_somebody_has_made_place() {
    let desk = Desk::open().await;
    desk.fake.holds_at_most(desk.fake.channels().len(), 1_000);
    desk.alice(DECLARE).await;
    desk.pass(5).await;
    assert_eq!(desk.names(), Vec::<String>::new());
    let troubles = desk.discord.troubles();
    assert!(troubles.len() == 1 && troubles[0].contains("as many channels as it may have"), "{troubles:?}");
    desk.fake.holds_at_most(500, 1_000);
    desk.pass(61).await;
    desk.is_furnished(&desk.room().await);
    assert_eq!(desk.discord.troubles(), Vec::<String>::new());
    desk.finish().await;
}

#[tokio::test]
async fn a_category_that_somebody_deleted_keeps_no_incident_without_a_room() {
    let desk = Desk::open().await;
    desk.fake.delete(&desk.category);
    desk.alice(DECLARE).await;
    desk.is_furnished(&desk.room().await);
    assert_eq!(desk.discord.troubles().len(), 1);
    desk.finish().await;
}

#[tokio::test]
async fn a_private_room_is_seen_by_those_who_are_in_the_incident_and_leaves_no_trace_elsewhere() {
    let desk = Desk::open().await;
    desk.alice("new sev1 checkout is down --private").await;
    let room = desk.room().await;
    desk.is_furnished(&room);
    assert!(room.sees(&desk.alice) && !room.sees(&desk.bob) && !room.sees(&desk.eve), "{:?}", room.overwrites());
    assert_eq!(desk.incidents.messages().len(), 0);
    desk.alice_in("INC-1", "role scribe @bob").await;
    assert!(room.sees(&desk.bob) && !room.sees(&desk.eve), "{:?}", room.overwrites());
    desk.finish().await;
}

#[tokio::test]
async fn a_public_incident_that_turns_private_goes_on_where_only_its_people_see_it() {
    let desk = Desk::open().await;
    desk.alice(DECLARE).await;
    let open = desk.room().await;
    desk.alice_in("INC-1", "edit --visibility private").await;
    desk.pass(5).await;
    let rooms = desk.rooms();
    let other = rooms.iter().find(|room| room.id() != open.id()).expect("another room");
    assert!(other.sees(&desk.alice) && !other.sees(&desk.eve));
    assert!(open.sees(&desk.eve) && !open.can_write(&desk.alice), "the open one can only be read");
    assert!(desk.incidents.messages()[0].picture().contains("not announced here any more"));
    desk.finish().await;
}

#[tokio::test]
async fn a_room_is_put_away_a_day_after_the_end_and_taken_out_when_it_starts_again() {
    let desk = Desk::with(|_, config| config.voice = true).await;
    desk.alice(DECLARE).await;
    let room = desk.rooms().into_iter().find(|room| room.kind() == "text").expect("a room");
    let voice = || desk.rooms().into_iter().filter(|room| room.kind() == "voice").count();
    let as_before = room.overwrites();
    assert!(room.can_write(&desk.bob) && voice() == 1);
    desk.alice_in("INC-1", "resolve the bank is back").await;
    desk.alice_in("INC-1", "close").await;
    desk.world.until(desk.world.muster.now() + TimeDelta::hours(25)).await;
    assert!(!room.can_write(&desk.bob) && room.sees(&desk.bob), "{:?}", room.overwrites());
    assert_eq!(voice(), 0);
    desk.alice_in("INC-1", "reopen it is down again").await;
    desk.pass(5).await;
    assert!(room.can_write(&desk.bob), "{:?}", room.overwrites());
    assert_eq!(room.messages_with("it is down again").len(), 1);
    assert_eq!(voice(), 1);
    let says_something = |line: &String| line.contains(' ') && !line.starts_with("muster");
    let left: Vec<_> = room.overwrites().into_iter().filter(says_something).collect();
    assert_eq!(left, as_before.into_iter().filter(says_something).collect::<Vec<_>>());
    desk.finish().await;
}

#[tokio::test]
async fn a_room_can_be_a_post_of_a_forum_and_a_private_one_is_a_channel_all_the_same() {
    let desk = Desk::with(|fake, config| {
        config.rooms = Rooms::Forum { forum: id(&fake.forum("outages", None)) };
    })
    .await;
    desk.alice(DECLARE).await;
    let post = desk.room().await;
    assert_eq!((post.kind(), post.category().as_deref()), ("thread", Some("outages")));
    desk.is_furnished(&post);
    assert!(post.members().contains(&"alice".to_owned()), "{:?}", post.members());
    desk.alice("new sev1 keys are stolen --private").await;
    let private = desk.fake.channel("inc-2-keys-are-stolen").await;
    assert!(private.kind() == "text" && private.sees(&desk.alice) && !private.sees(&desk.eve));
    desk.is_archived_in_its_time(&post).await;
    desk.finish().await;
}

#[tokio::test]
async fn a_room_can_be_a_thread_and_a_private_one_a_private_thread() {
    let desk = Desk::with(|fake, config| {
        config.rooms = Rooms::Threads { channel: id(&fake.text_channel("operations", None)) };
    })
    .await;
    desk.alice(DECLARE).await;
    let thread = desk.room().await;
    assert_eq!((thread.kind(), thread.category().as_deref()), ("thread", Some("operations")));
    desk.is_furnished(&thread);
    desk.alice("new sev1 keys are stolen --private").await;
    let private = desk.fake.channel("inc-2-keys-are-stolen").await;
    assert_eq!(private.kind(), "private thread");
    assert!(private.members().contains(&"alice".to_owned()) && !private.members().contains(&"bob".to_owned()));
    desk.is_archived_in_its_time(&thread).await;
    desk.finish().await;
}

#[tokio::test]
async fn somebody_who_does_not_see_the_channel_of_a_thread_keeps_nobody_out_of_it() {
    let desk = Desk::with(|fake, config| {
        config.rooms = Rooms::Threads { channel: id(&fake.text_channel("operations", None)) };
    })
    .await;
    let operations = desk.fake.channel("operations").await;
    desk.fake.hide(&operations, &desk.alice);
    desk.alice(DECLARE).await;
    desk.alice_in("INC-1", "join bob").await;
    let thread = desk.room().await;
    assert_eq!(thread.members(), ["bob", "muster"]);
    assert_eq!(desk.names().len(), 1, "the room is not taken for lost");
    desk.is_furnished(&thread);
    desk.finish().await;
}

impl Desk {
    /// A thread is archived and locked when its incident is over, also when Discord has put it away before, and open again
    /// when the incident is.
    async fn is_archived_in_its_time(&self, thread: &muster_tests::discord::Room) {
        self.fake.archive(thread, true);
        self.alice_in("INC-1", "sev sev2 only one till").await;
        assert!(!thread.is_archived() && thread.pins()[0].picture().contains("SEV2"));
        self.alice_in("INC-1", "resolve the bank is back").await;
        self.alice_in("INC-1", "close").await;
        self.fake.archive(thread, true);
        self.world.until(self.world.muster.now() + TimeDelta::hours(25)).await;
        assert!(thread.is_archived() && thread.is_locked());
        self.alice_in("INC-1", "reopen it is down again").await;
        self.pass(5).await;
        assert!(!thread.is_archived() && !thread.is_locked());
        assert_eq!(thread.messages_with("it is down again").len(), 1);
    }
}

#[tokio::test]
async fn a_room_follows_the_title_if_that_is_wanted_and_no_faster_than_discord_allows() {
    let mut org = sample::retailer();
    org.rooms.rename = true;
    let desk = Desk::of(org, |_, _| {}).await;
    desk.alice(DECLARE).await;
    let room = desk.room().await;
    for title in ["tills are down", "all tills are down", "everything is down"] {
        desk.alice_in("INC-1", &format!("edit --title \"{title}\"")).await;
    }
    assert_eq!(room.name(), "inc-1-all-tills-are-down", "two changes in ten minutes");
    desk.pass(601).await;
    assert_eq!(room.name(), "inc-1-everything-is-down");
    assert_eq!(desk.fake.invalid_requests().len(), 0);
    desk.finish().await;
}

#[tokio::test]
async fn a_room_that_is_deleted_or_shut_is_replaced() {
    let shut = |fake: &FakeDiscord, room: &muster_tests::discord::Room| fake.deny_bot(room, "VIEW_CHANNEL");
    for what in [FakeDiscord::delete as fn(&FakeDiscord, &muster_tests::discord::Room), shut] {
        let desk = Desk::open().await;
        desk.alice(DECLARE).await;
        let room = desk.room().await;
        what(&desk.fake, &room);
        desk.alice_in("INC-1", "note looking at the logs").await;
        desk.pass(5).await;
        let rooms = desk.rooms();
        let other = rooms.iter().find(|other| other.id() != room.id()).expect("another room");
        desk.is_furnished(other);
        desk.finish().await;
    }
}

#[tokio::test]
async fn put_out_of_the_server_muster_goes_on_in_the_same_rooms_when_it_is_back() {
    let desk = Desk::open().await;
    desk.alice(DECLARE).await;
    let room = desk.room().await;
    desk.fake.kick_bot();
    desk.alice_in("INC-1", "note looking at the logs").await;
    desk.pass(5).await;
    let troubles = desk.discord.troubles();
    assert!(troubles.len() == 1 && troubles[0].contains("invite-url"), "{troubles:?}");
    desk.fake.invite_bot();
    desk.pass(200).await;
    assert_eq!(room.messages_with("looking at the logs").len(), 1);
    assert_eq!(desk.names(), [ROOM]);
    assert_eq!(desk.discord.troubles(), Vec::<String>::new());
    desk.finish().await;
}
