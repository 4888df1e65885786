//! From what is written to what it means: every check that a file can fail, each with its place and the way out.

mod action;
mod approve;
mod call;
mod input;
mod known;
mod never;
mod program;
mod step;
pub(super) use step::child;
mod who;

use super::fault::{Faults, Place, did_you_mean, typed};
use super::field::{At, Field};
use super::raw::{RawBook, RawOn, RawPhase, RawStart, RawStep, RawTrigger};
use known::Known;
use muster_core::ids::SeverityKey;
use muster_core::incident::status::Phase;
use muster_core::org::Organisation;
use muster_core::runbook::{Runbook, Start, Trigger, TriggerOn};
use std::collections::BTreeMap;

/// The most steps of a runbook, those of others that it runs included.
const STEPS: usize = 200;

/// Another runbook that a step runs.
pub(crate) enum Child {
    /// It is there.
    Known(Box<Runbook>),
    /// It is there, and something is wrong with it, which is told where it stands.
    Wrong,
    /// It is among those that are being read: it would run itself.
    Itself(Vec<String>),
    /// It runs another, which runs another, and so on.
    TooDeep,
    /// There is none; there are these.
    Unknown(Vec<String>),
}

/// What is needed to know what a file means.
pub(crate) struct Builder<'a> {
    /// Where faults are noted.
    pub(super) faults: &'a Faults<'a>,
    /// The organisation, if it is known here.
    pub(super) org: Option<&'a Organisation>,
    /// The other runbooks.
    pub(super) child: &'a dyn Fn(&str) -> Child,
}

impl Builder<'_> {
    fn fault(&self, place: &Place, sentence: impl Into<String>, hint: &str) {
        self.faults.add(place, sentence, hint);
    }

    /// What must be there, or a fault at what lacks it.
    fn need<'f, T>(&self, field: &'f Field<T>, within: &Place, key: &str, hint: &str) -> Option<&'f At<T>> {
        if !field.is_there() {
            self.fault(&within.lacks(key), format!("`{key}` is missing"), hint);
        }
        field.given()
    }

    /// The runbook, if nothing is wrong with it.
    pub(crate) fn book(&self, raw: &RawBook) -> Option<Runbook> {
        let before = self.faults.count();
        let top = Place { line: 1, column: 1, key: String::new() };
        if let Some(version) = self.need(&raw.api_version, &top, "apiVersion", "begin with `apiVersion: muster/v1`")
            && version.value != "muster/v1"
        {
            let sentence = format!("{} is a version that this Muster does not know", typed(&version.value));
            self.fault(&version.place, sentence, "write `apiVersion: muster/v1`");
        }
        let id = self.need(&raw.id, &top, "id", "add `id: payment-failover`, by which commands call it");
        if let Some(id) = id {
            self.slug(id);
        }
        let name = self.need(&raw.name, &top, "name", "add `name: Fail payments over`, as people read it");
        let services =
            self.ids(raw.services.each(), "service", |org| org.services.iter().map(|it| it.id.as_str()).collect());
        let asked =
            raw.inputs.value().into_iter().flat_map(|inputs| &inputs.0).map(|(id, _)| id.value.clone()).collect();
        let mut known = Known::new((self.inputs(&raw.inputs), asked), &raw.steps);
        let triggers = raw.triggers.each().filter_map(|trigger| self.trigger(trigger, &known)).collect();
        let steps = match self.need(&raw.steps, &top, "steps", "add `steps:` and a list of what is to be done") {
            Some(list) if list.value.0.is_empty() => {
                self.fault(&list.place, "there are no steps", "add one: `- id: look`, and what it does");
                Vec::new()
            }
            Some(_) => self.steps(raw.steps.each(), &mut known),
            None => Vec::new(),
        };
        let book = Runbook {
            id: id.map(|id| id.value.clone()).unwrap_or_default(),
            name: name.map(|name| name.value.trim().to_owned()).unwrap_or_default(),
            description: raw.description.value().map(|text| text.trim().to_owned()).unwrap_or_default(),
            owner: self.ids(raw.owner.given(), "team", |org| org.teams.iter().map(|it| it.id.as_str()).collect()).pop(),
            services,
            triggers,
            inputs: known.inputs,
            permissions: self.permissions(raw.permissions.value()),
            steps,
        };
        if count(&book) > STEPS {
            let place = raw.steps.given().map_or(&top, |steps| &steps.place);
            self.fault(
                place,
                format!("a run has {STEPS} steps at most, and this has {}", count(&book)),
                "take it apart",
            );
        }
        (self.faults.count() == before).then_some(book)
    }

    fn slug(&self, id: &At<String>) {
        let legal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if id.value.is_empty() || id.value.len() > 60 || !id.value.chars().all(legal) || id.value.starts_with('-') {
            let sentence = format!("{} is no id: lower-case letters, digits and dashes, 60 at most", typed(&id.value));
            self.fault(&id.place, sentence, &suggested(&id.value, '-'));
        }
    }

    /// An id that expressions can name.
    fn name(&self, id: &At<String>, what: &str) -> bool {
        let legal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        let is_name = id.value.starts_with(|c: char| c.is_ascii_lowercase()) && id.value.chars().all(legal);
        let is_word = ["in", "true", "false", "null", "has"].contains(&id.value.as_str());
        if is_name && !is_word && id.value.len() <= 40 {
            return true;
        }
        let sentence = format!(
            "{} is no id of {what}: lower-case letters, digits and `_`, 40 at most, a letter first",
            typed(&id.value)
        );
        self.fault(&id.place, sentence, &suggested(&id.value, '_'));
        false
    }

    /// Ids of things of the organisation; which there are, is known if that is.
    fn ids<'f>(
        &self,
        ids: impl IntoIterator<Item = &'f At<String>>,
        what: &str,
        all: impl Fn(&Organisation) -> Vec<&str>,
    ) -> Vec<String> {
        let mut found = Vec::new();
        for id in ids {
            let known = self.org.map(&all);
            match &known {
                Some(known) if !known.contains(&id.value.as_str()) => {
                    let sentence = format!("there is no {what} {}", typed(&id.value));
                    self.faults.add(&id.place, sentence, did_you_mean(&id.value, known.iter().copied()));
                }
                Some(_) | None => found.push(id.value.clone()),
            }
        }
        found
    }

    /// A severity, as the config writes it.
    fn severity(&self, typed_as: &At<String>) -> Option<SeverityKey> {
        let Some(org) = self.org else { return Some(SeverityKey::new(typed_as.value.as_str())) };
        let found = org.find_severity(&typed_as.value);
        if found.is_none() {
            let known = org.severities.iter().map(|severity| severity.key.as_str());
            let sentence = format!("there is no severity {}", typed(&typed_as.value));
            self.faults.add(&typed_as.place, sentence, did_you_mean(&typed_as.value, known));
        }
        found.map(|severity| severity.key.clone())
    }

    fn trigger(&self, raw: &At<RawTrigger>, known: &Known) -> Option<Trigger> {
        let (place, raw) = (&raw.place, &raw.value);
        let on = self.need(&raw.on, place, "on", "say when: `on: declare`, `on: status` or `on: alert`")?;
        for (key, field, belongs) in [
            ("to", raw.to.is_there(), matches!(on.value, RawOn::Status)),
            ("name", raw.name.is_there(), matches!(on.value, RawOn::Alert)),
        ] {
            if field && !belongs {
                let hint = if key == "to" {
                    "take it away, or write `on: status`"
                } else {
                    "take it away, or write `on: alert`"
                };
                self.fault(&place.lacks(key), format!("`{key}` says nothing to this trigger"), hint);
            }
        }
        let on = match on.value {
            RawOn::Declare => TriggerOn::Declare,
            RawOn::Status => {
                self.need(&raw.to, place, "to", "say which: `to: [identified]`")?;
                TriggerOn::Status { to: raw.to.each().map(|to| phase(to.value)).collect() }
            }
            RawOn::Alert => {
                let name = self.need(&raw.name, place, "name", "say which: `name: \"PaymentErrors*\"`")?;
                TriggerOn::Alert { name: name.value.clone() }
            }
        };
        let start = match raw.start.value() {
            Some(RawStart::Automatic) => Start::Automatic,
            Some(RawStart::Suggested) | None => Start::Suggested,
        };
        for input in
            known.inputs.iter().filter(|input| start == Start::Automatic && input.required && input.default.is_none())
        {
            let sentence = format!("this cannot start by itself: nobody is there to say what `{}` is", input.id);
            self.fault(&place.lacks("start"), sentence, "give the input a default, or write `start: suggested`");
        }
        Some(Trigger {
            on,
            severities: raw.severity.each().filter_map(|severity| self.severity(severity)).collect(),
            categories: self.ids(raw.types.each(), "type of incident", |org| {
                org.categories.iter().map(|it| it.key.as_str()).collect()
            }),
            services: self
                .ids(raw.services.each(), "service", |org| org.services.iter().map(|it| it.id.as_str()).collect()),
            sites: self.ids(raw.sites.each(), "site", |org| org.sites.iter().map(|it| it.id.as_str()).collect()),
            start,
        })
    }
}

