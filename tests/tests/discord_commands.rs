//! Commands as Discord has them: what is registered, and the twin of every line.

use muster_core::command::spec::{ArgKind, Slot};
use muster_core::command::{Invocation, SHORTCUTS, TABLE, parse};
use muster_core::ids::{IncidentId, PlatformId};
use muster_core::inbound::Place;
use muster_discord::commands::{
    OnMessage, Said, Unreadable, Wanted, is_same, limits, read, registration, twin, typed, typing,
};
use muster_tests::dice::{Dice, seeds};
use muster_tests::generate::{HOSTILE, as_typed, call, verbs};
use muster_tests::sample;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fmt::Write as _;

fn nowhere() -> Place {
    Place { platform: PlatformId::from("discord"), incident: None, address: None, forms: true }
}

fn parsed(line: &str) -> Invocation {
    parse::line(line, &sample::retailer(), &nowhere()).unwrap_or_else(|refusal| panic!("{line}: {refusal}"))
}

/// What Discord delivers for a call, read back.
fn said(call: &Invocation) -> Invocation {
    match read(&twin(call)).unwrap_or_else(|error| panic!("{}: {error}", call.to_line())) {
        Said::Call(call) => call,
        Said::Line(line) => parsed(&line),
        Said::OnMessage { what, .. } => panic!("{} is about a message: {what:?}", call.to_line()),
    }
}

fn name(part: &Value) -> &str {
    part["name"].as_str().expect("everything has a name")
}

fn options(part: &Value) -> Vec<Value> {
    part["options"].as_array().cloned().unwrap_or_default()
}

/// Every leaf of the registered commands, as one types it, with its options.
fn leaves(command: &Value) -> Vec<(String, Vec<Value>)> {
    let is_row = |option: &Value| option["type"] == 1 || option["type"] == 2;
    let rows: Vec<_> = options(command).into_iter().filter(is_row).collect();
    if rows.is_empty() {
        return vec![(format!("/{}", name(command)), options(command))];
    }
    let below = |row: &Value| {
        leaves(row).into_iter().map(|(words, options)| (format!("/{} {}", name(command), &words[1..]), options))
    };
    rows.iter().flat_map(below).collect()
}

/// Names, descriptions and values, as Discord counts them, by a rule of our own.
fn characters(part: &Value) -> usize {
    let text = |key: &str| part[key].as_str().map_or(0, |text| text.chars().count());
    let parts = |key: &str| part[key].as_array().map_or(0, |parts| parts.iter().map(characters).sum());
    text("name") + text("description") + text("value") + parts("options") + parts("choices")
}

#[test]
fn the_commands_as_people_see_them() {
    let mut page = String::new();
    for command in registration().iter().filter(|command| command["type"] == 1 && name(command) != "incident") {
        let _ = writeln!(page, "{}: {} of {} characters", name(command), characters(command), limits::COMMAND);
        for (words, options) in leaves(command) {
            let option = |option: &Value| {
                let choices = option["choices"].as_array().cloned().unwrap_or_default();
                let choices: Vec<_> = choices.iter().map(|choice| name(choice).to_owned()).collect();
                let mark = match (&option["type"], choices.is_empty(), option["autocomplete"] == true) {
                    (kind, _, _) if kind == 5 => "yes/no".to_owned(),
                    (kind, _, _) if kind == 4 => "#".to_owned(),
                    (_, false, _) => choices.join("|"),
                    (_, true, true) => "…".to_owned(),
                    (_, true, false) => String::new(),
                };
                let one = format!("{}:{mark}", name(option));
                if option["required"] == true { one } else { format!("[{one}]") }
            };
            let _ = writeln!(page, "  {words} {}", options.iter().map(option).collect::<Vec<_>>().join(" "));
        }
    }
    insta::assert_snapshot!(page);
}

#[test]
fn discord_takes_what_is_registered_and_we_know_how_near_to_its_limits_we_are() {
    let commands = registration();
    let slashes: Vec<_> = commands.iter().filter(|command| command["type"] == 1).collect();
    for command in &slashes {
        assert!(characters(command) <= limits::COMMAND, "{}: {}", name(command), characters(command));
        assert!(options(command).len() <= limits::OPTIONS, "{}", name(command));
        check_part(command);
    }
    // Of `/inc`. When these grow out of bounds the rows that come last go to `/inc-more`.
    let inc = slashes.iter().find(|command| name(command) == "inc").expect("there is /inc");
    assert!(options(inc).len() >= 20, "{} rows", options(inc).len());
    assert!(slashes.iter().any(|command| name(command) == "incident" && command["options"] == inc["options"]));
    let others: Vec<_> = commands.iter().filter(|command| command["type"] == 3).map(name).collect();
    assert_eq!(others, OnMessage::ALL.map(OnMessage::name));
    assert!(others.iter().all(|name| name.chars().count() <= limits::NAME));
}

