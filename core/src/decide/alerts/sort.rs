//! Deciding about the signals of one group.

use super::hear::{Hearing, Standing};
use super::tell;
use crate::alert::{Batch, Group};
use crate::clock::Timestamp;
use crate::decide::{Change, Ctx, Decision, Draft, Needs, State, pages};
use crate::incident::Incident;
use crate::incident::status::{Phase, Status};
use crate::record::Record;
use crate::reply::Reply;
use crate::timer::{Alarm, Timer, TimerChange};
use crate::view::{Tone, View, text};

/// What signals of one group lead to.
///
/// # Errors
/// More must be read first: all of that.
pub fn sort(batch: &Batch, needs: &Needs, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Box<Needs>> {
    let mut found = Found::of(batch, needs, state, ctx)?;
    let mut hearing = found.hear(batch, state, ctx);
    if let (Found::Past(_), true) = (&found, hearing.opens) {
        found = Found::Nothing;
        hearing = found.hear(batch, state, ctx);
    }
    let draft = draft(&found, &hearing, (batch, needs), state, ctx)?;
    let (mut decision, incident) = match draft {
        Some(mut draft) => {
            tell::all(&mut draft, &hearing, state);
            keep_group(&mut draft, batch, state, ctx.now);
            let id = draft.incident.id;
            (draft.done(|_| sorted()), Some(id))
        }
        None => (Decision::answer(Reply::view(sorted())), None),
    };
    let hear = |(alert, at): (_, Timestamp)| TimerChange::Set(Timer::apart(Alarm::Hear { alert }, at));
    decision.timers.extend(std::mem::take(&mut hearing.later).into_iter().map(hear));
    decision.changes.extend(hearing.into_alerts(incident).map(|alert| Change::Alert(Box::new(alert))));
    decision.changes.push(Change::Sorted(batch.signals.iter().map(|one| one.id.clone()).collect()));
    Ok(decision)
}

fn sorted() -> View {
    View::titled(Tone::Neutral, vec![text("The alerts have been sorted")])
}

/// The incident of a group, as far as there is one.
enum Found<'a> {
    Nothing,
    /// More alerts of the group belong to it.
    Open(&'a Incident),
    /// It was resolved so short a time ago that it has come back if another alert of the group begins to fire.
    Resolved(&'a Incident),
    /// Another alert of the group is another incident.
    Past(&'a Incident),
}

impl<'a> Found<'a> {
    fn of(batch: &Batch, needs: &Needs, state: &'a State, ctx: &Ctx<'_>) -> Result<Self, Box<Needs>> {
        let Some(group) = state.records.group(&batch.group) else { return Ok(Self::Nothing) };
        let ask = |needs: Needs| Err(Box::new(needs));
        let found = state.incident.as_ref().filter(|incident| incident.id == group.incident);
        let incident = match found {
            Some(incident) => incident,
            None if needs.incident == Some(group.incident) => return Ok(Self::Nothing),
            None => return ask(Needs { incident: Some(group.incident), other: None, ..needs.clone() }),
        };
        let incident = match (incident.status, &state.other) {
            (Status::Merged { into }, None) if needs.other.is_none() => {
                return ask(Needs { other: Some(into), ..needs.clone() });
            }
            (Status::Merged { .. }, Some(other)) => match other.status {
                Status::Merged { into } => return ask(Needs { other: Some(into), ..needs.clone() }),
                Status::Triage
                | Status::Investigating
                | Status::Identified
                | Status::Monitoring
                | Status::Resolved
                | Status::Closed
                | Status::Cancelled => other,
            },
            (_, _) => incident,
        };
        Ok(Self::at(incident, group, ctx))
    }

    fn at(incident: &'a Incident, group: &Group, ctx: &Ctx<'_>) -> Self {
        let rules = &ctx.org.alerting;
        let goes_on = incident.alerts.firing > 0 || ctx.now <= group.heard_at + rules.window;
        let resolved = incident.resolved_at.filter(|_| incident.status.phase() == Phase::Resolved);
        if incident.status.is_open() && goes_on {
            Self::Open(incident)
        } else if resolved.is_some_and(|at| ctx.now <= at + rules.reopen_within) {
            Self::Resolved(incident)
        } else {
            Self::Past(incident)
        }
    }

    fn hear(&self, batch: &'a Batch, state: &'a State, ctx: &'a Ctx<'a>) -> Hearing<'a> {
        let incident = match self {
            Self::Nothing => None,
            Self::Open(incident) | Self::Resolved(incident) | Self::Past(incident) => Some(incident),
        };
        let group = state.records.group(&batch.group).filter(|_| incident.is_some()).map(|group| group.incident);
        let standing = Standing {
            tally: incident.map(|incident| incident.alerts.clone()).unwrap_or_default(),
            counted: group.into_iter().chain(incident.map(|incident| incident.id)).collect(),
            is_open: matches!(self, Self::Open(_)),
        };
        let mut hearing = Hearing::of((&batch.group, standing), state, ctx);
        batch.signals.iter().filter(|_| !batch.group.is_empty()).for_each(|one| hearing.hear(&one.signal));
        hearing
    }
}

/// The change of the incident that has to be made, if one has.
fn draft<'a>(
    found: &Found<'a>,
    hearing: &Hearing<'_>,
    (batch, needs): (&Batch, &Needs),
    state: &'a State,
    ctx: &'a Ctx<'a>,
) -> Result<Option<Draft<'a>>, Box<Needs>> {
    let draft = match (found, hearing.opens) {
        (Found::Resolved(incident), true) => tell::reopen(incident, hearing, ctx),
        (Found::Nothing | Found::Past(_), true) => match state.number {
            Some(id) => tell::declare(id, hearing, state, ctx),
            // All at once: a number that is asked for again is another one.
            None => {
                let needs = if hearing.news.teams.is_empty() { needs.clone() } else { paging(needs) };
                return Err(Box::new(Needs { number: true, list: Some(batch.likely()), ..needs }));
            }
        },
        (Found::Open(incident), _) | (Found::Resolved(incident) | Found::Past(incident), false)
            if incident.alerts != hearing.tally =>
        {
            let mut draft = Draft::of(incident, ctx);
            draft.incident.alerts = hearing.tally.clone();
            draft
        }
        (Found::Nothing | Found::Open(_) | Found::Resolved(_) | Found::Past(_), _) => return Ok(None),
    };
    let may_page = pages::records().iter().all(|record| needs.records.contains(record));
    if !may_page && tell::is_to_page(&draft, hearing) {
        return Err(Box::new(paging(needs)));
    }
    Ok(Some(draft))
}

/// The same with what must be read where people are paged.
fn paging(needs: &Needs) -> Needs {
    let records = needs.records.iter().cloned().chain(pages::records()).collect();
    Needs { records, ..needs.clone() }
}

/// The group has this incident, and was heard of now.
fn keep_group(draft: &mut Draft<'_>, batch: &Batch, state: &State, now: Timestamp) {
    let incident = draft.incident.id;
    let known = state.records.group(&batch.group).filter(|group| group.incident == incident);
    let since = known.map_or(now, |group| group.since);
    draft.keep(state, Record::Group(Group { key: batch.group.clone(), incident, since, heard_at: now }));
}
