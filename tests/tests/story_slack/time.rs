//! What happens by itself as time passes: reminders, archives; and what comes back.

use muster_tests::over_both_wires;
use muster_tests::stage::workspace::Workspace;

over_both_wires![Workspace;
    nobody_in_command_is_said_snoozed_and_dismissed,
    the_commander_is_reminded_of_the_update,
    the_room_is_archived_a_day_after_and_comes_back_on_reopening,
    the_room_follows_the_title_if_the_config_says_so,
];

async fn nobody_in_command_is_said_snoozed_and_dismissed(story: Workspace) {
    let room = story.declared().await;
    story.muster.pass(4).await;
    assert_eq!(room.messages_with("has had no commander").len(), 0);
    story.muster.pass(1).await;
    let reminder = room.message("has had no commander for 5 min").await;
    assert_eq!(reminder.buttons(), ["Take command", "Dismiss", "Snooze"]);
    story.alice.chooses(&reminder, "Snooze", "30 minutes").await;
    story.alice.hears("next reminder").await;
    story.muster.pass(29).await;
    assert_eq!(room.messages_with("has had no commander").len(), 1);
    story.muster.pass(1).await;
    assert_eq!(room.messages_with("has had no commander").len(), 2);
    let second = room.messages_with("has had no commander").pop().expect("the second");
    story.alice.clicks(&second, "Dismiss").await;
    story.alice.hears("no more reminders").await;
    story.muster.pass(240).await;
    assert_eq!(room.messages_with("has had no commander").len(), 2);
    story.finish().await;
}

async fn the_commander_is_reminded_of_the_update(story: Workspace) {
    let room = story.declared().await;
    story.types(&story.bob, &room, "ic").await;
    story.is_told(&story.bob, "You are Incident Commander of INC-1").await;
    story.muster.pass(30).await;
    room.message("is due for an update").await;
    let direct = story.is_told(&story.bob, "is due for an update").await;
    story.bob.clicks(&direct, "Write the update").await;
    let form = story.bob.modal().await;
    form.fill("What we know", "the bank has found it").submit(&story.bob).await.closed();
    story.bob.hears("Update written for INC-1").await;
    room.message("the bank has found it").await;
    story.muster.pass(29).await;
    assert_eq!(room.messages_with("is due for an update").len(), 1);
    story.finish().await;
}

async fn the_room_is_archived_a_day_after_and_comes_back_on_reopening(story: Workspace) {
    let room = story.declared().await;
    story.types(&story.alice, &room, "resolve the cable is in").await;
    story.types(&story.alice, &room, "close").await;
    story.muster.pass(24 * 60 - 1).await;
    assert!(!room.is_archived());
    story.muster.pass(1).await;
    assert!(room.is_archived());
    let said = story.types(&story.alice, &story.general, "INC-1 reopen it is out again").await;
    let _ = said.shows("investigating");
    story.muster.settle().await;
    let names: Vec<_> = story.slack.channels().iter().map(|room| room.name()).collect();
    let again =
        story.slack.channels().into_iter().filter(|room| !room.is_archived() && room.name().starts_with("inc-1"));
    let again: Vec<_> = again.collect();
    assert_eq!(again.len(), 1, "{names:?}");
    let _ = story.incidents.messages().remove(0).shows("investigating");
    assert_eq!(again[0].pins().len(), 1);
    story.finish().await;
}

async fn the_room_follows_the_title_if_the_config_says_so(story: Workspace) {
    let room = story.declared().await;
    story.types(&story.alice, &room, "edit cards are declined").await;
    room.pins()[0].comes_to_show("cards are declined").await;
    story.muster.settle().await;
    assert_eq!(room.name(), "inc-1-checkout-is-down", "unless the config says so, it keeps its name");
    let story = story.configured(|org| org.rooms.rename = true);
    story.types(&story.alice, &room, "edit nobody can pay").await;
    room.until("another name", |room| room.name() == "inc-1-nobody-can-pay").await;
    story.finish().await;
}
