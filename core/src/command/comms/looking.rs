//! Looking: what customers were told and what waits, a message as it will be sent, how it once read.

use crate::command::Run;
use crate::comms::Message;
use crate::decide::{Ctx, Decision, Needs, State, comms, incident_of};
use crate::ids::IncidentId;
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
fn one(named: Option<i64>, incident: IncidentId, state: &State) -> Result<&Message, Refusal> {
    if let Some(number) = named {
        return comms::find(incident, number, state);
    }
    let latest = state.records.messages_of(incident).into_iter().max_by_key(|one| (one.stage.is_open(), one.number));
    let none = || Refusal::not_found(format!("No message of {incident} has been written yet")).instead("comms draft");
    latest.ok_or_else(none)
}

impl Run for Look {
    fn needs(&self, incident: Option<IncidentId>, _: &Ctx<'_>) -> Needs {
        needs(incident)
    }

    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let incident = incident_of(state)?;
        let (id, all) = (incident.id, state.records.messages_of(incident.id));
        let view = match self {
            Self::List => shown::overview(incident, ctx.org),
            Self::Preview(number) => {
                let message = one(*number, id, state)?;
                let view = shown::previewed(message, incident, ctx);
                if number.is_none() { shown::one_of(view, message, &all) } else { view }
            }
            Self::History(number) => shown::history(one(*number, id, state)?, &all, incident, ctx.org),
        };
        Ok(Decision::answer(Reply::view(view).about(id)))
    }
}
