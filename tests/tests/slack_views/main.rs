//! What only Slack has: its page of cards, its picture, and its modals as they come back.

mod docs;
mod page;

use muster_core::inbound::Ask;
use muster_slack::render;
use muster_tests::generate::verbs;
use muster_tests::look::slack::opened;
use muster_tests::scene;
use serde_json::{Value, json};

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
    let world = scene::world();
    scene::set(&world).await;
    for (spec, verb) in verbs() {
        let call = scene::right(spec, verb, |_| true);
        let shown = world.person(scene::actor(spec)).asks(Ask::Open(call.clone())).await;
        let (back, _) = render::submitted(&sent(&opened(shown.form()))).expect("it is one of our forms");
        assert_eq!((&back.command, &back.verb, back.incident), (&call.command, &call.verb, call.incident));
        // What a runbook asks for has fields of its own.
        let back = back.gathered();
        let names: Vec<_> = back.args.keys().collect();
        assert_eq!(names, call.args.keys().collect::<Vec<_>>(), "{}", call.to_line());
    }
}
