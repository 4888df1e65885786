//! What a template is: for whom, where it says that things stand, who must look at it. And whether its parts go together.

use super::super::{Known, Purpose, Template, Variable, VariableKind};
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
    let purpose = purpose(root, status, preapproved);
    let max = root.number("max", MAX).and_then(|max| usize::try_from(max).ok());
    let declared = variables::all(root, purpose, preapproved, around.lists);
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
        purpose,
        preapproved,
        max,
        variables,
        sources,
    };
    if let Some(other) = around.others.iter().find(|other| template.rivals(other)) {
        let what = format!("`{}` is there for that already; give them different severities", other.id);
        root.problem(root.place("purpose"), "purpose", what);
    }
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

/// What it is for, and whether the rest goes with that.
fn purpose(root: &Section<'_, '_>, status: Option<PublicStatus>, preapproved: bool) -> Purpose {
    let purpose = root.choice("purpose", &Purpose::WORDS).unwrap_or(Purpose::Word);
    if purpose.is_unseen() && !preapproved {
        let what = "what goes out with nobody looking at it is approved beforehand; write preapproved = true, too";
        root.problem(root.place("purpose"), "purpose", what);
    }
    if let Some(only) = purpose.status().filter(|only| status.is_some_and(|status| status != *only)) {
        root.problem(root.place("status"), "status", format!("of that purpose write status = \"{}\"", only.word()));
    }
    purpose
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
