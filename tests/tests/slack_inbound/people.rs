//! Who is whom: people who come into a room, who are named in a command, who are none of ours.

use crate::scene::{By, Scene};

#[tokio::test]
async fn whoever_comes_into_a_room_joins_and_sees_where_things_stand() {
    for way in [By::Http, By::Socket] {
        let scene = Scene::by(way).await;
        let room = scene.declared().await;
        scene.bob.joins(&room);
        let _ = scene.bob.hears("checkout is down").await;
        scene.world.comes_to_have(&["Bob Lind joined"]).await;
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
    scene.world.comes_to_have(&["Carol Åberg"]).await;
    scene.ends().await;
}

#[tokio::test]
async fn people_and_rooms_are_named_as_slack_names_them() {
    let scene = Scene::by(By::Http).await;
    let room = scene.declared().await;
    let line = format!("<#{}|inc-1> role ic <@{}|bob>", room.id(), scene.bob.id());
    let _ = scene.alice.types(&scene.general, "/inc", &line).await.says("Bob Lind");
    let line = format!("note &lt;!channel&gt; ask <@{}|bob> &amp; co", scene.bob.id());
    let _ = scene.alice.types(&room, "/inc", &line).await;
    scene.world.comes_to_have(&["<!channel> ask @bob & co"]).await;
    scene.ends().await;
}

#[tokio::test]
async fn somebody_nobody_knows_acts_under_their_slack_name_with_the_rights_of_a_guest() {
    let scene = Scene::by(By::Http).await;
    let gus = scene.slack.guest("gus", "Gus Guest");
    let _ = gus.types(&scene.general, "/inc", "new x is down").await.says("Muster does not know you yet");
    scene.ends().await;
}

#[tokio::test]
async fn those_whom_muster_itself_brings_in_are_not_greeted_twice() {
    let scene = Scene::by(By::Http).await;
    let room = scene.declared().await;
    let _ = scene.bob.types(&room, "/inc", "role ic").await.says("Bob Lind");
    room.until("bob is in it", |room| room.members().iter().any(|name| name == "bob")).await;
    scene.bob.says(&room, "on it");
    scene.alice.reacts(&room.message("on it").await, "pushpin");
    scene.world.comes_to_have(&["on it"]).await;
    assert!(scene.bob.unheard().is_empty() && scene.alice.unheard().is_empty());
    scene.ends().await;
}

#[tokio::test]
async fn a_room_that_somebody_deleted_is_replaced_at_once() {
    let scene = Scene::by(By::Socket).await;
    let room = scene.declared().await;
    scene.slack.delete(&room);
    scene.world.comes_to_have(&["the channel was deleted"]).await;
    let next = scene.slack.channel("inc-1-checkout-is-down").await;
    next.message("INC-1").await;
    scene.ends().await;
}
