//! Working an incident in its room: command, handoff, severity, status, updates, tasks, reminders.

use muster_tests::discord::Surface;
use muster_tests::over_both_wires;
use muster_tests::stage::guild::Guild;

over_both_wires![Guild;
    bob_takes_command_and_everything_shows_it_in_place,
    command_is_handed_over_with_buttons,
    severity_and_status_are_chosen_from_the_headline,
    an_update_is_written_in_a_form,
    tasks_are_given_and_done_with_a_select,
    from_the_announcement_one_joins,
    nobody_in_command_is_said_snoozed_and_dismissed,
    whoever_takes_no_direct_messages_is_asked_in_the_room,
];

/// The headline is in sight: who changes it is told in one line that it is done.
fn is_done(said: &Surface, words: &str) {
    let picture = said.picture();
    assert!(picture.contains(words), "{picture}");
    assert_eq!(picture.lines().filter(|line| !line.starts_with("┃ #")).count(), 1, "{picture}");
}

async fn bob_takes_command_and_everything_shows_it_in_place(story: Guild) {
    let room = story.declared().await;
    let headline = room.pins().remove(0);
    let announced = story.incidents.messages().remove(0);
    let said = story.clicks(&story.bob, &headline, "Take command").await;
    is_done(&said, "INC-1 checkout is down · SEV1 · triage · IC");
    let brief = story.is_told(&story.bob, "You are Incident Commander of INC-1").await;
    let _ = brief.shows("The Incident Commander decides");
    headline.comes_to_show("Bob Lind").await;
    announced.comes_to_show("Bob Lind").await;
    story.muster.settle().await;
    assert!(!headline.buttons().contains(&"Take command".to_owned()));
    assert!(room.topic().starts_with("SEV1 · triage · IC Bob Lind"), "{}", room.topic());
    assert_eq!(room.messages_with("became").len(), 1);
    assert_eq!(story.incidents.messages().len(), 1, "one card, never a stream");
    assert_eq!(room.pins().len(), 1);
    story.finish().await;
}

async fn command_is_handed_over_with_buttons(story: Guild) {
    let room = story.declared().await;
    story.types(&story.alice, &room, "ic").await;
    story.is_told(&story.alice, "You are Incident Commander").await;
    let headline = room.pins().remove(0);
    headline.comes_to_show("Alice Ek").await;
    story.muster.settle().await;
    story.alice.chooses(&headline, "More…", "Hand over").await;
    let form = story.alice.modal().await.fill("Person", "Bob Lind").fill("Briefing", "the bank is looking");
    let _ = story.submits(&story.alice, form).await.shows("You hold it until they accept");
    let offer = story.is_told(&story.bob, "the bank is looking").await;
    assert_eq!(offer.pinged(), ["@Bob Lind"], "who is asked is notified");
    story.muster.settle().await;
    assert!(room.topic().starts_with("SEV1 · triage · IC Alice Ek"), "she has it until he accepts: {}", room.topic());
    let card = story.clicks(&story.bob, &offer, "Accept").await.shows("INC-1 checkout is down").shows("Bob Lind");
    assert!(card.offering("Hand over").is_some(), "it is his to hand over: {}", card.picture());
    story.is_told(&story.bob, "You are Incident Commander").await;
    story.is_told(&story.alice, "accepted").await;
    headline.comes_to_show("Bob Lind").await;
    story.muster.pass(10).await;
    assert!(room.topic().starts_with("SEV1 · triage · IC Bob Lind"), "{}", room.topic());
    story.has_heard(&story.bob);
    story.finish().await;
}

