//! Steps that tell customers something: each drafts a message, and is done when that is out.

use super::desk::{Desk, Spot};
use crate::comms::template::{Purpose, Template, Variable, VariableKind};
use crate::comms::{Audience, CommsRules, Locale, Value, Values, WaitingStep};
use crate::decide::comms::{self, Order};
use crate::decide::{Draft, State};
use crate::ids::PersonId;
use crate::incident::event::Subject;
use crate::incident::{Incident, Visibility};
use crate::runbook::{Action, StepState};
use std::collections::BTreeMap;
use std::sync::Arc;

impl Desk<'_, '_> {
    /// Drafts the message of a step; its number. There is none where nobody outside is told, or nothing is there to write it with:
    /// then people do it by hand.
    pub(super) fn write_message(&mut self, spot: Spot, audience: &str, text: &str) -> Option<i64> {
        if self.incident().visibility == Visibility::Private {
            return None;
        }
        let rules = &self.ctx().org.comms;
        let audience = rules.find_audience(audience)?;
        let template = template_of(audience, rules, self.incident())?;
        let values = said(template, text, audience.locales.first());
        let step = self.step(spot)?.id.clone();
        // Who has asked for the run has had a say in the words, whoever or whatever drives it to this step.
        let org = self.ctx().org;
        let named = |person: PersonId| {
            let name = org.person(&person).map_or_else(|| person.to_string(), |one| one.name.clone());
            Subject { person, name }
        };
        let authors = self.requesters(spot.run).into_iter().map(named).collect();
        let step = Some(WaitingStep { run: spot.run, id: step });
        let order = Order { step, authors, ..Order::of(template, values) };
        comms::Desk::new(self.draft, self.state).write(order).ok()
    }
}

fn texts(template: &Template) -> impl Iterator<Item = (&Variable, usize)> {
    let text = |variable: &'_ Variable| match &variable.kind {
        VariableKind::Text { max } => Some(*max),
        VariableKind::Choice { .. }
        | VariableKind::Number
        | VariableKind::Duration
        | VariableKind::Moment
        | VariableKind::Url => None,
    };
    template.variables.iter().filter_map(move |variable| Some((variable, text(variable)?)))
}

/// The template in which an audience is told something in words of one's own.
fn template_of<'a>(audience: &Audience, rules: &'a CommsRules, incident: &Incident) -> Option<&'a Arc<Template>> {
    let is_it = |one: &&Arc<Template>| one.audience == audience.id && texts(one).count() == 1;
    let free = rules.template_for(&audience.id, Purpose::Free, incident);
    free.or_else(|| rules.templates.iter().find(is_it))
}

/// The text where there is most room for it; its first line where another must be filled in, such as a title.
fn said(template: &Template, text: &str, locale: &Locale) -> Values {
    let Some((whole, _)) = texts(template).max_by_key(|(_, max)| *max) else { return Values::new() };
    let first: &str = text.lines().next().unwrap_or_default();
    let fill = |(variable, max): (&Variable, usize)| {
        let is_whole = variable.name == whole.name;
        let words = if is_whole { text } else { first };
        let words = words.chars().take(max).collect();
        let value = Value::Each(BTreeMap::from([(locale.clone(), words)]));
        (is_whole || variable.required).then(|| (variable.name.clone(), value))
    };
    texts(template).filter_map(fill).collect()
}

/// A message that a step has drafted is out, or nobody wants it any more: why, then. [`super::records`] must have been read.
pub(in crate::decide) fn hear_of_message(
    draft: &mut Draft<'_>,
    step: &WaitingStep,
    ended: Result<&str, &str>,
    state: &State,
) {
    let mut desk = Desk::new(draft, state);
    let waits = |desk: &Desk<'_, '_>, spot: &Spot| {
        desk.at(*spot) == StepState::Asking && matches!(desk.action(*spot), Some(Action::Comms { .. }))
    };
    let Some(spot) = desk.spot(step.run, &step.id, false).filter(|spot| waits(&desk, spot)) else { return };
    match ended {
        Ok(result) => drop(desk.done(spot, Some(result.to_owned()))),
        Err(reason) => desk.fail(spot, reason.to_owned()),
    }
    desk.go(step.run);
    desk.finish();
}
