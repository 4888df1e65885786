//! Calling somebody about a page, by the steps of their rules and no more often than they can take.

use super::{quiet, steps};
use crate::clock::Timestamp;
use crate::decide::{Draft, State};
use crate::effect::{About, Effect, Notice, Recipient, Stage};
use crate::ids::{PersonId, PlatformId};
use crate::incident::event::Subject;
use crate::incident::page::{Attempt, AttemptState, Called, Page, PageEvent};
use crate::incident::{Incident, Kind, Visibility};
use crate::oncall::{Limits, Load, Target};
use crate::org::{Organisation, Person};
use crate::record::Record;
use crate::timer::Alarm;
use crate::view::page as shown;
use crate::view::{Tone, View, text};
use chrono::TimeDelta;

/// So many attempts of a page are kept in sight.
const ATTEMPTS: usize = 60;

/// Which page calls, and by what is known.
pub(super) struct Caller<'a> {
    /// The page.
    pub(super) number: i64,
    /// What was read.
    pub(super) state: &'a State,
}

/// Whether a step is taken only when it is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// When it is due.
    Due,
    /// Now: what was tried before has failed.
    Now,
}

/// Reaches a target of a stop; `false` when there is nobody.
pub(super) fn target(draft: &mut Draft<'_>, caller: &Caller<'_>, target: &Target) -> bool {
    let ctx = draft.ctx();
    let drill = draft.incident.kind == Kind::Drill;
    match target {
        Target::Person { id } => person(draft, caller, id),
        Target::Schedule { id } => {
            let on_call = ctx.org.schedule(id).map(|schedule| schedule.at(caller.state.records.roster(id), ctx.now));
            let on_call = on_call.unwrap_or_default();
            on_call.iter().filter(|shift| person(draft, caller, &shift.person)).count() > 0
        }
        Target::Team { id } => {
            let members = ctx.org.team(id).map(|team| team.members.as_slice()).unwrap_or_default();
            members.iter().filter(|member| person(draft, caller, member)).count() > 0
        }
        // A channel is for everybody in it: a private incident is not.
        Target::Channel { .. } if draft.incident.visibility == Visibility::Private => false,
        Target::Channel { platform, address } => {
            tell(draft, caller.number, platform, Recipient::Channel { address: address.clone() }, target)
        }
        // A drill is nobody else's business: no other system hears of it.
        Target::Outlet { .. } if drill => false,
        Target::Outlet { platform, name } => {
            tell(draft, caller.number, platform, Recipient::Outlet { name: name.clone() }, target)
        }
    }
}

fn tell(draft: &mut Draft<'_>, number: i64, platform: &PlatformId, to: Recipient, target: &Target) -> bool {
    let name = shown::target(target, draft.ctx().org);
    attempt(draft, number, (platform, to), &name);
    draft.record_page(number, PageEvent::Told { name });
    true
}

/// Begins to call somebody, or calls them again; `false` when there is no such person or they have said no.
pub(super) fn person(draft: &mut Draft<'_>, caller: &Caller<'_>, id: &PersonId) -> bool {
    let ctx = draft.ctx();
    let Some(person) = ctx.org.person(id) else { return false };
    let Some(page) = draft.page_mut(caller.number) else { return false };
    let stop = page.next;
    match page.called.iter_mut().find(|called| &called.person == id) {
        Some(called) if called.declined => return false,
        // Two schedules of one stop may have the same person.
        Some(called) if called.since == ctx.now && called.stop == stop => return true,
        Some(called) => {
            called.since = ctx.now;
            called.steps = 0;
            called.stop = stop;
        }
        None => page.called.push(Called {
            person: id.clone(),
            name: person.name.clone(),
            stop,
            since: ctx.now,
            steps: 0,
            next_at: None,
            declined: false,
        }),
    }
    if draft.incident.visibility == Visibility::Private {
        draft.let_in(id, &person.name);
    }
    step(draft, caller, id, When::Due);
    true
}