async fn severity_and_status_are_chosen_from_the_headline(story: Guild) {
    let room = story.declared().await;
    let headline = room.pins().remove(0);
    for (label, done, shown) in [
        ("SEV2", "SEV2 · triage", "SEV2"),
        ("identified", "SEV2 · identified", "identified"),
        ("Mitigate", "SEV2 · monitoring", "monitoring"),
    ] {
        let said = story.clicks(&story.alice, &headline, label).await;
        is_done(&said, &format!("INC-1 checkout is down · {done}"));
        headline.comes_to_show(shown).await;
    }
    story.alice.clicks(&headline, "Resolve").await;
    let form = story.alice.modal().await;
    is_done(&story.submits(&story.alice, form).await, "INC-1 checkout is down · SEV2 · resolved");
    headline.comes_to_show("resolved").await;
    story.muster.settle().await;
    let [announced] = &story.incidents.messages()[..] else { panic!("one announcement") };
    let _ = announced.clone().shows("resolved");
    assert_eq!(announced.buttons(), ["Console"]);
    // Discord lets a topic be changed twice in ten minutes: the last word is the one that stays.
    story.muster.pass(10).await;
    assert!(room.topic().starts_with("SEV2 · resolved"), "{}", room.topic());
    story.finish().await;
}

async fn an_update_is_written_in_a_form(story: Guild) {
    let room = story.declared().await;
    story.alice.types(&room, "inc", "update").await;
    let form = story.alice.modal().await.fill("What we know", "the bank sees it, too").fill("Next update in", "20m");
    let _ = story.submits(&story.alice, form).await.shows("Update written for INC-1");
    room.message("the bank sees it, too").await;
    room.pins()[0].comes_to_show("the bank sees it, too").await;
    story.finish().await;
}

async fn tasks_are_given_and_done_with_a_select(story: Guild) {
    let room = story.declared().await;
    let list = story.types(&story.alice, &room, "task call the bank @bob").await;
    let _ = list.shows("1. call the bank").shows("Bob Lind");
    let told = story.is_told(&story.bob, "call the bank").await;
    assert!(told.buttons().contains(&"Done".to_owned()), "{}", told.picture());
    let list = story.types(&story.bob, &room, "task list").await;
    let option = "○ 1. call the bank · Bob Lind";
    let _ = story.clicks(&story.bob, &list, option).await.shows("✓ 1. call the bank");
    room.message("finished task 1").await;
    story.alice.types(&room, "inc", "task").await;
    let form = story.alice.modal().await.fill("Text", "find the cable");
    let _ = story.submits(&story.alice, form).await.shows("find the cable");
    story.finish().await;
}

async fn from_the_announcement_one_joins(story: Guild) {
    story.declared().await;
    let announced = story.incidents.messages().remove(0);
    let _ = story.clicks(&story.bob, &announced, "Join").await.shows("INC-1");
    story.muster.is_on_record("INC-1", "Bob Lind joined").await;
    story.finish().await;
}

async fn nobody_in_command_is_said_snoozed_and_dismissed(story: Guild) {
    let room = story.declared().await;
    story.muster.pass(4).await;
    assert_eq!(room.messages_with("has had no commander").len(), 0);
    story.muster.pass(1).await;
    let reminder = room.message("has had no commander for 5 min").await;
    assert_eq!(reminder.buttons(), ["Take command", "Dismiss", "Snooze"]);
    let _ = story.clicks(&story.alice, &reminder, "30 minutes").await.shows("next reminder");
    story.muster.pass(29).await;
    assert_eq!(room.messages_with("has had no commander").len(), 1);
    story.muster.pass(1).await;
    let second = room.messages_with("has had no commander").pop().expect("the second");
    let _ = story.clicks(&story.alice, &second, "Dismiss").await.shows("no more reminders");
    story.muster.pass(240).await;
    assert_eq!(room.messages_with("has had no commander").len(), 2);
    story.finish().await;
}

async fn whoever_takes_no_direct_messages_is_asked_in_the_room(story: Guild) {
    let room = story.declared().await;
    story.bob.closes_direct(true);
    story.types(&story.alice, &room, "ic").await;
    story.is_told(&story.alice, "You are Incident Commander").await;
    story.types(&story.alice, &room, "handoff @bob the bank is looking").await;
    let offer = room.message("the bank is looking").await;
    assert_eq!(offer.pinged(), ["@Bob Lind"]);
    story.muster.settle().await;
    assert!(story.bob.direct().messages().is_empty());
    let _ = story.clicks(&story.bob, &offer, "Accept").await.shows("Bob Lind");
    story.is_told(&story.alice, "accepted").await;
    story.finish().await;
}
