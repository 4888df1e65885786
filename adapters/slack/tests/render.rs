//! What goes out is Block Kit that means what the view means; what comes back is the command that was meant.

use muster_core::command::Invocation;
use muster_core::ids::{IncidentId, PersonId};
use muster_core::view::form::{Choice, Form, FormField, Input};
use muster_core::view::{Action, Item, Section, Span, Tone, View, strong, text};
use muster_slack::render::{self, Carried, Names, Pressed, Unreadable};
use serde_json::{Value, json};

fn names() -> Names<'static> {
    Names {
        user: &|person| (person.as_str() == "bob").then(|| "U2BOB".to_owned()),
        channel: &|incident| (incident == IncidentId(1)).then(|| "C1ROOM".to_owned()),
        ..Names::unknown("https://muster.example.com")
    }
}

fn titled(title: Vec<Span>) -> View {
    View::titled(Tone::Danger, title)
}

fn person() -> Span {
    Span::Person { id: PersonId::from("bob"), name: "Bob Lind".to_owned() }
}

fn mention() -> Span {
    Span::Mention { id: PersonId::from("bob"), name: "Bob Lind".to_owned() }
}

#[test]
fn a_title_of_words_is_a_header_and_one_that_leads_somewhere_is_rich_text() {
    let header = &render::message(&titled(vec![text("It is "), strong("bad")]), &names()).blocks[0];
    assert_eq!(header["text"], json!({ "type": "plain_text", "text": "🔴 It is bad", "emoji": false }));
    let rich = &render::message(&titled(vec![Span::Incident(IncidentId(1))]), &names()).blocks[0];
    let link = &rich["elements"][0]["elements"][1];
    assert_eq!(link, &json!({ "type": "channel", "channel_id": "C1ROOM", "style": { "bold": true } }));
}

#[test]
fn an_incident_leads_to_its_channel_by_link_or_by_name_and_else_to_the_console() {
    let lead = |incident: i64, names: &Names<'_>| {
        let view = titled(vec![text("x")]).with(Section::Text(vec![Span::Incident(IncidentId(incident))]));
        render::message(&view, names).blocks[1]["elements"][0]["elements"][0].clone()
    };
    let at_home = Names { workspace_url: Some("https://acme.slack.com"), ..names() };
    assert_eq!(lead(1, &at_home)["url"], "https://acme.slack.com/archives/C1ROOM");
    assert_eq!(lead(1, &names())["channel_id"], "C1ROOM");
    assert_eq!(lead(2, &at_home)["url"], "https://muster.example.com/incidents/INC-2");
}

#[test]
fn only_a_mention_notifies() {
    let told = render::message(&titled(vec![text("<!channel> @here "), person()]), &names());
    assert_eq!(told.text, "🔴 &lt;!channel&gt; @here Bob Lind");
    assert!(!told.blocks.to_string().contains("U2BOB"));
    let notified = render::message(&titled(vec![text("to "), mention()]), &names());
    assert_eq!(notified.text, "🔴 to <@U2BOB>");
    let user = &notified.blocks[0]["elements"][0]["elements"][2];
    assert_eq!((&user["type"], &user["user_id"]), (&json!("user"), &json!("U2BOB")));
}

#[test]
fn an_id_that_is_none_never_becomes_part_of_a_mention() {
    let names = Names { user: &|_| Some("U1> <!channel".to_owned()), ..names() };
    assert_eq!(render::message(&titled(vec![mention()]), &names).text, "🔴 @Bob Lind");
}

#[test]
fn what_is_pressed_is_the_command_it_shows() {
    let odd = "“it's” \"odd\" -- --at \\ @bob\nsecond line";
    let calls = [
        Invocation::of("resolve").on(IncidentId(7)),
        Invocation::of("note").on(IncidentId(1)).with("text", odd),
        Invocation::of("list").with("which", "all"),
    ];
    for call in calls {
        let actions = [Action::run("Go", call.clone()), Action::open("…", call.clone())];
        let view = actions.into_iter().fold(titled(vec![text("x")]), View::offering);
        let row = render::message(&view, &names()).blocks[1]["elements"].clone();
        let part = |n: usize, name: &str| row[n][name].as_str().expect("a button has it").to_owned();
        let pressed = |n: usize| render::action(&part(n, "action_id"), &part(n, "value"));
        assert_eq!(pressed(0), Some(Pressed::Run(call.clone())));
        assert_eq!(pressed(1), Some(Pressed::Open(call)));
    }
}

