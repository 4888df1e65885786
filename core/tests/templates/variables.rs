//! Variables: what is typed, what is kept, what is read; and which languages get it.

use crate::world::{english, facts, file, locale, locales, same, template};
use muster_core::comms::template::{Template, Variable};
use muster_core::comms::{Locales, Value, library};

const EVERY: &str = r#"
name = "Every kind"
audience = "public"
status = "identified"
max = 120

[variables.words]
label = "Words"
type = "text"
max = 20

[variables.choice]
label = "Choice"
type = "choice"
options = [{ value = "card", en = "Cards fail.", sv = "Kort fungerar inte." }]

[variables.number]
label = "Number"
type = "number"

[variables.duration]
label = "Duration"
type = "duration"
default = "1h30m"

[variables.moment]
label = "Moment"
type = "moment"

[variables.url]
label = "Address"
type = "url"

[en]
title = "x"
body = "{{#if words}}{{words}}|{{/if}}{{#if choice}}{{choice}}|{{/if}}{{#if number}}{{number}}|{{/if}}{{#if duration}}{{duration}}|{{/if}}{{#if moment}}{{moment}}|{{/if}}{{#if url}}{{url}}|{{/if}}."

[sv]
title = "x"
body = "{{#if words}}{{words}}|{{/if}}{{#if choice}}{{choice}}|{{/if}}{{#if number}}{{number}}|{{/if}}{{#if duration}}{{duration}}|{{/if}}{{#if moment}}{{moment}}|{{/if}}{{#if url}}{{url}}|{{/if}}."
"#;

fn every() -> Template {
    template(&[file("every.toml", EVERY)])
}

fn variable(name: &str) -> Variable {
    every().variables.into_iter().find(|variable| variable.name == name).expect("the variable")
}

/// What is kept of what was typed at 14:00 in Stockholm on Black Friday, and what a form offers then.
#[track_caller]
fn kept(name: &str, typed: &str) -> (String, String) {
    let variable = variable(name);
    let kept = variable.read(typed, facts().time_zone, facts().began_at).expect("it is taken");
    let offered = variable.typed(&kept, facts().time_zone);
    assert_eq!(
        variable.read(&offered, facts().time_zone, facts().began_at),
        Ok(kept.clone()),
        "what is offered is meant"
    );
    (kept, offered)
}

fn refused(name: &str, typed: &str) -> String {
    variable(name).read(typed, facts().time_zone, facts().began_at).expect_err("it is refused")
}

fn body(template: &Template, values: &muster_core::comms::Values, language: &str) -> Option<String> {
    template
        .fill(values, &facts(), &Locales::new(locale("en"), [locale("sv")]))
        .texts
        .remove(&locale(language))
        .map(|written| written.body)
}

#[test]
fn what_is_typed_is_kept_in_one_way_and_offered_again() {
    assert_eq!(kept("words", " It works\u{202e} \u{7}"), ("It works".into(), "It works".into()));
    assert_eq!(kept("choice", "KORT fungerar inte."), ("card".into(), "card".into()), "by its words in any language");
    assert_eq!(kept("number", "12 000"), ("12000".into(), "12000".into()));
    assert_eq!(kept("duration", "90 min"), ("90m".into(), "1h30m".into()));
    assert_eq!(kept("moment", "18:00"), ("2026-11-27T17:00:00Z".into(), "2026-11-27 18:00".into()));
    assert_eq!(
        kept("url", "https://example.com/Help"),
        ("https://example.com/Help".into(), "https://example.com/Help".into())
    );
}

#[test]
fn what_cannot_be_meant_is_refused_in_one_sentence() {
    let told = [
        refused("words", &"x".repeat(21)),
        refused("words", " \u{202e}"),
        refused("choice", "cart"),
        refused("number", "many"),
        refused("duration", "soon"),
        refused("moment", "later"),
        refused("url", "http://example.com"),
        refused("url", "https://user:secret@example.com"),
        refused("url", "javascript:alert(1)"),
    ];
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn each_language_reads_what_is_kept_in_its_own_way() {
    let mut values = same(&[
        ("choice", "card"),
        ("number", "12000"),
        ("moment", "2026-11-27T17:00:00Z"),
        ("url", "https://example.com/"),
    ]);
    values
        .insert("words".to_owned(), Value::Each([(locale("en"), "Hello".into()), (locale("sv"), "Hej".into())].into()));
    let english = "Hello|Cards fail.|12,000|1 hour 30 minutes|Fri 27 Nov, 18:00 CET|https://example.com/|.";
    let swedish =
        "Hej|Kort fungerar inte.|12\u{a0}000|1 timme 30 minuter|fre 27 nov kl. 18:00 CET|https://example.com/|.";
    assert_eq!(
        (body(&every(), &values, "en"), body(&every(), &values, "sv")),
        (Some(english.into()), Some(swedish.into()))
    );
}

#[test]
fn a_default_is_there_until_somebody_takes_it_away() {
    assert_eq!(body(&every(), &same(&[]), "en").as_deref(), Some("1 hour 30 minutes|."));
    assert_eq!(body(&every(), &same(&[("duration", "")]), "en").as_deref(), Some("."));
}

/// What was kept may be older than the template.
#[test]
fn what_is_kept_and_not_taken_any_more_is_as_if_it_were_not_there() {
    let stale =
        same(&[("choice", "cheque"), ("number", "x"), ("moment", "18:00"), ("url", "http://x"), ("duration", "x")]);
    assert_eq!(body(&every(), &stale, "sv").as_deref(), Some("."));
}

#[test]
fn words_in_one_language_are_no_words_in_another() {
    let said = |language| body(&every(), &same(&[("words", "Hello"), ("duration", "")]), language);
    assert_eq!((said("en").as_deref(), said("sv").as_deref()), (Some("Hello|."), Some(".")));
    let free =
        library::templates(&library::own()).into_iter().find(|template| template.id == "public-free").expect("it");
    let filled = free.fill(&same(&[("headline", "Hello"), ("words", "World")]), &facts(), &locales());
    assert_eq!(filled.texts.len(), 1, "{filled:?}");
    assert!(filled.missing.iter().all(|missing| missing.blocks && missing.locale != locale("en")), "{filled:?}");
}

#[test]
fn what_is_too_long_for_where_it_goes_is_not_sent() {
    let text = |body: &str, max: &str| {
        let heading = format!("name = \"x\"\naudience = \"public\"\nstatus = \"identified\"\n{max}");
        template(&[file("x.toml", &format!("{heading}\n[en]\ntitle = \"Title\"\nbody = \"{body}\"\n"))])
    };
    let missing = |template: &Template| {
        let filled = template.fill(&same(&[]), &facts(), &english());
        filled.missing.into_iter().map(|missing| missing.what).collect::<Vec<_>>()
    };
    assert_eq!(missing(&text(&"å".repeat(54), "max = 60")), Vec::<String>::new());
    assert_eq!(missing(&text(&"å".repeat(55), "max = 60")), ["title and text of at most 60 characters, not 61"]);
    assert_eq!(missing(&text(&"å".repeat(5_001), "")), ["a text of at most 5000 characters, not 5001"]);
    assert_eq!(missing(&text("{{#if sites}}x{{/if}}", "")), ["a text"]);
}
