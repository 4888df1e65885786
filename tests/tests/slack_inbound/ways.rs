//! The ways people work: commands, forms, buttons, shortcuts, reactions, the home tab.

use crate::scene::{By, Scene};

#[tokio::test]
async fn a_command_is_answered_to_its_author_alone_over_either_way() {
    for way in [By::Http, By::Socket] {
        let scene = Scene::by(way).await;
        let said = scene.alice.types(&scene.general, "/inc", "new sev1 checkout is down").await;
        let card = said.says("INC-1").shows("checkout is down").shows("SEV1");
        assert!(card.buttons().contains(&"Take command".to_owned()), "{:?}", card.buttons());
        let _ = scene.bob.types(&scene.general, "/inc", "list").await.says("checkout is down");
        assert_eq!(scene.general.messages().len(), 0, "nobody else sees it");
        scene.ends().await;
    }
}

#[tokio::test]
async fn a_mistake_gets_one_sentence_and_what_to_type_instead() {
    let scene = Scene::by(By::Http).await;
    let _ = scene.alice.types(&scene.general, "/inc", "reslove").await.says("Type instead: /inc resolve");
    let _ = scene.alice.types(&scene.general, "/inc", "INC-9 resolve").await.says("Type instead: /inc list");
    assert_eq!(scene.world.incidents().await, 0);
    scene.ends().await;
}

#[tokio::test]
async fn a_bare_command_opens_the_menu_and_its_button_the_form() {
    for way in [By::Http, By::Socket] {
        let scene = Scene::by(way).await;
        let menu = scene.alice.types(&scene.general, "/inc", "").await.says("What do you want to do?");
        scene.alice.clicks(&menu, "Declare an incident").await;
        let form = scene.alice.modal().await;
        let form = form.fill("title", "Tills are offline");
        let form = form.fill("severity", "SEV2: an important part is down or badly degraded");
        form.submit(&scene.alice).await.closed();
        let _ = scene.alice.hears("Tills are offline").await;
        let room = scene.slack.channel("inc-1-tills-are-offline").await;
        room.message("Welcome to INC-1").await;
        scene.ends().await;
    }
}

#[tokio::test]
async fn a_form_is_filled_with_what_was_typed() {
    let scene = Scene::by(By::Http).await;
    let room = scene.declared().await;
    let heard = scene.alice.types(&room, "/inc", "update").await;
    assert!(heard.said.is_none(), "the form is the answer");
    let form = scene.alice.modal().await.shows("INC-1");
    let form = form.fill("text", "We roll back");
    form.submit(&scene.alice).await.closed();
    room.message("We roll back").await;
    scene.ends().await;
}

#[tokio::test]
async fn a_form_that_is_refused_says_why_under_its_field() {
    let scene = Scene::by(By::Http).await;
    let room = scene.declared().await;
    scene.alice.types(&room, "/inc", "timeline backdate").await;
    let form = scene.alice.modal().await.fill("at", "10:42").fill("number", "99");
    let errors = form.submit(&scene.alice).await.errors();
    assert_eq!(
        errors.get("number").map(String::as_str),
        Some("There is no #99 on the timeline of INC-1. Type instead: /inc timeline")
    );
    let errors = form.fill("number", "1").fill("at", "soon").submit(&scene.alice).await.errors();
    assert!(errors["at"].contains("soon"), "{errors:?}");
    scene.ends().await;
}

#[tokio::test]
async fn buttons_on_the_card_do_what_they_say() {
    for way in [By::Http, By::Socket] {
        let scene = Scene::by(way).await;
        let room = scene.declared().await;
        let card = room.pins().into_iter().next().expect("the headline is pinned");
        scene.alice.clicks(&card, "Take command").await;
        let _ = scene.alice.hears("Alice Ek").await;
        card.comes_to_show("Alice Ek").await;
        scene.bob.chooses(&card, "Severity", "SEV2").await;
        card.comes_to_show("SEV2").await;
        scene.ends().await;
    }
}

#[tokio::test]
async fn the_form_is_offered_again_when_slack_gave_no_time_to_open_it() {
    let scene = Scene::by(By::Http).await;
    scene.slack.trigger_life(std::time::Duration::ZERO);
    let heard = scene.alice.types(&scene.general, "/inc", "new").await;
    assert!(heard.said.is_none());
    let offer = scene.alice.hears("Slack gave no time to open the form").await;
    scene.slack.trigger_life(std::time::Duration::from_secs(3));
    scene.alice.clicks(&offer, "Open the form").await;
    let _ = scene.alice.modal().await.shows("Declare an incident");
    scene.ends().await;
}

