//! What must always hold, whatever was typed: the rules that property tests check after every step.

use crate::dump::Dump;
use muster_core::ids::{IncidentId, PersonId, RoleKey, SeverityKey};
use muster_core::incident::Incident;
use muster_core::incident::entry::Entry;
use muster_core::incident::event::{Due, Event, OfferEnd, Reminder};
use muster_core::incident::status::{Move, Phase};
use muster_core::org::Organisation;
use std::collections::{BTreeMap, BTreeSet};

/// What was found wrong, in a sentence.
pub type Verdict = Result<(), String>;

fn rule(holds: bool, otherwise: impl FnOnce() -> String) -> Verdict {
    if holds { Ok(()) } else { Err(otherwise()) }
}

/// What must hold of everything at any time.
///
/// # Errors
/// The first rule that is broken.
pub fn world(dump: &Dump, org: &Organisation) -> Verdict {
    for incident in dump.incidents.values() {
        let log = dump.log(incident.id);
        gapless(incident, log)?;
        follows_from(incident, log)?;
        people(incident, org)?;
        ended(incident)?;
        timers(incident, dump)?;
    }
    for timer in &dump.timers {
        let is_there = |incident| dump.incidents.contains_key(&incident);
        rule(timer.incident.is_none_or(is_there), || format!("{} is of no incident", timer.key))?;
    }
    Ok(())
}

/// What must hold between what was before one command and what is after it: each incident changed at most once.
///
/// # Errors
/// The first rule that is broken.
pub fn step(before: &Dump, after: &Dump) -> Verdict {
    for (id, new) in &after.incidents {
        let old = before.incidents.get(id).map_or(0, |old| old.version);
        rule(new.version <= old + 1, || format!("{id} went from version {old} to {}", new.version))?;
    }
    since(before, after)
}

/// What must hold between what was before and what is after any number of decisions.
///
/// # Errors
/// The first rule that is broken.
pub fn since(before: &Dump, after: &Dump) -> Verdict {
    for (id, old) in &before.incidents {
        rule(after.incidents.contains_key(id), || format!("{id} is gone"))?;
        let (old_log, new_log) = (before.log(*id), after.log(*id));
        rule(new_log.starts_with(old_log), || format!("the log of {id} was rewritten"))?;
        let new = &after.incidents[id];
        if new == old {
            rule(new_log == old_log, || format!("{id} has a new event without a change of state"))?;
            continue;
        }
        rule(new.version > old.version, || format!("{id} went from version {} to {}", old.version, new.version))?;
        rule(new_log.len() > old_log.len(), || format!("{id} changed without an event"))?;
    }
    for (id, new) in after.incidents.iter().filter(|(id, _)| !before.incidents.contains_key(id)) {
        rule(new.version == 1, || format!("{id} begins at version {}", new.version))?;
        rule(!after.log(*id).is_empty(), || format!("{id} began without an event"))?;
    }
    let is_kept = |key: &String| after.outbox.contains_key(key);
    rule(before.outbox.keys().all(is_kept), || "an effect vanished from the outbox".to_owned())
}

fn gapless(incident: &Incident, log: &[Entry]) -> Verdict {
    let id = incident.id;
    for (entry, seq) in log.iter().zip(1..) {
        rule(entry.seq == seq, || format!("the log of {id} has {} in place {seq}", entry.seq))?;
        rule(entry.number <= entry.seq, || format!("#{} of {id} restates the future", entry.seq))?;
        let is_new = entry.number == entry.seq;
        rule(is_new == entry.amendment.is_none(), || format!("#{} of {id} is half an amendment", entry.seq))?;
    }
    rule(incident.next_entry == log.len() as i64 + 1, || {
        format!("{id} has {} rows and would go on at {}", log.len(), incident.next_entry)
    })
}

/// What the events of a log amount to.
#[derive(Default)]
struct Replay {
    phase: Option<Phase>,
    severity: Option<SeverityKey>,
    roles: BTreeSet<(RoleKey, PersonId)>,
    offers: Vec<(RoleKey, PersonId, PersonId)>,
    open_tasks: BTreeMap<(String, i64), bool>,
}

