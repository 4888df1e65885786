//! What goes out means in Discord what the view means; what comes back is the command that was meant.

use muster_core::chat::fit::length;
use muster_core::clock::Timestamp;
use muster_core::command::Invocation;
use muster_core::ids::{IncidentId, PersonId};
use muster_core::view::{
    Action, Choice, Does, Field, Item, Section, Span, TimeStyle, Tone, View, Weight, strong, text, time,
};
use muster_discord::render::{self, Names, Pressed};
use serde_json::{Value, json};

fn names() -> Names<'static> {
    Names {
        user: &|person| (person.as_str() == "bob").then_some(22),
        channel: &|incident| (incident == IncidentId(1)).then_some(11),
        guild: 9,
        ..Names::unknown("https://muster.example.com")
    }
}

fn drawn(view: &View) -> Value {
    render::message(view, &names())
}

fn titled(title: Vec<Span>) -> View {
    View::titled(Tone::Danger, title)
}

fn said(line: Vec<Span>) -> Section {
    Section::Text(line)
}

fn mention() -> Span {
    Span::Mention { id: PersonId::from("bob"), name: "Bob Lind".to_owned() }
}

fn field(label: &str, value: Vec<Span>) -> Field {
    Field { label: label.to_owned(), value }
}

fn note(text: impl Into<String>) -> Invocation {
    Invocation::of("note").on(IncidentId(1)).with("text", text)
}

/// What each component of a message shows and stands for: a button by its label, an option by the select's and its own.
fn offered(message: &Value) -> Vec<(String, Pressed)> {
    let mut all = Vec::new();
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    for component in list(&message["components"]).iter().flat_map(|row| list(&row["components"])) {
        let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let id = word(&component["custom_id"]);
        let mut add = |label: String, values: &[String]| {
            all.push((label, render::pressed(&id, values).expect("it means something")));
        };
        match component["options"].as_array() {
            None => add(word(&component["label"]), &[]),
            Some(options) => options.iter().for_each(|option| {
                let label = format!("{} {}", word(&component["placeholder"]), word(&option["label"]));
                add(label, &[word(&option["value"])]);
            }),
        }
    }
    all
}

#[test]
fn a_message_says_everything_so_that_an_edit_leaves_nothing_of_the_last() {
    let bare = drawn(&titled(vec![text("It is bad")]));
    assert_eq!(bare["content"], "");
    assert_eq!(bare["components"], json!([]));
    assert_eq!(bare["allowed_mentions"], json!({ "parse": [], "users": [] }));
    assert_eq!(bare["embeds"][0]["title"], "🔴 It is bad");
    assert_eq!(bare["embeds"][0]["color"], 0xDD_2E44);
}

#[test]
fn only_a_mention_notifies_and_it_does_so_from_the_content() {
    let told = drawn(&titled(vec![text("@everyone <@22>")]).with(said(vec![text("@here "), mention(), mention()])));
    assert_eq!(told["content"], "<@22>");
    assert_eq!(told["allowed_mentions"], json!({ "parse": [], "users": ["22"] }));
    assert_eq!(told["embeds"][0]["title"], r"🔴 \@everyone \<\@22\>");
    assert_eq!(told["embeds"][0]["description"], r"\@here <@22><@22>");
    let unknown = Span::Mention { id: PersonId::from("eve"), name: "Eve *".to_owned() };
    let told = drawn(&titled(vec![text("x")]).with(said(vec![unknown])));
    assert_eq!(told["content"], "");
    assert_eq!(told["embeds"][0]["description"], r"**\@Eve \***");
}

#[test]
fn an_incident_leads_to_its_channel_and_else_to_the_console() {
    let lead = |incident| {
        let view = titled(vec![text("x")]).with(said(vec![Span::Incident(IncidentId(incident))]));
        drawn(&view)["embeds"][0]["description"].clone()
    };
    assert_eq!(lead(1), "[INC-1](https://discord.com/channels/9/11)");
    assert_eq!(lead(2), "[INC-2](https://muster.example.com/incidents/INC-2)");
}

#[test]
fn the_key_of_an_effect_stands_behind_the_address_of_the_title() {
    let mut message = drawn(&titled(vec![Span::Incident(IncidentId(1))]));
    render::marked(&mut message, "INC-1/17/0");
    assert_eq!(message["embeds"][0]["url"], "https://muster.example.com/incidents/INC-1#INC-1-17-0");
    let mut message = drawn(&titled(vec![text("no incident")]));
    render::marked(&mut message, "tell/alice/9");
    assert_eq!(message["embeds"][0]["url"], "https://muster.example.com#tell-alice-9");
}

#[test]
fn facts_stand_side_by_side_and_what_follows_them_under_a_heading_stays_below() {
    let view = titled(vec![text("x")])
        .with(Section::Fields(vec![
            field("Severity", vec![strong("SEV1")]),
            field("Sites", vec![text("a ".repeat(30))]),
        ]))
        .with(said(vec![text("A summary")]))
        .with(Section::Heading("Latest".to_owned()))
        .with(Section::List(vec![Item { line: vec![text("1. one")], action: None }]))
        .with(Section::Code("a ``` b".to_owned()));
    let embed = &drawn(&view)["embeds"][0];
    assert_eq!(embed["description"], "A summary");
    let fields = json!([
        { "name": "Severity", "value": "**SEV1**", "inline": true },
        { "name": "Sites", "value": "a ".repeat(30).trim(), "inline": false },
        { "name": "Latest", "value": "1\\. one\n```\na ˋˋˋ b\n```", "inline": false },
    ]);
    assert_eq!(embed["fields"], fields);
}