#[test]
fn what_is_not_ours_is_nothing() {
    let strange =
        [("", ""), ("run", "list"), ("run.x", "list"), ("run.1", ""), ("run.1", "nonsense"), ("eval.1", "list")];
    for (id, value) in strange {
        assert_eq!(render::action(id, value), None, "{id} {value}");
    }
}

#[test]
fn danger_asks_before_it_runs() {
    let close = Invocation::of("close").on(IncidentId(1));
    let view = titled(vec![text("x")]).offering(Action::run("Close it", close).danger());
    let button = render::message(&view, &names()).blocks[1]["elements"][0].clone();
    assert_eq!(button["style"], "danger");
    assert_eq!(button["confirm"]["text"]["text"], "This runs “INC-1 close”.");
}

#[test]
fn a_long_list_ends_with_the_way_to_the_whole_and_keeps_what_one_can_do() {
    let item = |n: i64| Item {
        line: vec![text(format!("{n} is to be done"))],
        action: Some(Action::run("Done", Invocation::of("task done").on(IncidentId(2)).with("number", n.to_string()))),
    };
    let view = titled(vec![text("Tasks of "), Span::Incident(IncidentId(2))])
        .with(Section::List((1..=400).map(item).collect()))
        .offering(Action::open("Add", Invocation::of("task").on(IncidentId(2))));
    let blocks = render::message(&view, &names()).blocks;
    let blocks = blocks.as_array().expect("blocks are a list");
    assert!((20..=50).contains(&blocks.len()), "{}", blocks.len());
    assert_eq!(blocks[blocks.len() - 1]["elements"][0]["text"]["text"], "Add");
    let notice = &blocks[blocks.len() - 2]["elements"][0]["text"];
    assert_eq!(notice, "Not all of this fits here: <https://muster.example.com/incidents/INC-2|see the whole>");
}

fn field(name: &str, input: Input, value: &str) -> FormField {
    FormField {
        name: name.to_owned(),
        label: name.to_owned(),
        hint: String::new(),
        input,
        required: false,
        aside: false,
        value: Some(value.to_owned()),
    }
}

fn form(fields: Vec<FormField>, target: Invocation) -> Form {
    Form { title: "Write an internal update · INC-1".to_owned(), submit: "Update".to_owned(), target, fields }
}

fn choices(count: usize) -> Vec<Choice> {
    (0..count).map(|n| Choice { value: format!("v{n}"), label: format!("Choice {n}") }).collect()
}

#[test]
fn a_title_that_is_too_long_for_a_modal_is_said_in_it() {
    let form = form(Vec::new(), Invocation::of("update").on(IncidentId(1)));
    let modal = render::modal(&form, &Carried::default(), &names());
    assert_eq!(modal["title"]["text"], "Update · INC-1");
    assert_eq!(modal["blocks"][0]["text"]["text"], "Write an internal update · INC-1");
}

#[test]
fn fields_begin_as_they_were_typed_where_that_can_be_chosen() {
    let fields = vec![
        field("severity", Input::Select(choices(3)), "V1"),
        field("kind", Input::Select(choices(3)), "no such"),
        field("service", Input::MultiSelect(choices(3)), "v2, choice 0"),
        field("person", Input::Person(choices(300)), "@v250"),
        field("private", Input::Toggle, "yes"),
        field("none", Input::Select(Vec::new()), "as typed"),
    ];
    let modal = render::modal(&form(fields, Invocation::of("update")), &Carried::default(), &names());
    let element = |n: usize| modal["blocks"][n + 1]["element"].clone();
    assert_eq!(element(0)["initial_option"]["value"], "v1");
    assert!(element(1)["initial_option"].is_null());
    assert_eq!(element(2)["initial_options"][0]["value"], "v0");
    assert_eq!(element(2)["initial_options"][1]["value"], "v2");
    assert_eq!(element(3)["type"], "external_select");
    assert_eq!(element(3)["initial_option"]["value"], "v250");
    assert_eq!(element(4)["initial_options"][0]["value"], "yes");
    assert_eq!(element(5)["type"], "plain_text_input");
    assert_eq!(element(5)["initial_value"], "as typed");
}

