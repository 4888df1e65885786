//! The record: pins, and the commands in a message's menu.

use muster_tests::over_both_wires;
use muster_tests::stage::guild::Guild;
use muster_tests::stage::workspace::Wire;

over_both_wires![Guild;
    a_message_of_the_room_goes_on_the_timeline_from_its_menu,
    a_message_from_elsewhere_goes_to_the_incident_that_is_chosen,
    a_message_becomes_a_task,
];

/// Discord tells of reactions over the gateway only, and shows apps what others wrote only if they are given the switch.
#[tokio::test]
async fn a_pin_puts_a_message_on_the_timeline_and_taking_it_away_takes_it_off() {
    let story = Guild::begin(Wire::Socket).await;
    story.discord.allows_intents(&["MESSAGE_CONTENT"]);
    let room = story.declared().await;
    let before = room.messages().len() + 1;
    let message = story.bob.says(&room, "it is the switch in rack 4");
    story.alice.reacts(&message, "📌");
    story.muster.is_on_record("INC-1", "it is the switch in rack 4").await;
    let timeline = story.muster.timeline("INC-1").await;
    assert!(timeline.contains("Bob Lind"), "{timeline}");
    assert!(timeline.contains("/channels/"), "{timeline}");
    story.alice.reacts(&message, "👀");
    story.bob.reacts(&message, "📌");
    story.is_told(&story.bob, "on the timeline already").await;
    story.alice.unreacts(&message, "📌");
    story.bob.unreacts(&message, "📌");
    let is_off = async || !story.muster.timeline("INC-1").await.contains("rack 4");
    story.muster.comes_to("it off the timeline", is_off).await;
    story.muster.settle().await;
    assert_eq!(room.messages().len(), before, "the room has read it already");
    story.finish().await;
}

#[tokio::test]
async fn without_the_switch_whoever_pins_is_told_of_the_menu() {
    let story = Guild::begin(Wire::Socket).await;
    let room = story.declared().await;
    let message = story.bob.says(&room, "it is the switch in rack 4");
    story.alice.reacts(&message, "📌");
    let _ = story.is_told(&story.alice, "Add to timeline").await;
    assert!(!story.muster.timeline("INC-1").await.contains("rack 4"));
    story.finish().await;
}

async fn a_message_of_the_room_goes_on_the_timeline_from_its_menu(story: Guild) {
    let room = story.declared().await;
    let message = story.bob.says(&room, "the lights are out");
    let said = story.alice.uses_message_command("Add to timeline", &message).await;
    let _ = said.says("Pinned as #");
    story.muster.is_on_record("INC-1", "the lights are out").await;
    let again = story.alice.uses_message_command("Add to timeline", &message).await;
    let _ = again.says("already");
    story.finish().await;
}

async fn a_message_from_elsewhere_goes_to_the_incident_that_is_chosen(story: Guild) {
    story.declared().await;
    story.types(&story.alice, &story.general, "new sev2 tills do not open").await;
    story.discord.channel("inc-2-tills-do-not-open").await.message("Welcome").await;
    let message = story.bob.says(&story.general, "the till says E17");
    story.alice.uses_message_command("Add to timeline", &message).await;
    let form = story.alice.modal().await.shows("the till says E17").fill("Incident", "INC-2");
    let _ = story.submits(&story.alice, form).await.shows("INC-2");
    story.muster.is_on_record("INC-2", "the till says E17").await;
    story.finish().await;
}

async fn a_message_becomes_a_task(story: Guild) {
    let room = story.declared().await;
    let message = story.bob.says(&room, "somebody should call the bank");
    story.alice.uses_message_command("Make a task", &message).await;
    let form = story.alice.modal().await.shows("somebody should call the bank");
    let _ = story.submits(&story.alice, form).await.shows("somebody should call the bank");
    room.message("somebody should call the bank").await;
    story.muster.is_on_record("INC-1", "added task 1").await;
    story.finish().await;
}
