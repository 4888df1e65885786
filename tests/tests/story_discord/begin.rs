//! Declaring: every way in, and the room that comes of it.

use muster_tests::discord::{Hand, Room, Surface, live_mentions};
use muster_tests::over_both_wires;
use muster_tests::stage::guild::Guild;

over_both_wires![Guild;
    options_declare_and_the_room_has_everything_in_it,
    the_other_word_does_the_same,
    the_menu_opens_from_a_line_with_nothing_in_it_and_from_there_one_declares,
    a_form_with_a_mistake_can_be_opened_again_as_it_was_sent,
    one_declares_from_what_somebody_wrote,
    whoever_types_is_offered_what_there_is,
    what_is_refused_says_what_to_type_here,
    hostile_words_ping_nobody,
];

async fn options_declare_and_the_room_has_everything_in_it(story: Guild) {
    let said = story.types(&story.alice, &story.general, "new sev1 checkout is down --service tills").await;
    let _ = said.shows("INC-1 checkout is down").shows("SEV1").shows("Tills");
    let room = story.discord.channel("inc-1-checkout-is-down").await;
    room.message("Welcome to INC-1").await;
    story.muster.settle().await;
    assert_eq!((room.kind(), room.category().as_deref()), ("text", Some("war rooms")));
    assert!(room.topic().starts_with("SEV1 · triage · no commander yet"), "{}", room.topic());
    let [headline, welcome] = &room.messages()[..] else { panic!("the headline and the welcome, and nothing else") };
    assert_eq!(room.pins().iter().map(Surface::id).collect::<Vec<_>>(), [headline.id()]);
    assert!(headline.buttons().contains(&"Take command".to_owned()));
    assert!(welcome.buttons().contains(&"Take Scribe".to_owned()));
    assert!(headline.picture().contains("<https://muster.example.com/incidents/INC-1"), "{}", headline.picture());
    let [announced] = &story.incidents.messages()[..] else { panic!("one announcement") };
    let _ = announced.clone().shows("INC-1 checkout is down").shows("nobody yet");
    assert_eq!(announced.buttons(), ["Join", "Console"]);
    assert!(story.general.messages().is_empty(), "nobody else is bothered");
    for message in [headline, welcome, announced] {
        assert_eq!(message.pinged(), [""; 0]);
    }
    story.finish().await;
}

async fn the_other_word_does_the_same(story: Guild) {
    let said = story.bob.types(&story.general, "incident", "new sev2 the lifts are stuck").await;
    let _ = said.says("INC-1 the lifts are stuck");
    story.discord.channel("inc-1-the-lifts-are-stuck").await.message("Welcome to INC-1").await;
    story.finish().await;
}

/// Somebody uses a button that opens a form.
async fn opens(hand: &Hand, on: &Surface, label: &str) -> Surface {
    hand.clicks(on, label).await;
    hand.modal().await
}

async fn the_menu_opens_from_a_line_with_nothing_in_it_and_from_there_one_declares(story: Guild) {
    let menu = story.types(&story.alice, &story.general, "").await;
    assert_eq!(menu.buttons(), ["Declare an incident", "List incidents", "Help"]);
    let form = opens(&story.alice, &menu, "Declare an incident").await;
    let form = form.fill("Title", "tills do not open").fill("Severity", "SEV2");
    let _ = story.submits(&story.alice, form).await.shows("INC-1 tills do not open");
    story.discord.channel("inc-1-tills-do-not-open").await.message("Welcome").await;
    let _ = story.types(&story.bob, &story.general, "").await.shows("INC-1");
    story.finish().await;
}

async fn a_form_with_a_mistake_can_be_opened_again_as_it_was_sent(story: Guild) {
    let room = story.declared().await;
    story.alice.types(&room, "inc", "note").await;
    let form = story.alice.modal().await.fill("Text", "the cable was cut").fill("At", "half past never");
    let refused = story.submits(&story.alice, form).await.shows("half past never");
    assert_eq!(refused.buttons(), ["Open the form again"]);
    assert!(!story.muster.timeline("INC-1").await.contains("the cable was cut"), "nothing has come of it");
    let again = opens(&story.alice, &refused, "Open the form again").await.shows("the cable was cut");
    let _ = story.submits(&story.alice, again.fill("At", "5m ago")).await.shows("Written down");
    story.muster.is_on_record("INC-1", "the cable was cut").await;
    story.finish().await;
}

