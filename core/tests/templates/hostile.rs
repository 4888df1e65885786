//! Hostile templates and values: each is text, or refused with its place; and the process lives.

use crate::world::{english, facts, file, known, locale, template};
use muster_core::comms::Value;
use muster_core::comms::template::{BODY, File, TITLE, read};
use muster_core::plain::trimmed;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use std::collections::HashMap;
use std::process::Command;

/// What somebody who means harm writes, and what is fine among it.
const PIECES: [&str; 60] = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "&lt;b&gt;&amp;",
    "<!channel> <!here> <@U12345> <#C12345>",
    "@everyone @here <@&1234567890>",
    "*bold* _italic_ ~strike~ `code` ```block```",
    "[click](javascript:alert(1))",
    "<https://evil.example|https://bank.example>",
    "\\n\\r\\u0000 $(rm -rf /) `id` ; --",
    "'; DROP TABLE message; --",
    "\u{202e}txet desrever\u{202c}",
    "\u{2066}isolated\u{2069}\u{feff}",
    "\u{0}\u{1}\u{7}\u{1b}[31mred",
    "Z\u{310}a\u{353}l\u{34e}g\u{31b}o\u{341}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}",
    "👩‍👩‍👧‍👦 🏴‍☠️ ﷽ 𒐫",
    "\r\nBcc: everybody@example.com\r\n\r\n",
    "\u{2028}\u{2029}\u{85}",
    "{{organisation}}",
    "{{ began }}",
    "{{~status~}}",
    "{{#if components}}{{components}}{{else}}nothing{{/if}}",
    "{{#unless sites}}everywhere{{/unless}}",
    "{{#each components}}- {{this}}\n{{/each}}",
    "{{> fine}}",
    "{{! a comment }}",
    "{{!-- a comment --}}",
    "plain words",
    "\n\n\n\n\n   \n",
    "{{{organisation}}}",
    "{{&organisation}}",
    "{{{{raw}}}}{{organisation}}{{{{/raw}}}}",
    "{{#*inline \"fine\"}}x{{/inline}}",
    "{{*decorator}}",
    "{{> (lookup . \"fine\")}}",
    "{{> ../../etc/passwd}}",
    "{{> @partial-block}}",
    "{{#> fine}}x{{/fine}}",
    "{{lookup components 0}}",
    "{{log organisation}}",
    "{{#with this}}{{constructor}}{{/with}}",
    "{{__proto__.constructor}}",
    "{{../../organisation}}",
    "{{@root.organisation}}",
    "{{@index}}{{@first}}",
    "{{this}}{{.}}{{this.length}}",
    "{{#each this}}{{this}}{{/each}}",
    "{{#if (not (not (not organisation)))}}x{{/if}}",
    "{{organisation (((((((((((((((((((",
    "{{x [[[[[[[[[[[[[[[[[[[[[[[[[",
    "{{x {{{{{{{{{{{{{{{{{{",
    "{{#if components}}",
    "{{/if}}{{/each}}",
    "{{else}}",
    "{{#each components as |a b|}}{{a}}{{/each}}",
    "{{",
    "}}",
    "{{}}",
    "\\{{organisation}}",
    "{{!",
    "{{!--",
];

/// So many of a piece in a row, now and then.
const MANY: [usize; 8] = [1, 1, 1, 1, 1, 3, 300, 5_000];

fn text(random: &mut StdRng) -> String {
    let count = random.random_range(1..5);
    let piece = |random: &mut StdRng| {
        let fine = random.random_bool(0.6);
        let piece = if fine { PIECES[..28].choose(random) } else { PIECES.choose(random) };
        piece.expect("a piece").repeat(*MANY.choose(random).expect("a number"))
    };
    (0..count).map(|_| piece(random)).collect()
}

fn in_toml(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// A template with a hostile part, in one of the places where there can be one.
fn hostile(random: &mut StdRng) -> Vec<File> {
    let mut said = ["Fine", "fine", "fine", "Fine"].map(str::to_owned);
    said[random.random_range(0..4)] = text(random);
    let [title, body, partial, name] = said;
    let (title, partial, name) = (in_toml(&title), in_toml(&partial), in_toml(&name));
    let body = in_toml(&format!("{{{{#if v}}}}{{{{v}}}}{{{{/if}}}} {{{{> fine}}}} {body}"));
    let heading = format!("name = {name}\naudience = \"public\"\nstatus = \"identified\"\n");
    let variable = "[variables.v]\nlabel = \"V\"\ntype = \"text\"\nmax = 2000\n";
    let template = format!("{heading}{variable}[en]\ntitle = {title}\nbody = {body}\n");
    vec![file("hostile.toml", &template), file("partials/fine.toml", &format!("[en]\ntext = {partial}\n"))]
}

/// The words of a text: what spaces are between them does not matter.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn each(value: &str) -> muster_core::comms::Values {
    [("v".to_owned(), Value::Each([(locale("en"), value.to_owned())].into()))].into()
}

