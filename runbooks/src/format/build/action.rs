//! What steps do.

use super::super::fault::{did_you_mean, typed};
use super::super::field::{At, Brief, Field, Many, Words};
use super::super::raw::{RawChild, RawChoice, RawPhase, RawSeverity, RawStatus, RawStep, RawUndo, RawUrgency};
use super::known::{Known, Seen};
use super::{Builder, Child, input::MENU, phase};
use muster_core::incident::status::Phase;
use muster_core::org::{Loudness, Right};
use muster_core::runbook::{Action, Choice, Part, Text};
use muster_core::time::parse_span;
use std::collections::{BTreeMap, BTreeSet};

/// What a step can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Manual,
    Http,
    Run,
    Probe,
    Page,
    Role,
    Update,
    Comms,
    Severity,
    Status,
    Wait,
    Ask,
    Approve,
    Runbook,
    Parallel,
}

/// All of it, in the order it is documented.
pub(super) const KINDS: [Kind; 15] = [
    Kind::Manual,
    Kind::Http,
    Kind::Run,
    Kind::Probe,
    Kind::Page,
    Kind::Role,
    Kind::Update,
    Kind::Comms,
    Kind::Severity,
    Kind::Status,
    Kind::Wait,
    Kind::Ask,
    Kind::Approve,
    Kind::Runbook,
    Kind::Parallel,
];

impl Kind {
    /// Its key.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Manual => "manual",
            Self::Http => "http",
            Self::Run => "run",
            Self::Probe => "probe",
            Self::Page => "page",
            Self::Role => "role",
            Self::Update => "update",
            Self::Comms => "comms",
            Self::Severity => "severity",
            Self::Status => "status",
            Self::Wait => "wait",
            Self::Ask => "ask",
            Self::Approve => "approve",
            Self::Runbook => "runbook",
            Self::Parallel => "parallel",
        }
    }

    /// Whether a machine does it outside Muster.
    pub(super) fn is_automation(self) -> bool {
        matches!(self, Self::Http | Self::Run | Self::Probe)
    }

    /// Whether a step has its key.
    pub(super) fn is_in(self, raw: &RawStep) -> bool {
        match self {
            Self::Manual => raw.manual.is_there(),
            Self::Http => raw.http.is_there(),
            Self::Run => raw.run.is_there(),
            Self::Probe => raw.probe.is_there(),
            Self::Page => raw.page.is_there(),
            Self::Role => raw.role.is_there(),
            Self::Update => raw.update.is_there(),
            Self::Comms => raw.comms.is_there(),
            Self::Severity => raw.severity.is_there(),
            Self::Status => raw.status.is_there(),
            Self::Wait => raw.wait.is_there(),
            Self::Ask => raw.ask.is_there(),
            Self::Approve => raw.approve.is_there(),
            Self::Runbook => raw.runbook.is_there(),
            Self::Parallel => raw.parallel.is_there(),
        }
    }
}

/// The value of an answer.
pub(super) fn value_of(choice: &Brief<RawChoice>) -> Option<String> {
    match choice {
        Brief::Text(text) => Some(text.clone()),
        Brief::Map(choice) => choice.value.value().map(|value| value.0.clone()),
    }
}

