//! Connections come and go; what Slack sends is answered.

use crate::scene::{By, Scene};

#[tokio::test]
async fn the_next_connection_is_open_before_slack_closes_the_old_one() {
    let scene = Scene::by(By::Socket).await;
    scene.slack.disconnect_sockets("refresh_requested");
    scene.slack.has_sockets(2).await;
    for _ in 0..4 {
        let _ = scene.alice.types(&scene.general, "/inc", "list").await.says("ncident");
    }
    scene.ends().await;
}

#[tokio::test]
async fn a_connection_that_is_lost_is_replaced_at_once() {
    let scene = Scene::by(By::Socket).await;
    scene.slack.cut_sockets();
    scene.slack.has_had_sockets(2).await;
    let _ = scene.alice.types(&scene.general, "/inc", "new checkout is down").await.says("INC-1");
    scene.ends().await;
}

#[tokio::test]
async fn many_who_ask_at_once_do_not_wait_for_one_another() {
    let scene = Scene::by(By::Socket).await;
    let asking = (0..50).map(|n| {
        let line = format!("new till {n} is dead");
        let (alice, general) = (scene.alice.clone(), scene.general.clone());
        async move { alice.types(&general, "/inc", &line).await.ack_ms() }
    });
    let took = futures::future::join_all(asking).await;
    assert!(took.iter().all(|took| *took < 1_500), "{took:?}");
    scene.ends().await;
}
