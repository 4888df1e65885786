//! What may be in a message, a modal, a command.

use crate::app::{of, with};
use muster_tests::discord::{check_commands, check_message, check_modal, live_mentions, render_text};
use serde_json::{Value, json};

fn embed(embed: Value) -> Value {
    json!({ "embeds": [embed] })
}

fn row(inner: Vec<Value>) -> Value {
    json!({ "type": 1, "components": inner })
}

fn rows(rows: Vec<Value>) -> Value {
    json!({ "components": rows })
}

fn button(id: &str) -> Value {
    json!({ "type": 2, "style": 1, "label": "Go", "custom_id": id })
}

fn option(n: usize) -> Value {
    json!({ "label": format!("o{n}"), "value": n.to_string() })
}

fn select(options: Vec<Value>) -> Value {
    json!({ "type": 3, "custom_id": "s", "options": options })
}

fn field(name: &str, value: &str) -> Value {
    json!({ "name": name, "value": value })
}

#[test]
fn a_message_at_every_limit_is_well_made_and_one_beyond_it_is_not() {
    type Make<'m> = &'m dyn Fn(usize) -> Value;
    let one = |name: &str, member: Value| rows(vec![row(vec![with(button("b"), name, member)])]);
    let picked = |select: Value| rows(vec![row(vec![select])]);
    let optioned = |name: &str, n: usize| picked(select(vec![with(option(1), name, json!(of(n)))]));
    let url = |n: usize| format!("https://a.example/{}", of(n - "https://a.example/".len()));
    let linked = |n| rows(vec![row(vec![json!({ "type": 2, "style": 5, "label": "Go", "url": url(n) })])]);
    let limits: [(&str, Make<'_>, usize); 20] = [
        ("content", &|n| json!({ "content": of(n) }), 2000),
        ("embeds", &|n| json!({ "embeds": vec![json!({ "title": "t" }); n] }), 10),
        ("title", &|n| embed(json!({ "title": of(n) })), 256),
        ("description", &|n| embed(json!({ "description": of(n) })), 4096),
        ("fields", &|n| embed(json!({ "fields": vec![field("n", "v"); n] })), 25),
        ("field name", &|n| embed(json!({ "fields": [field(&of(n), "v")] })), 256),
        ("field value", &|n| embed(json!({ "fields": [field("n", &of(n))] })), 1024),
        ("footer", &|n| embed(json!({ "footer": { "text": of(n) } })), 2048),
        ("author", &|n| embed(json!({ "author": { "name": of(n) } })), 256),
        ("all embeds", &|n| json!({ "embeds": [{ "description": of(3000) }, { "description": of(n - 3000) }] }), 6000),
        ("rows", &|n| rows((0..n).map(|n| row(vec![button(&n.to_string())])).collect()), 5),
        ("buttons", &|n| rows(vec![row((0..n).map(|n| button(&n.to_string())).collect())]), 5),
        ("label", &|n| one("label", json!(of(n))), 80),
        ("custom id", &|n| one("custom_id", json!(of(n))), 100),
        ("url", &linked, 512),
        ("options", &|n| picked(select((0..n).map(option).collect())), 25),
        ("option label", &|n| optioned("label", n), 100),
        ("option value", &|n| optioned("value", n), 100),
        ("option description", &|n| optioned("description", n), 100),
        ("placeholder", &|n| picked(with(select(vec![option(1)]), "placeholder", json!(of(n)))), 150),
    ];
    for (what, make, most) in limits {
        assert_eq!(check_message(&make(most)), [""; 0], "{what}");
        assert_ne!(check_message(&make(most + 1)), [""; 0], "{what} beyond {most}");
    }
    let padded = json!({ "content": format!("{}   ", of(2000)) });
    assert_eq!(check_message(&padded), [""; 0], "white space around it does not count");
}

#[test]
fn what_is_no_message_is_refused() {
    let wrong = [
        embed(json!({ "fields": [field("", "v")] })),
        embed(json!({ "fields": [field("n", " ")] })),
        embed(json!({ "color": 0x0100_0000 })),
        embed(json!({ "url": "javascript:alert(1)" })),
        rows(vec![button("b")]),
        rows(vec![row(vec![])]),
        rows(vec![row(vec![button("same"), button("same")])]),
        rows(vec![row(vec![button("same")]), row(vec![button("same")])]),
        rows(vec![row(vec![button("")])]),
        rows(vec![row(vec![button("b"), select(vec![option(1)])])]),
        rows(vec![row(vec![select(vec![])])]),
        rows(vec![row(vec![select(vec![option(1), option(1)])])]),
        rows(vec![row(vec![with(select(vec![option(1)]), "max_values", json!(2))])]),
        rows(vec![row(vec![json!({ "type": 2, "style": 5, "label": "Go", "custom_id": "b" })])]),
        rows(vec![row(vec![json!({ "type": 2, "style": 1, "custom_id": "b" })])]),
        rows(vec![row(vec![json!({ "type": 4, "style": 1, "custom_id": "b" })])]),
        json!({ "allowed_mentions": { "parse": ["users"], "users": ["1"] } }),
        json!({ "flags": 1 << 15, "content": "t" }),
        json!({ "flags": 1 << 3 }),
    ];
    for message in wrong {
        assert_ne!(check_message(&message), [""; 0], "{message}");
    }
}

fn label(component: Value) -> Value {
    json!({ "type": 18, "label": "Title", "component": component })
}

fn input(id: &str) -> Value {
    json!({ "type": 4, "custom_id": id, "style": 1 })
}

fn modal(components: Vec<Value>) -> Value {
    json!({ "custom_id": "m", "title": "Declare", "components": components })
}

#[test]
fn a_modal_has_limits_of_its_own() {
    type Make<'m> = &'m dyn Fn(usize) -> Value;
    let asked = |name: &str, member: Value| modal(vec![with(label(input("i")), name, member)]);
    let inside = |name: &str, member: Value| modal(vec![label(with(input("i"), name, member))]);
    let limits: [(&str, Make<'_>, usize); 8] = [
        ("title", &|n| with(modal(vec![label(input("i"))]), "title", json!(of(n))), 45),
        ("custom id", &|n| with(modal(vec![label(input("i"))]), "custom_id", json!(of(n))), 100),
        ("components", &|n| modal((0..n).map(|n| label(input(&n.to_string()))).collect()), 5),
        ("label", &|n| asked("label", json!(of(n))), 45),
        ("description", &|n| asked("description", json!(of(n))), 100),
        ("placeholder", &|n| inside("placeholder", json!(of(n))), 100),
        ("max length", &|n| inside("max_length", json!(n)), 4000),
        ("value", &|n| inside("value", json!(of(n))), 4000),
    ];
    for (what, make, most) in limits {
        assert_eq!(check_modal(&make(most)), [""; 0], "{what}");
        assert_ne!(check_modal(&make(most + 1)), [""; 0], "{what} beyond {most}");
    }
    let wrong = [
        modal(vec![]),
        modal(vec![label(input("same")), label(input("same"))]),
        modal(vec![row(vec![button("b")])]),
        modal(vec![label(with(select(vec![option(1)]), "disabled", json!(false)))]),
        modal(vec![label(with(select(vec![option(1)]), "min_values", json!(0)))]),
        modal(vec![label(with(with(input("i"), "value", json!("four")), "max_length", json!(3)))]),
    ];
    for modal in wrong {
        assert_ne!(check_modal(&modal), [""; 0], "{modal}");
    }
}

fn command(options: Vec<Value>) -> Value {
    json!([{ "name": "inc", "description": "Incidents", "options": options }])
}

fn typed(kind: u64, name: &str) -> Value {
    json!({ "type": kind, "name": name, "description": "d" })
}

/// A command with so many characters in all.
fn sized(characters: usize) -> Value {
    let mut left = characters - "incd".len();
    let mut subcommands = Vec::new();
    while left > 0 {
        left -= "s00d".len();
        let mut options = Vec::new();
        while left > 0 && options.len() < 20 {
            // None may be left with fewer characters than its name has.
            let most = left.min(103);
            let taken = if (1..4).contains(&(left - most)) { most - 4 } else { most };
            options.push(with(typed(3, &format!("o{:02}", options.len())), "description", json!(of(taken - 3))));
            left -= taken;
        }
        let sub = typed(1, &format!("s{:02}", subcommands.len()));
        subcommands.push(with(sub, "options", json!(options)));
    }
    json!([{ "name": "inc", "description": "d", "options": subcommands }])
}

#[test]
fn a_command_has_names_sizes_and_an_order() {
    type Make<'m> = &'m dyn Fn(usize) -> Value;
    let named = |name: String| json!([{ "name": name, "description": "d" }]);
    let many = |kind, n: usize| command((0..n).map(|n| typed(kind, &format!("o{n}"))).collect());
    let choices =
        |n: usize| json!((0..n).map(|n| json!({ "name": format!("c{n}"), "value": "v" })).collect::<Vec<_>>());
    let below = |kind, inner| command(vec![with(typed(kind, "sub"), "options", inner)]);
    let leaves = |n: usize| json!((0..n).map(|n| typed(3, &format!("o{n}"))).collect::<Vec<_>>());
    let limits: [(&str, Make<'_>, usize); 7] = [
        ("name", &|n| named(of(n)), 32),
        ("description", &|n| json!([{ "name": "n", "description": of(n) }]), 100),
        ("options", &|n| many(3, n), 25),
        ("subcommands", &|n| many(1, n), 25),
        ("options of a subcommand", &|n| below(1, leaves(n)), 25),
        ("choices", &|n| command(vec![with(typed(3, "o"), "choices", choices(n))]), 25),
        ("all of it", &sized, 8000),
    ];
    for (what, make, most) in limits {
        assert_eq!(check_commands(&make(most)), [""; 0], "{what}");
        assert_ne!(check_commands(&make(most + 1)), [""; 0], "{what} beyond {most}");
    }
    let needed = with(typed(3, "b"), "required", json!(true));
    let wrong = [
        named("Inc".to_owned()),
        named("a b".to_owned()),
        named(String::new()),
        json!([{ "name": "n" }]),
        json!([{ "name": "n", "description": "d" }, { "name": "n", "description": "d" }]),
        json!([{ "type": 3, "name": "Make a task", "description": "d" }]),
        command(vec![typed(3, "a"), needed]),
        command(vec![typed(3, "a"), typed(3, "a")]),
        command(vec![typed(3, "a"), typed(1, "b")]),
        below(2, json!([typed(3, "a")])),
        below(1, json!([typed(1, "a")])),
        command(vec![with(with(typed(3, "o"), "autocomplete", json!(true)), "choices", choices(1))]),
        command(vec![with(typed(5, "o"), "autocomplete", json!(true))]),
        command(vec![with(typed(4, "o"), "max_length", json!(10))]),
    ];
    for commands in wrong {
        assert_ne!(check_commands(&commands), [""; 0], "{commands}");
    }
    assert_eq!(check_commands(&json!([{ "type": 3, "name": "Make a task" }])), [""; 0]);
}

#[test]
fn live_mentions_are_those_of_the_content_that_are_let_through() {
    let content = "@everyone <@1> <@!2> <@&3> @here \u{200b}";
    let all = json!({ "content": content });
    assert_eq!(live_mentions(&all), ["@everyone", "<@1>", "<@2>", "<@&3>", "@here"]);
    let none = with(all.clone(), "allowed_mentions", json!({ "parse": [] }));
    assert_eq!(live_mentions(&none), [""; 0]);
    let one = with(all.clone(), "allowed_mentions", json!({ "parse": [], "users": ["2"] }));
    assert_eq!(live_mentions(&one), ["<@2>"]);
    let roles = with(all, "allowed_mentions", json!({ "parse": ["roles"] }));
    assert_eq!(live_mentions(&roles), ["<@&3>"]);
    let embedded = json!({ "embeds": [{ "title": "@everyone", "description": "<@1>" }] });
    assert_eq!(live_mentions(&embedded), [""; 0], "an embed pings nobody");
    let v2 =
        json!({ "flags": 1 << 15, "components": [{ "type": 17, "components": [{ "type": 10, "content": "<@1>" }] }] });
    assert_eq!(live_mentions(&v2), ["<@1>"], "a text of components does");
}

#[test]
fn a_picture_shows_what_a_person_sees() {
    let message = json!({
        "content": "look \\*here\\* <@7>",
        "embeds": [{ "title": "INC-1", "url": "https://a.example", "color": 0xed_4245, "description": "Next <t:1795770000:t> in [the room](https://b.example)",
            "fields": [{ "name": "Severity", "value": "SEV1", "inline": true }, { "name": "Status", "value": "triage", "inline": true },
                { "name": "Long", "value": "a\nb" }], "footer": { "text": "retail" } }],
        "components": [row(vec![button("b"), json!({ "type": 2, "style": 4, "label": "Cancel", "custom_id": "c" })]),
            row(vec![with(select(vec![option(1)]), "placeholder", json!("Pick"))])],
    });
    let shown = render_text(&message);
    let expected = "look *here* @7\n┃ #ed4245\n┃ **INC-1** <https://a.example>\n┃ Next 09:00 in the room <https://b.example>\n\
                    ┃ *Severity*: SEV1           *Status*: triage\n┃ *Long*\n┃ a\n┃ b\n┃   ‹retail›\n\
                    [[ Go ]] [ Cancel !]\n[ Pick ▾ ]";
    assert_eq!(shown, expected);
    let asked = with(label(input("i")), "description", json!("what is wrong"));
    let shown = render_text(&modal(vec![asked]));
    assert_eq!(shown, "╭─ Declare ─╮\nTitle\n  │ _ │\n  ‹what is wrong›\n╰─ [ Cancel ] [ Submit ] ─╯");
}
