//! When something is slow or broken, Discord is answered in time all the same, and people learn how it ended.

use crate::scene::{By, Scene};
use muster_tests::discord::Fault;
use std::time::Duration;

#[tokio::test]
async fn an_answer_that_takes_no_way_back_comes_as_a_direct_message() {
    let scene = Scene::by(By::Gateway).await;
    scene.discord.fail(Fault::status(404).on("POST /interactions/{}/{}/callback"));
    let heard = scene.alice.tries(&scene.general, "inc", "new sev1 checkout is down").await;
    assert!(heard.acked.is_none());
    scene.alice.direct().message("checkout is down").await;
    scene.discord.heal();
    scene.ends().await;
}

#[tokio::test]
async fn an_acknowledgement_whose_fate_is_unknown_is_given_again_and_shown_once() {
    let scene = Scene::by(By::Gateway).await;
    scene.discord.fail(Fault::reset_after_effect().on("POST /interactions/{}/{}/callback"));
    let _ = scene.alice.types(&scene.general, "inc", "new sev1 checkout is down").await.says("INC-1");
    assert!(scene.alice.direct().messages().is_empty() && scene.alice.unheard().is_empty());
    scene.ends().await;
}

#[tokio::test]
async fn who_takes_no_messages_is_told_in_the_channel_where_to_look_and_nothing_else() {
    let scene = Scene::by(By::Gateway).await;
    scene.alice.closes_direct(true);
    scene.discord.fail(Fault::status(404).on("POST /interactions/{}/{}/callback"));
    let _ = scene.alice.tries(&scene.general, "inc", "new sev1 checkout is down").await;
    let hint = scene.general.message("Muster could not answer you here").await;
    assert!(!hint.picture().contains("checkout") && hint.pinged().len() == 1, "{}", hint.picture());
    scene.discord.heal();
    scene.ends().await;
}

#[tokio::test]
async fn a_dead_bot_token_keeps_nobody_from_being_answered() {
    let scene = Scene::by(By::Http).await;
    scene.discord.revoke_token();
    let _ = scene.alice.types(&scene.general, "inc", "new sev1 checkout is down").await.says("INC-1");
    let troubles = scene.adapter.troubles();
    assert!(troubles.len() == 1 && troubles[0].contains("token"), "it is told once: {troubles:?}");
    scene.ends().await;
}

#[tokio::test]
async fn what_takes_long_is_promised_and_then_said() {
    for way in [By::Http, By::Gateway] {
        let scene = Scene::by(way).await;
        // In a conversation of its own Muster asks Discord who is there.
        let carol = scene.discord.person("carol", "Carol Åberg");
        scene.discord.delay(Duration::from_millis(900));
        let heard = carol.types(&carol.direct(), "inc", "list").await;
        assert!(heard.said.is_none() && heard.ack_ms() < 2_000, "{} ms", heard.ack_ms());
        let _ = carol.hears("Muster does not know you yet").await;
        scene.discord.delay(Duration::ZERO);
        scene.ends().await;
    }
}

#[tokio::test]
async fn a_button_that_takes_long_changes_what_only_one_sees_in_the_end() {
    let scene = Scene::by(By::Gateway).await;
    let room = scene.alice.direct();
    let menu = scene.alice.types(&room, "muster", "").await.says("What do you want to do?");
    scene.world.clock.advance(chrono::TimeDelta::minutes(11));
    scene.discord.delay(Duration::from_millis(900));
    let heard = scene.alice.clicks(&menu, "List incidents").await;
    assert!(heard.said.is_none());
    menu.comes_to_show("ncident").await;
    scene.discord.delay(Duration::ZERO);
    scene.ends().await;
}

#[tokio::test]
async fn an_answer_that_comes_after_a_quarter_of_an_hour_is_a_direct_message() {
    let scene = Scene::by(By::Gateway).await;
    let carol = scene.discord.person("carol", "Carol Åberg");
    scene.discord.delay(Duration::from_millis(900));
    let heard = carol.types(&carol.direct(), "inc", "list").await;
    assert!(heard.said.is_none());
    scene.world.clock.advance(chrono::TimeDelta::minutes(16));
    scene.discord.delay(Duration::ZERO);
    carol.direct().message("Muster does not know you yet").await;
    scene.ends().await;
}
