//! Looking after those who are on call: before a shift they are told which of their contacts are in doubt, everybody of a
//! team of a gap ahead, and contacts are tested by themselves where the config says so.

use super::pages::{self, contact_test};
use super::{Ctx, Decision, Errand, State};
use crate::clock::Timestamp;
use crate::ids::PersonId;
use crate::oncall::{Proofs, Schedule, Shift};
use crate::org::Person;
use crate::record::Record;
use crate::timer::Alarm;
use crate::view::{Tone, View, oncall as shown, text};
use chrono::{DurationRound, TimeDelta};
use std::collections::BTreeMap;

/// How often is looked.
pub const EVERY: TimeDelta = TimeDelta::hours(1);
/// So long before a shift somebody is warned.
const BEFORE_SHIFT: TimeDelta = TimeDelta::hours(24);
/// So far ahead gaps are looked for.
const GAPS_AHEAD: TimeDelta = TimeDelta::days(7);

/// Begins to look every full hour. Said again while that goes on, it changes nothing.
#[must_use]
pub fn begin(state: &State, ctx: &Ctx<'_>) -> Decision {
    let mut errand = Errand::new(state, ctx);
    errand.set_timer(Alarm::Watch, ctx.now.duration_trunc(EVERY).unwrap_or(ctx.now) + EVERY);
    errand.done(looked())
}

/// Looks once, and sets the timer for the next time. The look was due at `due`: however late it comes, it sees everything
/// that came within sight since then, and the next one goes on where it ends.
#[must_use]
pub fn watch(due: Timestamp, state: &State, ctx: &Ctx<'_>) -> Decision {
    let late = (ctx.now - due).max(TimeDelta::zero());
    let looks = i32::try_from(late.num_seconds() / EVERY.num_seconds()).unwrap_or(i32::MAX - 1) + 1;
    let next = due + EVERY * looks;
    let mut errand = Errand::new(state, ctx);
    let mut proofs: BTreeMap<PersonId, Proofs> = BTreeMap::new();
    for (person, shift, schedule) in coming(state, ctx) {
        let known = || state.records.proofs(&person.id).cloned().unwrap_or_else(|| Proofs::of(&person.id));
        let proofs = proofs.entry(person.id.clone()).or_insert_with(known);
        let doubts = pages::doubts(person, proofs, ctx);
        if !doubts.is_empty() && proofs.warned_for.is_none_or(|warned| warned < shift.from) {
            proofs.warned_for = Some(shift.from);
            errand.tell(&person.id, &shown::doubtful(schedule, &shift, &doubts));
        }
    }
    for person in ctx.org.responders() {
        let known = || state.records.proofs(&person.id).cloned().unwrap_or_else(|| Proofs::of(&person.id));
        if let Some(every) = ctx.org.paging.test_every.and_then(|every| TimeDelta::from_std(every).ok()) {
            let proofs = proofs.entry(person.id.clone()).or_insert_with(known);
            contact_test::due(&mut errand, person, proofs, every, ctx);
        }
    }
    proofs.retain(|person, now| state.records.proofs(person) != Some(now) && *now != Proofs::of(person));
    proofs.into_values().for_each(|proofs| errand.keep(Record::Proofs(proofs)));
    warn_of_gaps(&mut errand, (due, next), state, ctx);
    errand.set_timer(Alarm::Watch, next);
    errand.done(looked())
}

fn looked() -> View {
    View::titled(Tone::Neutral, vec![text("Looked after those on call")])
}

/// Who goes on call within a day, and when.
fn coming<'a>(state: &State, ctx: &Ctx<'a>) -> Vec<(&'a Person, Shift, &'a Schedule)> {
    let until = ctx.now + BEFORE_SHIFT;
    let of = |schedule: &'a Schedule| {
        let shifts = schedule.shifts(state.records.roster(&schedule.id), ctx.now, until);
        let soon = shifts.into_iter().filter(|shift| shift.from > ctx.now);
        soon.filter_map(move |shift| Some((ctx.org.person(&shift.person)?, shift, schedule)))
    };
    ctx.org.schedules.iter().flat_map(of).collect()
}

/// Whoever is on a team is told of a gap twice: when it comes within sight, and just before it. Between one look and the
/// next each gap passes each of the two once.
fn warn_of_gaps(errand: &mut Errand<'_>, (due, next): (Timestamp, Timestamp), state: &State, ctx: &Ctx<'_>) {
    for schedule in &ctx.org.schedules {
        let Some(team) = schedule.team.as_deref().and_then(|team| ctx.org.team(team)) else { continue };
        let gaps = schedule.gaps(state.records.roster(&schedule.id), ctx.now, next + GAPS_AHEAD);
        let is_between = |from: Timestamp, ahead: TimeDelta| from >= due + ahead && from < next + ahead;
        let is_news = |(from, _): &&(Timestamp, Timestamp)| {
            is_between(*from, GAPS_AHEAD) || is_between(*from, TimeDelta::zero()) && *from > ctx.now
        };
        let news: Vec<_> = gaps.iter().filter(is_news).copied().collect();
        if !news.is_empty() {
            let view = shown::gaps_ahead(schedule, &news);
            team.members.iter().for_each(|member| errand.tell(member, &view));
        }
    }
}
