//! What a template asks for, from lines and forms to values and back.

use super::fields::{changes_nothing, fields, lacks};
use crate::command::inputs::{self, pairs};
use crate::command::words::split;
use crate::command::{Invocation, parse, verb_of};
use crate::comms::template::{File, Known, read};
use crate::comms::{Audience, Locales};
use crate::ids::{IncidentId, PlatformId};
use crate::inbound::Place;
use crate::org::Organisation;
use crate::view::form::Input;
use std::sync::Arc;

const FILE: &str = r#"
name = "A word"
audience = "public"
status = "identified"

[variables.details]
label = "Details"
type = "text"
max = 400

[variables.until]
label = "Until"
type = "duration"
default = "30m"

[variables.impact]
label = "Impact"
type = "choice"
required = true
options = [{ value = "cards", en = "Cards", sv = "Kort" }, { value = "slow", en = "Slow", sv = "Långsamt" }]

[en]
title = "T"
body = "{{impact}} {{until}}{{#if details}} {{details}}{{/if}}"

[sv]
title = "T"
body = "{{impact}} {{until}}{{#if details}} {{details}}{{/if}}"
"#;

fn org() -> Organisation {
    let mut org = Organisation::empty("", "");
    let [first, second] = ["en", "sv"].map(|name| name.parse().expect("a language"));
    let locales = Locales::new(first, [second]);
    let known = Known { audiences: vec!["public".into()], severities: Vec::new(), locales: locales.clone() };
    let (templates, faults) = read(&[File { name: "public-word.toml".into(), text: FILE.into() }], &known);
    assert!(faults.is_empty(), "{faults:?}");
    org.comms.templates = templates.into_iter().map(Arc::new).collect();
    org.comms.audiences = vec![Audience {
        id: "public".into(),
        name: "Customers".into(),
        to: Vec::new(),
        locales,
        waits_for_all: true,
        approval: Vec::new(),
        approvers: Vec::new(),
        clocked: true,
    }];
    org
}

fn typed(line: &str) -> Invocation {
    let place = Place { platform: PlatformId::console(), incident: Some(IncidentId(7)), address: None, forms: true };
    parse::line(line, &org(), &place).expect(line)
}

#[test]
fn a_line_names_the_template_first_and_quotes_stay_with_their_values() {
    let call = typed("comms draft public-word impact=cards details.sv=\"två ord\" --next 30m");
    assert_eq!(call.args["template"], "public-word");
    assert_eq!(
        pairs(&call.args["values"]),
        [("impact".to_owned(), Some("cards".to_owned())), ("details.sv".to_owned(), Some("två ord".to_owned()))]
    );
    let alone = typed("comms edit details=\"two words\"");
    assert_eq!(pairs(&alone.args["values"]), [("details".to_owned(), Some("two words".to_owned()))]);
    assert_eq!(typed("comms edit 3 impact=cards").args["number"], "3");
    assert_eq!(
        Invocation::from_line(&call.clone().on(IncidentId(7)).to_line()),
        Some(call.on(IncidentId(7))),
        "a button holds it"
    );
}

#[test]
fn a_form_asks_first_for_what_it_cannot_do_without_and_for_words_in_each_language() {
    let org = org();
    let template = org.comms.template("public-word").expect("it is there");
    let fields = fields(template, &pairs("details.sv=Hej"), &org);
    let shown: Vec<_> =
        fields.iter().map(|field| (field.name.as_str(), field.required, field.value.as_deref())).collect();
    assert_eq!(
        shown,
        [
            ("impact", true, None),
            ("details", false, None),
            ("until", false, Some("30m")),
            ("details.sv", false, Some("Hej"))
        ]
    );
    let Input::Select(choices) = &fields[0].input else { panic!("a choice") };
    assert_eq!(choices.iter().map(|choice| choice.label.as_str()).collect::<Vec<_>>(), ["Cards", "Slow"]);
    assert!(lacks(template, "details=x") && lacks(template, "impact=") && !lacks(template, "impact=cards"));
}

#[test]
fn a_field_that_was_emptied_says_so() {
    let sent =
        Invocation::of("comms edit").with("number", "3").with("values", "impact=cards").with("values.details", " ");
    let call = sent.gathered();
    assert_eq!(call.args["values"], "impact=cards details=");
}

#[test]
fn a_form_opens_for_a_template_that_lacks_something_and_for_an_edit_that_says_nothing() {
    let org = org();
    assert!(inputs::lacks(&typed("comms draft public-word"), &org));
    assert!(!inputs::lacks(&typed("comms draft public-word impact=slow"), &org));
    assert!(!inputs::lacks(&typed("comms draft"), &org), "one chooses a template first");
    assert!(changes_nothing(&typed("comms edit 3")) && changes_nothing(&typed("comms edit")));
    assert!(!changes_nothing(&typed("comms edit --next 5m")));
}

#[test]
fn what_a_template_asks_for_is_offered_while_somebody_types() {
    let verb = verb_of(&Invocation::of("comms draft")).expect("it is in the table");
    let offered = |line: &str| {
        let offers = inputs::offers(verb, &split(line), &org()).unwrap_or_default();
        offers.into_iter().map(|(value, _)| value).collect::<Vec<_>>()
    };
    assert_eq!(offered("public-word"), ["details=", "until=30m", "impact=cards", "impact=slow"]);
    assert_eq!(offered("public-word impact=cards"), ["details=", "until=30m"]);
    assert_eq!(offered("unknown"), [""; 0]);
}
