//! Declaring: every way in, and the room that comes of it.

use muster_tests::over_both_wires;
use muster_tests::slack::live_mentions;
use muster_tests::stage::workspace::{Workspace, pings, private};

over_both_wires![Workspace;
    a_line_declares_and_the_room_has_everything_in_it,
    the_other_word_does_the_same,
    a_bare_command_opens_the_menu_and_from_there_one_declares,
    the_form_holds_what_was_typed,
    a_form_with_a_mistake_says_so_under_the_field_and_keeps_what_was_typed,
    one_declares_from_anywhere_with_the_shortcut,
    one_declares_from_what_somebody_wrote,
    hostile_words_ping_nobody,
];

async fn a_line_declares_and_the_room_has_everything_in_it(story: Workspace) {
    let said = story.types(&story.alice, &story.general, "new sev1 checkout is down --service tills").await;
    let _ = said.shows("INC-1 checkout is down").shows("SEV1").shows("You will be brought into its room");
    let room = story.slack.channel("inc-1-checkout-is-down").await;
    room.message("Welcome to INC-1").await;
    story.muster.settle().await;
    assert_eq!(room.topic(), "SEV1 · triage · no commander yet");
    assert_eq!(room.members(), ["alice", "carol", "muster"], "who declared, and who answers for the tills");
    let console = ("Console".to_owned(), "https://muster.example.com/incidents/INC-1".to_owned());
    assert_eq!(room.bookmarks(), [console]);
    let [headline, welcome] = &room.messages()[..] else { panic!("the headline and the welcome, and nothing else") };
    assert_eq!(room.pins().iter().map(|pin| pin.ts()).collect::<Vec<_>>(), [headline.ts()]);
    assert!(headline.buttons().contains(&"Take command".to_owned()));
    assert!(welcome.buttons().contains(&"Take Scribe".to_owned()));
    let [announced] = &story.incidents.messages()[..] else { panic!("one announcement") };
    let _ = announced.clone().shows("INC-1 checkout is down").shows("nobody yet");
    assert!(announced.json().to_string().contains(room.id()), "it leads to the room");
    assert!(story.general.messages().is_empty(), "nobody else is bothered");
    for message in [headline, welcome, announced] {
        assert_eq!(pings(message), [""; 0]);
    }
    story.finish().await;
}

async fn the_other_word_does_the_same(story: Workspace) {
    let heard = story.bob.types(&story.general, "/incident", "new sev2 the lifts are stuck").await;
    let _ = private(&story.bob, heard).await.shows("INC-1 the lifts are stuck");
    story.slack.channel("inc-1-the-lifts-are-stuck").await.message("Welcome to INC-1").await;
    story.finish().await;
}

async fn a_bare_command_opens_the_menu_and_from_there_one_declares(story: Workspace) {
    let menu = story.types(&story.alice, &story.general, "").await;
    assert_eq!(menu.buttons(), ["Declare an incident", "List incidents", "Help"]);
    story.alice.clicks(&menu, "Declare an incident").await;
    let form = story.alice.modal().await;
    form.fill("Title", "tills do not open").fill("Severity", "SEV2").submit(&story.alice).await.closed();
    story.alice.hears("INC-1 tills do not open").await;
    story.slack.channel("inc-1-tills-do-not-open").await.message("Welcome").await;
    let menu = story.types(&story.bob, &story.general, "").await;
    let _ = menu.shows("INC-1");
    story.finish().await;
}

async fn the_form_holds_what_was_typed(story: Workspace) {
    let form = story.opens(&story.alice, &story.general, "new sev2 --service tills").await;
    let form = form.shows("SEV2: ").shows("[ Tills ▾ ]");
    form.fill("Title", "cards are declined").submit(&story.alice).await.closed();
    let _ = story.alice.hears("INC-1 cards are declined").await.shows("SEV2").shows("Tills");
    story.slack.channel("inc-1-cards-are-declined").await.message("Welcome").await;
    story.finish().await;
}

async fn a_form_with_a_mistake_says_so_under_the_field_and_keeps_what_was_typed(story: Workspace) {
    let form = story.opens(&story.alice, &story.general, "new").await;
    let form = form.fill("Title", "cards are declined").fill("field", "colour=red");
    let errors = form.submit(&story.alice).await.errors();
    let sentence = &errors["field"];
    assert!(sentence.contains("colour"), "{sentence}");
    assert!(!sentence.contains('\n'), "one sentence: {sentence}");
    assert_eq!(story.slack.channels().len(), 2, "nothing has come of it");
    form.fill("field", "impact=high").submit(&story.alice).await.closed();
    let _ = story.alice.hears("INC-1 cards are declined").await.shows("Impact");
    story.slack.channel("inc-1-cards-are-declined").await.message("Welcome").await;
    story.finish().await;
}

async fn one_declares_from_anywhere_with_the_shortcut(story: Workspace) {
    story.carol.uses_shortcut("declare").await;
    let form = story.carol.modal().await;
    let said = form.fill("Title", "the shop is on fire").submit(&story.carol).await.updated();
    let _ = said.shows("INC-1 the shop is on fire").shows("Take command");
    story.slack.channel("inc-1-the-shop-is-on-fire").await.message("Welcome").await;
    story.finish().await;
}

async fn one_declares_from_what_somebody_wrote(story: Workspace) {
    let complaint = story.bob.says(&story.general, "nobody can pay by card\nsince ten minutes");
    story.alice.uses_message_shortcut("declare_from_message", &complaint).await;
    let form = story.alice.modal().await;
    let form = form.shows("nobody can pay by card").shows("since ten minutes").shows("/archives/");
    form.submit(&story.alice).await.closed();
    story.alice.hears("INC-1 nobody can pay by card").await;
    let room = story.slack.channel("inc-1-nobody-can-pay-by-card").await;
    room.message("Welcome").await;
    story.finish().await;
}

async fn hostile_words_ping_nobody(story: Workspace) {
    let evil = story.slack.person("<!channel>", "*<!here>* <@U0OWNER000>", "evil@example.com");
    let line = "new sev1 <!channel> &lt;!here&gt; @everyone *<@U0OWNER000>* ```<!subteam^S1>";
    story.types(&story.alice, &story.general, line).await;
    let rooms = async || story.slack.channels().len() == 3;
    story.muster.comes_to("a room", rooms).await;
    story.muster.settle().await;
    let room = story.slack.channels().pop().expect("a room");
    evil.joins(&room);
    let refused = story.types(&evil, &room, "note <!channel> wake up").await;
    let refused = refused.shows("Muster does not know you yet");
    let wanted = story.types(&story.alice, &room, "note <!channel> <@U0OWNER000> &lt;!everyone&gt;").await;
    room.message("noted").await;
    for message in [room.messages(), story.incidents.messages(), vec![refused, wanted]].into_iter().flatten() {
        let live = live_mentions(&message.json());
        assert!(live.is_empty(), "{live:?} in:\n{}", message.picture());
    }
    assert!(!room.topic().contains("<!"), "{}", room.topic());
    story.finish().await;
}
