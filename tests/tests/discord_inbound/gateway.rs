//! Connections come and go, sessions are resumed or begun anew; what people do is heard, once.
//! <https://docs.discord.com/developers/events/gateway>

use crate::scene::{By, Scene};
use serde_json::json;
use std::time::Duration;

impl Scene {
    /// Somebody asks, and is answered.
    async fn is_heard(&self) {
        let _ = self.alice.types(&self.general, "inc", "list").await.says("ncident");
    }
}

#[tokio::test]
async fn a_connection_that_is_cut_is_replaced_and_what_was_missed_is_heard() {
    let scene = Scene::by(By::Gateway).await;
    scene.discord.cut();
    let _ = scene.alice.types(&scene.general, "inc", "new checkout is down").await.says("INC-1");
    scene.discord.has_resumed(1).await;
    assert_eq!(scene.discord.gateway_counts(), (2, 1, 1));
    assert_eq!(scene.world.incidents().await, 1);
    scene.ends().await;
}

#[tokio::test]
async fn what_came_just_before_the_cut_is_done_once() {
    let scene = Scene::by(By::Gateway).await;
    scene.discord.cut_after_sending();
    let _ = scene.alice.types(&scene.general, "inc", "new checkout is down").await.says("INC-1");
    scene.discord.has_resumed(1).await;
    scene.is_heard().await;
    assert_eq!(scene.world.incidents().await, 1);
    scene.ends().await;
}

#[tokio::test]
async fn another_connection_is_opened_when_discord_asks_for_it() {
    let scene = Scene::by(By::Gateway).await;
    scene.discord.asks_to_reconnect();
    scene.discord.has_resumed(1).await;
    scene.is_heard().await;
    scene.discord.invalidates(true);
    scene.discord.has_resumed(2).await;
    scene.is_heard().await;
    assert_eq!(scene.discord.gateway_counts().1, 1, "it is one session all along");
    scene.ends().await;
}

#[tokio::test]
async fn a_session_that_is_lost_is_begun_anew() {
    let scene = Scene::by(By::Gateway).await;
    scene.discord.invalidates(false);
    scene.discord.has_identified(2).await;
    scene.is_heard().await;
    scene.discord.refuses_resume();
    scene.discord.cut();
    scene.discord.has_identified(3).await;
    scene.is_heard().await;
    scene.ends().await;
}

#[tokio::test]
async fn a_connection_on_which_no_heartbeat_is_heard_is_dead() {
    let scene = Scene::by(By::Gateway).await;
    scene.discord.heartbeat(Duration::from_millis(200));
    scene.discord.asks_to_reconnect();
    scene.discord.has_resumed(1).await;
    scene.discord.silence();
    let _ = scene.alice.types(&scene.general, "inc", "new checkout is down").await.says("INC-1");
    scene.discord.has_resumed(2).await;
    scene.ends().await;
}

#[tokio::test]
async fn what_cannot_be_read_is_passed_by_and_loses_nothing_around_it() {
    let scene = Scene::by(By::Gateway).await;
    scene.discord.dispatches("INTERACTION_CREATE", &json!([1, 2]));
    scene.discord.dispatches("MESSAGE_REACTION_ADD", &json!("what"));
    scene.discord.dispatches("TOMORROWS_EVENT", &json!({ "x": null }));
    scene.discord.sends_raw(&json!({ "op": 77, "d": [] }));
    scene.is_heard().await;
    scene.discord.cut();
    scene.is_heard().await;
    assert_eq!(scene.discord.gateway_counts(), (2, 1, 1), "the session went on where it was");
    scene.ends().await;
}

#[tokio::test]
async fn a_token_that_discord_does_not_know_is_told_to_an_operator_and_not_hammered() {
    let scene = Scene::by(By::Gateway).await;
    scene.discord.closes_with(4004);
    let troubles = async {
        while !scene.adapter.troubles().iter().any(|trouble| trouble.contains("token")) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), troubles).await.expect("an operator is told");
    assert_eq!(scene.discord.gateway_counts().0, 1, "no other connection is tried");
    scene.ends().await;
}

#[tokio::test]
async fn many_who_ask_at_once_do_not_wait_for_one_another() {
    let scene = Scene::by(By::Gateway).await;
    let asking = (0..20).map(|n| {
        let line = format!("new till {n} is dead");
        let (alice, general) = (scene.alice.clone(), scene.general.clone());
        async move { alice.types(&general, "inc", &line).await.ack_ms() }
    });
    let took = futures::future::join_all(asking).await;
    assert!(took.iter().all(|took| *took < 1_500), "{took:?}");
    scene.ends().await;
}

#[tokio::test]
async fn a_room_that_somebody_deleted_is_replaced_at_once() {
    let scene = Scene::by(By::Gateway).await;
    let room = scene.declared().await;
    scene.discord.delete(&room);
    scene.world.comes_to_have(&["the channel was deleted"]).await;
    let next = scene.discord.channel("inc-1-checkout-is-down").await;
    next.message("INC-1").await;
    scene.ends().await;
}
