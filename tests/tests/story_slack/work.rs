//! Working an incident in its room: command, handoff, severity, status, updates, tasks, and what is refused.

use muster_tests::over_both_wires;
use muster_tests::slack::Hand;
use muster_tests::stage::workspace::Workspace;

over_both_wires![Workspace;
    bob_takes_command_and_everything_shows_it_in_place,
    command_is_handed_over_with_buttons,
    severity_and_status_are_chosen_from_the_headline,
    an_update_is_written_in_a_form,
    tasks_are_given_and_done_with_buttons,
    what_is_refused_is_said_in_a_sentence_to_one_alone_and_changes_nothing,
    from_the_announcement_one_joins,
];

/// The headline is in sight: who changes it is told in one line that it is done.
async fn is_done(hand: &Hand, words: &str) {
    let said = hand.hears(words).await.picture();
    assert_eq!(said.lines().count(), 1, "{said}");
}

async fn bob_takes_command_and_everything_shows_it_in_place(story: Workspace) {
    let room = story.declared().await;
    let headline = room.pins().remove(0);
    let announced = story.incidents.messages().remove(0);
    story.bob.joins(&room);
    story.bob.hears("INC-1").await;
    story.bob.clicks(&headline, "Take command").await;
    is_done(&story.bob, "INC-1 checkout is down · SEV1 · triage · IC Bob Lind").await;
    let brief = story.is_told(&story.bob, "You are Incident Commander of INC-1").await;
    let _ = brief.shows("The Incident Commander decides");
    headline.comes_to_show("Bob Lind").await;
    announced.comes_to_show("Bob Lind").await;
    story.muster.settle().await;
    assert!(!headline.buttons().contains(&"Take command".to_owned()));
    assert_eq!(room.topic(), "SEV1 · triage · IC Bob Lind");
    assert_eq!(room.messages_with("became Incident Commander").len(), 1);
    assert_eq!(story.incidents.messages().len(), 1, "one card, never a stream");
    assert_eq!(room.pins().len(), 1);
    story.finish().await;
}

async fn command_is_handed_over_with_buttons(story: Workspace) {
    let room = story.declared().await;
    story.types(&story.alice, &room, "ic").await;
    story.is_told(&story.alice, "You are Incident Commander").await;
    let headline = room.pins().remove(0);
    headline.comes_to_show("Hand over").await;
    story.alice.clicks(&headline, "Hand over").await;
    let form = story.alice.modal().await;
    form.fill("Person", "Bob Lind").fill("Briefing", "the bank is looking").submit(&story.alice).await.closed();
    let mine = story.alice.hears("Incident Commander is offered to").await;
    let _ = mine.shows("You hold it until they accept");
    let offer = story.is_told(&story.bob, "the bank is looking").await;
    let _ = offer.clone().shows("Alice Ek offers Incident Commander of INC-1");
    assert_eq!(room.topic(), "SEV1 · triage · IC Alice Ek", "she has it until he accepts");
    story.bob.clicks(&offer, "Accept").await;
    let _ = story.bob.hears("INC-1 checkout is down").await.shows("Hand over");
    story.is_told(&story.bob, "You are Incident Commander").await;
    story.is_told(&story.alice, "Bob Lind accepted Incident Commander of INC-1").await;
    headline.comes_to_show("Bob Lind").await;
    story.muster.settle().await;
    assert_eq!(room.topic(), "SEV1 · triage · IC Bob Lind");
    story.finish().await;
}

async fn severity_and_status_are_chosen_from_the_headline(story: Workspace) {
    let room = story.declared().await;
    let headline = room.pins().remove(0);
    story.alice.chooses(&headline, "Severity", "SEV2").await;
    is_done(&story.alice, "INC-1 checkout is down · SEV2 · triage").await;
    headline.comes_to_show("SEV2").await;
    story.alice.chooses(&headline, "Status", "identified").await;
    is_done(&story.alice, "INC-1 checkout is down · SEV2 · identified").await;
    headline.comes_to_show("identified").await;
    story.alice.clicks(&headline, "Mitigate").await;
    is_done(&story.alice, "INC-1 checkout is down · SEV2 · monitoring").await;
    headline.comes_to_show("monitoring").await;
    story.alice.clicks(&headline, "Resolve").await;
    let form = story.alice.modal().await;
    form.submit(&story.alice).await.closed();
    is_done(&story.alice, "INC-1 checkout is down · SEV2 · resolved").await;
    headline.comes_to_show("resolved").await;
    story.muster.settle().await;
    assert!(room.topic().starts_with("SEV2 · resolved"), "{}", room.topic());
    let announced = story.incidents.messages();
    assert_eq!(announced.len(), 1);
    let _ = announced[0].clone().shows("resolved");
    assert_eq!(announced[0].buttons(), ["Console"]);
    story.finish().await;
}

async fn an_update_is_written_in_a_form(story: Workspace) {
    let room = story.declared().await;
    let form = story.opens(&story.alice, &room, "update").await;
    form.fill("What we know", "the bank sees it, too")
        .fill("Next update in", "20m")
        .submit(&story.alice)
        .await
        .closed();
    story.alice.hears("Update written for INC-1").await;
    room.message("the bank sees it, too").await;
    room.pins()[0].comes_to_show("the bank sees it, too").await;
    story.finish().await;
}

async fn tasks_are_given_and_done_with_buttons(story: Workspace) {
    let room = story.declared().await;
    let line = format!("task call the bank <@{}>", story.bob.id());
    let _ = story.types(&story.alice, &room, &line).await.shows("1. call the bank · *Bob Lind*");
    story.is_told(&story.bob, "call the bank").await;
    let list = story.types(&story.bob, &room, "task list").await;
    story.bob.clicks(&list, "Done").await;
    let _ = story.bob.hears("✓ 1. call the bank").await;
    room.message("Bob Lind finished task 1").await;
    let form = story.opens(&story.alice, &room, "task").await;
    form.fill("Text", "find the cable").submit(&story.alice).await.closed();
    story.alice.hears("find the cable").await;
    story.finish().await;
}

async fn what_is_refused_is_said_in_a_sentence_to_one_alone_and_changes_nothing(story: Workspace) {
    let room = story.declared().await;
    let before = (room.messages().len(), story.muster.timeline("INC-1").await);
    for (line, said) in [
        ("reslove", "/inc resolve"),
        ("sev sev9", "sev9"),
        ("INC-99 resolve", "/inc list"),
        ("ic @nobody", "nobody"),
        ("handoff @bob", "/inc role list"),
        ("task done 7", "7"),
    ] {
        let refusal = story.types(&story.alice, &room, line).await;
        let picture = refusal.shows(said).picture();
        assert!(picture.lines().count() <= 2, "a sentence, and what to type: {picture}");
    }
    let outside = story.opens(&story.alice, &story.general, "sev sev2").await;
    outside.shows("Incident").close(&story.alice).await;
    let looking = story.types(&story.victor, &room, "resolve").await;
    let _ = looking.shows("You may look but not act");
    assert_eq!((room.messages().len(), story.muster.timeline("INC-1").await), before);
    story.finish().await;
}

async fn from_the_announcement_one_joins(story: Workspace) {
    let room = story.declared().await;
    let announced = story.incidents.messages().remove(0);
    story.bob.clicks(&announced, "Join").await;
    story.bob.hears("INC-1").await;
    room.until("Bob in the room", |room| room.members().contains(&"bob".to_owned())).await;
    story.finish().await;
}
