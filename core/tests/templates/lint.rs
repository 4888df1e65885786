//! What is told of templates that are at fault: where, what, and what to write instead; all at once.

use crate::world::{english, file, known};
use insta::assert_snapshot;
use muster_core::comms::template::{File, Purpose, lacking, read};
use muster_core::comms::{Audience, Destination, library};

#[track_caller]
fn faults(files: &[File]) -> String {
    let (templates, faults) = read(files, &known());
    assert!(templates.is_empty(), "{templates:?}");
    faults.iter().map(|fault| format!("{fault}\n")).collect()
}

/// A sound template with this for an English body.
fn with_body(body: &str) -> File {
    let heading = "name = \"x\"\naudience = \"public\"\nstatus = \"identified\"\n";
    file("test.toml", &format!("{heading}[en]\ntitle = \"x\"\nbody = \"\"\"\n{body}\"\"\"\n"))
}

const WRONG: &str = r#"
name = "Everything is wrong"
audience = "publik"
status = "investigatin"
severities = ["sev1", "sev9"]
preapproved = true
purpose = "holding"
max = 10
colour = "red"

[variables.impact]
label = "What customers notice"
type = "choice"
required = true
options = [{ value = "card", en = "Cards" }, { value = "card", en = "Cards again", xx-yyy = "?" }]

[variables.details]
label = "More"
type = "text"
default = "nothing"

[variables.status]
label = "Where things stand"
type = "choise"

[variables."Not A Name"]
label = "x"
type = "number"
max = 3
default = "many"

[variables.unused]
label = "Nobody says it"
type = "url"
default = "http://example.com"

[variables.page]
label = "Where to read"
type = "choice"
options = "pages"

[en]
title = "{{impakt}}"
body = """
{{page}}

{{> contct}}
{{#if unknown}}x{{/if}}
"""
boddy = "x"

[sv]
title = "{{impact}}"

[sw]
title = "x"
body = "x"
"#;

#[test]
fn everything_wrong_with_a_template_is_told_at_once() {
    let partial = file("partials/contact.toml", "[en]\ntext = \"{{> contact}} {{nonsense}}\"\n[sv]\ntexxt = \"x\"\n");
    let list = file("choices/page.toml", "[[option]]\nvalue = \"a\"\nen = \"A\"\n");
    assert_snapshot!(faults(&[file("public-wrong.toml", WRONG), partial, list]));
}

#[test]
fn what_is_no_toml_is_told_with_its_line() {
    let broken = file("broken.toml", "name = \"x\"\naudience = public\n");
    let named = file("Not a name.toml", "name = \"x\"\n");
    let elsewhere = file("old/public.toml", "name = \"x\"\n");
    assert_snapshot!(faults(&[broken, named, elsewhere]));
}

#[test]
fn each_thing_that_may_not_be_in_a_text_is_told_with_its_line() {
    let refused = [
        "fine\n{{{organisation}}}",
        "{{&organisation}}",
        "{{*organisation}}",
        "{{#*inline \"x\"}}{{/inline}}",
        "{{#> contact}}{{/contact}}",
        "{{{{raw}}}} {{{{/raw}}}}",
        "{{> (lookup . 'x')}}",
        "{{> contact name=1}}",
        "{{lookup this 'x'}}",
        "{{log organisation}}",
        "{{#with organisation}}{{/with}}",
        "{{#if (eq 1 1)}}x{{/if}}",
        "{{#if organisation includeZero=true}}x{{/if}}",
        "{{../organisation}}",
        "{{@root.organisation}}",
        "{{this.organisation}}",
        "{{organisation.length}}",
        "{{[organisation]}}",
        "{{\"organisation\"}}",
        "{{this}}",
        "{{else}}",
        "{{#if organisation}}x{{else if status}}y{{/if}}",
        "{{#if organisation}}x{{else}}y{{else}}z{{/if}}",
        "{{#each organisation}}{{this}}{{/each}}",
        "{{#each components as |one|}}{{one}}{{/each}}",
        "{{#each components}}{{organisation}}{{/each}}",
        "{{#each components}}{{#each sites}}{{this}}{{/each}}{{/each}}",
        "{{#if organisation}}\n\nnever closed",
        "{{#if organisation}}{{/unless}}",
        "text {{/if}}",
        "{{organisation",
        "\\\\{{organisation}}",
        "{{! a comment with {{braces}} }}",
        "{{!-- a comment that ends too soon }}",
        "{{}}",
        "{{ORGANISATION}}",
        "{{orgänisation}}",
        "{{organization}}",
    ];
    let told: String = refused.iter().map(|body| format!("{body}\n  {}", faults(&[with_body(body)]))).collect();
    assert_snapshot!(told);
}

