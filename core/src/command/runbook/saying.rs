//! Driving a run: whatever somebody says to it.

use super::which::{Named, meant, runs as runs_of};
use crate::command::args::{Args, named};
use crate::command::{Command, Run};
use crate::decide::runs::{self, Word};
use crate::decide::{Ctx, Decision, Draft, Needs, State, incident_of};
use crate::ids::IncidentId;
use crate::incident::Incident;
use crate::plain::echo;
use crate::record::{Record, RecordKey};
use crate::refusal::Refusal;
use crate::runbook::{self, Action, Choice};
use crate::view::{View, card, run as shown};

/// Say something to a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Say {
    word: Word,
    named: Named,
}

impl Say {
    pub(super) fn read(word: Word, args: &Args<'_>) -> Result<Command, Refusal> {
        let named = Named { run: args.run()?, step: args.line("step", 100)? };
        Ok(Command::DriveRunbook(Self { word, named }))
    }
}

impl Run for Say {
    fn needs(&self, incident: Option<IncidentId>, _: &Ctx<'_>) -> Needs {
        needs(incident)
    }

    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let incident = incident_of(state)?;
        let (run, step) = meant(&runs_of(incident.id, state), &self.named, &self.word, incident.id)?;
        let word = match (&self.word, &step) {
            (Word::Answer(typed), Some(step)) => Word::Answer(answer_of(run, step, typed)?),
            (Word::Approve(mark), Some(_)) if mark.is_empty() => {
                return Err(unmarked(run));
            }
            (word, _) => word.clone(),
        };
        let mut draft = Draft::of(incident, ctx);
        runs::say(&mut draft, run.number, step.as_deref(), &word, state)?;
        Ok(answer(draft, run.number, ctx))
    }
}

/// Whoever approves must have seen what, so the mark is only where that is shown.
fn unmarked(run: &runbook::Run) -> Refusal {
    Refusal::invalid("Say what you allow: its mark is on the card, and changes with what is asked for")
        .instead(format!("runbook show {}", run.number))
}

/// The answer that is meant: by its value, as it is shown, or by its place from 1.
fn answer_of(run: &runbook::Run, step: &str, typed: &str) -> Result<String, Refusal> {
    let flat = run.book.flat();
    let action = flat.iter().find(|one| one.id == step).map(|step| &step.action);
    let Some(Action::Ask { choices, .. }) = action else { return Ok(typed.to_owned()) };
    let typed = typed.trim();
    let is_meant = |choice: &&Choice| same(&choice.value, typed) || same(&choice.label, typed);
    let by_place = || typed.parse::<usize>().ok().and_then(|place| choices.get(place.checked_sub(1)?));
    match choices.iter().find(is_meant).or_else(by_place) {
        Some(choice) => Ok(choice.value.clone()),
        None => {
            let known = named(choices.iter().map(|choice| choice.value.as_str()));
            Err(Refusal::invalid(format!("“{}” is not an answer: {known}", echo(typed))))
        }
    }
}

fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

pub(super) fn needs(incident: Option<IncidentId>) -> Needs {
    let records = incident.map(runs::records).unwrap_or_default();
    Needs { incident, records, ..Needs::default() }
}

/// The answer to a change of a run: in the room, where its card is in sight, one line; elsewhere the card.
pub(super) fn answer(draft: Draft<'_>, number: i64, ctx: &Ctx<'_>) -> Decision {
    let kept = match draft.kept(&RecordKey::run(draft.incident.id, number)) {
        Some(Record::Run(run)) => Some(run.clone()),
        Some(_) | None => None,
    };
    draft.done(|incident| match kept {
        Some(run) => told(&run, incident, ctx),
        None => card::changed(incident, ctx),
    })
}

fn told(run: &runbook::Run, incident: &Incident, ctx: &Ctx<'_>) -> View {
    if card::is_in_room(incident, ctx) { shown::brief(run) } else { shown::card(run, ctx.org) }
}