#[test]
fn small_print_that_tells_a_time_is_told_in_the_readers_own() {
    let declared = time(Timestamp::UNIX_EPOCH, TimeStyle::Full);
    let view = titled(vec![text("x")]).footed(vec![text("Declared "), declared, text("\nby # Bob")]);
    let embed = &drawn(&view)["embeds"][0];
    assert_eq!(embed["description"], "-# Declared <t:0:f> by # Bob");
    let mere = drawn(&titled(vec![text("x")]).footed(vec![text("SEV1 · "), strong("a *title*")]));
    assert_eq!(mere["embeds"][0]["footer"]["text"], "SEV1 · a *title*");
}

#[test]
fn five_are_buttons_and_the_least_needed_of_the_others_are_more() {
    let mut view = titled(vec![text("x")]);
    for n in 0..6 {
        view = view.offering(Action::open(&format!("B{n}"), note(n.to_string())));
    }
    let danger = Action::run("Close", note("c")).danger();
    let link = Action { does: Does::Visit("https://x.example".to_owned()), ..Action::run("Console", note("")) };
    let view = view.offering(Action::run("Take", note("t")).primary()).offering(danger).offering(link);
    let message = drawn(&view);
    let row = &message["components"][0]["components"];
    let labels: Vec<_> = row.as_array().expect("a row").iter().map(|button| &button["label"]).collect();
    assert_eq!(labels, ["B0", "B1", "B2", "Take", "Console"]);
    assert_eq!(
        (&row[3]["style"], &row[4]["style"], &row[4]["url"]),
        (&json!(1), &json!(5), &json!("https://x.example"))
    );
    let select = &message["components"][1]["components"][0];
    assert_eq!(select["placeholder"], "More…");
    let more = json!([
        { "label": "B3", "value": "o|INC-1 note --text 3" },
        { "label": "B4", "value": "o|INC-1 note --text 4" },
        { "label": "B5", "value": "o|INC-1 note --text 5" },
        { "label": "Close", "value": "d|INC-1 note --text c" },
    ]);
    assert_eq!(select["options"], more);
}

#[test]
fn many_choices_are_paged_and_items_share_a_select() {
    let choices = (0..30).map(|n| Choice { label: n.to_string(), run: note(n.to_string()) }).collect();
    let choose = Action { label: "Service".to_owned(), weight: Weight::Plain, does: Does::Choose(choices) };
    let item = |n: usize| Item {
        line: vec![text(format!("{n}. *restart*"))],
        action: Some(Action::run("Done", note(format!("done {n}")))),
    };
    let view = titled(vec![text("x")]).with(Section::List(vec![item(1), item(2)])).offering(choose);
    let all = offered(&drawn(&view));
    assert_eq!(all.len(), 32);
    assert_eq!(all[0], ("Service (1–25) 0".to_owned(), Pressed::Run(note("0"))));
    assert_eq!(all[25], ("Service (26–30) 25".to_owned(), Pressed::Run(note("25"))));
    assert_eq!(all[31], ("Done… 2. *restart*".to_owned(), Pressed::Run(note("done 2"))));
}

#[test]
fn danger_asks_and_the_question_runs_it() {
    let close = Invocation::of("close").on(IncidentId(1));
    let view = titled(vec![text("x")]).offering(Action::run("Close", close.clone()).danger());
    assert_eq!(offered(&drawn(&view)), [("Close".to_owned(), Pressed::Ask(close.clone()))]);
    let question = drawn(&render::confirm(&close, "Close"));
    assert_eq!(question["embeds"][0]["title"], "🟠 Close?");
    assert_eq!(offered(&question), [("Close".to_owned(), Pressed::Run(close))]);
}

#[test]
fn what_was_kept_is_offered_again() {
    let mut message = drawn(&titled(vec![text("No")]));
    render::offer_kept(&mut message, "Open the form again", "7");
    assert_eq!(offered(&message), [("Open the form again".to_owned(), Pressed::Kept("7".to_owned()))]);
}

#[test]
fn a_long_list_ends_with_the_way_to_the_whole_and_keeps_what_one_can_do() {
    let items = (1..=400).map(|n| Item { line: vec![text(format!("{n} is to be done today"))], action: None });
    let view = titled(vec![text("Tasks of "), Span::Incident(IncidentId(2))])
        .with(Section::List(items.collect()))
        .footed(vec![text("a footer")])
        .offering(Action::open("Add", Invocation::of("task").on(IncidentId(2))));
    let message = drawn(&view);
    let description = message["embeds"][0]["description"].as_str().expect("there is some");
    let notice = "\n-# Not all of this fits here: [see the whole](https://muster.example.com/incidents/INC-2)";
    assert!(description.ends_with(&format!("…{notice}")), "{description}");
    assert!((4_000..=4_096).contains(&length(description)), "{}", length(description));
    assert_eq!(message["embeds"][0]["footer"]["text"], "a footer");
    assert_eq!(offered(&message).len(), 1);
}

#[test]
fn what_discord_cannot_hold_is_said_to_be_left_out() {
    let long = Action::run("Note", note("x".repeat(200)));
    let description = drawn(&titled(vec![text("x")]).offering(long))["embeds"][0]["description"].clone();
    assert_eq!(description, "-# Not all of this fits here: [see the whole](https://muster.example.com)");
}

#[test]
fn a_topic_is_one_short_line_of_mere_text() {
    assert_eq!(render::topic(&vec![strong("SEV1"), text(" · a_b\nIC "), mention()]), r"SEV1 · a\_b IC \@Bob Lind");
    let topic = render::topic(&vec![text("*".repeat(2_000))]);
    assert!(length(&topic) <= 300 && topic.trim_end_matches('…').replace(r"\*", "").is_empty(), "{topic}");
}