#[test]
fn two_hundred_hostile_templates_are_text_or_refused_with_their_place() {
    let (mut sound, mut refused, mut empty) = (0, 0, 0);
    for seed in 0..200 {
        let random = &mut StdRng::seed_from_u64(seed);
        let files = hostile(random);
        let (templates, faults) = read(&files, &known());
        for fault in &faults {
            let file = files.iter().find(|file| file.name == fault.file).expect("a file of the folder");
            assert!((1..=file.text.lines().count()).contains(&fault.line), "seed {seed}: {fault}");
            assert!(!fault.what.is_empty() && !fault.what.contains('\n'), "seed {seed}: {fault}");
        }
        assert_eq!(templates.is_empty(), !faults.is_empty(), "seed {seed}");
        let Some(template) = templates.first() else {
            refused += 1;
            continue;
        };
        let filled = template.fill(&each(&text(random)), &facts(), &english());
        let Some(written) = filled.texts.get(&locale("en")) else {
            assert!(!filled.missing.is_empty(), "seed {seed}: no text, and nothing is said to be missing");
            empty += 1;
            continue;
        };
        sound += 1;
        assert!(written.title.chars().count() <= TITLE && written.body.chars().count() <= BODY, "seed {seed}");
        assert!(!written.title.contains('\n'), "seed {seed}");
        assert_eq!(written.body, trimmed(&written.body), "seed {seed}: nothing that cannot be shown");
    }
    assert!(sound >= 40 && refused >= 40 && empty >= 5, "{sound} sound, {refused} refused, {empty} without a text");
}

#[test]
fn two_hundred_hostile_values_are_said_as_they_are_and_never_read() {
    let files = "name = \"x\"\naudience = \"public\"\nstatus = \"identified\"\n[variables.v]\nlabel = \"V\"\ntype = \"text\"\nrequired = true\n\
                 max = 2000\n[en]\ntitle = \"x\"\nbody = \"A {{v}} Z\"\n";
    let template = template(&[file("x.toml", files)]);
    let (mut said, mut refused) = (0, 0);
    for seed in 0..200 {
        let value = text(&mut StdRng::seed_from_u64(seed));
        let filled = template.fill(&each(&value), &facts(), &english());
        let kept = template.variables[0].read(&value, facts().time_zone, facts().began_at);
        match filled.texts.get(&locale("en")) {
            Some(written) => {
                assert_eq!(words(&written.body), words(&format!("A {} Z", trimmed(&value))), "seed {seed}");
                assert_eq!(kept, Ok(trimmed(&value)), "seed {seed}: a form takes it");
                said += 1;
            }
            None => {
                assert_eq!(filled.missing[0].what, "V", "seed {seed}");
                assert!(kept.is_err(), "seed {seed}: a form refuses it with a sentence");
                refused += 1;
            }
        }
    }
    assert!(said >= 80 && refused >= 20, "{said} said, {refused} refused");
}

/// Names what is to be read, in the process that is to end.
const CHILD: &str = "MUSTER_TEMPLATES_ALONE";

/// What would end a process by handlebars alone is refused here. The same test runs once more as a process of its own, to end.
#[test]
fn what_ends_a_process_by_handlebars_alone_is_refused() {
    let blocks = "{{#if organisation}}".repeat(1_500) + &"{{/if}}".repeat(1_500);
    let brackets = format!("{{{{#if {}organisation{}}}}}{{{{/if}}}}", "(not ".repeat(1_500), ")".repeat(1_500));
    let nasty = [("blocks", blocks), ("brackets", brackets)];
    if let Ok(which) = std::env::var(CHILD) {
        let (_, text) = nasty.iter().find(|(name, _)| *name == which).expect("one of them");
        let _ = handlebars::Handlebars::new().render_template(text, &HashMap::from([("organisation", true)]));
        return;
    }
    for (which, text) in nasty {
        let mut alone = Command::new(std::env::current_exe().expect("this test"));
        alone.args(["--exact", "hostile::what_ends_a_process_by_handlebars_alone_is_refused"]).env(CHILD, which);
        // As much as the first thread of a program usually has: with less the parser itself may notice in time.
        alone.env("RUST_MIN_STACK", (8 * 1_024 * 1_024).to_string());
        let ended = alone.output().expect("it runs").status;
        assert_eq!(ended.code(), None, "{which}: ended by a signal, as the stack is at its end");
        let heading = "name = \"x\"\naudience = \"public\"\nstatus = \"identified\"\n[en]\ntitle = \"x\"\n";
        let template = format!("{heading}body = {}\n", in_toml(&text));
        let (templates, faults) = read(&[file("nasty.toml", &template)], &known());
        assert!(templates.is_empty() && faults[0].line == 6, "{faults:?}");
    }
}
