//! What one can do with a message now. Buttons name it by its number; the one that approves holds the mark of what is shown.

use crate::command::Invocation;
use crate::comms::{Message, Stage};
use crate::ids::IncidentId;
use crate::incident::Incident;
use crate::org::Organisation;
use crate::view::Action;

/// A word about a message.
pub(super) fn to(message: &Message, verb: &str) -> Invocation {
    word((message.incident, message.number), verb)
}

fn word((incident, number): (IncidentId, i64), verb: &str) -> Invocation {
    Invocation::of(&format!("comms {verb}")).on(incident).with("number", number.to_string())
}

/// To see it as it will be sent.
pub(super) fn look(message: (IncidentId, i64)) -> Action {
    Action::run("Preview", word(message, "preview"))
}

/// What makes sense now, the most likely first.
pub(super) fn buttons(message: &Message, incident: &Incident, org: &Organisation) -> Vec<Action> {
    let edit = || Action::open("Edit", to(message, "edit"));
    let publish = || Action::run("Publish", to(message, "publish")).primary();
    let schedule = || Action::open("Schedule", to(message, "schedule"));
    let discard = || Action::run("Discard", to(message, "discard")).danger();
    let audience = org.comms.audience(&message.audience);
    let is_needed = audience.is_some_and(|audience| audience.needs_approval(message, incident.severity.as_ref()));
    let lacks = message.missing.iter().any(|one| one.blocks) || message.texts.is_empty();
    match &message.stage {
        Stage::Draft if lacks => vec![edit().primary(), discard()],
        Stage::Draft if is_needed && !message.is_approved() => {
            let submit = Action::run("Ask for approval", to(message, "submit")).primary();
            vec![submit, edit(), discard()]
        }
        Stage::Draft | Stage::Approved => vec![publish(), edit(), schedule(), discard()],
        Stage::InReview { .. } => {
            let approve = Action::run("Approve", to(message, "approve").with("seal", message.mark())).primary();
            vec![approve, Action::open("Reject", to(message, "reject")), edit()]
        }
        Stage::Scheduled { .. } => {
            vec![publish(), Action::run("Do not send it", to(message, "unschedule")), edit()]
        }
        Stage::Published { .. } => {
            vec![
                Action::open("Correct", to(message, "edit")),
                Action::open("Take back", to(message, "retract")).danger(),
            ]
        }
        Stage::Retracted { .. } | Stage::Discarded => Vec::new(),
    }
}
