//! What was said stays said, but its buttons may have lost their point: those are not shown any more.

use muster_core::clock::Timestamp;
use muster_core::command::Invocation;
use muster_core::ids::{PersonId, RoleKey};
use muster_core::incident::Incident;
use muster_core::incident::page::Page;
use muster_core::incident::task::Task;
use muster_core::view::{Action, Choice, Does, View};

/// The view without the buttons that could only be refused now.
pub(super) fn still_apt(view: &View, incident: &Incident, viewer: &PersonId, now: Timestamp) -> View {
    let apt = |call: &Invocation| call.incident != Some(incident.id) || makes_sense(call, incident, (viewer, now));
    let keep = |action: &Action| match &action.does {
        Does::Run(call) | Does::Open(call) => apt(call),
        Does::Choose(choices) => choices.iter().any(|choice: &Choice| apt(&choice.run)),
        Does::Visit(_) => true,
    };
    View { actions: view.actions.iter().filter(|action| keep(action)).cloned().collect(), ..view.clone() }
}

fn makes_sense(call: &Invocation, incident: &Incident, (viewer, now): (&PersonId, Timestamp)) -> bool {
    let role = call.args.get("role").map(|key| RoleKey::new(key.clone()));
    let offers = || incident.offers.iter().filter(|offer| role.as_ref().is_none_or(|role| role == &offer.role));
    let is_held = || role.as_ref().is_some_and(|role| incident.holders(role).next().is_some());
    match (call.command.as_str(), call.verb.as_str()) {
        ("handoff", "accept" | "decline") => offers().any(|offer| &offer.to == viewer),
        ("handoff", "withdraw") => offers().any(|offer| &offer.from == viewer),
        ("role", "") => incident.status.is_open() && !is_held(),
        ("role", "release") => role.as_ref().is_some_and(|role| incident.holds(viewer, role)),
        ("task", "done") => is_to_do(&incident.tasks, call),
        ("followup", "done") => is_to_do(&incident.followups, call),
        ("ack", "decline") => page_of(call, incident).is_some_and(|page| page.rings_for(viewer)),
        ("ack", _) => page_of(call, incident).is_none_or(Page::can_be_acked),
        ("page", "") => incident.status.is_open(),
        ("comms", "holding") => incident.comms_clock.first_at.is_none(),
        ("maintenance", "begin" | "move") => incident.is_planned(),
        ("maintenance", "finish" | "extend") => incident.status.is_open(),
        ("update", _) => incident.update_due.is_some_and(|due| due <= now),
        _ => true,
    }
}

fn page_of<'i>(call: &Invocation, incident: &'i Incident) -> Option<&'i Page> {
    incident.page(call.args.get("page")?.parse().ok()?)
}

fn is_to_do(tasks: &[Task], call: &Invocation) -> bool {
    let number = call.args.get("number").and_then(|number| number.parse::<i64>().ok());
    tasks.iter().any(|task| Some(task.number) == number && task.done_at.is_none())
}
