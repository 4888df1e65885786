//! The ways people work: commands, forms, buttons, message commands, reactions.

use crate::scene::{By, Scene};

#[tokio::test]
async fn a_command_is_answered_to_its_author_alone_over_either_way() {
    for way in [By::Http, By::Gateway] {
        let scene = Scene::by(way).await;
        let card = scene.alice.types(&scene.general, "inc", "new sev1 checkout is down").await.says("INC-1");
        let card = card.shows("checkout is down").shows("SEV1");
        assert!(card.is_private() && card.buttons().contains(&"Take command".to_owned()), "{:?}", card.buttons());
        let _ = scene.bob.types(&scene.general, "incident", "list").await.says("checkout is down");
        assert_eq!(scene.general.messages().len(), 0, "nobody else sees it");
        scene.ends().await;
    }
}

#[tokio::test]
async fn a_mistake_gets_one_sentence_and_what_to_type_instead() {
    let scene = Scene::by(By::Http).await;
    let said = scene.alice.types(&scene.general, "inc", "reslove").await.says("“reslove” is not a command");
    let _ = said.shows("/inc resolve");
    let _ = scene.alice.types(&scene.general, "inc", "INC-9 resolve").await.says("/inc list");
    assert_eq!(scene.world.incidents().await, 0);
    scene.ends().await;
}

#[tokio::test]
async fn a_menu_opens_and_its_button_opens_the_form() {
    for way in [By::Http, By::Gateway] {
        let scene = Scene::by(way).await;
        let menu = scene.alice.types(&scene.general, "muster", "").await.says("What do you want to do?");
        scene.alice.clicks(&menu, "Declare an incident").await;
        let form = scene.alice.modal().await.fill("Title", "Tills are offline");
        let _ = form.submit(&scene.alice).await.says("Tills are offline");
        let room = scene.discord.channel("inc-1-tills-are-offline").await;
        room.message("Welcome to INC-1").await;
        scene.ends().await;
    }
}

#[tokio::test]
async fn what_a_command_leaves_out_the_form_asks_for() {
    let scene = Scene::by(By::Gateway).await;
    let room = scene.declared().await;
    let heard = scene.alice.types(&room, "inc", "update").await;
    assert!(heard.said.is_none(), "the form is the answer");
    let form = scene.alice.modal().await.shows("INC-1");
    let _ = form.fill("What we know", "We roll back").submit(&scene.alice).await.says("INC-1");
    room.message("We roll back").await;
    scene.ends().await;
}

#[tokio::test]
async fn a_form_that_is_refused_says_why_and_opens_again_as_it_was_sent() {
    for way in [By::Http, By::Gateway] {
        let scene = Scene::by(way).await;
        let room = scene.declared().await;
        scene.alice.types(&room, "inc", "timeline backdate").await;
        let form = scene.alice.modal().await.fill("At", "10:42").fill("Number", "99");
        let refused = form.submit(&scene.alice).await.says("There is no #99 on the timeline of INC-1");
        scene.alice.clicks(&refused, "Open the form again").await;
        let again = scene.alice.modal().await.shows("10:42").fill("Number", "1").fill("At", "08:55");
        let _ = again.submit(&scene.alice).await.says("#1");
        scene.ends().await;
    }
}

#[tokio::test]
async fn a_form_that_was_kept_too_long_is_not_opened_as_another() {
    let scene = Scene::by(By::Http).await;
    let room = scene.declared().await;
    scene.alice.types(&room, "inc", "timeline backdate").await;
    let form = scene.alice.modal().await.fill("At", "10:42").fill("Number", "99");
    let refused = form.submit(&scene.alice).await.says("There is no #99");
    scene.world.clock.advance(chrono::TimeDelta::minutes(16));
    let _ = scene.alice.clicks(&refused, "Open the form again").await.says("kept for 15 minutes");
    scene.ends().await;
}

#[tokio::test]
async fn buttons_on_the_card_do_what_they_say() {
    for way in [By::Http, By::Gateway] {
        let scene = Scene::by(way).await;
        let room = scene.declared().await;
        let card = room.pins().into_iter().next().expect("the headline is pinned");
        let _ = scene.alice.clicks(&card, "Take command").await.says("Alice Ek");
        card.comes_to_show("Alice Ek").await;
        scene.bob.chooses(&card, "Severity", "SEV2").await;
        card.comes_to_show("SEV2").await;
        scene.ends().await;
    }
}

