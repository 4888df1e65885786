//! What only Discord has: its page of cards, its picture, and its modals as they come back.

mod docs;
mod page;

use muster_core::inbound::Ask;
use muster_discord::render;
use muster_tests::generate::verbs;
use muster_tests::look::discord::opened;
use muster_tests::scene;
use serde_json::{Value, json};

/// A modal as it comes back when somebody sends it as it was opened.
fn sent(modal: &Value) -> Value {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let back = |label: Value| {
        let field = &label["component"];
        let on = list(&field["options"]).into_iter().filter(|option| option["default"] == true);
        let mut back = json!({ "type": field["type"], "id": 1, "custom_id": field["custom_id"] });
        match field["type"].as_u64() {
            Some(3) => back["values"] = on.map(|option| option["value"].clone()).collect(),
            Some(23) => back["value"] = json!(field["default"] == true),
            Some(_) | None => back["value"] = json!(field["value"].as_str().unwrap_or_default()),
        }
        json!({ "type": label["type"], "id": 1, "component": back })
    };
    let components: Vec<_> = list(&modal["components"]).into_iter().map(back).collect();
    json!({ "custom_id": modal["custom_id"], "components": components })
}

#[tokio::test]
async fn a_form_sent_as_it_was_opened_is_the_call_it_was_opened_for() {
    let world = scene::world();
    scene::set(&world).await;
    for (spec, verb) in verbs() {
        let call = scene::right(spec, verb, |_| true);
        let shown = world.person(scene::actor(spec)).asks(Ask::Open(call.clone())).await;
        let back = render::submitted(&sent(&opened(shown.form()))).expect("it is one of our forms");
        assert_eq!((&back.command, &back.verb, back.incident), (&call.command, &call.verb, call.incident));
        // What a runbook asks for has fields of its own.
        let back = back.gathered();
        let names: Vec<_> = back.args.keys().collect();
        assert_eq!(names, call.args.keys().collect::<Vec<_>>(), "{}", call.to_line());
    }
}
