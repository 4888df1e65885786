//! The library that Muster brings: every template filled in, in every language, as customers read it.

use crate::world::{facts, locale, locales};
use insta::assert_snapshot;
use muster_core::comms::library;
use muster_core::comms::template::{Facts, Purpose, Template, Variable, VariableKind, read};
use muster_core::comms::{Locales, PublicStatus, Value, Values};
use std::fmt::Write;

fn templates() -> Vec<Template> {
    let (templates, faults) = read(&library::files(), &library::own());
    assert!(faults.is_empty(), "{faults:#?}");
    templates
}

/// What somebody could fill in: the first option, and words that are recognised in the snapshot.
fn sample(variable: &Variable) -> Value {
    match &variable.kind {
        VariableKind::Text { .. } => {
            let words = |tag: &str| format!("‹{} {tag}›", variable.name);
            Value::Each(locales().iter().map(|locale| (locale.clone(), words(locale.as_str()))).collect())
        }
        VariableKind::Choice { options } => Value::Same(options[0].0.clone()),
        VariableKind::Number => Value::Same("1200".to_owned()),
        VariableKind::Duration => Value::Same("90m".to_owned()),
        VariableKind::Moment => Value::Same("2026-11-27T15:10:00Z".to_owned()),
        VariableKind::Url => Value::Same("https://status.example.com/incidents/INC-7/".to_owned()),
    }
}

fn shown(template: &Template, values: &Values, facts: &Facts) -> String {
    let filled = template.fill(values, facts, &locales());
    let mut shown = String::new();
    for locale in locales().iter() {
        let written = &filled.texts[locale];
        write!(shown, "── {} · {locale}\n{}\n\n{}\n\n", template.id, written.title, written.body).expect("text");
    }
    for missing in &filled.missing {
        writeln!(shown, "missing in {}: {}", missing.locale, missing.what).expect("text");
    }
    shown
}

#[test]
fn every_template_is_whole_in_every_language() {
    let mut all = String::new();
    for template in templates() {
        let values = template.variables.iter().map(|variable| (variable.name.clone(), sample(variable))).collect();
        all.push_str(&shown(&template, &values, &facts()));
    }
    assert_snapshot!("whole", all);
}

/// Nothing optional is filled in, and Muster knows the least it can know.
#[test]
fn every_template_reads_well_with_as_little_as_possible() {
    let mut all = String::new();
    for template in templates() {
        let required = template.variables.iter().filter(|variable| variable.required);
        let values = required.map(|variable| (variable.name.clone(), sample(variable))).collect();
        let window = facts().window.filter(|_| template.status.is_of_maintenance());
        let least = Facts { components: [].into(), next_at: None, window, ..facts() };
        all.push_str(&shown(&template, &values, &least));
    }
    assert_snapshot!("least", all);
}

#[test]
fn each_status_and_severity_and_audience_has_its_words() {
    let templates = templates();
    for status in PublicStatus::ALL {
        let found = templates.iter().any(|template| template.audience == "public" && template.status == status);
        assert!(found, "{}", status.word());
    }
    for severity in library::own().severities {
        let holding: Vec<_> = templates
            .iter()
            .filter(|template| template.purpose == Purpose::Holding && template.severities.contains(&severity))
            .collect();
        assert!(matches!(holding[..], [only] if only.preapproved && only.variables.is_empty()), "{severity}");
    }
    for audience in ["business", "stores", "support", "executives", "regulators", "social"] {
        let of = templates.iter().filter(|template| template.audience == audience);
        let statuses: Vec<_> = of.map(|template| template.status).collect();
        assert_eq!(
            statuses,
            [PublicStatus::Investigating, PublicStatus::Resolved, PublicStatus::Identified],
            "{audience}"
        );
    }
}

/// What was chosen for the first word fits the last one.
#[test]
fn what_was_wrong_is_what_works_again() {
    let options = |id: &str| {
        let template = templates().into_iter().find(|template| template.id == id).expect("the template");
        let impact = template.variables.into_iter().find(|variable| variable.name == "impact").expect("the variable");
        let VariableKind::Choice { options } = impact.kind else { panic!("a choice") };
        options.into_iter().map(|(value, _)| value).collect::<Vec<_>>()
    };
    assert_eq!(options("public-investigating"), options("public-resolved"));
}

/// The longest description of an option in Slack has 75 characters: <https://docs.slack.dev/reference/block-kit/composition-objects/option-object/>.
#[test]
fn every_option_fits_a_menu_and_a_post() {
    for template in templates() {
        for variable in &template.variables {
            let VariableKind::Choice { options } = &variable.kind else { continue };
            for words in options.iter().flat_map(|(_, words)| words.values()) {
                assert!(words.chars().count() <= 75, "{}: {words}", template.id);
            }
        }
        if template.audience != "social" {
            continue;
        }
        let choices = |variable: &Variable| match &variable.kind {
            VariableKind::Choice { options } => options.iter().map(|(value, _)| Value::Same(value.clone())).collect(),
            VariableKind::Text { .. }
            | VariableKind::Number
            | VariableKind::Duration
            | VariableKind::Moment
            | VariableKind::Url => vec![sample(variable)],
        };
        for turn in 0..12 {
            let pick = |variable: &Variable| {
                let values = choices(variable);
                (variable.name.clone(), values[turn % values.len()].clone())
            };
            let filled = template.fill(&template.variables.iter().map(pick).collect(), &facts(), &locales());
            assert_eq!(filled.missing, [], "{}", template.id);
        }
    }
}

#[test]
fn a_config_gets_the_templates_it_has_audiences_and_severities_for() {
    let known = muster_core::comms::template::Known {
        audiences: vec!["public".to_owned()],
        severities: ["Sev1", "P2"].map(muster_core::ids::SeverityKey::from).to_vec(),
        locales: Locales::new(locale("fi"), []),
    };
    let templates = library::templates(&known);
    assert!(templates.iter().all(|template| template.audience == "public"));
    let holding: Vec<_> = templates
        .iter()
        .filter(|template| template.purpose == Purpose::Holding)
        .map(|template| &template.severities)
        .collect();
    assert_eq!(holding, [&vec![muster_core::ids::SeverityKey::from("Sev1")]], "spelled as the config does");
    let files = library::files_for(&known);
    assert!(files.iter().any(|file| file.name == "public-holding-sev1.toml"));
    assert!(!files.iter().any(|file| file.name.starts_with("stores-") || file.name.ends_with("sev2.toml")));
    assert_eq!(templates.len() + 14, files.len(), "with every list and partial");
}
