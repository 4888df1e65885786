//! Steps: what surrounds what they do.

use super::super::fault::{Place, typed};
use super::super::field::{At, Entries, Field, Span};
use super::super::raw::{RawOnFailure, RawOutput, RawStep, RawUndo};
use super::action::{KINDS, Kind};
use super::known::{Before, Known};
use super::{Builder, input::titled};
use muster_core::runbook::{Action, OnFailure, Output, Retry, Runbook, Source, Step, Undo};
use std::time::Duration;

/// The longest time limit.
const LONGEST: Duration = Duration::from_secs(24 * 3_600);
/// The most attempts.
const ATTEMPTS: i64 = 10;
/// The pause between attempts unless something is said.
const PAUSE: Duration = Duration::from_secs(5);

/// The runbook that a step runs.
pub(in crate::format) fn child(step: &Step) -> Option<&Runbook> {
    if let Action::Runbook { book, .. } = &step.action { Some(book) } else { None }
}

impl Builder<'_> {
    /// Steps, one after another: each knows those before it.
    pub(super) fn steps<'f>(&self, raws: impl Iterator<Item = &'f At<RawStep>>, known: &mut Known) -> Vec<Step> {
        let mut steps = Vec::new();
        let raws: Vec<_> = raws.collect();
        for (at, raw) in raws.iter().enumerate() {
            let step = self.step(raw, known, &raws[at + 1..]);
            known.before.extend(before(&raw.value));
            known.before.extend(raw.value.parallel.each().filter_map(|inner| before(&inner.value)));
            if let Some(step) = &step
                && step.on_failure == OnFailure::Undo
                && step.undo.is_none()
                && steps.iter().all(|earlier: &Step| earlier.flat().iter().all(|earlier| earlier.undo.is_none()))
            {
                let place = raw.value.on_failure.given().map_or(&raw.place, |given| &given.place);
                self.fault(
                    place,
                    "there is nothing to take back: no step up to here has an `undo`",
                    "write `on_failure: ask`",
                );
            }
            steps.extend(step);
        }
        steps
    }

    /// A step; `after` are those that follow it.
    pub(super) fn step(&self, at: &At<RawStep>, known: &Known, after: &[&At<RawStep>]) -> Option<Step> {
        let (place, raw) = (&at.place, &at.value);
        let id = self.need(&raw.id, place, "id", "add `id: look`, by which other steps call it");
        if let Some(id) = id {
            let first = known.all.get(&id.value);
            if self.name(id, "a step") && first.is_some_and(|first| *first != id.place) {
                let line = first.map_or(0, |first| first.line);
                let sentence = format!("there is a step {} already, on line {line}", typed(&id.value));
                self.fault(&id.place, sentence, "give this one another id");
            }
        }
        let kind = self.does(at)?;
        self.misplaced_in_step(kind, at);
        let condition = raw.condition.given().and_then(|condition| {
            let expr = self.expr(condition, known)?;
            self.can_hold(&expr, &condition.place, known).then_some(expr)
        });
        let action = self.action(kind, at, (known, after))?;
        let idempotent = raw.idempotent.value().copied().unwrap_or_else(|| is_reading(&action));
        if kind.is_automation() {
            let hint =
                format!("add `timeout: 30s`: how long may one attempt take before `{}` has failed?", kind.word());
            self.need(&raw.timeout, place, "timeout", &hint);
        }
        Some(Step {
            id: id?.value.clone(),
            name: raw
                .name
                .value()
                .map(|name| name.trim().to_owned())
                .unwrap_or_else(|| titled(&id.map_or_else(String::new, |id| id.value.clone()))),
            condition,
            who: if kind == Kind::Approve { Vec::new() } else { self.all_who(&raw.who) },
            runner: raw.runner.given().and_then(|runner| self.runner(runner)),
            timeout: self.limit(&raw.timeout),
            retry: raw.retry.given().and_then(|retry| {
                let attempts = self.number(&retry.value.attempts, &retry.place, ("attempts", 2..=ATTEMPTS))?;
                if !idempotent {
                    let hint = "say `idempotent: true` if doing it twice is as good as once, or take `retry` away";
                    self.fault(
                        &retry.place,
                        "this would be done twice, and does not say that this is as good as once",
                        hint,
                    );
                }
                Some(Retry {
                    attempts: u32::try_from(attempts).unwrap_or(1),
                    wait: self.limit(&retry.value.wait).unwrap_or(PAUSE),
                })
            }),
            idempotent,
            on_failure: match raw.on_failure.value() {
                Some(RawOnFailure::Stop) => OnFailure::Stop,
                Some(RawOnFailure::Continue) => OnFailure::Continue,
                Some(RawOnFailure::Undo) => OnFailure::Undo,
                Some(RawOnFailure::Ask) | None => OnFailure::Ask,
            },
            outputs: self.outputs(&raw.outputs),
            undo: raw.undo.given().and_then(|undo| self.undo(undo, raw, known)),
            action,
        })
    }

    /// What a step does: exactly one thing.
    fn does(&self, at: &At<RawStep>) -> Option<Kind> {
        let mut there = KINDS.into_iter().filter(|kind| kind.is_in(&at.value));
        let Some(kind) = there.next() else {
            let all = KINDS.map(Kind::word).join(", ");
            self.fault(&at.place, "this step does nothing", &format!("say what, by one of {all}"));
            return None;
        };
        for other in there {
            let place = at.place.lacks(other.word());
            let sentence = format!("this step does two things, `{}` and `{}`", kind.word(), other.word());
            self.fault(&place, sentence, "make two steps of it");
        }
        Some(kind)
    }

    /// Keys that say nothing to a step of that kind.
    fn misplaced_in_step(&self, kind: Kind, at: &At<RawStep>) {
        let raw = &at.value;
        let is = |kinds: &[Kind]| kinds.contains(&kind);
        let automation = kind.is_automation();
        let undoable = !is(&[Kind::Ask, Kind::Approve, Kind::Wait, Kind::Probe, Kind::Parallel]);
        let keys = [
            ("checklist", raw.checklist.is_there(), is(&[Kind::Manual]), "manual"),
            ("choices", raw.choices.is_there(), is(&[Kind::Ask]), "ask"),
            ("next", raw.next.is_there(), is(&[Kind::Update]), "update"),
            ("count", raw.count.is_there(), is(&[Kind::Approve]), "approve"),
            ("within", raw.within.is_there(), is(&[Kind::Approve]), "approve"),
            ("valid_for", raw.valid_for.is_there(), is(&[Kind::Approve]), "approve"),
            ("covers", raw.covers.is_there(), is(&[Kind::Approve]), "approve"),
            ("runner", raw.runner.is_there(), automation, "http, run and probe"),
            ("timeout", raw.timeout.is_there(), automation, "http, run and probe"),
            ("retry", raw.retry.is_there(), automation, "http, run and probe"),
            ("idempotent", raw.idempotent.is_there(), automation, "http, run and probe"),
            ("outputs", raw.outputs.is_there(), automation, "http, run and probe"),
            ("undo", raw.undo.is_there(), undoable, "steps that change something"),
        ];
        for (key, _, _, belongs) in keys.into_iter().filter(|(_, is_there, fits, _)| *is_there && !fits) {
            let sentence = format!("`{key}` says nothing to a step that does `{}`", kind.word());
            self.fault(&at.place.lacks(key), sentence, &format!("take it away; it belongs to {belongs}"));
        }
    }

    fn runner(&self, label: &At<String>) -> Option<String> {
        let legal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if label.value.is_empty() || label.value.len() > 60 || !label.value.chars().all(legal) {
            let sentence =
                format!("{} is no label of a runner: lower-case letters, digits and dashes", typed(&label.value));
            self.fault(&label.place, sentence, "for example `runner: warehouse`; nothing is filled in here");
            return None;
        }
        Some(label.value.clone())
    }

    pub(super) fn limit(&self, span: &Field<Span>) -> Option<Duration> {
        let span = span.given()?;
        if span.value.0 > LONGEST {
            self.fault(&span.place, "this is more than a day", "take the step apart, or wait with `wait`");
        }
        Some(span.value.0)
    }

    /// A number within limits.
    pub(super) fn number(
        &self,
        field: &Field<i64>,
        within: &Place,
        (key, range): (&str, std::ops::RangeInclusive<i64>),
    ) -> Option<i64> {
        let number = self.need(field, within, key, &format!("add `{key}: {}`", range.start()))?;
        if !range.contains(&number.value) {
            let sentence = format!("{} is not between {} and {}", number.value, range.start(), range.end());
            self.fault(&number.place, sentence, &format!("write a number such as {}", range.start()));
            return None;
        }
        Some(number.value)
    }

    fn outputs(&self, raw: &Field<Entries<RawOutput>>) -> Vec<Output> {
        raw.each().filter_map(|(name, output)| self.output(name, output)).collect()
    }

    fn output(&self, name: &At<String>, at: &At<RawOutput>) -> Option<Output> {
        self.name(name, "an output");
        let raw = &at.value;
        let mut sources = Vec::new();
        if let Some(pointer) = raw.json.given() {
            if !pointer.value.is_empty() && !pointer.value.starts_with('/') {
                let sentence = format!("{} is no JSON pointer (RFC 6901)", typed(&pointer.value));
                let hint = format!("write `/{}`", pointer.value.trim_start_matches("$.").replace('.', "/"));
                self.fault(&pointer.place, sentence, &hint);
            }
            sources.push(Source::Json(pointer.value.clone()));
        }
        if let Some(pattern) = raw.regex.given() {
            self.pattern(pattern);
            sources.push(Source::Regex(pattern.value.clone()));
        }
        sources.extend((raw.status.value() == Some(&true)).then_some(Source::Status));
        sources.extend((raw.text.value() == Some(&true)).then_some(Source::Text));
        if sources.len() != 1
            && !matches!(
                (&raw.json, &raw.regex, &raw.status, &raw.text),
                (Field::Wrong, ..) | (_, Field::Wrong, ..) | (_, _, Field::Wrong, _) | (.., Field::Wrong)
            )
        {
            let sentence = "exactly one thing says where an output is found";
            self.fault(&at.place, sentence, "write one of `json: /pointer`, `regex: …`, `status: true`, `text: true`");
        }
        Some(Output {
            name: name.value.clone(),
            from: sources.pop()?,
            example: raw.example.value().map(|any| any.0.clone()),
        })
    }

    /// How a step is taken back. It knows what the step itself has found out.
    fn undo(&self, at: &At<RawUndo>, step: &RawStep, known: &Known) -> Option<Undo> {
        let raw = &at.value;
        let mut known = known.of_probe();
        known.probe = false;
        known.before.extend(before(step));
        let there = [
            ("manual", raw.manual.is_there()),
            ("http", raw.http.is_there()),
            ("run", raw.run.is_there()),
            ("severity", raw.severity.is_there()),
            ("status", raw.status.is_there()),
        ];
        if there.iter().filter(|(_, is_there)| *is_there).count() != 1 {
            self.fault(
                &at.place,
                "a step is taken back by exactly one thing",
                "write one of manual, http, run, severity, status",
            );
            return None;
        }
        if raw.checklist.is_there() && !raw.manual.is_there() {
            self.fault(&at.place.lacks("checklist"), "`checklist` says nothing here", "it belongs to manual");
        }
        let action = self.undo_action(raw, &known)?;
        if action.is_automation() {
            self.need(&raw.timeout, &at.place, "timeout", "add `timeout: 30s`: how long may taking it back take?");
        }
        let idempotent = raw.idempotent.value().copied().unwrap_or_else(|| is_reading(&action));
        Some(Undo { action, timeout: self.limit(&raw.timeout), idempotent })
    }
}

