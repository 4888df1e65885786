//! People: they type, click, choose, fill in, and hear.

use crate::app::{App, Line, text};
use muster_tests::discord::{FakeDiscord, Hand, Room};
use serde_json::{Value, json};

fn commands() -> Value {
    let leaf = |kind: u64, name: &str| json!({ "type": kind, "name": name, "description": "d" });
    let incident = json!({ "type": 3, "name": "incident", "description": "d", "autocomplete": true });
    let word = |name: &str, words: &[&str]| {
        let choices: Vec<_> = words.iter().map(|word| json!({ "name": word, "value": word })).collect();
        json!({ "type": 3, "name": name, "description": "d", "choices": choices })
    };
    let sub = |name: &str, options: Value| json!({ "type": 1, "name": name, "description": "d", "options": options });
    json!([
        { "name": "inc", "description": "d", "options": [
            sub("sev", json!([leaf(3, "severity"), leaf(3, "reason"), incident])),
            sub("status", json!([word("status", &["investigating", "identified"]), incident])),
            { "type": 2, "name": "task", "description": "d", "options": [
                sub("add", json!([leaf(3, "text"), leaf(6, "person"), incident])),
                sub("done", json!([leaf(4, "number"), incident])),
            ] },
        ] },
        { "name": "muster", "description": "d", "options": [leaf(3, "line")] },
        { "type": 3, "name": "Make a task" },
    ])
}

struct Scene {
    discord: FakeDiscord,
    app: App,
    line: Line,
    alice: Hand,
    room: Room,
}

async fn scene() -> Scene {
    let discord = FakeDiscord::start().await;
    let app = App::of(&discord);
    app.registers(commands()).await;
    let alice = discord.person("alice", "Alice Ek");
    let room = discord.text_channel("inc-1-checkout", None);
    let line = app.listens(1).await;
    Scene { discord, app, line, alice, room }
}

impl Scene {
    /// The next interaction is answered so. Gives it.
    async fn answers(&mut self, body: Value) -> Value {
        let interaction = self.line.event("INTERACTION_CREATE").await;
        let said = self.app.answers(&interaction, body).await;
        assert_eq!(said.status, 204, "{}", said.body);
        interaction
    }
}

#[tokio::test]
async fn a_line_is_filled_in_as_the_options_that_mean_it() {
    let scene = scene().await;
    let bob = scene.discord.person("bob", "Bob Lind");
    let typed = |line: &str| scene.alice.filled_in(&scene.room, "inc", line);
    let data = typed("sev sev1 all stores");
    assert_eq!((&data["name"], &data["options"][0]["name"]), (&json!("inc"), &json!("sev")));
    let given = &data["options"][0]["options"];
    assert_eq!(given[0], json!({ "name": "reason", "type": 3, "value": "all stores" }));
    assert_eq!(given[1], json!({ "name": "severity", "type": 3, "value": "sev1" }));
    let data = typed("INC-7 status identified");
    assert_eq!(data["options"][0]["options"][1], json!({ "name": "incident", "type": 3, "value": "INC-7" }));
    let data = typed("task done 3");
    let group = &data["options"][0];
    assert_eq!((&group["type"], &group["options"][0]["name"]), (&json!(2), &json!("done")));
    assert_eq!(group["options"][0]["options"][0]["value"], 3);
    let data = typed("task restart the pods @bob");
    let leaf = &data["options"][0]["options"][0];
    assert_eq!(leaf["name"], "add", "the verb without a name is the one that no other is");
    assert_eq!(leaf["options"][0]["value"], bob.id());
    assert_eq!(data["resolved"]["users"][bob.id()]["username"], "bob");
    for line in ["", "help", "sev nonsense --x", "status resolved", "what is this"] {
        let data = typed(line);
        assert_eq!((&data["name"], &data["options"][0]["value"]), (&json!("muster"), &json!(line)), "has no twin");
    }
}

