//! The record: pins, shortcuts on messages, the home tab.

use muster_tests::over_both_wires;
use muster_tests::stage::workspace::Workspace;

over_both_wires![Workspace;
    a_pin_puts_a_message_on_the_timeline_and_taking_it_away_takes_it_off,
    a_message_of_the_room_goes_on_the_timeline_with_a_shortcut,
    a_message_from_elsewhere_goes_to_the_incident_that_is_chosen,
    a_message_becomes_a_task,
    the_home_tab_lists_what_is_open_and_what_is_mine,
];

async fn a_pin_puts_a_message_on_the_timeline_and_taking_it_away_takes_it_off(story: Workspace) {
    let room = story.declared().await;
    let before = room.messages().len() + 1;
    let message = story.bob.says(&room, "it is the switch in rack 4");
    story.alice.reacts(&message, "pushpin");
    story.muster.is_on_record("INC-1", "it is the switch in rack 4").await;
    let timeline = story.muster.timeline("INC-1").await;
    assert!(timeline.contains("Bob Lind"), "{timeline}");
    assert!(timeline.contains("/archives/"), "{timeline}");
    story.alice.reacts(&message, "eyes");
    story.alice.unreacts(&message, "pushpin");
    story
        .muster
        .comes_to("it off the timeline", async || !story.muster.timeline("INC-1").await.contains("rack 4"))
        .await;
    story.muster.settle().await;
    assert_eq!(room.messages().len(), before, "the room has read it already");
    story.finish().await;
}

async fn a_message_of_the_room_goes_on_the_timeline_with_a_shortcut(story: Workspace) {
    let room = story.declared().await;
    let message = story.bob.says(&room, "the lights are out");
    story.alice.uses_message_shortcut("add_to_timeline", &message).await;
    story.alice.hears("Pinned as #").await;
    story.muster.is_on_record("INC-1", "the lights are out").await;
    story.alice.uses_message_shortcut("add_to_timeline", &message).await;
    story.alice.hears("already").await;
    story.finish().await;
}

async fn a_message_from_elsewhere_goes_to_the_incident_that_is_chosen(story: Workspace) {
    story.declared().await;
    story.types(&story.alice, &story.general, "new sev2 tills do not open").await;
    story.slack.channel("inc-2-tills-do-not-open").await.message("Welcome").await;
    let message = story.bob.says(&story.general, "the till says E17");
    story.alice.uses_message_shortcut("add_to_timeline", &message).await;
    let form = story.alice.modal().await;
    let form = form.shows("Bob Lind");
    let form = form.shows("the till says E17");
    form.fill("Incident", "INC-2").submit(&story.alice).await.closed();
    story.alice.hears("INC-2").await;
    story.muster.is_on_record("INC-2", "the till says E17").await;
    assert!(!story.muster.timeline("INC-1").await.contains("E17"));
    story.finish().await;
}

async fn a_message_becomes_a_task(story: Workspace) {
    let room = story.declared().await;
    let message = story.bob.says(&room, "somebody should call the bank");
    story.alice.uses_message_shortcut("make_task", &message).await;
    let form = story.alice.modal().await;
    form.fill("Person", "Carol Åberg").submit(&story.alice).await.closed();
    story.alice.hears("call the bank").await;
    story.is_told(&story.carol, "call the bank").await;
    room.message("Alice Ek added task").await;
    story.finish().await;
}

async fn the_home_tab_lists_what_is_open_and_what_is_mine(story: Workspace) {
    let _ = story.bob.opens_home().await.shows("None. Join one with /inc join INC-42.");
    story.declared().await;
    let home = story.bob.opens_home().await;
    let home = home.shows("INC-1");
    let _ = story.alice.opens_home().await.shows("Mine\nINC-1");
    story.bob.clicks(&home, "Declare an incident").await;
    let done = story.bob.modal().await.fill("Title", "another").submit(&story.bob).await.updated();
    let _ = done.shows("INC-2 another");
    story.slack.channel("inc-2-another").await.message("Welcome").await;
    story.finish().await;
}