impl Builder<'_> {
    pub(super) fn action(
        &self,
        kind: Kind,
        at: &At<RawStep>,
        (known, after): (&Known, &[&At<RawStep>]),
    ) -> Option<Action> {
        let raw = &at.value;
        match kind {
            Kind::Manual => self.manual(&raw.manual, &raw.checklist, known),
            Kind::Http => self.call(raw.http.given()?, known).map(Action::Http),
            Kind::Run => self.program(raw.run.given()?, known).map(Action::Run),
            Kind::Probe => self.probe(raw.probe.given()?, known).map(Action::Probe),
            Kind::Page => self.page(raw, known),
            Kind::Role => self.role(raw, known),
            Kind::Update => {
                let text = self.said(raw.update.given()?, known)?;
                let next = self.limit(&raw.next);
                Some(Action::Update { text, next })
            }
            Kind::Comms => {
                let comms = raw.comms.given()?;
                let text =
                    self.need(&comms.value.text, &comms.place, "text", "add `text:`, what customers are to read")?;
                let audience = comms.value.audience.value().cloned().unwrap_or_else(|| "customers".to_owned());
                Some(Action::Comms { audience, text: self.said(text, known)? })
            }
            Kind::Severity => self.severity_step(raw.severity.given()?, known),
            Kind::Status => self.status_step(raw.status.given()?, known),
            Kind::Wait => self.wait(raw.wait.given()?, known),
            Kind::Ask => self.ask(at, known),
            Kind::Approve => self.approve(at, (known, after)),
            Kind::Runbook => self.child(raw.runbook.given()?, known),
            Kind::Parallel => self.parallel(raw, known),
        }
    }

    pub(super) fn undo_action(&self, raw: &RawUndo, known: &Known) -> Option<Action> {
        if let Some(call) = raw.http.given() {
            return self.call(call, known).map(Action::Http);
        }
        if let Some(program) = raw.run.given() {
            return self.program(program, known).map(Action::Run);
        }
        if let Some(severity) = raw.severity.given() {
            return self.severity_step(severity, known);
        }
        if let Some(status) = raw.status.given() {
            return self.status_step(status, known);
        }
        self.manual(&raw.manual, &raw.checklist, known)
    }

    fn manual(&self, text: &Field<Words>, checklist: &Field<Many<Words>>, known: &Known) -> Option<Action> {
        let items: Vec<_> = checklist.each().collect();
        if items.len() > MENU {
            let sentence = format!("a checklist has {MENU} things to tick off at most");
            self.fault(&items[MENU].place, sentence, "make two steps of it");
        }
        let checklist = items.into_iter().filter_map(|item| self.said(item, known)).collect();
        Some(Action::Manual { text: self.said(text.given()?, known)?, checklist })
    }

    fn page(&self, raw: &RawStep, known: &Known) -> Option<Action> {
        let page = raw.page.given()?;
        let target =
            self.need(&page.value.target, &page.place, "target", "say whom: `target: payments`, or `\"@alice\"`");
        let message =
            self.need(&page.value.message, &page.place, "message", "say why: it is all that they read at night");
        let target = target?;
        let text = self.said(target, known)?;
        if let ([Part::Literal(typed_as)], Some(org)) = (text.parts(), self.org) {
            let bare = typed_as.trim();
            let duty = bare.strip_prefix("schedule:").or_else(|| bare.strip_prefix("team:")).unwrap_or(bare);
            let person = org.find_person(bare).filter(|person| person.right >= Right::Respond);
            if org.team(duty).is_none() && org.schedule(duty).is_none() && person.is_none() {
                let known =
                    org.teams.iter().map(|team| team.id.as_str()).chain(org.schedules.iter().map(|it| it.id.as_str()));
                let known = known.chain(org.people.iter().map(|person| person.id.as_str()));
                let sentence = format!("nobody who can be paged is called {}", typed(bare));
                self.faults.add(&target.place, sentence, did_you_mean(bare.trim_start_matches('@'), known));
            }
        }
        let loudness = match page.value.urgency.value() {
            Some(RawUrgency::Low) => Loudness::Low,
            Some(RawUrgency::High) | None => Loudness::High,
        };
        Some(Action::Page { target: text, loudness, message: self.said(message?, known)? })
    }

    fn role(&self, raw: &RawStep, known: &Known) -> Option<Action> {
        let role = raw.role.given()?;
        let key = self.need(&role.value.role, &role.place, "role", "say which: `role: comms-lead`");
        let person = self.need(
            &role.value.person,
            &role.place,
            "person",
            "say who: `person: alice`, or an input of type person",
        );
        let key = self.role_key(key?, &key?.value)?;
        let person = person?;
        let text = self.said(person, known)?;
        if let ([Part::Literal(typed_as)], Some(org)) = (text.parts(), self.org)
            && org.find_person(typed_as).is_none()
        {
            let known = org.people.iter().map(|person| person.id.as_str());
            self.faults.add(
                &person.place,
                format!("there is no person {}", typed(typed_as)),
                did_you_mean(typed_as, known),
            );
        }
        Some(Action::Role { role: key, person: text })
    }

    fn severity_step(&self, at: &At<Brief<RawSeverity>>, known: &Known) -> Option<Action> {
        match &at.value {
            Brief::Text(to) => {
                let to = self.severity(&At { value: to.clone(), place: at.place.clone() })?;
                Some(Action::Severity { to, reason: None })
            }
            Brief::Map(raw) => {
                let to = self.need(&raw.to, &at.place, "to", "say which: `to: SEV2`")?;
                let reason = raw.reason.given().and_then(|reason| self.said(reason, known));
                Some(Action::Severity { to: self.severity(to)?, reason })
            }
        }
    }

    fn status_step(&self, at: &At<Brief<RawStatus>>, known: &Known) -> Option<Action> {
        match &at.value {
            Brief::Text(word) => {
                const PHASES: [RawPhase; 7] = [
                    RawPhase::Triage,
                    RawPhase::Investigating,
                    RawPhase::Identified,
                    RawPhase::Monitoring,
                    RawPhase::Resolved,
                    RawPhase::Closed,
                    RawPhase::Cancelled,
                ];
                let to = PHASES.map(phase).into_iter().find(|to: &Phase| to.word() == word);
                if to.is_none() {
                    let known = PHASES.map(|raw| phase(raw).word());
                    self.faults.add(
                        &at.place,
                        format!("there is no status {}", typed(word)),
                        did_you_mean(word, known),
                    );
                }
                Some(Action::Status { to: to?, note: None })
            }
            Brief::Map(raw) => {
                let to = self.need(&raw.to, &at.place, "to", "say which: `to: monitoring`")?;
                let note = raw.note.given().and_then(|note| self.said(note, known));
                Some(Action::Status { to: phase(to.value), note })
            }
        }
    }

    fn wait(&self, at: &At<Words>, known: &Known) -> Option<Action> {
        let until = self.said(at, known)?;
        if let [Part::Literal(text)] = until.parts() {
            let is_clock = text.split_once(':').is_some_and(|(hour, rest)| {
                let two = |text: &str, below: u32| text.parse::<u32>().is_ok_and(|number| number < below);
                two(hour.rsplit([' ', 'T']).next().unwrap_or_default(), 24) && two(rest, 60)
            });
            if parse_span(text).is_none() && !is_clock {
                let sentence = format!("{} is neither a stretch of time nor a time of day", typed(text));
                self.fault(&at.place, sentence, "write `15m`, `\"06:00\"` or `\"2026-11-27 06:00\"`");
            }
        }
        Some(Action::Wait { until })
    }

    fn ask(&self, at: &At<RawStep>, known: &Known) -> Option<Action> {
        let raw = &at.value;
        let list = self.need(&raw.choices, &at.place, "choices", "say what can be answered: `choices: [yes, no]`")?;
        let mut seen = BTreeSet::new();
        let mut choices = Vec::new();
        for choice in list.value.given() {
            let label = match &choice.value {
                Brief::Map(raw) => raw.label.value().map(|label| label.0.clone()),
                Brief::Text(_) => None,
            };
            let Some(value) = value_of(&choice.value) else {
                if let Brief::Map(raw) = &choice.value {
                    self.need(&raw.value, &choice.place, "value", "add `value:`, what is kept as the answer");
                }
                continue;
            };
            if !seen.insert(value.clone()) {
                self.fault(&choice.place, format!("{} is here twice", typed(&value)), "take one of them away");
            }
            choices.push(Choice { label: label.unwrap_or_else(|| value.clone()), value });
        }
        if !(2..=MENU).contains(&list.value.0.len()) {
            self.fault(
                &list.place,
                format!("a question has between 2 and {MENU} answers"),
                "use `manual` for what needs none",
            );
        }
        Some(Action::Ask { question: self.said(raw.ask.given()?, known)?, choices })
    }

    fn child(&self, at: &At<Brief<RawChild>>, known: &Known) -> Option<Action> {
        let (id, raw) = match &at.value {
            Brief::Text(id) => (At { value: id.clone(), place: at.place.clone() }, None),
            Brief::Map(raw) => {
                (self.need(&raw.id, &at.place, "id", "say which: `id: payment-failover`")?.clone(), Some(raw))
            }
        };
        let book = match (self.child)(&id.value) {
            Child::Known(book) => book,
            Child::Wrong => return None,
            Child::Itself(way) => {
                let sentence = format!("this runbook would run itself: {}", way.join(" → "));
                self.fault(&id.place, sentence, "take this step away, or ask for it with `manual`");
                return None;
            }
            Child::TooDeep => {
                self.fault(&id.place, "runbooks run one another no deeper than 3", "write its steps out here");
                return None;
            }
            Child::Unknown(all) => {
                let sentence = format!("there is no runbook {}", typed(&id.value));
                self.faults.add(&id.place, sentence, did_you_mean(&id.value, all.iter().map(String::as_str)));
                return None;
            }
        };
        let mut inputs: BTreeMap<String, Text> = BTreeMap::new();
        for (name, value) in raw.into_iter().flat_map(|raw| raw.inputs.each()) {
            if !book.inputs.iter().any(|input| input.id == name.value) {
                let sentence = format!("`{}` does not ask for {}", book.id, typed(&name.value));
                self.faults.add(
                    &name.place,
                    sentence,
                    did_you_mean(&name.value, book.inputs.iter().map(|it| it.id.as_str())),
                );
            }
            inputs.extend(self.text(value, known, Seen::ByPeople).map(|text| (name.value.clone(), text)));
        }
        for input in book.inputs.iter().filter(|input| input.required && input.default.is_none()) {
            if !raw.is_some_and(|raw| {
                raw.inputs.value().is_some_and(|all| all.0.iter().any(|(name, _)| name.value == input.id))
            }) {
                let sentence = format!("`{}` needs its input `{}`", book.id, input.id);
                self.fault(&at.place, sentence, &format!("add `inputs: {{ {}: … }}`", input.id));
            }
        }
        Some(Action::Runbook { book, inputs })
    }

    fn parallel(&self, raw: &RawStep, known: &Known) -> Option<Action> {
        let list = raw.parallel.given()?;
        let mut steps = Vec::new();
        for inner in list.value.given() {
            for (key, is_there) in
                [("parallel", inner.value.parallel.is_there()), ("approve", inner.value.approve.is_there())]
            {
                if is_there {
                    self.fault(
                        &inner.place.lacks(key),
                        format!("there is no `{key}` within `parallel`"),
                        "move it before or after",
                    );
                }
            }
            if !inner.value.parallel.is_there() && !inner.value.approve.is_there() {
                steps.extend(self.step(inner, known, &[]));
            }
        }
        if list.value.0.len() < 2 {
            self.fault(
                &list.place,
                "one thing is not done at once with nothing",
                "list two steps or more, or take `parallel` away",
            );
        }
        Some(Action::Parallel { steps })
    }
}