fn check_part(part: &Value) {
    let known = |c: char| c == '-' || c == '_' || c.is_alphanumeric();
    let (name, description) = (name(part), part["description"].as_str().expect("everything is described"));
    assert!((1..=limits::NAME).contains(&name.chars().count()) && name.chars().all(known), "{name}");
    assert_eq!(name, name.to_lowercase());
    assert!((1..=limits::DESCRIPTION).contains(&description.chars().count()), "{name}: {description}");
    let below = options(part);
    assert!(below.len() <= limits::OPTIONS, "{name}");
    let names: BTreeSet<_> = below.iter().map(|one| one["name"].to_string()).collect();
    assert_eq!(names.len(), below.len(), "{name} has two of a name");
    let demands: Vec<_> = below.iter().map(|option| option["required"] == true).collect();
    assert!(demands.is_sorted_by(|a, b| a >= b), "{name}: what is required comes first");
    for option in &below {
        check_part(option);
        let choices = option["choices"].as_array().cloned().unwrap_or_default();
        assert!(choices.len() <= limits::CHOICES);
        assert!(choices.is_empty() || option["autocomplete"] != true, "Discord takes one or the other");
    }
}

#[test]
fn every_verb_of_the_table_is_there_once_with_every_argument_that_a_form_asks_for() {
    let registered: Vec<_> = registration()
        .iter()
        .filter(|command| command["type"] == 1 && name(command).starts_with("inc") && name(command) != "incident")
        .flat_map(leaves)
        .collect();
    assert_eq!(registered.len(), verbs().count());
    for (spec, verb) in verbs() {
        let empty = Invocation { verb: verb.name.to_owned(), ..Invocation::of(spec.name) };
        let words = typed(&empty.to_line());
        let (_, options) = registered.iter().find(|(leaf, _)| *leaf == words).expect(&words);
        let mut wanted: BTreeSet<_> = verb.args.iter().filter(|arg| arg.asked).map(|arg| arg.name).collect();
        wanted.extend((spec.scope.names_one_with(verb)).then_some("incident"));
        assert_eq!(options.iter().map(name).collect::<BTreeSet<_>>(), wanted, "{words}");
    }
}

#[test]
fn every_line_of_the_table_has_its_twin() {
    let lines = verbs().flat_map(|(_, verb)| verb.examples.iter().copied());
    let short = SHORTCUTS.iter().map(|(word, _)| *word);
    for line in lines.chain(short).chain(["", "INC-42", "/inc new sev1 checkout is down", "fixed INC-4 rolled back"]) {
        let call = parsed(line);
        assert_eq!(said(&call), call, "{line}");
    }
}

#[test]
fn whatever_can_be_said_in_slack_can_be_said_here() {
    let mut by_options = 0;
    for seed in seeds(3_000) {
        let call = call(&mut Dice::new(seed), 9);
        assert_eq!(said(&call), call, "seed {seed}: {}", call.to_line());
        by_options += usize::from(twin(&call)["name"] != "muster");
    }
    assert!(by_options > 1_500, "most is said with options: {by_options}");
}

#[test]
fn a_line_typed_by_a_person_means_the_same_with_options() {
    for seed in seeds(1_000) {
        let call = call(&mut Dice::new(seed), 9);
        let verb = TABLE.iter().find(|spec| spec.name == call.command).and_then(|spec| spec.verb(&call.verb));
        let line = as_typed(&call, verb.expect("it is of the table"));
        if let Ok(call) = parse::line(&line, &sample::retailer(), &nowhere()) {
            assert_eq!(said(&call), call, "{line}");
        }
    }
}

