//! When something behind Muster is slow, Slack is answered in time all the same, and people learn how it ended.

use crate::scene::{By, Scene};
use muster_tests::slack::Fault;
use std::time::Duration;

#[tokio::test]
async fn a_slow_directory_holds_up_no_acknowledgement() {
    for way in [By::Http, By::Socket] {
        let scene = Scene::by(way).await;
        scene.slack.delay(Duration::from_millis(900));
        let heard = scene.alice.types(&scene.general, "/inc", "new sev1 checkout is down").await;
        assert!(heard.ack_ms() < 1_500, "{} ms", heard.ack_ms());
        let working = heard.says("Working on it…");
        let _ = scene.alice.hears("checkout is down").await;
        drop(working);
        scene.slack.delay(Duration::ZERO);
        scene.ends().await;
    }
}

#[tokio::test]
async fn an_answer_whose_way_back_is_closed_finds_another() {
    let scene = Scene::by(By::Http).await;
    let menu = scene.alice.types(&scene.general, "/inc", "").await.says("What do you want to do?");
    scene.slack.fail(Fault::status(500).on("response_url"));
    scene.alice.clicks(&menu, "List incidents").await;
    let _ = scene.alice.hears("ncident").await;
    scene.ends().await;
}