#[tokio::test]
async fn a_button_on_what_only_one_sees_changes_that() {
    let scene = Scene::by(By::Gateway).await;
    let menu = scene.alice.types(&scene.general, "muster", "").await.says("What do you want to do?");
    let list = scene.alice.clicks(&menu, "List incidents").await.says("ncident");
    assert_eq!(list.id(), menu.id(), "it takes its place");
    scene.ends().await;
}

#[tokio::test]
async fn a_message_becomes_an_incident_a_task_and_a_line_of_the_timeline() {
    for way in [By::Http, By::Gateway] {
        let scene = Scene::by(way).await;
        let cry = scene.bob.says(&scene.general, "Checkout throws 500s\nsince 10:40");
        scene.alice.uses_message_command("Declare from this message", &cry).await;
        let form = scene.alice.modal().await;
        let _ = form.submit(&scene.alice).await.says("Checkout throws 500s");
        let room = scene.discord.channel("inc-1-checkout-throws-500s").await;
        room.message("Welcome").await;

        let idea = scene.bob.says(&room, "restart the workers");
        scene.alice.uses_message_command("Make a task", &idea).await;
        let _ = scene.alice.modal().await.submit(&scene.alice).await.says("restart the workers");

        let clue = scene.bob.says(&room, &format!("<@{}> the bank answers again", scene.alice.id()));
        let _ = scene.alice.uses_message_command("Add to timeline", &clue).await.says("Pinned as #");
        scene.world.comes_to_have(&["@Alice Ek the bank answers again"]).await;
        scene.ends().await;
    }
}

#[tokio::test]
async fn a_message_of_another_channel_asks_for_which_incident_it_is() {
    let scene = Scene::by(By::Http).await;
    scene.declared().await;
    let clue = scene.bob.says(&scene.general, "customers call us");
    scene.alice.uses_message_command("Add to timeline", &clue).await;
    let form = scene.alice.modal().await.fill("Incident", "INC-1");
    let _ = form.submit(&scene.alice).await.says("Pinned as #");
    scene.world.comes_to_have(&["customers call us"]).await;
    scene.ends().await;
}

#[tokio::test]
async fn a_pushpin_puts_a_message_on_the_timeline_and_taking_it_away_takes_it_off() {
    let scene = Scene::by(By::Gateway).await;
    scene.discord.allows_intents(&["MESSAGE_CONTENT"]);
    let room = scene.declared().await;
    let clue = scene.bob.says(&room, "error rate is falling");
    scene.alice.reacts(&clue, "📌");
    scene.alice.reacts(&clue, "👀");
    scene.world.comes_to_have(&["error rate is falling"]).await;
    scene.bob.reacts(&clue, "📌");
    scene.alice.unreacts(&clue, "📌");
    scene.discord.called("GET /channels/{}/messages/{}", 3).await;
    scene.world.comes_to_have(&["error rate is falling"]).await;
    scene.bob.unreacts(&clue, "📌");
    scene.world.comes_to_lack("error rate is falling").await;
    assert!(scene.alice.unheard().is_empty() && scene.alice.direct().messages().is_empty(), "nobody asked in words");
    scene.ends().await;
}

#[tokio::test]
async fn a_message_whose_words_discord_hides_is_not_pinned_and_the_way_out_is_told() {
    let scene = Scene::by(By::Gateway).await;
    let room = scene.declared().await;
    let clue = scene.bob.says(&room, "error rate is falling");
    scene.alice.reacts(&clue, "📌");
    scene.alice.direct().message("“Add to timeline”").await;
    let _ = scene.alice.uses_message_command("Add to timeline", &clue).await.says("Pinned as #");
    scene.world.comes_to_have(&["error rate is falling"]).await;
    scene.ends().await;
}

#[tokio::test]
async fn what_fits_is_offered_while_somebody_types_and_only_to_who_may_look() {
    for way in [By::Http, By::Gateway] {
        let scene = Scene::by(way).await;
        scene.declared().await;
        let offered = scene.alice.completes(&scene.general, "inc sev", "incident", "INC").await;
        assert_eq!(offered.iter().map(|(_, value)| value.as_str()).collect::<Vec<_>>(), ["INC-1"]);
        let lines = scene.alice.completes(&scene.general, "muster", "line", "timeli").await;
        assert!(lines.iter().any(|(_, line)| line == "timeline"), "{lines:?}");
        let gus = scene.discord.person("gus", "Gus Guest");
        assert_eq!(gus.completes(&scene.general, "inc sev", "incident", "INC").await, []);
        scene.ends().await;
    }
}
