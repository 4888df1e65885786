//! What a template is: for whom, where it says that things stand, who must look at it. And whether its parts go together.

use super::super::{Known, Template, Variable, VariableKind};
use super::body::{self, Body};
use super::variables::{self, Declared};
use super::{Around, Reader};
use crate::comms::{Locale, PublicStatus};
use crate::ids::SeverityKey;
use crate::section::Section;
use crate::section::problem::did_you_mean;
use std::collections::BTreeMap;

/// The shortest and longest limit of a whole message, in characters.
const MAX: std::ops::RangeInclusive<i64> = 60..=5_000;

/// Reads a template.
pub(super) fn template(reader: &Reader<'_, '_>, id: &str, around: &Around<'_>) -> Option<Template> {
    let root = &reader.root;
    let name = root.required("name", "We are looking into it").map(|name| variables::short(root, "name", &name));
    let audience = audience(root, around.known);
    let status = status(root);
    let severities = severities(root, around.known);
    let preapproved = root.flag("preapproved").unwrap_or(false);
    let holding = root.flag("holding").unwrap_or(false);
    if holding && !preapproved {
        root.problem(
            root.place("holding"),
            "holding",
            "a holding statement goes out by one click; write preapproved = true, too",
        );
    }
    let max = root.number("max", MAX).and_then(|max| usize::try_from(max).ok());
    let declared = variables::all(root, (preapproved, holding), around.lists);
    let variables: Vec<Variable> = declared.iter().map(|declared| declared.variable.clone()).collect();
    let bodies = body::all(reader, &variables, around);
    check_use(root, &declared, &bodies);
    check_options(root, &declared, &bodies);
    let sources = bodies.into_iter().map(|(locale, body)| (locale, body.source)).collect();
    let template = Template {
        id: id.to_owned(),
        name: name?,
        audience: audience?,
        status: status?,
        severities,
        preapproved,
        holding,
        max,
        variables,
        sources,
    };
    check_others(root, &template, around.others);
    Some(template)
}

fn audience(root: &Section<'_, '_>, known: &Known) -> Option<String> {
    let typed = root.required("audience", "public")?;
    let found = known.audiences.iter().find(|audience| *audience == typed.get_ref());
    if found.is_none() {
        let near = did_you_mean(typed.get_ref(), known.audiences.iter().map(String::as_str));
        root.problem(
            typed.span(),
            "audience",
            format!("there is no audience “{}” in the config{near}", typed.get_ref()),
        );
    }
    found.cloned()
}

fn status(root: &Section<'_, '_>) -> Option<PublicStatus> {
    root.required("status", "investigating")?;
    root.choice("status", &PublicStatus::ALL.map(|status| (status.word(), status)))
}

fn severities(root: &Section<'_, '_>, known: &Known) -> Vec<SeverityKey> {
    let typed = root.texts("severities").unwrap_or_default();
    let find = |typed: &toml::Spanned<String>| {
        let found = known.severities.iter().find(|severity| severity.as_str().eq_ignore_ascii_case(typed.get_ref()));
        if found.is_none() {
            let near = did_you_mean(typed.get_ref(), known.severities.iter().map(SeverityKey::as_str));
            root.problem(
                typed.span(),
                "severities",
                format!("there is no severity “{}” in the config{near}", typed.get_ref()),
            );
        }
        found.cloned()
    };
    typed.iter().filter_map(find).collect()
}

/// What is asked for is said, and in every language alike.
fn check_use(root: &Section<'_, '_>, declared: &[Declared], bodies: &BTreeMap<Locale, Body>) {
    for Declared { variable, at } in declared {
        let uses = |body: &&Body| body.used.contains(&variable.name);
        let key = format!("variables.{}", variable.name);
        if !bodies.is_empty() && !bodies.values().any(|body| uses(&body)) {
            root.problem(
                at.clone(),
                &key,
                format!("nothing says it; write {{{{{}}}}} in the texts, or leave it out", variable.name),
            );
            continue;
        }
        for (locale, body) in bodies.iter().filter(|(_, body)| !uses(body)) {
            let what = format!(
                "other languages say `{0}`, and this one does not; write {{{{{0}}}}} in it, too",
                variable.name
            );
            root.problem(body.at.clone(), locale.as_str(), what);
        }
    }
}

/// Every option has words in every language that the template has.
fn check_options(root: &Section<'_, '_>, declared: &[Declared], bodies: &BTreeMap<Locale, Body>) {
    for Declared { variable, at } in declared {
        let VariableKind::Choice { options } = &variable.kind else { continue };
        for (value, words) in options {
            for locale in bodies.keys().filter(|locale| !words.contains_key(locale)) {
                let key = format!("variables.{}.options", variable.name);
                root.problem(
                    at.clone(),
                    &key,
                    format!("`{value}` has no words in {locale}; write {locale} = \"…\" beside it"),
                );
            }
        }
    }
}

/// One click can send one thing only.
fn check_others(root: &Section<'_, '_>, template: &Template, others: &[Template]) {
    let meets = |other: &Template| {
        let any = template.severities.is_empty() || other.severities.is_empty();
        any || template.severities.iter().any(|severity| other.severities.contains(severity))
    };
    let same = others.iter().find(|other| other.holding && other.audience == template.audience && meets(other));
    if let Some(other) = same.filter(|_| template.holding) {
        let what = format!("`{}` is the holding statement there already; give them different severities", other.id);
        root.problem(root.place("holding"), "holding", what);
    }
}