/// An id made of what was typed, as a hint.
fn suggested(text: &str, dash: char) -> String {
    let plain: String = text.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' }).collect();
    let better = plain.split_whitespace().collect::<Vec<_>>().join(&dash.to_string());
    let better: String =
        better.trim_start_matches(|c: char| dash == '_' && !c.is_ascii_lowercase()).chars().take(40).collect();
    if better.is_empty() {
        "for example `check_it`".replace('_', &dash.to_string())
    } else {
        format!("for example `{better}`")
    }
}

/// All steps of a run, those of other runbooks included.
fn count(book: &Runbook) -> usize {
    book.flat().into_iter().map(|step| 1 + step::child(step).map_or(0, count)).sum()
}

fn phase(raw: RawPhase) -> Phase {
    match raw {
        RawPhase::Triage => Phase::Triage,
        RawPhase::Investigating => Phase::Investigating,
        RawPhase::Identified => Phase::Identified,
        RawPhase::Monitoring => Phase::Monitoring,
        RawPhase::Resolved => Phase::Resolved,
        RawPhase::Closed => Phase::Closed,
        RawPhase::Cancelled => Phase::Cancelled,
    }
}

/// The ids of all steps that are written, with their places; those within others included.
fn written(steps: &Field<super::field::Many<RawStep>>) -> BTreeMap<String, Place> {
    let mut ids = BTreeMap::new();
    for step in steps.each() {
        if let Some(id) = step.value.id.given() {
            ids.entry(id.value.clone()).or_insert_with(|| id.place.clone());
        }
        for (id, place) in
            step.value.parallel.each().filter_map(|inner| inner.value.id.given()).map(|id| (&id.value, &id.place))
        {
            ids.entry(id.clone()).or_insert_with(|| place.clone());
        }
    }
    ids
}
