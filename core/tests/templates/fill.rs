//! What comes out of a template: whole in a language, or not at all in it.

use crate::world::{english, facts, file, locale, locales, same, template};
use muster_core::comms::{Locale, Value, Written};

const CARDS: &str = r#"
name = "Cards do not work"
audience = "public"
status = "investigating"

[variables.impact]
label = "What does not work"
type = "choice"
required = true
options = [
  { value = "card", en = "paying by card", sv = "att betala med kort", de = "Kartenzahlung" },
  { value = "slow", en = "the web shop", sv = "webbutiken", de = "der Online-Shop" },
]

[variables.details]
label = "More about it"
type = "text"

[en]
title = "Problems with {{impact}}"
body = """
We know of problems with {{impact}} ({{components}}) since {{began}}.

{{#if details}}
{{details}}
{{/if}}

{{#each components}}
- {{this}}
{{/each}}

Next update: {{next_update}}. {{> thanks}}
"""

[sv]
title = "Problem med {{impact}}"
body = """
Vi har problem med {{impact}} ({{components}}) sedan {{began}}.

{{#if details}}{{details}}{{else}}Vi undersöker saken.{{/if}}

Nästa besked: {{next_update}}. {{> thanks}}
"""
"#;

const THANKS: &str = r#"
[en]
text = "Thank you for your patience{{#if components}}!{{/if}}"
[sv]
text = "Tack för ert tålamod!"
"#;

fn cards() -> muster_core::comms::template::Template {
    template(&[file("cards.toml", CARDS), file("partials/thanks.toml", THANKS)])
}

#[test]
fn a_template_says_everything_in_each_language_or_nothing_in_it() {
    let mut values = same(&[("impact", "card")]);
    let details = [("en", "Cash works.\u{202e}"), ("sv", "Kontanter fungerar.")];
    let details = details.map(|(language, said)| (locale(language), said.to_owned()));
    values.insert("details".to_owned(), Value::Each(details.into()));
    let filled = cards().fill(&values, &facts(), &locales());
    let english = Written {
        title: "Problems with paying by card".to_owned(),
        body: "We know of problems with paying by card (Card payments and Web shop) since Fri 27 Nov, 14:00 CET.\n\n\
               Cash works.\n\n- Card payments\n- Web shop\n\nNext update: Fri 27 Nov, 14:30 CET. Thank you for your patience!"
            .to_owned(),
    };
    assert_eq!(filled.texts.get(&locale("en")), Some(&english));
    let swedish = filled.texts.get(&locale("sv")).map(|written| written.body.as_str());
    assert_eq!(
        swedish,
        Some(
            "Vi har problem med att betala med kort (Kortbetalning och Webbutiken) sedan fre 27 nov kl. 14:00 CET.\n\n\
             Kontanter fungerar.\n\nNästa besked: fre 27 nov kl. 14:30 CET. Tack för ert tålamod!"
        )
    );
    assert_eq!(filled.texts.len(), 2);
    let missing: Vec<_> =
        filled.missing.iter().map(|missing| (missing.locale.as_str(), missing.what.as_str())).collect();
    assert_eq!(missing, [("de", "the translation")]);
}

#[test]
fn what_is_said_in_one_language_alone_is_missing_in_the_others() {
    let mut values = same(&[("impact", "card")]);
    values.insert("details".to_owned(), Value::Each([(locale("en"), "Cash works.".to_owned())].into()));
    let filled = cards().fill(&values, &facts(), &locales());
    assert_eq!(filled.texts.keys().map(Locale::as_str).collect::<Vec<_>>(), ["en"]);
    let missing: Vec<_> =
        filled.missing.iter().map(|missing| (missing.locale.as_str(), missing.what.as_str())).collect();
    assert_eq!(missing, [("sv", "More about it"), ("de", "the translation")]);
}

#[test]
fn what_is_not_filled_in_is_told_by_its_label_and_nothing_is_half_said() {
    let facts = muster_core::comms::template::Facts { next_at: None, ..facts() };
    let filled = cards().fill(&same(&[]), &facts, &english());
    assert!(filled.texts.is_empty());
    let missing: Vec<_> = filled.missing.iter().map(|missing| missing.what.as_str()).collect();
    assert_eq!(missing, ["What does not work", "when the next update is"]);
}

#[test]
fn a_wide_outage_has_a_title_all_the_same() {
    let names: Vec<String> = (1..=30).map(|number| format!("Component number {number}")).collect();
    let facts = muster_core::comms::template::Facts { components: [(locale("en"), names)].into(), ..facts() };
    let text = "name = \"x\"\naudience = \"public\"\nstatus = \"identified\"\n[en]\ntitle = \"Out: {{components}}\"\nbody = \"{{components}}\"";
    let filled = template(&[file("x.toml", text)]).fill(&same(&[]), &facts, &english());
    let written = &filled.texts[&locale("en")];
    assert!(
        written.title.ends_with("Component number 5 and 25 more") && written.body.ends_with("and Component number 30"),
        "{written:?}"
    );
}
