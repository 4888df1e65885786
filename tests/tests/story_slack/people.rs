//! People: who comes late, who is known and who is not, who is a machine; and incidents that few may know of.

use muster_tests::over_both_wires;
use muster_tests::stage::workspace::Workspace;

over_both_wires![Workspace;
    a_late_comer_is_shown_the_summary_alone,
    somebody_unknown_acts_under_their_own_name_with_the_right_of_a_guest,
    a_code_from_the_console_makes_somebody_known,
    a_private_incident_leaves_no_trace_and_is_no_incident_to_outsiders,
    whom_a_human_brings_into_a_private_room_is_in_and_nobody_else,
    who_is_gone_or_a_machine_is_not_served,
    a_group_that_is_a_team_is_brought_in_together,
];

async fn a_late_comer_is_shown_the_summary_alone(story: Workspace) {
    let room = story.declared().await;
    story.types(&story.alice, &room, "update the bank sees it, too").await;
    story.muster.settle().await;
    let before = room.messages().len();
    story.bob.joins(&room);
    let _ = story.bob.hears("INC-1 checkout is down").await.shows("the bank sees it, too");
    story.muster.is_on_record("INC-1", "Bob Lind joined").await;
    story.muster.settle().await;
    assert_eq!(room.messages().len(), before, "nobody else is told");
    story.bob.leaves(&room);
    story.bob.joins(&room);
    story.finish().await;
}

async fn somebody_unknown_acts_under_their_own_name_with_the_right_of_a_guest(story: Workspace) {
    let room = story.declared().await;
    let gus = story.slack.person("gus", "Gus Guest", "gus@elsewhere.example");
    gus.joins(&room);
    let refused = story.types(&gus, &room, "note I see it, too").await;
    let _ = refused.shows("Muster does not know you yet");
    assert_eq!(room.messages_with("I see it").len(), 0);
    let story = story.configured(|org| org.guest_right = muster_core::org::Right::Respond);
    story.types(&gus, &room, "note I see it, too").await;
    let _ = room.message("I see it, too").await.shows("gus noted");
    let visitor = story.slack.guest("vera", "Vera Visitor");
    story.types(&visitor, &room, "ic").await;
    room.pins()[0].comes_to_show("vera").await;
    assert_eq!(room.topic(), "SEV1 · triage · IC vera");
    story.finish().await;
}

async fn a_code_from_the_console_makes_somebody_known(story: Workspace) {
    let private_bob = story.slack.person("bobby", "Bobby L", "bobby@home.example");
    let refused = story.types(&private_bob, &story.general, "new sev4 a lamp is broken").await;
    let _ = refused.shows("link");
    let shown = story.muster.in_console("bob", "link").await;
    let code = shown.text().split_whitespace().skip_while(|word| *word != "link").nth(1).expect("a code").to_owned();
    let linked = story.types(&private_bob, &story.general, &format!("link {code}")).await;
    let _ = linked.shows("From now on you are Bob Lind here, too");
    let again = story.types(&story.victor, &story.general, &format!("link {code}")).await;
    let _ = again.shows("not good any more");
    story.types(&private_bob, &story.general, "new sev4 a lamp is broken").await;
    let room = story.slack.channel("inc-1-a-lamp-is-broken").await;
    room.message("Welcome").await;
    story.muster.settle().await;
    assert!(room.members().contains(&"bobby".to_owned()), "{:?}", room.members());
    story.muster.is_on_record("INC-1", "Bob Lind").await;
    story.finish().await;
}

async fn a_private_incident_leaves_no_trace_and_is_no_incident_to_outsiders(story: Workspace) {
    story.types(&story.alice, &story.general, "new sev1 payroll breach --private").await;
    let room = story.slack.channel("inc-1-payroll-breach").await;
    room.message("Welcome").await;
    story.muster.settle().await;
    assert!(room.is_private());
    assert_eq!(room.members(), ["alice", "muster"]);
    assert!(story.incidents.messages().is_empty() && story.general.messages().is_empty());
    let private = story.types(&story.mallory, &story.general, "INC-1 show").await;
    let absent = story.types(&story.mallory, &story.general, "INC-2 show").await;
    let private = private.shows("There is no such incident, or it is not open to you");
    assert_eq!(private.picture().replace("INC-1", "INC-2"), absent.picture(), "it does not exist for her");
    for line in ["list", "", "INC-1 join", "INC-1 note let me in", "INC-1 timeline"] {
        let said = story.types(&story.mallory, &story.general, line).await;
        assert!(!said.picture().contains("payroll"), "{}", said.picture());
    }
    let home = story.mallory.opens_home().await;
    assert!(!home.picture().contains("payroll"), "{}", home.picture());
    let _ = room.pins().remove(0).shows("(private)");
    story.finish().await;
}

async fn whom_a_human_brings_into_a_private_room_is_in_and_nobody_else(story: Workspace) {
    story.types(&story.alice, &story.general, "new sev1 payroll breach --private").await;
    let room = story.slack.channel("inc-1-payroll-breach").await;
    room.message("Welcome").await;
    story.muster.settle().await;
    story.alice.invites(&room, &story.bob);
    story.bob.hears("INC-1 payroll breach").await;
    story.is_told(&story.bob, "brought you into").await;
    let _ = story.types(&story.bob, &story.general, "INC-1 show").await.shows("payroll breach");
    let _ = story.types(&story.carol, &story.general, "INC-1 show").await.shows("no such incident");
    story.finish().await;
}

async fn who_is_gone_or_a_machine_is_not_served(story: Workspace) {
    let room = story.declared().await;
    story.slack.deactivate(&story.carol);
    let heard = story.carol.types(&room, "/inc", "resolve").await;
    assert!(heard.said.is_none(), "who is gone is told nothing");
    let said = story.types(&story.alice, &room, "role comms carol").await;
    let _ = said.shows("INC-1");
    room.message("assigned Comms Lead to Carol Åberg").await;
    story.muster.settle().await;
    assert!(!room.members().contains(&"carol".to_owned()));
    story.finish().await;
}

async fn a_group_that_is_a_team_is_brought_in_together(story: Workspace) {
    let room = story.declared().await;
    let stores = story.slack.group("stores", "Stores", &[&story.carol]);
    let said = story.types(&story.alice, &room, &format!("join <!subteam^{stores}|@stores>")).await;
    let _ = said.shows("INC-1");
    story.is_told(&story.carol, "Alice Ek brought you into INC-1").await;
    room.until("Carol in the room", |room| room.members().contains(&"carol".to_owned())).await;
    let strangers = story.slack.group("strangers", "Strangers", &[&story.dave]);
    let refused = story.types(&story.alice, &room, &format!("join <!subteam^{strangers}|@strangers>")).await;
    let _ = refused.shows("Nobody here is called “strangers”");
    assert_eq!(room.members(), ["alice", "carol", "muster"]);
    story.finish().await;
}