/// Whether doing it twice is as good as once, because it only looks: RFC 9110, 9.2.1.
fn is_reading(action: &Action) -> bool {
    match action {
        Action::Http(call) => matches!(call.method.as_str(), "GET" | "HEAD" | "OPTIONS"),
        Action::Probe(_) => true,
        Action::Manual { .. }
        | Action::Run(_)
        | Action::Page { .. }
        | Action::Role { .. }
        | Action::Update { .. }
        | Action::Comms { .. }
        | Action::Severity { .. }
        | Action::Status { .. }
        | Action::Wait { .. }
        | Action::Ask { .. }
        | Action::Approve { .. }
        | Action::Runbook { .. }
        | Action::Parallel { .. } => false,
    }
}

/// What later steps know of one.
fn before(raw: &RawStep) -> Option<Before> {
    let outputs = raw
        .outputs
        .each()
        .map(|(name, output)| (name.value.clone(), output.value.example.value().map(|any| any.0.clone())));
    let answers = raw
        .ask
        .is_there()
        .then(|| raw.choices.each().filter_map(|choice| super::action::value_of(&choice.value)).collect());
    let answer = raw.ask.is_there().then(|| ("answer".to_owned(), None));
    Some(Before { id: raw.id.value()?.clone(), outputs: outputs.chain(answer).collect(), answers })
}