fn submission(metadata: &str, values: Value) -> Value {
    json!({ "type": "modal", "callback_id": "form", "private_metadata": metadata, "state": { "values": values } })
}

#[test]
fn a_submission_is_the_command_with_what_was_filled_in() {
    let target = Invocation::of("update").on(IncidentId(1)).with("text", "as typed before").with("hidden", "kept");
    let form = form(vec![field("text", Input::Paragraph { max: 4_000 }, "as typed before")], target);
    let carried = Carried { channel: Some("C9".to_owned()), incident: Some(IncidentId(1)), ..Carried::default() };
    let modal = render::modal(&form, &carried, &names());
    let metadata = modal["private_metadata"].as_str().expect("a form carries its command");
    assert!(!metadata.contains("as typed before"), "what is shown comes back by itself");
    let chosen = |values: &[&str]| values.iter().map(|value| json!({ "value": value })).collect::<Vec<_>>();
    let values = json!({
        "text": { "text": { "type": "plain_text_input", "value": "we are on it" } },
        "next": { "next": { "type": "plain_text_input", "value": null } },
        "severity": { "severity": { "type": "static_select", "selected_option": { "value": "SEV1" } } },
        "service": { "service": { "type": "multi_static_select", "selected_options": chosen(&["a", "b"]) } },
        "private": { "private": { "type": "checkboxes", "selected_options": chosen(&["yes"]) } },
        "public": { "public": { "type": "checkboxes", "selected_options": [] } },
        "site": { "site": { "type": "multi_static_select", "selected_options": [] } },
        "odd": { "odd": { "type": "some_future_input", "value": "x" } },
    });
    let (call, back) = render::submitted(&submission(metadata, values)).expect("it is ours");
    let meant = Invocation::of("update").on(IncidentId(1)).with("hidden", "kept").with("text", "we are on it");
    assert_eq!(call, meant.with("severity", "SEV1").with("service", "a,b").with("private", "yes"));
    assert_eq!(back, carried);
}

#[test]
fn what_a_modal_carries_always_fits_and_never_loses_its_command() {
    let target = Invocation::of("note").on(IncidentId(1)).with("unseen", "x".repeat(9_000));
    let carried = Carried { response_url: Some("u".repeat(4_000)), ..Carried::default() };
    let modal = render::modal(&form(Vec::new(), target), &carried, &names());
    let metadata = modal["private_metadata"].as_str().expect("a form carries its command");
    assert!(metadata.len() <= 3_000);
    let (call, _) = render::submitted(&submission(metadata, json!({}))).expect("it is ours");
    assert_eq!(call, Invocation::of("note").on(IncidentId(1)));
}

#[test]
fn a_modal_that_is_not_ours_is_refused() {
    assert_eq!(render::submitted(&json!({})), Err(Unreadable::NotAForm));
    assert_eq!(render::submitted(&json!({ "callback_id": "theirs" })), Err(Unreadable::NotAForm));
    for metadata in ["", "{}", "[]", r#"{"target":{"command":7}}"#] {
        assert_eq!(render::submitted(&submission(metadata, json!({}))), Err(Unreadable::Metadata), "{metadata}");
    }
}

#[test]
fn a_refusal_stands_under_its_field_or_on_a_page_of_its_own() {
    let under = render::errors(Some("text"), "Say what happened");
    assert_eq!(under, json!({ "response_action": "errors", "errors": { "text": "Say what happened" } }));
    let over = render::errors(None, "INC-1 is closed");
    assert_eq!(over["response_action"], "push");
    assert_eq!(over["view"]["blocks"][0]["text"]["text"], "🟠 INC-1 is closed");
}

#[test]
fn a_topic_is_one_short_line_in_which_no_escape_is_torn() {
    let line = vec![strong("SEV1"), text(" · investigating\nIC "), mention()];
    assert_eq!(render::topic(&line), "SEV1 · investigating IC @Bob Lind");
    let topic = render::topic(&vec![text("<&>".repeat(200))]);
    assert!(topic.chars().count() <= 250 && topic.ends_with('…'), "{topic}");
    let whole = topic.trim_end_matches('…').replace("&lt;", "").replace("&amp;", "").replace("&gt;", "");
    assert_eq!(whole, "", "no escape is torn");
}
