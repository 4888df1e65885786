//! Who is whom: people who come into a room, who are named in a command, who are none of ours.

use crate::scene::{By, Scene};

#[tokio::test]
async fn whoever_comes_into_a_room_joins_and_sees_where_things_stand() {
    for way in [By::Http, By::Socket] {
        let scene = Scene::by(way).await;
        let room = scene.declared().await;
        scene.bob.joins(&room);
        let _ = scene.bob.hears("checkout is down").await;
        scene.comes_to_have(&["Bob Lind joined"]).await;
        scene.ends().await;
    }
}

#[tokio::test]
async fn whom_a_colleague_brings_in_joins_on_their_word() {
    let scene = Scene::by(By::Http).await;
    let carol = scene.slack.person("carol", "Carol Åberg", "carol@example.com");
    let room = scene.declared().await;
    scene.alice.invites(&room, &carol);
    let _ = carol.hears("checkout is down").await;
    scene.comes_to_have(&["Carol Åberg"]).await;
    scene.ends().await;
}

#[tokio::test]
async fn people_and_rooms_are_named_as_slack_names_them() {
    let scene = Scene::by(By::Http).await;
    let room = scene.declared().await;
    let line = format!("INC-1 role comms &lt;b&gt; <@{}|bob>", scene.bob.id());
    let _ = scene.alice.types(&scene.general, "/inc", &line).await;
    let line = format!("<#{}|inc-1> role ic <@{}|bob>", room.id(), scene.bob.id());
    let _ = scene.alice.types(&scene.general, "/inc", &line).await.says("Bob Lind");
    scene.ends().await;
}

#[tokio::test]
async fn somebody_nobody_knows_acts_under_their_slack_name_with_the_rights_of_a_guest() {
    let scene = Scene::by(By::Http).await;
    let gus = scene.slack.guest("gus", "Gus Guest");
    let _ = gus.types(&scene.general, "/inc", "new x is down").await.says("Muster does not know you yet");
    scene.ends().await;
}