/// A client sends only what Discord lets it: what is required is there, choices are among those registered, nothing is
/// longer than registered.
#[test]
fn a_twin_is_what_a_client_could_send() {
    let commands = registration();
    for seed in seeds(2_000) {
        let mut sent = twin(&call(&mut Dice::new(seed), 9));
        let mut known = commands.iter().find(|command| command["name"] == sent["name"]).expect("registered").clone();
        while sent["options"][0]["type"].as_u64().is_some_and(|kind| kind <= 2) {
            sent = sent["options"][0].clone();
            known = options(&known).into_iter().find(|option| option["name"] == sent["name"]).expect("registered");
            assert_eq!(sent["type"], known["type"]);
        }
        let (sent, known) = (options(&sent), options(&known));
        for option in &known {
            assert!(option["required"] != true || sent.iter().any(|one| one["name"] == option["name"]));
        }
        for one in &sent {
            let option = known.iter().find(|option| option["name"] == one["name"]).expect("registered");
            assert_eq!(one["type"], option["type"]);
            if let Some(choices) = option["choices"].as_array() {
                assert!(choices.iter().any(|choice| choice["value"] == one["value"]), "{one}");
            }
            let length = one["value"].as_str().map_or(0, |text| text.encode_utf16().count()) as u64;
            assert!(option["max_length"].as_u64().is_none_or(|most| length <= most), "{one}");
        }
    }
}

#[test]
fn what_one_types_in_discord() {
    for (line, here) in [
        ("role commander @alice", "/inc role assign role:commander person:@alice"),
        ("INC-42 handoff accept", "/inc handoff accept incident:INC-42"),
        ("new sev1 checkout is down", "/inc new title:checkout is down severity:sev1"),
        ("task done 3", "/inc task done number:3"),
        ("task @bob call the bank", "/inc task add text:call the bank person:@bob"),
        ("task call the bank @bob", "/inc task add text:call the bank person:@bob"),
        ("sev none", "/inc sev severity:none"),
        ("new x --private", "/inc new title:x private:true"),
        ("help role", "/inc help show command:role"),
        ("status closed", "/muster line:status closed"),
        ("timeline pin it is up --message C1/2", "/muster line:timeline pin it is up --message C1/2"),
        ("reminder", "/muster line:reminder"),
        ("@bob", "@bob"),
        ("--service", "service:"),
    ] {
        assert_eq!(typed(line), here);
    }
}

fn interaction(path: &[&str], options: Value) -> Value {
    let wrap = |options: Value, (depth, name): (usize, &&str)| {
        let kind = if depth == 0 { 1 } else { 2 };
        json!([{ "type": kind, "name": name, "options": options }])
    };
    let inner = path[1..].iter().rev().enumerate().fold(options, wrap);
    json!({ "id": "1", "type": 1, "name": path[0], "options": inner })
}

#[test]
fn both_names_mean_the_same_and_an_incident_is_written_in_any_way() {
    for name in ["inc", "incident"] {
        let data = interaction(
            &[name, "task", "done"],
            json!([{ "type": 4, "name": "number", "value": 3 }, { "type": 3, "name": "incident", "value": "#42" }]),
        );
        let meant = Invocation::of("task done").with("number", "3").on(IncidentId(42));
        assert_eq!(read(&data), Ok(Said::Call(meant)));
    }
}

#[test]
fn what_is_no_incident_is_left_for_core_to_refuse() {
    let data = interaction(&["inc", "show"], json!([{ "type": 3, "name": "incident", "value": "the big one" }]));
    let Ok(Said::Call(call)) = read(&data) else { panic!("it is a call") };
    let refusal = call.chosen().expect_err("there is no such incident");
    assert_eq!(refusal.sentence, "“the big one” is not an incident");
}

#[test]
fn a_message_is_handed_on_as_it_is() {
    let message = json!({ "id": "77", "content": "it is down", "author": { "id": "5" } });
    let data = |id: &str| json!({ "type": 3, "name": "Make a task", "target_id": id, "resolved": { "messages": { "77": message } } });
    assert_eq!(read(&data("77")), Ok(Said::OnMessage { what: OnMessage::Task, message: message.clone() }));
    assert_eq!(read(&data("78")), Err(Unreadable::NoMessage));
    let other = json!({ "type": 3, "name": "Report to nobody", "target_id": "77" });
    assert_eq!(read(&other), Err(Unreadable::Unknown));
}

#[test]
fn a_bare_line_is_the_menu() {
    assert_eq!(read(&json!({ "type": 1, "name": "muster" })), Ok(Said::Line(String::new())));
}

