//! Runbooks that offer themselves, or start by themselves, when an incident comes to fit them; and what becomes of runs when
//! it ends. Part of what follows from any change.

use crate::decide::Draft;
use crate::incident::event::Event;
use crate::incident::status::Phase;
use crate::incident::{Incident, Kind};
use crate::org::Organisation;
use crate::runbook::{Runbook, Start, Trigger, TriggerOn};
use crate::timer::Alarm;
use crate::view::{View, run as shown};
use std::sync::Arc;

/// What follows for runbooks from any change of an incident.
pub(in crate::decide) fn follow(draft: &mut Draft<'_>) {
    offer(draft);
    end(draft);
}

fn offer(draft: &mut Draft<'_>) {
    if !draft.incident.status.is_open() {
        return;
    }
    let org = draft.org();
    for book in &org.runbooks.books {
        let is_known = draft.incident.suggested.contains(&book.id);
        let Some(start) = best(book, draft).filter(|_| !is_known) else { continue };
        draft.incident.suggested.push(book.id.clone());
        match start {
            Start::Automatic if draft.incident.kind != Kind::Drill => {
                let now = draft.ctx().now;
                draft.set_timer(Alarm::StartRun { book: book.id.clone() }, now);
            }
            Start::Automatic | Start::Suggested => suggest(draft, book),
        }
    }
}

fn suggest(draft: &mut Draft<'_>, book: &Arc<Runbook>) {
    draft.record(Event::RunbookSuggested { id: book.id.clone(), name: book.name.clone() });
    let view = shown::suggestion(book, &draft.incident);
    draft.say(&view);
}

/// What a new room is told of what its incident was offered before there was any, and nobody has taken up.
pub(in crate::decide) fn offered(incident: &Incident, org: &Organisation) -> Vec<View> {
    let has_run = |book: &Runbook| incident.runs.iter().any(|run| run.book == book.id);
    let open = incident.suggested.iter().filter(|_| incident.status.is_open());
    let books = open.filter_map(|id| org.runbooks.books.iter().find(|book| book.id == *id));
    books.filter(|book| !has_run(book)).map(|book| shown::suggestion(book, incident)).collect()
}

/// What the triggers that match want; to start by itself goes before being offered.
fn best(book: &Runbook, draft: &Draft<'_>) -> Option<Start> {
    let mut wanted = book.triggers.iter().filter(|trigger| is_met(trigger, book, draft)).map(|trigger| trigger.start);
    let first = wanted.next()?;
    Some(if wanted.any(|start| start == Start::Automatic) { Start::Automatic } else { first })
}

fn is_met(trigger: &Trigger, book: &Runbook, draft: &Draft<'_>) -> bool {
    let (before, after) = (draft.before(), &draft.incident);
    if !fits(trigger, book, after) {
        return false;
    }
    match &trigger.on {
        TriggerOn::Declare => before.is_none_or(|before| !before.status.is_open() || !fits(trigger, book, before)),
        TriggerOn::Status { to } => {
            let (was, is) = (before.map(|before| before.status.phase()), after.status.phase());
            was != Some(is) && to.contains(&is)
        }
        TriggerOn::Alert { name } => {
            let begins = |what: &Event| matches!(what, Event::AlertsFired { kinds } if kinds.iter().any(|kind| is_like(name, kind)));
            draft.entries().iter().any(|entry| begins(&entry.what))
        }
    }
}

/// Whether a kind of alert is meant by a name in which `*` stands for anything.
fn is_like(name: &str, kind: &str) -> bool {
    let pattern = format!("(?is)^{}$", regex::escape(name).replace(r"\*", ".*"));
    regex::Regex::new(&pattern).is_ok_and(|pattern| pattern.is_match(kind))
}

/// Whether an incident is of the sort a trigger is for.
fn fits(trigger: &Trigger, book: &Runbook, incident: &Incident) -> bool {
    let services = if trigger.services.is_empty() { &book.services } else { &trigger.services };
    let touches = |wanted: &[String], there: &std::collections::BTreeSet<String>| {
        wanted.is_empty() || wanted.iter().any(|one| there.contains(one))
    };
    let is_one = |wanted: &[String], there: Option<&String>| {
        wanted.is_empty() || there.is_some_and(|there| wanted.contains(there))
    };
    let severities = &trigger.severities;
    (severities.is_empty() || incident.severity.as_ref().is_some_and(|key| severities.contains(key)))
        && is_one(&trigger.categories, incident.category.as_ref())
        && touches(services, &incident.services)
        && touches(&trigger.sites, &incident.sites)
}

/// An incident ends while runs are open: the room is told; one that was none, or goes on in another, ends them.
fn end(draft: &mut Draft<'_>) {
    let was_open = draft.before().is_some_and(|before| before.status.is_open());
    let phase = draft.incident.status.phase();
    let open: Vec<_> = draft.incident.runs.iter().filter(|run| run.state.is_open()).cloned().collect();
    if phase.is_open() || !was_open || open.is_empty() {
        return;
    }
    if matches!(phase, Phase::Cancelled | Phase::Merged) {
        let now = draft.ctx().now;
        draft.set_timer(Alarm::EndRuns, now);
    } else {
        let view = shown::still_open(draft.incident.id, &open);
        draft.say(&view);
    }
}
