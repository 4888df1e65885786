//! Rooms: channels of categories, posts, threads; for all or for a few; with a voice; put away and taken out again.

use muster_discord::Rooms;
use muster_tests::over_both_wires;
use muster_tests::stage::guild::{Guild, id};
use muster_tests::stage::workspace::Wire;

over_both_wires![Guild;
    a_private_incident_leaves_no_trace_and_is_no_incident_to_outsiders,
    whoever_is_brought_into_a_private_incident_sees_its_room,
    a_room_is_locked_a_day_after_the_end_and_open_again_when_it_is_reopened,
];

async fn a_private_incident_leaves_no_trace_and_is_no_incident_to_outsiders(story: Guild) {
    story.types(&story.alice, &story.general, "new sev1 payroll breach --private").await;
    let room = story.discord.channel("inc-1-payroll-breach").await;
    room.message("Welcome").await;
    story.muster.settle().await;
    assert_eq!(room.members(), ["alice"]);
    assert!(story.incidents.messages().is_empty() && story.general.messages().is_empty());
    let private = story.types(&story.mallory, &story.general, "INC-1 show").await;
    let absent = story.types(&story.mallory, &story.general, "INC-2 show").await;
    let private = private.shows("There is no such incident, or it is not open to you");
    assert_eq!(private.picture().replace("INC-1", "INC-2"), absent.picture(), "it does not exist for her");
    for line in ["list", "", "INC-1 join", "INC-1 note let me in", "INC-1 timeline"] {
        let said = story.types(&story.mallory, &story.general, line).await;
        assert!(!said.picture().contains("payroll"), "{}", said.picture());
    }
    let _ = room.pins().remove(0).shows("(private)");
    story.finish().await;
}

async fn whoever_is_brought_into_a_private_incident_sees_its_room(story: Guild) {
    story.types(&story.alice, &story.general, "new sev1 payroll breach --private").await;
    let room = story.discord.channel("inc-1-payroll-breach").await;
    room.message("Welcome").await;
    story.types(&story.alice, &room, "join @bob").await;
    story.is_told(&story.bob, "brought you into INC-1").await;
    room.until("Bob in the room", |room| room.sees(&story.bob)).await;
    assert!(!room.sees(&story.carol));
    let _ = story.types(&story.bob, &room, "show").await.shows("payroll breach");
    let _ = story.types(&story.carol, &story.general, "INC-1 show").await.shows("no such incident");
    story.finish().await;
}

async fn a_room_is_locked_a_day_after_the_end_and_open_again_when_it_is_reopened(story: Guild) {
    let room = story.declared().await;
    story.types(&story.alice, &room, "resolve the cable is in").await;
    story.types(&story.alice, &room, "close").await;
    story.muster.pass(24 * 60 - 1).await;
    assert!(room.can_write(&story.bob));
    story.muster.pass(1).await;
    assert!(!room.can_write(&story.bob) && room.sees(&story.bob), "{:?}", room.overwrites());
    let said = story.types(&story.alice, &story.general, "INC-1 reopen it is out again").await;
    let _ = said.shows("investigating");
    room.until("a room to write in", |room| room.can_write(&story.bob)).await;
    story.muster.settle().await;
    let _ = story.incidents.messages().remove(0).shows("investigating");
    assert_eq!(story.discord.channels().iter().filter(|room| room.name().starts_with("inc-1")).count(), 1);
    story.finish().await;
}

#[tokio::test]
async fn rooms_can_be_posts_of_a_forum_but_for_those_that_few_may_see() {
    let story = Guild::with(Wire::Socket, |discord, config| {
        config.rooms = Rooms::Forum { forum: id(&discord.forum("outages", None)) };
    })
    .await;
    let post = story.declared().await;
    assert_eq!((post.kind(), post.category().as_deref()), ("thread", Some("outages")));
    let _ = story.types(&story.bob, &post, "ic").await.shows("Bob Lind");
    story.is_told(&story.bob, "You are Incident Commander").await;
    post.until("Bob in the post", |post| post.members().contains(&"bob".to_owned())).await;
    story.types(&story.alice, &story.general, "new sev1 payroll breach --private").await;
    let private = story.discord.channel("inc-2-payroll-breach").await;
    private.message("Welcome").await;
    story.muster.settle().await;
    assert_eq!((private.kind(), private.members()), ("text", vec!["alice".to_owned()]));
    story.types(&story.bob, &post, "resolve it is the bank's").await;
    story.types(&story.bob, &post, "close").await;
    story.muster.pass(24 * 60).await;
    assert!(post.is_archived() && post.is_locked());
    story.types(&story.bob, &story.general, "INC-1 reopen it is ours after all").await;
    post.until("an open post", |post| !post.is_archived() && !post.is_locked()).await;
    story.finish().await;
}

#[tokio::test]
async fn rooms_can_be_threads_private_ones_for_those_that_few_may_see() {
    let story = Guild::with(Wire::Http, |discord, config| {
        config.rooms = Rooms::Threads { channel: id(&discord.text_channel("outages", None)) };
    })
    .await;
    let thread = story.declared().await;
    assert_eq!((thread.kind(), thread.category().as_deref()), ("thread", Some("outages")));
    let _ = story.types(&story.alice, &thread, "sev sev2").await.shows("SEV2");
    story.types(&story.alice, &story.general, "new sev1 payroll breach --private").await;
    let private = story.discord.channel("inc-2-payroll-breach").await;
    private.message("Welcome").await;
    story.muster.settle().await;
    assert_eq!(private.kind(), "private thread");
    assert!(!private.sees(&story.mallory), "{:?}", private.members());
    story.finish().await;
}

#[tokio::test]
async fn a_full_category_is_followed_by_the_next_and_each_room_may_have_a_voice() {
    let mut next = None;
    let story = Guild::with(Wire::Socket, |discord, config| {
        let more = discord.category("more war rooms");
        if let Rooms::Channels { categories } = &mut config.rooms {
            categories.push(id(&more));
        }
        config.voice = true;
        next = Some(more);
    })
    .await;
    story.discord.fills(&story.category);
    let _ = story.types(&story.alice, &story.general, "new sev1 checkout is down").await.shows("INC-1");
    let rooms = || -> Vec<_> {
        let all = story.discord.channels().into_iter().filter(|room| room.name().starts_with("inc-1"));
        all.map(|room| (room.kind(), room.category())).collect()
    };
    story.muster.comes_to("a room and its voice", async || rooms().len() == 2).await;
    story.muster.settle().await;
    let more = next.map(|category| category.name());
    assert_eq!(rooms(), [("text", more.clone()), ("voice", more)]);
    story.types(&story.alice, &story.general, "INC-1 resolve the cable is in").await;
    story.types(&story.alice, &story.general, "INC-1 close").await;
    story.muster.pass(24 * 60).await;
    assert_eq!(rooms().iter().map(|(kind, _)| *kind).collect::<Vec<_>>(), ["text"], "nobody talks there any more");
    story.finish().await;
}