#[test]
fn what_is_too_much_is_refused_before_anybody_parses_it() {
    let nested = |depth: usize| "{{#if organisation}}".repeat(depth) + &"{{/if}}".repeat(depth);
    let (sound, _) = read(&[with_body(&nested(8))], &known());
    assert_eq!(sound.len(), 1, "eight are not too deep");
    let long = "x".repeat(24_001);
    let whole = "x".repeat(140_000);
    let told = [
        faults(&[with_body(&nested(9))]),
        faults(&[with_body(&"{{organisation}}".repeat(201))]),
        faults(&[with_body(&format!("{{{{{}}}}}", "x".repeat(100)))]),
        faults(&[with_body(&long)]),
        faults(&[file("long.toml", &whole)]),
        faults(&[file("deep.toml", &format!("x = {}", "[".repeat(100_000)))]),
    ];
    assert_snapshot!(told.concat());
}

/// A partial that puts nothing in can still be put in often.
#[test]
fn partials_cannot_be_a_bomb() {
    let big = file("partials/big.toml", &format!("[en]\ntext = \"{}\"\n", "x".repeat(10_000)));
    let told = faults(&[big, with_body("{{> big}}{{> big}}\n{{> big}}")]);
    let own = file("partials/own.toml", "[en]\ntext = \"\"\"\n\n{{> own}}\"\"\"\n");
    assert_snapshot!(told + &faults(&[own, with_body("{{> own}}")]));
}

#[test]
fn two_statements_for_one_click_are_one_too_many() {
    let holding = |name: &str, severities: &str| {
        let heading = "name = \"x\"\naudience = \"public\"\nstatus = \"investigating\"\npreapproved = true\npurpose = \"holding\"\n";
        file(name, &format!("{heading}severities = {severities}\n[en]\ntitle = \"x\"\nbody = \"x\"\n"))
    };
    let (sound, faults) =
        read(&[holding("a.toml", "[\"sev1\"]"), holding("b.toml", "[\"sev2\"]"), holding("c.toml", "[]")], &known());
    assert_eq!(sound.iter().map(|template| template.id.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    assert_snapshot!(faults[0].to_string(), @"c.toml:5:1: purpose: `a` is there for that already; give them different severities");
}

#[test]
fn what_nobody_looks_at_before_it_goes_out_is_approved_beforehand_and_asks_for_nothing() {
    let of = |purpose: &str, rest: &str| {
        let heading =
            format!("name = \"x\"\naudience = \"public\"\nstatus = \"investigating\"\npurpose = \"{purpose}\"\n");
        let asks = "[variables.a]\nlabel = \"A\"\ntype = \"number\"\nrequired = true\n";
        file("test.toml", &format!("{heading}{rest}{asks}[en]\ntitle = \"x\"\nbody = \"{{{{a}}}}\"\n"))
    };
    let told = [
        faults(&[of("retraction", "")]),
        faults(&[of("reminder", "preapproved = true\n")]),
        faults(&[of("called_off", "")]),
        faults(&[of("retractoin", "")]),
    ];
    assert_snapshot!(told.concat());
}

#[test]
fn an_audience_lacks_what_nothing_can_tell_it() {
    let public = |clocked| Audience {
        id: "public".to_owned(),
        name: "Customers".to_owned(),
        to: vec![Destination::Page],
        locales: english(),
        waits_for_all: true,
        approval: Vec::new(),
        approvers: Vec::new(),
        clocked,
    };
    let of = |status: &str| {
        let heading = format!("name = \"x\"\naudience = \"public\"\nstatus = \"{status}\"\n");
        let (templates, faults) =
            read(&[file("x.toml", &format!("{heading}[en]\ntitle = \"x\"\nbody = \"x\"\n"))], &known());
        assert_eq!(faults, []);
        templates
    };
    use Purpose::{CalledOff, Free, Holding, NewEnd, Reminder, Retraction, Word};
    assert_eq!(lacking(&public(true), &[]), [Word, Holding, Free, Retraction]);
    assert_eq!(lacking(&public(false), &of("resolved")), [Free, Retraction], "nobody waits for its first word");
    let of_work = lacking(&public(false), &of("scheduled"));
    assert_eq!(of_work, [Free, Retraction, Reminder, NewEnd, CalledOff], "work is announced to it");
    assert_eq!(lacking(&public(true), &library::templates(&known())), []);
}
