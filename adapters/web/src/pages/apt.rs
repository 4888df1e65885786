//! What was said stays said, but its buttons may have lost their point: those are not shown any more.

use muster_core::clock::Timestamp;
use muster_core::command::Invocation;
use muster_core::comms::Stage;
use muster_core::ids::{PersonId, RoleKey};
use muster_core::incident::Incident;
use muster_core::incident::page::Page;
use muster_core::incident::task::Task;
use muster_core::view::{Action, Choice, Does, View, Weight};

/// The view without the buttons that could only be refused now. Where what it asks for is done or has lapsed, it offers nothing.
pub(super) fn still_apt(view: &View, incident: &Incident, viewer: &PersonId, now: Timestamp) -> View {
    let apt = |call: &Invocation| call.incident != Some(incident.id) || makes_sense(call, incident, (viewer, now));
    let keep = |action: &Action| match &action.does {
        Does::Run(call) | Does::Open(call) => {
            apt(call) && (!asks_to_approve(action, call) || is_in_review(call, incident))
        }
        Does::Choose(choices) => choices.iter().any(|choice: &Choice| apt(&choice.run)),
        Does::Visit(_) => true,
    };
    let (asked, kept): (Vec<_>, Vec<_>) = (
        view.actions.iter().filter(|action| action.weight == Weight::Primary).collect(),
        view.actions.iter().filter(|action| keep(action)).cloned().collect(),
    );
    let is_settled = !asked.is_empty() && !asked.into_iter().any(keep);
    View { actions: if is_settled { Vec::new() } else { kept }, ..view.clone() }
}

/// Whether nothing is left to be done of what a view asked for.
pub(super) fn is_settled(said: &View, now: &View) -> bool {
    !said.actions.is_empty() && now.actions.is_empty()
}

/// A look that stands out is what somebody does who is asked to let a message go.
fn asks_to_approve(action: &Action, call: &Invocation) -> bool {
    action.weight == Weight::Primary && (call.command.as_str(), call.verb.as_str()) == ("comms", "preview")
}

/// Where the message of a call stands; the latest that is open where it names none.
fn stage_of<'i>(call: &Invocation, incident: &'i Incident) -> Option<&'i Stage> {
    let number = call.args.get("number").and_then(|number| number.parse::<i64>().ok())?;
    incident.messages.iter().find(|brief| brief.number == number).map(|brief| &brief.stage)
}

fn is_in_review(call: &Invocation, incident: &Incident) -> bool {
    stage_of(call, incident).is_none_or(|stage| matches!(stage, Stage::InReview { .. }))
}

/// Whether a word about a message makes sense where that stands now.
fn moves(verb: &str, stage: &Stage) -> bool {
    match (verb, stage) {
        ("submit", Stage::Draft) | ("approve" | "reject", Stage::InReview { .. }) => true,
        ("publish" | "schedule", Stage::Draft | Stage::Approved | Stage::Scheduled { .. }) => true,
        ("unschedule", Stage::Scheduled { .. }) | ("retract", Stage::Published { .. }) => true,
        ("edit", stage) => stage.is_open() || matches!(stage, Stage::Published { .. }),
        ("discard", stage) => stage.is_open(),
        ("submit" | "approve" | "reject" | "publish" | "schedule" | "unschedule" | "retract", _) => false,
        (_, _) => true,
    }
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
        ("comms", verb) => stage_of(call, incident).is_none_or(|stage| moves(verb, stage)),
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

#[cfg(test)]
mod tests {
    use super::*;
    use muster_core::comms::Brief;
    use muster_core::ids::IncidentId;
    use muster_core::incident::entry::Author;
    use muster_core::incident::event::Subject;
    use muster_core::view::{Tone, text};

    fn now() -> Timestamp {
        Timestamp::UNIX_EPOCH
    }

    fn incident(stage: Stage) -> Incident {
        let by = Author { person: PersonId::from("alice"), name: "Alice".into() };
        let mut incident = Incident::declared(IncidentId(7), "Cards", by, now());
        let brief = Brief { number: 3, audience: "public".into(), title: "Cards".into(), stage, corrects: None };
        incident.messages.push(brief);
        incident
    }

    fn in_review() -> Stage {
        Stage::InReview { by: Subject { person: PersonId::from("carol"), name: "Carol".into() }, since: now() }
    }

    fn view(actions: Vec<Action>) -> View {
        View { actions, ..View::titled(Tone::Warning, vec![text("Message 3")]) }
    }

    fn word(verb: &str) -> Invocation {
        Invocation::of(&format!("comms {verb}")).on(IncidentId(7)).with("number", "3")
    }

    /// What is left of a view where message 3 stands so.
    fn left(view: &View, stage: Stage) -> Vec<String> {
        let left = still_apt(view, &incident(stage), &PersonId::from("dave"), now());
        left.actions.into_iter().map(|action| action.label).collect()
    }

    #[test]
    fn who_was_asked_to_approve_is_not_asked_once_it_is_approved_rejected_or_out() {
        let (approve, reject) =
            (Action::run("Approve", word("approve")).primary(), Action::open("Reject", word("reject")));
        let whole = view(vec![approve, reject, Action::open("Edit", word("edit"))]);
        let card = view(vec![Action::run("Preview", word("preview")).primary()]);
        assert_eq!(left(&whole, in_review()), ["Approve", "Reject", "Edit"]);
        assert_eq!(left(&card, in_review()), ["Preview"]);
        for over in [Stage::Draft, Stage::Approved, Stage::Published { at: now() }, Stage::Discarded] {
            assert_eq!(left(&whole, over.clone()), Vec::<String>::new(), "{over:?}");
            assert_eq!(left(&card, over.clone()), Vec::<String>::new(), "{over:?}");
            assert!(is_settled(&card, &still_apt(&card, &incident(over), &PersonId::from("dave"), now())));
        }
    }

    #[test]
    fn what_may_go_out_may_until_it_is_out_or_given_up() {
        let told =
            view(vec![Action::run("Preview", word("preview")), Action::run("Publish", word("publish")).primary()]);
        assert_eq!(left(&told, Stage::Approved), ["Preview", "Publish"]);
        assert_eq!(left(&told, Stage::Published { at: now() }), Vec::<String>::new());
        assert_eq!(left(&told, Stage::Discarded), Vec::<String>::new());
    }

    #[test]
    fn what_asked_for_nothing_stays() {
        let told = view(Vec::new());
        assert!(!is_settled(&told, &still_apt(&told, &incident(Stage::Draft), &PersonId::from("dave"), now())));
    }
}
