//! People: who is known and who is not, what their roles in the server stand for.

use muster_core::org::{GroupRule, Right};
use muster_tests::over_both_wires;
use muster_tests::stage::guild::Guild;

over_both_wires![Guild;
    somebody_unknown_acts_under_their_own_name_with_the_right_of_a_guest,
    a_code_from_the_console_makes_somebody_known,
    a_role_gives_the_right_it_stands_for,
    a_role_that_is_a_team_is_brought_in_together,
    in_a_conversation_with_muster_one_is_who_one_is_in_the_server,
];

async fn somebody_unknown_acts_under_their_own_name_with_the_right_of_a_guest(story: Guild) {
    let room = story.declared().await;
    let gus = story.discord.person("gus", "Gus Guest");
    let refused = story.types(&gus, &room, "note I see it, too").await;
    let _ = refused.shows("Muster does not know you yet");
    assert_eq!(room.messages_with("I see it").len(), 0);
    let story = story.configured(|org| org.guest_right = Right::Respond);
    story.types(&gus, &room, "note I see it, too").await;
    let _ = room.message("I see it, too").await.shows("Gus Guest");
    story.muster.is_on_record("INC-1", "Gus Guest noted").await;
    story.finish().await;
}

async fn a_code_from_the_console_makes_somebody_known(story: Guild) {
    let private_bob = story.discord.person("bobby", "Bobby L");
    let refused = story.types(&private_bob, &story.general, "new sev4 a lamp is broken").await;
    let _ = refused.shows("Muster does not know you yet").shows("link");
    story.is_linked("bob", &private_bob).await;
    story.types(&private_bob, &story.general, "new sev4 a lamp is broken").await;
    story.discord.channel("inc-1-a-lamp-is-broken").await.message("Welcome").await;
    story.muster.is_on_record("INC-1", "Bob Lind declared").await;
    story.finish().await;
}

async fn a_role_gives_the_right_it_stands_for(story: Guild) {
    let room = story.declared().await;
    let responders = story.discord.role("responders");
    let gus = story.discord.person("gus", "Gus Guest");
    let rule = GroupRule {
        platform: muster_discord::platform(),
        group: responders.clone(),
        team: None,
        right: Right::Respond,
    };
    let story = story.configured(|org| org.groups.push(rule));
    let _ = story.types(&gus, &room, "note it is cold").await.shows("Muster does not know you yet");
    story.discord.gives(&gus, &responders);
    let _ = story.types(&gus, &room, "note it is cold").await.shows("Written down");
    story.muster.is_on_record("INC-1", "Gus Guest noted: it is cold").await;
    story.discord.takes(&gus, &responders);
    let _ = story.types(&gus, &room, "note it is warm").await.shows("Muster does not know you yet");
    story.finish().await;
}

async fn a_role_that_is_a_team_is_brought_in_together(story: Guild) {
    let room = story.declared().await;
    let stores = story.discord.role("shopkeepers");
    let rule = GroupRule {
        platform: muster_discord::platform(),
        group: stores.clone(),
        team: Some("stores".to_owned()),
        right: Right::View,
    };
    let story = story.configured(|org| org.groups.push(rule));
    let _ = story.types(&story.alice, &room, &format!("join <@&{stores}>")).await.shows("INC-1");
    story.is_told(&story.carol, "brought you into INC-1").await;
    story.muster.is_on_record("INC-1", "brought in Carol Åberg").await;
    let strangers = story.discord.role("strangers");
    let refused = story.types(&story.alice, &room, &format!("join <@&{strangers}>")).await;
    let _ = refused.shows("Nobody here is called");
    story.finish().await;
}

async fn in_a_conversation_with_muster_one_is_who_one_is_in_the_server(story: Guild) {
    story.declared().await;
    let direct = story.alice.direct();
    let _ = story.types(&story.alice, &direct, "INC-1 note from the train").await.shows("Written down");
    story.muster.is_on_record("INC-1", "Alice Ek noted: from the train").await;
    story.finish().await;
}
