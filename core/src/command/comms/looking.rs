//! Looking: what customers were told and what waits, a message as it will be sent, how it once read.

use super::which::messages;
use crate::command::Run;
use crate::comms::Message;
use crate::decide::{Ctx, Decision, Needs, State, comms, incident_of};
use crate::ids::IncidentId;
use crate::incident::Incident;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::view::comms as shown;

/// What is looked at.
#[derive(Debug, Clone, PartialEq)]
pub enum Look {
    /// All of it.
    List,
    /// A message as it will be sent.
    Preview(Option<i64>),
    /// How a message once read.
    History(Option<i64>),
}

pub(super) fn needs(incident: Option<IncidentId>) -> Needs {
    Needs { incident, records: incident.map(comms::records).unwrap_or_default(), ..Needs::default() }
}

/// The message of that number; else the latest that is open, or the latest.
fn one<'a>(all: &'a [Message], named: Option<i64>, incident: &Incident) -> Result<&'a Message, Refusal> {
    let id = incident.id;
    match named {
        Some(number) => {
            let none = || Refusal::not_found(format!("{id} has no message {number}")).instead("comms list");
            all.iter().find(|one| one.number == number).ok_or_else(none)
        }
        None => {
            let open = all.iter().rev().find(|one| one.stage.is_open());
            let none = || Refusal::not_found(format!("No message of {id} has been written yet")).instead("comms draft");
            open.or(all.last()).ok_or_else(none)
        }
    }
}

impl Run for Look {
    fn needs(&self, incident: Option<IncidentId>, _: &Ctx<'_>) -> Needs {
        needs(incident)
    }

    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let incident = incident_of(state)?;
        let all = messages(incident, state);
        let view = match self {
            Self::List => shown::overview(incident, ctx.org),
            Self::Preview(number) => {
                let message = one(&all, *number, incident)?;
                let view = shown::previewed(message, incident, ctx);
                let is_chosen = number.is_none() && all.len() > 1;
                if is_chosen { shown::one_of(view, (message, &all)) } else { view }
            }
            Self::History(number) => shown::history(one(&all, *number, incident)?, &all, incident, ctx.org),
        };
        Ok(Decision::answer(Reply::view(view).about(incident.id)))
    }
}