#[tokio::test]
async fn people_click_choose_fill_in_and_submit() {
    let mut scene = scene().await;
    let (alice, room) = (scene.alice.clone(), scene.room.clone());
    let card = json!({ "content": "INC-1", "components": [
        { "type": 1, "components": [{ "type": 2, "style": 1, "label": "Take command", "custom_id": "take" },
            { "type": 2, "style": 5, "label": "Console", "url": "https://a.example" }] },
        { "type": 1, "components": [{ "type": 3, "custom_id": "sev", "placeholder": "Severity",
            "options": [{ "label": "SEV1", "value": "1" }, { "label": "SEV2", "value": "2" }] }] },
    ] });
    scene.app.does(&format!("POST /channels/{}/messages", room.id()), card).await;
    let card = room.message("INC-1").await;
    assert_eq!(card.buttons(), ["Take command", "Console", "Severity"]);
    let (clicking, click) = tokio::join!(
        alice.clicks(&card, "Take command"),
        scene.answers(json!({ "type": 7, "data": { "content": "INC-1: Alice" } }))
    );
    assert_eq!((&click["data"]["custom_id"], text(&click["message"]["id"])), (&json!("take"), card.id().as_str()));
    let _ = clicking.says("INC-1: Alice");
    card.comes_to_show("INC-1: Alice").await;
    let modal = json!({ "type": 9, "data": { "custom_id": "m", "title": "Severity", "components": [
        { "type": 18, "label": "Reason", "component": { "type": 4, "custom_id": "reason", "style": 2, "required": true } },
        { "type": 18, "label": "Role", "component": { "type": 3, "custom_id": "role", "options": [{ "label": "Scribe", "value": "s" }] } },
        { "type": 18, "label": "Who", "component": { "type": 5, "custom_id": "who", "required": false } },
    ] } });
    let (_, choice) = tokio::join!(alice.chooses(&card, "Severity", "SEV2"), scene.answers(modal));
    assert_eq!(choice["data"]["values"], json!(["2"]));
    let form =
        alice.modal().await.shows("Reason").fill("Reason", "all stores").fill("role", "Scribe").fill("Who", "alice");
    let answer = json!({ "type": 4, "data": { "content": "noted", "flags": 64 } });
    let (said, sent) = tokio::join!(form.submit(&alice), scene.answers(answer));
    let _ = said.says("noted");
    assert!(!alice.has_modal() && form.is_gone());
    let inner = |n: usize| sent["data"]["components"][n]["component"].clone();
    assert_eq!((&inner(0)["custom_id"], &inner(0)["value"]), (&json!("reason"), &json!("all stores")));
    assert_eq!((&inner(1)["values"], &inner(2)["values"]), (&json!(["s"]), &json!([alice.id()])));
    assert_eq!(text(&sent["message"]["id"]), card.id(), "a modal that came from a message says which");
    scene.discord.finish();
}

#[tokio::test]
async fn options_complete_and_messages_have_a_menu() {
    let mut scene = scene().await;
    let (alice, room) = (scene.alice.clone(), scene.room.clone());
    let offered = json!({ "type": 8, "data": { "choices": [{ "name": "INC-1 checkout", "value": "INC-1" }] } });
    let (choices, asked) = tokio::join!(alice.completes(&room, "inc sev", "incident", "INC"), scene.answers(offered));
    assert_eq!(choices, [("INC-1 checkout".to_owned(), "INC-1".to_owned())]);
    let focused = &asked["data"]["options"][0]["options"][0];
    assert_eq!((&asked["type"], &focused["focused"], &focused["value"]), (&json!(4), &json!(true), &json!("INC")));
    let message = alice.says(&room, "restart the pods");
    let said = json!({ "type": 4, "data": { "content": "Task 1" } });
    let (heard, used) = tokio::join!(alice.uses_message_command("Make a task", &message), scene.answers(said));
    assert_eq!(text(&used["data"]["target_id"]), message.id());
    assert_eq!(used["data"]["resolved"]["messages"][message.id()]["content"], "restart the pods", "it holds the words");
    let said = heard.says("Task 1");
    assert!(!said.is_private() && alice.unheard().is_empty());
    scene.discord.finish();
}

#[tokio::test]
#[should_panic(expected = "does not see")]
async fn nobody_types_where_they_see_nothing() {
    let scene = scene().await;
    let mallory = scene.discord.person("mallory", "Mallory Berg");
    let secret = scene.discord.private_channel("secret", &[&scene.alice]);
    let _ = mallory.types(&secret, "inc", "sev sev1").await;
}
