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

#[tokio::test]
async fn a_form_that_takes_long_says_that_it_is_worked_on_and_then_shows_the_answer() {
    let scene = Scene::by(By::Socket).await;
    scene.alice.uses_shortcut("declare").await;
    let form = scene.alice.modal().await.fill("title", "Fridges are warm");
    // What Slack said of Alice is old by now, and Slack takes its time to say it again.
    scene.world.clock.advance(chrono::TimeDelta::hours(2));
    scene.slack.delay(Duration::from_millis(1_000));
    let working = form.submit(&scene.alice).await.updated().shows("Working on it…");
    working.comes_to_show("INC-1").await;
    let _ = working.shows("Fridges are warm");
    scene.slack.delay(Duration::ZERO);
    assert_eq!(scene.world.incidents().await, 1);
    scene.ends().await;
}

#[tokio::test]
async fn a_pin_that_could_not_be_read_is_not_lost_in_silence() {
    let scene = Scene::by(By::Http).await;
    let room = scene.declared().await;
    let clue = scene.bob.says(&room, "error rate is falling");
    scene.slack.fail(Fault::status(503).on("conversations.history").until_healed());
    scene.slack.fail(Fault::status(503).on("conversations.replies").until_healed());
    scene.alice.reacts(&clue, "pushpin");
    let _ = scene.alice.hears("was not put on the timeline").await;
    scene.slack.heal();
    scene.ends().await;
}