impl Replay {
    fn moved(&mut self, id: IncidentId, from: Phase, to: Phase, how: Move) -> Verdict {
        rule(self.phase == Some(from), || format!("{id} says it was {} and was {:?}", from.word(), self.phase))?;
        rule(from.leads_to(to) == Some(how), || format!("{id} moved from {} to {}", from.word(), to.word()))?;
        self.phase = Some(to);
        Ok(())
    }

    fn event(&mut self, entry: &Entry) -> Verdict {
        let id = entry.incident;
        match &entry.what {
            Event::Declared { severity, .. } => {
                rule(self.phase.is_none(), || format!("{id} was declared twice"))?;
                self.phase = Some(Phase::Triage);
                self.severity.clone_from(severity);
            }
            Event::StatusChanged { from, to, .. } => self.moved(id, *from, *to, Move::Free)?,
            Event::Reopened { from, .. } => self.moved(id, *from, Phase::Investigating, Move::Reopen)?,
            Event::MergedInto { .. } => {
                let from = self.phase.ok_or_else(|| format!("{id} was merged before it was declared"))?;
                self.moved(id, from, Phase::Merged, Move::Free)?;
            }
            Event::SeverityChanged { from, to, .. } => {
                rule(self.severity == *from, || format!("the severity of {id} was not {from:?}"))?;
                rule(from != to, || format!("the severity of {id} changed to itself"))?;
                self.severity.clone_from(to);
            }
            Event::RoleTaken { role, who } => {
                let is_new = self.roles.insert((role.clone(), who.person.clone()));
                rule(is_new, || format!("{} became {role} of {id} twice", who.person))?;
            }
            Event::RoleReleased { role, who } => {
                let was_held = self.roles.remove(&(role.clone(), who.person.clone()));
                rule(was_held, || format!("{} gave up {role} of {id} without holding it", who.person))?;
            }
            Event::HandoffOffered { role, to, .. } => {
                self.offers.push((role.clone(), entry.by.person.clone(), to.person.clone()));
            }
            Event::HandoffEnded { role, to, end } => self.offer_ended(id, (role, &to.person), *end)?,
            Event::TaskAdded { list, number, .. } => {
                let old = self.open_tasks.insert((list.word().to_owned(), *number), true);
                rule(old.is_none(), || format!("{id} has {} {number} twice", list.word()))?;
            }
            Event::TaskDone { list, number, .. } => self.task(id, (list.word(), *number), false)?,
            Event::TaskReopened { list, number, .. } => self.task(id, (list.word(), *number), true)?,
            Event::Joined { .. }
            | Event::Pinned { .. }
            | Event::ReminderMoved { .. }
            | Event::RunbookSuggested { .. }
            | Event::Run { .. }
            | Event::Comms { .. }
            | Event::Planned { .. }
            | Event::WorkBegan
            | Event::RoomWanted { .. }
            | Event::RoomOpened { .. }
            | Event::RoomLost { .. }
            | Event::AlertsFired { .. }
            | Event::AlertsCounted { .. }
            | Event::AlertsCalm { .. }
            | Event::RoomsArchived
            | Event::Noted { .. }
            | Event::Updated { .. }
            | Event::Reminded { .. }
            | Event::Summarised { .. }
            | Event::Edited { .. }
            | Event::TaskAssigned { .. }
            | Event::MergedFrom { .. }
            | Event::Page { .. } => {}
        }
        Ok(())
    }

    fn offer_ended(&mut self, id: IncidentId, (role, to): (&RoleKey, &PersonId), end: OfferEnd) -> Verdict {
        let found = self.offers.iter().position(|(offered, _, whom)| offered == role && whom == to);
        let Some(at) = found else { return Err(format!("an offer of {role} in {id} ended that nobody made")) };
        let (_, from, _) = self.offers.remove(at);
        if end == OfferEnd::Accepted {
            rule(self.roles.remove(&(role.clone(), from.clone())), || format!("{from} handed over {role} without it"))?;
        }
        Ok(())
    }

    fn task(&mut self, id: IncidentId, (list, number): (&str, i64), open: bool) -> Verdict {
        let before = self.open_tasks.insert((list.to_owned(), number), open);
        rule(before == Some(!open), || format!("{list} {number} of {id} was {before:?} and became {open}"))
    }
}

