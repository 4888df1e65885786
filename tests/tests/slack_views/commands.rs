//! Every command of the table in the scene, every form, and what rooms and people are told.

use crate::{Page, opened, picture};
use muster_core::ids::{IncidentId, PersonId};
use muster_core::inbound::Ask;
use muster_core::reply::Body;
use muster_slack::render;
use muster_tests::generate::{verbs, words_of};
use muster_tests::world::World;
use muster_tests::{sample, scene};
use serde_json::{Value, json};

async fn set_scene() -> World {
    let world = scene::world();
    scene::set(&world).await;
    world
}

#[tokio::test]
async fn what_every_command_answers() {
    let mut page = Page::default();
    for (spec, verb) in verbs() {
        let world = set_scene().await;
        let call = scene::right(spec, verb, |arg| arg.required);
        let answer = world.person(scene::actor(spec)).calls(call.clone()).await;
        match &answer.reply().body {
            Body::View(view) => page.view(&call.to_line(), view),
            Body::Form(form) => page.add(&call.to_line(), &picture::view(&opened(form))),
        }
    }
    insta::assert_snapshot!(page.0);
}

#[tokio::test]
async fn lists_menus_and_help() {
    let world = set_scene().await;
    for n in 0..12 {
        world.person("alice").types(&format!("new sev4 oddity {n} --service wan")).await.ok();
    }
    let mut page = Page::default();
    for line in
        ["", "list", "list mine", "list ended", "list all", "help new", "INC-1 timeline", "INC-1 show", "INC-2 show"]
    {
        page.view(&format!("alice: {line}"), world.person("alice").types(line).await.view());
    }
    insta::assert_snapshot!(page.0);
}

#[tokio::test]
async fn what_rooms_and_people_are_told() {
    let world = set_scene().await;
    let (alice, bob) = (world.person("alice"), world.person("bob"));
    alice.types("INC-4 sev sev1").await.ok();
    for line in ["INC-4 role scribe @bob", "INC-4 task restart it @bob", "INC-4 join @carol", "INC-4 ic"] {
        alice.types(line).await.ok();
    }
    alice.types("INC-4 handoff @bob the bank calls back at ten").await.ok();
    bob.types("INC-4 handoff accept").await.ok();
    world.pass(40).await;
    let store = world.muster.store();
    let mut page = Page::default();
    for number in [1, 2, 4] {
        let mut said = store.said(IncidentId(number), 1_000).await.expect("messages can be read");
        said.reverse();
        for message in said {
            page.view(&format!("in the room of INC-{number}"), &message.view);
        }
    }
    for (id, ..) in sample::PEOPLE {
        let mut told = store.told(&PersonId::from(id), 1_000).await.expect("messages can be read");
        told.reverse();
        for message in told {
            page.view(&format!("to {id}"), &message.view);
        }
    }
    insta::assert_snapshot!(page.0);
}

#[tokio::test]
async fn every_form() {
    let world = set_scene().await;
    let mut page = Page::default();
    for (spec, verb) in verbs() {
        let call = scene::right(spec, verb, |arg| arg.required && arg.name != "text");
        let shown = world.person("alice").asks(Ask::Open(call)).await;
        page.add(&words_of(spec, verb), &picture::view(&opened(shown.form())));
    }
    insta::assert_snapshot!(page.0);
}

/// A modal as it comes back when somebody sends it as it was opened.
fn sent(modal: &Value) -> Value {
    let mut values = json!({});
    for block in modal["blocks"].as_array().into_iter().flatten().filter(|block| block["type"] == "input") {
        let element = &block["element"];
        let name = block["block_id"].as_str().expect("an input has an id");
        let id = element["action_id"].as_str().expect("an element has an id");
        values[name][id] = json!({
            "type": element["type"],
            "value": element["initial_value"],
            "selected_option": element["initial_option"],
            "selected_options": element["initial_options"].as_array().cloned().unwrap_or_default(),
        });
    }
    let mut view = modal.clone();
    view["state"] = json!({ "values": values });
    view
}

#[tokio::test]
async fn a_form_sent_as_it_was_opened_is_the_call_it_was_opened_for() {
    let world = set_scene().await;
    for (spec, verb) in verbs() {
        let call = scene::right(spec, verb, |_| true);
        let shown = world.person(scene::actor(spec)).asks(Ask::Open(call.clone())).await;
        let (back, _) = render::submitted(&sent(&opened(shown.form()))).expect("it is one of our forms");
        assert_eq!((&back.command, &back.verb, back.incident), (&call.command, &call.verb, call.incident));
        let names: Vec<_> = back.args.keys().collect();
        assert_eq!(names, call.args.keys().collect::<Vec<_>>(), "{}", call.to_line());
    }
}