#[test]
fn what_is_being_typed_is_known_with_what_was_filled_in_before() {
    let data = interaction(
        &["inc", "role", "assign"],
        json!([{ "type": 3, "name": "role", "value": "scribe" }, { "type": 3, "name": "person", "value": "al", "focused": true }]),
    );
    let typing_now = typing(&data).expect("somebody types");
    assert_eq!((typing_now.wanted, typing_now.typed.as_str()), (Wanted::Value(ArgKind::Person), "al"));
    assert_eq!(typing_now.call, Some(Invocation::of("role").with("role", "scribe")));

    let data = json!({ "type": 1, "name": "muster", "options": [{ "type": 3, "name": "line", "value": "ro", "focused": true }] });
    assert_eq!(typing(&data).map(|typing| (typing.wanted, typing.typed)), Some((Wanted::Line, "ro".to_owned())));

    let data = interaction(&["inc", "show"], json!([{ "type": 3, "name": "incident", "value": "", "focused": true }]));
    assert_eq!(typing(&data).map(|typing| typing.wanted), Some(Wanted::Value(ArgKind::Incident)));
}

#[test]
fn whatever_arrives_is_read_or_refused_and_never_more() {
    let mut odd =
        vec![json!(null), json!([]), json!("inc"), json!({ "name": ["inc"] }), json!({ "name": "inc", "options": 7 })];
    for word in HOSTILE {
        odd.push(json!({ "type": 1, "name": word }));
        odd.push(interaction(&["inc", word], json!([])));
        odd.push(interaction(&["inc", "role", word], json!([])));
        odd.push(interaction(&["inc", "show"], json!([{ "name": word, "value": word, "focused": true }])));
        odd.push(interaction(&["inc", "show"], json!([{ "name": "incident", "value": { "a": [word] } }])));
    }
    odd.push(json!({ "type": 9, "name": "inc" }));
    for data in odd {
        let _ = typing(&data);
        if let Ok(Said::Call(call)) = read(&data) {
            assert!(TABLE.iter().any(|spec| spec.name == call.command), "{data}");
            assert_eq!(call.incident.filter(|id| id.0 != 1), None, "{data}");
        }
    }
}

/// What Discord makes of a command: it adds ids, versions and defaults, and leaves out what is off or empty.
fn as_discord_has_it(command: &Value, in_guild: bool) -> Value {
    let mut known = command.clone();
    let more = json!({
        "id": "1", "application_id": "2", "version": "3", "nsfw": false, "default_member_permissions": null,
        "name_localizations": null, "description_localizations": null, "dm_permission": true,
        "description": command["description"].as_str().unwrap_or_default(),
    });
    for (key, value) in more.as_object().expect("an object") {
        known[key] = value.clone();
    }
    known["contexts"] = json!(command["contexts"].as_array().map(|list| list.iter().rev().collect::<Vec<_>>()));
    if in_guild {
        known["contexts"] = json!(null);
        known["guild_id"] = json!("9");
    }
    if known["options"].as_array().is_some_and(Vec::is_empty) {
        known.as_object_mut().expect("an object").remove("options");
    }
    known
}

#[test]
fn commands_are_registered_again_only_when_they_differ() {
    let wanted = registration();
    for in_guild in [false, true] {
        let mut known: Vec<_> = wanted.iter().map(|command| as_discord_has_it(command, in_guild)).collect();
        known.reverse();
        assert!(is_same(&json!(known), &json!(wanted)));
        let mut changed = known.clone();
        changed.pop();
        assert!(!is_same(&json!(changed), &json!(wanted)), "one is missing");
    }
    let one = |change: fn(&mut Value)| {
        let mut known = as_discord_has_it(&wanted[0], false);
        change(&mut known);
        is_same(&known, &wanted[0])
    };
    assert!(one(|_| {}));
    assert!(!one(|known| known["description"] = json!("Something else")));
    assert!(!one(|known| known["options"][0]["options"][0]["description"] = json!("Something else")));
    assert!(!one(|known| known["options"].as_array_mut().expect("options").swap(0, 1)));
    assert!(!one(|known| known["contexts"] = json!([0])));
    assert!(!one(|known| known["default_member_permissions"] = json!("8")));
    assert!(!one(|known| known["options"].as_array_mut().expect("options").push(json!({ "name": "old" }))));
}

#[test]
fn text_may_be_left_out_for_a_form_asks_for_it() {
    for (spec, verb) in verbs() {
        for arg in verb.args.iter().filter(|arg| arg.required && arg.slot == Slot::Rest) {
            let call = Invocation { verb: verb.name.to_owned(), ..Invocation::of(spec.name) };
            let positional = verb.args.iter().filter(|arg| arg.required && arg.slot == Slot::Positional);
            let call = positional.fold(call, |call, arg| call.with(arg.name, "1"));
            assert_ne!(twin(&call)["name"], "muster", "{} without {}", spec.name, arg.name);
        }
    }
}
