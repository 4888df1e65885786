//! Roles of the server that stand for a right.

use crate::scene::{By, Scene};
use chrono::TimeDelta;
use muster_core::org::{GroupRule, Organisation, Right};
use muster_tests::discord::Hand;
use muster_tests::fault::Fault;

const STRANGER: &str = "Muster does not know you yet";

/// Somebody who is not linked, and a role with which one may respond.
fn eve_and_a_role(scene: &Scene) -> (Hand, String) {
    let role = scene.discord.role("on call");
    let platform = muster_discord::platform();
    let rule = GroupRule { platform, group: role.clone(), team: None, right: Right::Respond };
    let org = scene.world.muster.org();
    scene.world.muster.reconfigure(Organisation { groups: vec![rule], ..Organisation::clone(&org) });
    (scene.discord.person("eve", "Eve Ask"), role)
}

#[tokio::test]
async fn whoever_has_the_role_may_act_as_long_as_they_have_it() {
    for way in [By::Http, By::Gateway] {
        let scene = Scene::by(way).await;
        let (eve, role) = eve_and_a_role(&scene);
        let _ = eve.types(&scene.general, "inc", "new sev1 tills are down").await.says(STRANGER);
        scene.discord.gives(&eve, &role);
        let _ = eve.types(&scene.general, "inc", "new sev1 tills are down").await.says("INC-1");
        let _ = eve.types(&eve.direct(), "inc", "INC-1 note in a conversation, too").await.says("INC-1");
        scene.discord.takes(&eve, &role);
        let _ = eve.types(&scene.general, "inc", "INC-1 resolve").await.says(STRANGER);
        scene.ends().await;
    }
}

#[tokio::test]
async fn a_role_of_which_discord_says_nothing_any_more_gives_nothing() {
    let scene = Scene::by(By::Gateway).await;
    let (eve, role) = eve_and_a_role(&scene);
    scene.discord.gives(&eve, &role);
    let _ = eve.types(&scene.general, "inc", "new sev1 tills are down").await.says("INC-1");
    let _ = scene.alice.types(&scene.general, "inc", "list").await.says("INC-1");
    scene.discord.takes(&eve, &role);
    scene.world.clock.advance(TimeDelta::minutes(11));
    scene.discord.fail(Fault::status(503).on("GET /guilds/{}/members/{}").until_healed());
    let _ = eve.types(&eve.direct(), "inc", "INC-1 resolve").await.says(STRANGER);
    let _ = scene.alice.types(&scene.alice.direct(), "inc", "INC-1 sev sev2").await.says("SEV2");
    scene.discord.heal();
    scene.ends().await;
}