#[tokio::test]
async fn an_incident_is_declared_from_anywhere_by_a_shortcut() {
    let scene = Scene::by(By::Socket).await;
    scene.alice.uses_shortcut("declare").await;
    let form = scene.alice.modal().await;
    let form = form.fill("title", "Fridges are warm");
    let shown = form.submit(&scene.alice).await.updated();
    let _ = shown.shows("Fridges are warm");
    scene.slack.channel("inc-1-fridges-are-warm").await.message("Welcome").await;
    scene.ends().await;
}

#[tokio::test]
async fn a_message_becomes_an_incident_a_task_and_a_line_of_the_timeline() {
    let scene = Scene::by(By::Http).await;
    let cry = scene.bob.says(&scene.general, "Checkout throws 500s\nsince 10:40");
    scene.alice.uses_message_shortcut("declare_from_message", &cry).await;
    let form = scene.alice.modal().await;
    form.submit(&scene.alice).await.closed();
    let _ = scene.alice.hears("Checkout throws 500s").await;
    let room = scene.slack.channel("inc-1-checkout-throws-500s").await;
    room.message("Welcome").await;

    let idea = scene.bob.says(&room, "restart the workers");
    scene.alice.uses_message_shortcut("make_task", &idea).await;
    scene.alice.modal().await.submit(&scene.alice).await.closed();
    let _ = scene.alice.hears("restart the workers").await;

    let clue = scene.bob.says(&room, "the bank answers again");
    scene.alice.uses_message_shortcut("add_to_timeline", &clue).await;
    let _ = scene.alice.hears("Pinned as #").await;
    let timeline = scene.world.recorded().await;
    assert!(timeline.iter().any(|line| line.contains("the bank answers again")), "{timeline:#?}");
    scene.ends().await;
}

#[tokio::test]
async fn a_message_of_another_channel_asks_for_which_incident_it_is() {
    let scene = Scene::by(By::Http).await;
    scene.declared().await;
    let clue = scene.bob.says(&scene.general, "customers call us");
    scene.alice.uses_message_shortcut("add_to_timeline", &clue).await;
    let form = scene.alice.modal().await;
    let form = form.fill("incident", "INC-1");
    form.submit(&scene.alice).await.closed();
    let _ = scene.alice.hears("Pinned as #").await;
    assert!(scene.world.recorded().await.iter().any(|line| line.contains("customers call us")));
    scene.ends().await;
}

#[tokio::test]
async fn a_pushpin_puts_a_message_on_the_timeline_and_taking_it_away_takes_it_off() {
    for way in [By::Http, By::Socket] {
        let scene = Scene::by(way).await;
        let room = scene.declared().await;
        let clue = scene.bob.says(&room, "error rate is falling");
        let reply = scene.bob.replies(&clue, "and latency too");
        scene.alice.reacts(&clue, "pushpin");
        scene.alice.reacts(&reply, "pushpin::skin-tone-3");
        scene.alice.reacts(&clue, "eyes");
        scene.world.comes_to_have(&["error rate is falling", "and latency too"]).await;
        scene.alice.unreacts(&clue, "pushpin");
        scene.world.comes_to_lack("error rate is falling").await;
        assert!(scene.alice.unheard().is_empty(), "nobody asked in words");
        scene.ends().await;
    }
}

#[tokio::test]
async fn what_two_have_pinned_stays_until_the_last_pin_is_gone() {
    let scene = Scene::by(By::Http).await;
    let room = scene.declared().await;
    let clue = scene.bob.says(&room, "error rate is falling");
    scene.alice.reacts(&clue, "pushpin");
    scene.world.comes_to_have(&["error rate is falling"]).await;
    scene.bob.reacts(&clue, "pushpin");
    scene.alice.unreacts(&clue, "pushpin");
    scene.slack.called("conversations.history", 3).await;
    scene.world.comes_to_have(&["error rate is falling"]).await;
    scene.bob.unreacts(&clue, "pushpin");
    scene.world.comes_to_lack("error rate is falling").await;
    scene.ends().await;
}

#[tokio::test]
async fn the_home_tab_lists_what_is_open_and_its_buttons_answer_there() {
    let scene = Scene::by(By::Socket).await;
    scene.declared().await;
    let home = scene.alice.opens_home().await.shows("checkout is down").shows("Mine");
    scene.alice.clicks(&home, "List incidents").await;
    let _ = scene.alice.modal().await.shows("checkout is down");
    scene.ends().await;
}