/// Takes the next step of somebody's rules when it is due and they are not called too often; else sets a timer.
pub(super) fn step(draft: &mut Draft<'_>, caller: &Caller<'_>, id: &PersonId, when: When) {
    let ctx = draft.ctx();
    let Some(person) = ctx.org.person(id) else { return };
    let Some(page) = draft.incident.page(caller.number) else { return };
    let Some(called) = page.called(id).cloned() else { return };
    let steps = steps::steps(person, page.loudness, draft.incident.kind == Kind::Drill, ctx.org);
    let Some((after, ways)) = steps.get(called.steps) else { return };
    let due = called.since + TimeDelta::from_std(*after).unwrap_or_default();
    let due = if when == When::Now { ctx.now } else { due };
    let awake = quiet::free_at(person, page.loudness, due.max(ctx.now));
    let load = load_of(draft, caller.state, id);
    let free = load.free_at(ctx.now, limits(ctx.org));
    let until = awake.max(free);
    if until > ctx.now {
        if free > awake {
            draft.record_page(caller.number, PageEvent::Held { who: subject(person), until });
        } else if awake > due.max(ctx.now) {
            draft.record_page(caller.number, PageEvent::Waits { who: subject(person), until });
        }
        return call_at(draft, caller.number, id, until);
    }
    if called.steps == 0 {
        draft.record_page(caller.number, PageEvent::Called { who: subject(person) });
    }
    for way in ways {
        let to = Recipient::Person { person: id.clone(), contact: way.name.clone() };
        attempt(draft, caller.number, (&way.platform, to), &person.name);
    }
    let mut load = load;
    load.call(ctx.now);
    draft.keep(caller.state, Record::Load(load));
    if let Some(called) =
        draft.page_mut(caller.number).and_then(|page| page.called.iter_mut().find(|one| &one.person == id))
    {
        called.steps += 1;
        called.next_at = None;
    }
    if let Some((after, _)) = steps.get(called.steps + 1) {
        let next = called.since + TimeDelta::from_std(*after).unwrap_or_default();
        call_at(draft, caller.number, id, next.max(ctx.now));
    }
}

/// Calls somebody by the next step of their rules, later.
fn call_at(draft: &mut Draft<'_>, number: i64, id: &PersonId, at: Timestamp) {
    let called = draft.page_mut(number).and_then(|page| page.called.iter_mut().find(|one| &one.person == id));
    if let Some(called) = called {
        called.next_at = Some(at);
    }
    draft.set_timer(Alarm::Call { page: number, person: id.clone() }, at);
}

/// When the first of those who were reached at the last stop may be disturbed: nobody is passed over because they rest.
pub(super) fn awake_at(draft: &Draft<'_>, number: i64) -> Timestamp {
    let ctx = draft.ctx();
    let Some(page) = draft.incident.page(number) else { return ctx.now };
    let here = page.called.iter().filter(|called| called.stop == page.next && !called.declined);
    let free = |called: &Called| Some(quiet::free_at(ctx.org.person(&called.person)?, page.loudness, ctx.now));
    here.filter_map(free).min().unwrap_or(ctx.now)
}

fn load_of(draft: &Draft<'_>, state: &State, person: &PersonId) -> Load {
    let fresh = Load::of(person);
    match draft.kept(&Record::Load(fresh.clone()).key()) {
        Some(Record::Load(load)) => load.clone(),
        Some(_) | None => state.records.load(person).cloned().unwrap_or(fresh),
    }
}

fn limits(org: &Organisation) -> Limits {
    Limits { per_minute: org.paging.per_minute, per_quarter: org.paging.per_quarter }
}

fn subject(person: &Person) -> Subject {
    Subject { person: person.id.clone(), name: person.name.clone() }
}

/// Sends one notice, and keeps in sight that it is under way.
fn attempt(draft: &mut Draft<'_>, number: i64, (platform, to): (&PlatformId, Recipient), name: &str) {
    let now: Timestamp = draft.ctx().now;
    if let Some(effect) = notice(draft, number, (platform, &to), Stage::Raised) {
        draft.effect(effect);
    }
    if let Some(page) = draft.page_mut(number) {
        page.attempts.push(Attempt {
            platform: platform.clone(),
            to,
            name: name.to_owned(),
            at: now,
            state: AttemptState::Sent,
        });
        let too_many = page.attempts.len().saturating_sub(ATTEMPTS);
        page.attempts.drain(..too_many);
    }
}

/// What goes out about a page, by one way.
pub(super) fn notice(
    draft: &Draft<'_>,
    number: i64,
    (platform, to): (&PlatformId, &Recipient),
    stage: Stage,
) -> Option<Effect> {
    let incident: &Incident = &draft.incident;
    let page: &Page = incident.page(number)?;
    let notice = Notice {
        about: About::Page { incident: incident.id, number },
        stage,
        loudness: page.loudness,
        drill: incident.kind == Kind::Drill,
        line: shown::line(incident),
        message: page.message.clone(),
        view: shown::call(incident, page, draft.ctx().org),
    };
    let notice = match to {
        Recipient::Outlet { .. } if incident.visibility == Visibility::Private => from_afar(notice, incident),
        Recipient::Person { .. } | Recipient::Channel { .. } | Recipient::Outlet { .. } => notice,
    };
    Some(Effect::Page { platform: platform.clone(), to: to.clone(), notice: Box::new(notice) })
}

/// Another system may wake somebody about a private incident. What it is about, it is not told.
fn from_afar(notice: Notice, incident: &Incident) -> Notice {
    let line = shown::line_from_afar(incident);
    let view = View::titled(Tone::Neutral, vec![text(line.clone())]);
    Notice { line, message: "Somebody is needed".to_owned(), view, ..notice }
}
