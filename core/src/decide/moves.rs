//! Moves that commands and runbooks share: how bad it is, where the responders stand, who does what, what is said.

use super::Draft;
use crate::command::Invocation;
use crate::ids::SeverityKey;
use crate::incident::event::{Event, Subject};
use crate::incident::role::Assignment;
use crate::incident::status::{Move, Phase, Status};
use crate::incident::{Incident, Update};
use crate::org::Role;
use crate::refusal::Refusal;
use crate::view::{Action, Section, Tone, View, card, strong, text};
use chrono::TimeDelta;

/// How bad it is.
///
/// # Errors
/// When it is that bad already.
pub(crate) fn set_severity(
    draft: &mut Draft<'_>,
    to: Option<SeverityKey>,
    reason: Option<String>,
) -> Result<(), Refusal> {
    if draft.incident.severity == to {
        let word = to.as_ref().map_or("without a severity", SeverityKey::as_str);
        return Err(Refusal::conflict(format!("{} is already {word}", draft.incident.id)).instead("show"));
    }
    let from = std::mem::replace(&mut draft.incident.severity, to.clone());
    draft.record(Event::SeverityChanged { from, to, reason });
    Ok(())
}

/// Where the responders stand.
///
/// # Errors
/// When the table of moves does not lead there.
pub(crate) fn set_status(draft: &mut Draft<'_>, to: Phase, note: Option<String>) -> Result<(), Refusal> {
    let from = draft.incident.status.phase();
    let (Some(Move::Free), Some(status)) = (from.leads_to(to), Status::plain(to)) else {
        return Err(illegal(&draft.incident, to));
    };
    draft.incident.status = status;
    if to == Phase::Resolved {
        draft.incident.resolved_at = Some(draft.ctx().now);
    }
    draft.record(Event::StatusChanged { from, to, note });
    Ok(())
}

/// Why an incident cannot move there, and what can be done.
fn illegal(incident: &Incident, to: Phase) -> Refusal {
    let (id, from) = (incident.id, incident.status.phase());
    if from == to {
        return Refusal::conflict(format!("{id} is already {}", to.word())).instead("show");
    }
    match (from.leads_to(to), to) {
        (Some(Move::Reopen), _) => Refusal::conflict(format!("{id} is {}: reopen it, with a reason", from.word()))
            .instead("reopen it came back"),
        (_, Phase::Merged) => {
            Refusal::conflict("An incident is merged by naming the one that goes on").instead("merge INC-42")
        }
        (_, Phase::Closed) if from.is_open() => {
            Refusal::conflict(format!("{id} is {}: resolve it before you close it", from.word())).instead("resolve")
        }
        (_, Phase::Triage) => Refusal::conflict(format!("{id} is {}: nothing returns to triage", from.word())),
        _ if !from.is_open() => Refusal::conflict(format!("{id} is {}: reopen it first, with a reason", from.word()))
            .instead("reopen it came back"),
        _ => Refusal::conflict(format!("{id} is {} and cannot become {}", from.word(), to.word())),
    }
}

/// What we know, what we do, and when there will be more.
pub(crate) fn write_update(draft: &mut Draft<'_>, text: String, doing: Option<String>, next: Option<TimeDelta>) {
    let ctx = draft.ctx();
    let next_at = next.map(|span| ctx.now + span);
    let update = Update { text, doing, by: ctx.actor.author(), at: ctx.now, next_at };
    draft.incident.last_update = Some(update.clone());
    draft.record(Event::Updated { text: update.text, doing: update.doing, next_at });
}

/// Gives a role to somebody. One that a single person may hold is taken from the present holder, if that is wanted.
///
/// # Errors
/// When they hold it already, or somebody else does and is not to be replaced.
pub(crate) fn give_role(draft: &mut Draft<'_>, role: &Role, who: &Subject, replace: bool) -> Result<(), Refusal> {
    if draft.incident.holds(&who.person, &role.key) {
        let is_me = who.person == draft.ctx().actor.person;
        let holder = if is_me { "You are".to_owned() } else { format!("{} is", who.name) };
        return Err(Refusal::conflict(format!("{holder} already {}", role.name)).instead("role list"));
    }
    if !role.many {
        make_room(draft, role, replace)?;
    }
    give(draft, role, who);
    Ok(())
}

/// A role of one holder is taken from the present one, if that is what is wanted.
fn make_room(draft: &mut Draft<'_>, role: &Role, replace: bool) -> Result<(), Refusal> {
    let ctx = draft.ctx();
    let Some(holder) = draft.incident.roles.iter().find(|one| one.role == role.key).cloned() else { return Ok(()) };
    if !replace {
        let sentence = format!("{} is {}: ask them to hand over, or take it with --replace", holder.name, role.name);
        return Err(Refusal::conflict(sentence).instead(format!("role {} --replace", role.key)));
    }
    draft.incident.roles.retain(|one| one.role != role.key);
    let who = Subject { person: holder.person, name: holder.name };
    let title = vec![
        strong(ctx.actor.name.clone()),
        text(format!(" relieved you as {} of ", role.name)),
        card::named(&draft.incident),
    ];
    let view = View::titled(Tone::Warning, title).footed(card::brief(&draft.incident));
    if who.person != ctx.actor.person {
        draft.tell(&who.person, &view);
    }
    draft.record(Event::RoleReleased { role: role.key.clone(), who });
    Ok(())
}

/// Gives a role to somebody, lets them in, and tells them what it is. Who took it themselves in the console sees that
/// there; in chats they are told, too.
pub(crate) fn give(draft: &mut Draft<'_>, role: &Role, who: &Subject) {
    let ctx = draft.ctx();
    draft.let_in(&who.person, &who.name);
    draft.incident.roles.push(Assignment {
        role: role.key.clone(),
        person: who.person.clone(),
        name: who.name.clone(),
        since: ctx.now,
    });
    draft.record(Event::RoleTaken { role: role.key.clone(), who: who.clone() });
    let call = |words: &str| Invocation::of(words).on(draft.incident.id).with("role", role.key.as_str());
    let named = card::named(&draft.incident);
    let brief = |tone, title| {
        View::titled(tone, title)
            .with(Section::Text(vec![text(format!("The {} {}.", role.name, role.brief))]))
            .footed(card::brief(&draft.incident))
    };
    if who.person == ctx.actor.person {
        let title = vec![text(format!("You are {} of ", role.name)), named];
        let view = brief(Tone::Neutral, title).offering(Action::open("Hand over", call("handoff")));
        draft.tell_in_chats(&who.person, &view);
    } else {
        let title = vec![strong(ctx.actor.name.clone()), text(format!(" made you {} of ", role.name)), named];
        let view = brief(Tone::Warning, title).offering(Action::run("Not me", call("role release")));
        draft.tell(&who.person, &view);
    }
}