/// No state without its events: replaying them gives the state.
fn follows_from(incident: &Incident, log: &[Entry]) -> Verdict {
    let id = incident.id;
    let mut replay = Replay::default();
    for entry in log.iter().filter(|entry| entry.amendment.is_none()) {
        replay.event(entry)?;
    }
    let phase = incident.status.phase();
    rule(replay.phase == Some(phase), || format!("{id} is {} and its events say {:?}", phase.word(), replay.phase))?;
    rule(replay.severity == incident.severity, || {
        format!("{id} is {:?} and its events say {:?}", incident.severity, replay.severity)
    })?;
    let roles: BTreeSet<_> = incident.roles.iter().map(|one| (one.role.clone(), one.person.clone())).collect();
    rule(replay.roles == roles, || format!("{id} has roles {roles:?} and its events say {:?}", replay.roles))?;
    let offers: Vec<_> =
        incident.offers.iter().map(|one| (one.role.clone(), one.from.clone(), one.to.clone())).collect();
    rule(replay.offers == offers, || format!("{id} has offers {offers:?} and its events say {:?}", replay.offers))?;
    let tasks = incident.tasks.iter().map(|task| (("task".to_owned(), task.number), task.done_at.is_none()));
    let followups =
        incident.followups.iter().map(|task| (("follow-up".to_owned(), task.number), task.done_at.is_none()));
    rule(replay.open_tasks == tasks.chain(followups).collect(), || {
        format!("the lists of {id} are not as its events say")
    })
}

fn people(incident: &Incident, org: &Organisation) -> Verdict {
    let id = incident.id;
    let distinct: BTreeSet<_> = incident.participants.iter().map(|one| &one.person).collect();
    rule(distinct.len() == incident.participants.len(), || format!("somebody joined {id} twice"))?;
    rule(!distinct.is_empty(), || format!("nobody has joined {id}"))?;
    let mut held = BTreeSet::new();
    for one in &incident.roles {
        rule(incident.has(&one.person), || format!("{} is {} of {id} without having joined", one.person, one.role))?;
        rule(held.insert((&one.role, &one.person)), || format!("{} is {} of {id} twice", one.person, one.role))?;
        let many = org.find_role(one.role.as_str()).is_some_and(|role| role.many);
        let holders = incident.holders(&one.role).count();
        rule(many || holders == 1, || format!("{id} has {holders} times {}", one.role))?;
    }
    for offer in &incident.offers {
        rule(incident.holds(&offer.from, &offer.role), || format!("{} offers {} without it", offer.from, offer.role))?;
        rule(!incident.holds(&offer.to, &offer.role), || format!("{} is offered their own role", offer.to))?;
        rule(incident.has(&offer.to), || format!("{} is offered a role and cannot see {id}", offer.to))?;
    }
    Ok(())
}

fn ended(incident: &Incident) -> Verdict {
    let (id, phase) = (incident.id, incident.status.phase());
    let is_resolved = matches!(phase, Phase::Resolved | Phase::Closed);
    rule(incident.resolved_at.is_some() == is_resolved, || {
        format!("{id} is {} and was resolved at {:?}", phase.word(), incident.resolved_at)
    })?;
    if phase.is_open() {
        return Ok(());
    }
    rule(incident.offers.is_empty(), || format!("{id} has ended and roles are on offer"))?;
    rule(incident.update_due.is_none(), || format!("{id} has ended and an update is due"))
}

/// A timer is there exactly when it may have something to do.
fn timers(incident: &Incident, dump: &Dump) -> Verdict {
    let id = incident.id;
    let is_set = |about: Reminder| {
        let key = about.key(id);
        dump.timers.iter().any(|timer| timer.key == key)
    };
    let lacks_commander = incident.lacks_commander();
    let wanted = |about: Reminder| !incident.dismissed.contains(&about);
    rule(is_set(Reminder::NoCommander) == (lacks_commander && wanted(Reminder::NoCommander)), || {
        format!("{id} lacks a commander: {lacks_commander}, but its timer says otherwise")
    })?;
    let is_due = incident.update_due.is_some();
    rule(is_set(Reminder::UpdateDue) == (is_due && wanted(Reminder::UpdateDue)), || {
        format!("an update of {id} is due: {is_due}, but no timer agrees")
    })?;
    let is_due = incident.comms_clock.due().is_some();
    rule(is_set(Reminder::Customers(Due::Late)) == (is_due && wanted(Reminder::Customers(Due::Late))), || {
        format!("customers of {id} are due a word: {is_due}, but no timer agrees")
    })
}