async fn one_declares_from_what_somebody_wrote(story: Guild) {
    let complaint = story.bob.says(&story.general, "nobody can pay by card\nsince ten minutes");
    story.alice.uses_message_command("Declare from this message", &complaint).await;
    let form = story.alice.modal().await.shows("nobody can pay by card").shows("since ten minutes");
    let form = form.shows("/channels/");
    let _ = story.submits(&story.alice, form).await.shows("INC-1 nobody can pay by card");
    story.discord.channel("inc-1-nobody-can-pay-by-card").await.message("Welcome").await;
    story.finish().await;
}

async fn whoever_types_is_offered_what_there_is(story: Guild) {
    let room = story.declared().await;
    let offered = async |hand: &Hand, room: &Room, path: &str, option: &str, typed: &str| {
        let all = hand.completes(room, path, option, typed).await;
        all.into_iter().map(|(label, _)| label).collect::<Vec<_>>()
    };
    let incidents = offered(&story.bob, &story.general, "inc resolve", "incident", "check").await;
    assert!(incidents.len() == 1 && incidents[0].contains("INC-1"), "{incidents:?}");
    let services = offered(&story.bob, &story.general, "inc new", "service", "til").await;
    assert!(services.iter().any(|service| service.contains("Tills")), "{services:?}");
    let people = offered(&story.bob, &room, "inc handoff offer", "person", "car").await;
    assert!(people.iter().any(|person| person.contains("Carol Åberg")), "{people:?}");
    let lines = offered(&story.bob, &room, "muster", "line", "hando").await;
    assert!(lines.iter().any(|line| line.contains("handoff")), "{lines:?}");
    story.types(&story.alice, &story.general, "new sev1 payroll breach --private").await;
    let kept = offered(&story.mallory, &story.general, "inc resolve", "incident", "payroll").await;
    assert_eq!(kept, [""; 0], "what is private is not offered to those who are not in it");
    story.discord.channel("inc-2-payroll-breach").await.message("Welcome").await;
    story.finish().await;
}

async fn what_is_refused_says_what_to_type_here(story: Guild) {
    let room = story.declared().await;
    let before = (room.messages().len(), story.muster.timeline("INC-1").await);
    for (line, said) in [
        ("reslove", "/inc resolve"),
        ("sev sev9", "sev9"),
        ("INC-99 resolve", "/inc list"),
        ("ic @nobody", "nobody"),
        ("handoff @bob", "/inc role list"),
        ("task done 7", "/inc task list"),
    ] {
        let refusal = story.types(&story.alice, &room, line).await.shows(said);
        assert!(refusal.is_private());
        assert!(refusal.picture().lines().count() <= 3, "a colour, a sentence, what to type: {}", refusal.picture());
    }
    let _ = story.types(&story.victor, &room, "resolve").await.shows("You may look but not act");
    assert_eq!((room.messages().len(), story.muster.timeline("INC-1").await), before);
    story.finish().await;
}

async fn hostile_words_ping_nobody(story: Guild) {
    let role = story.discord.role("ops");
    story.discord.makes_mentionable(&role);
    let owner = story.mallory.id();
    let evil = story.discord.person("@everyone", &format!("*<@{owner}>* [x](https://evil.example)"));
    let line = format!("new sev1 @everyone @here <@{owner}> <@&{role}> ||x|| ```[a](https://evil.example)");
    story.types(&story.alice, &story.general, &line).await;
    story.muster.comes_to("a room", async || story.discord.channels().len() == 4).await;
    let room = story.discord.channels().pop().expect("a room");
    room.message("Welcome").await;
    story.muster.settle().await;
    let refused = story.types(&evil, &room, "note @everyone wake up").await.shows("Muster does not know you yet");
    let wanted = story.types(&story.alice, &room, &format!("note @everyone <@&{role}> <@{owner}>")).await;
    room.message("noted").await;
    for message in [room.messages(), story.incidents.messages(), vec![refused, wanted]].into_iter().flatten() {
        assert_eq!(message.pinged(), [""; 0], "{}", message.picture());
        assert!(!message.picture().contains("<https://evil.example>"), "no link:\n{}", message.picture());
        assert_eq!(live_mentions(&message.json()), [""; 0], "{}", message.picture());
    }
    story.finish().await;
}
