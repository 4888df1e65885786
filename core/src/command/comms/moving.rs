//! Moving a message on: asked for approval, let go, published, scheduled, taken back, given up; and the one that is out by a click.

use super::looking::needs;
use super::which::{is_draft, is_in_review, is_open, is_out, is_ready, is_scheduled, meant};
use super::writing::{Answer, answer, audience};
use crate::clock::Timestamp;
use crate::command::args::Args;
use crate::command::{Command, Run};
use crate::comms::Message;
use crate::decide::{Ctx, Decision, Draft, Needs, State, comms, incident_of};
use crate::ids::IncidentId;
use crate::refusal::Refusal;

/// What is said of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Word {
    Submit,
    /// With the mark of what was shown.
    Approve(String),
    Reject(String),
    Publish,
    Schedule(Timestamp),
    Unschedule,
    Retract(String),
    Discard,
}

impl Word {
    /// Its verb, and the messages to which it makes sense.
    fn of(&self) -> (&'static str, fn(&Message) -> bool) {
        match self {
            Self::Submit => ("submit", is_draft),
            Self::Approve(_) => ("approve", is_in_review),
            Self::Reject(_) => ("reject", is_in_review),
            Self::Publish => ("publish", is_ready),
            Self::Schedule(_) => ("schedule", is_ready),
            Self::Unschedule => ("unschedule", is_scheduled),
            Self::Retract(_) => ("retract", is_out),
            Self::Discard => ("discard", is_open),
        }
    }
}

/// Move a message on.
#[derive(Debug, Clone, PartialEq)]
pub struct Move {
    number: Option<i64>,
    word: Word,
}

impl Move {
    pub(super) fn read(word: Word, args: &Args<'_>) -> Result<Command, Refusal> {
        Ok(Command::MoveMessage(Self { number: args.message()?, word }))
    }
}

impl Run for Move {
    fn needs(&self, incident: Option<IncidentId>, _: &Ctx<'_>) -> Needs {
        needs(incident)
    }

    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let incident = incident_of(state)?;
        let (verb, fits) = self.word.of();
        let number = meant(self.number, verb, incident, state, fits)?;
        let mut draft = Draft::of(incident, ctx);
        let mut desk = comms::Desk::new(&mut draft, state);
        match &self.word {
            Word::Submit => desk.submit(number),
            Word::Approve(seal) => desk.approve(number, seal),
            Word::Reject(reason) => desk.reject(number, reason),
            Word::Publish => desk.publish_as(number),
            Word::Schedule(at) => desk.schedule(number, *at),
            Word::Unschedule => desk.unschedule(number),
            Word::Retract(reason) => desk.retract(number, reason),
            Word::Discard => desk.discard(number),
        }?;
        Ok(answer(draft, number, Answer::Line))
    }
}

/// The holding statement goes out.
#[derive(Debug, Clone, PartialEq)]
pub struct Hold {
    audience: Option<String>,
}

impl Hold {
    pub(super) fn read(args: &Args<'_>) -> Result<Command, Refusal> {
        let audience = args.raw("audience").map(|typed| audience(&typed, args)).transpose()?;
        Ok(Command::HoldCustomers(Self { audience }))
    }
}

impl Run for Hold {
    fn needs(&self, incident: Option<IncidentId>, _: &Ctx<'_>) -> Needs {
        needs(incident)
    }

    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let incident = incident_of(state)?;
        let mut draft = Draft::of(incident, ctx);
        let number = comms::Desk::new(&mut draft, state).hold(self.audience.as_deref())?;
        Ok(answer(draft, number, Answer::Line))
    }
}
