//! Changing: somebody stands in, asks to be covered, covers somebody, or takes that back.

use super::{needs, schedule};
use crate::clock::Timestamp;
use crate::command::args::Args;
use crate::command::{Command, Run};
use crate::decide::{Ctx, Decision, Errand, Needs, State};
use crate::ids::{IncidentId, PersonId};
use crate::oncall::{Override, Roster, Schedule, Swap, Target};
use crate::org::Right;
use crate::plain::echo;
use crate::record::Record;
use crate::refusal::Refusal;
use crate::view::{Tone, View, oncall as shown, strong, text};
use chrono::TimeDelta;

/// Nobody stands in for longer at once.
const LONGEST: TimeDelta = TimeDelta::days(92);
/// So many overrides and swaps a schedule keeps; those that are over go first.
const KEPT: usize = 200;

/// Between two moments, which must be sensible.
fn stretch(
    from: Option<Timestamp>,
    until: Option<Timestamp>,
    now: Timestamp,
) -> Result<(Timestamp, Timestamp), Refusal> {
    let from = from.unwrap_or(now);
    let Some(until) = until else {
        return Err(Refusal::invalid("Until when? Say --until 18:00 or --until \"tomorrow 09:00\""));
    };
    if until <= from || until <= now {
        return Err(Refusal::invalid("That ends before it begins: look at --from and --until"));
    }
    if until - from > LONGEST {
        return Err(Refusal::invalid("Nobody is put on call for more than three months at once: change the schedule"));
    }
    Ok((from, until))
}

fn whom(typed: Option<&str>, ctx: &Ctx<'_>) -> Result<PersonId, Refusal> {
    let Some(typed) = typed.filter(|typed| !typed.eq_ignore_ascii_case("me")) else {
        return known(&ctx.actor.person, ctx);
    };
    match ctx.org.find_person(typed) {
        Some(person) if person.right >= Right::Respond => Ok(person.id.clone()),
        Some(person) => Err(Refusal::conflict(format!("{} has no right to respond to incidents", person.name))),
        None => Err(Refusal::not_found(format!("Nobody here is called “{}”", echo(typed)))),
    }
}

/// Only those whom the config knows can be called.
fn known(person: &PersonId, ctx: &Ctx<'_>) -> Result<PersonId, Refusal> {
    match ctx.org.person(person) {
        Some(person) => Ok(person.id.clone()),
        None => Err(Refusal::conflict("Muster does not know you: only people of the config can be on call")),
    }
}

fn roster(schedule: &Schedule, state: &State) -> Roster {
    state.records.roster(&schedule.id).cloned().unwrap_or_else(|| Roster::of(&schedule.id))
}

/// Forgets what is over, and the oldest where there is too much.
fn tidy(roster: &mut Roster, now: Timestamp) {
    roster.overrides.retain(|one| one.until > now);
    roster.swaps.retain(|one| one.until > now);
    let too_many = roster.overrides.len().saturating_sub(KEPT);
    roster.overrides.drain(..too_many);
    let too_many = roster.swaps.len().saturating_sub(KEPT);
    roster.swaps.drain(..too_many);
}

/// Put somebody on call.
#[derive(Debug, Clone, PartialEq)]
pub struct Cover {
    person: Option<String>,
    duty: Option<Target>,
    from: Option<Timestamp>,
    until: Option<Timestamp>,
    instead: Option<String>,
}

impl Cover {
    pub(super) fn read(args: &Args<'_>) -> Result<Command, Refusal> {
        Ok(Command::Cover(Self {
            person: args.person("person"),
            duty: args.duty("team")?,
            from: args.when("from")?,
            until: args.when("until")?,
            instead: args.person("instead"),
        }))
    }
}

impl Run for Cover {
    fn needs(&self, _: Option<IncidentId>, _: &Ctx<'_>) -> Needs {
        needs()
    }

    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let person = whom(self.person.as_deref(), ctx)?;
        let schedule = schedule(self.duty.as_ref(), &person, ctx.org)?;
        let (from, until) = stretch(self.from, self.until, ctx.now)?;
        let instead_of = self.instead.as_deref().map(|typed| whom(Some(typed), ctx)).transpose()?;
        let mut roster = roster(schedule, state);
        let replaced: Vec<_> = schedule.shifts(Some(&roster), from, until).into_iter().map(|one| one.person).collect();
        let number = roster.next;
        roster.next += 1;
        roster.overrides.push(Override {
            number,
            from,
            until,
            person: person.clone(),
            instead_of,
            by: ctx.actor.person.clone(),
        });
        tidy(&mut roster, ctx.now);
        let view = shown::covered(schedule, (&person, from, until), ctx.org);
        let mut errand = Errand::new(state, ctx);
        errand.keep(Record::Roster(roster));
        let mut concerned: Vec<_> = replaced.into_iter().chain([person]).collect();
        concerned.sort_unstable();
        concerned.dedup();
        concerned.iter().filter(|one| **one != ctx.actor.person).for_each(|one| errand.tell(one, &view));
        Ok(errand.done(view.footed(vec![text(format!("Number {number}: `oncall cancel {number}` takes it back"))])))
    }
}

/// Take back that somebody stands in.
#[derive(Debug, Clone, PartialEq)]
pub struct TakeBack {
    pub(super) number: i64,
    pub(super) duty: Option<Target>,
}

impl Run for TakeBack {
    fn needs(&self, _: Option<IncidentId>, _: &Ctx<'_>) -> Needs {
        needs()
    }

    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let schedule = schedule(self.duty.as_ref(), &ctx.actor.person, ctx.org)?;
        let mut roster = roster(schedule, state);
        let is_it = |number: i64| number == self.number;
        let concerned: Vec<_> =
            roster.overrides.iter().filter(|one| is_it(one.number)).map(|one| one.person.clone()).collect();
        let before = roster.overrides.len() + roster.swaps.len();
        roster.overrides.retain(|one| !is_it(one.number));
        roster.swaps.retain(|one| !is_it(one.number));
        if roster.overrides.len() + roster.swaps.len() == before {
            let sentence = format!("{} has nothing of number {}", schedule.name, self.number);
            return Err(Refusal::not_found(sentence).instead("oncall"));
        }
        let title = vec![text("Taken back: "), strong(schedule.name.clone()), text(" goes by its plan again")];
        let view = View::titled(Tone::Neutral, title);
        let mut errand = Errand::new(state, ctx);
        errand.keep(Record::Roster(roster));
        concerned.iter().filter(|one| **one != ctx.actor.person).for_each(|one| errand.tell(one, &view));
        Ok(errand.done(view))
    }
}

/// Ask to be covered.
#[derive(Debug, Clone, PartialEq)]
pub struct AskForCover {
    person: Option<String>,
    duty: Option<Target>,
    from: Option<Timestamp>,
    until: Option<Timestamp>,
}

impl AskForCover {
    pub(super) fn read(args: &Args<'_>) -> Result<Command, Refusal> {
        Ok(Command::AskForCover(Self {
            person: args.person("person"),
            duty: args.duty("team")?,
            from: args.when("from")?,
            until: args.when("until")?,
        }))
    }
}

impl Run for AskForCover {
    fn needs(&self, _: Option<IncidentId>, _: &Ctx<'_>) -> Needs {
        needs()
    }

    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let me = known(&ctx.actor.person, ctx)?;
        let schedule = schedule(self.duty.as_ref(), &me, ctx.org)?;
        let asked = self.person.as_deref().map(|typed| whom(Some(typed), ctx)).transpose()?;
        if asked.as_ref() == Some(&me) {
            return Err(Refusal::conflict("You cannot cover yourself: ask somebody else"));
        }
        let mut roster = roster(schedule, state);
        let (from, until) = match (self.from, self.until) {
            (None, None) => shift_of(&me, schedule, &roster, ctx.now)?,
            (from, until) => stretch(from, until, ctx.now)?,
        };
        if !schedule.shifts(Some(&roster), from, until).iter().any(|shift| shift.person == me) {
            let sentence = format!("You are not on call for {} then", schedule.name);
            return Err(Refusal::conflict(sentence).instead("oncall next"));
        }
        let swap = Swap { number: roster.next, from, until, person: me.clone(), asked: asked.clone(), at: ctx.now };
        roster.next += 1;
        roster.swaps.push(swap.clone());
        tidy(&mut roster, ctx.now);
        let view = shown::swap(schedule, &swap, ctx.org);
        let mut errand = Errand::new(state, ctx);
        errand.keep(Record::Roster(roster));
        let team = schedule.team.as_deref().and_then(|team| ctx.org.team(team));
        let everybody =
            || team.map_or_else(|| schedule.people().into_iter().cloned().collect(), |team| team.members.clone());
        let ask: Vec<PersonId> = asked.map_or_else(everybody, |one| vec![one]);
        ask.iter().filter(|one| **one != me).for_each(|one| errand.tell(one, &view));
        let words = "You stay on call until somebody takes it; you will be told.";
        Ok(errand.done(View { actions: Vec::new(), ..view }.footed(vec![text(words)])))
    }
}

/// The shift somebody is on, what is left of it, or else their next one.
fn shift_of(
    person: &PersonId,
    schedule: &Schedule,
    roster: &Roster,
    now: Timestamp,
) -> Result<(Timestamp, Timestamp), Refusal> {
    let current = schedule.at(Some(roster), now).into_iter().find(|shift| &shift.person == person);
    let shift = current.or_else(|| schedule.next(Some(roster), person, now));
    let none = || Refusal::conflict(format!("You have no shift on {}", schedule.name)).instead("oncall next");
    shift.map(|shift| (shift.from.max(now), shift.until)).ok_or_else(none)
}

/// Cover somebody.
#[derive(Debug, Clone, PartialEq)]
pub struct Take {
    pub(super) number: i64,
    pub(super) duty: Option<Target>,
}

impl Run for Take {
    fn needs(&self, _: Option<IncidentId>, _: &Ctx<'_>) -> Needs {
        needs()
    }

    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let me = known(&ctx.actor.person, ctx)?;
        let schedule = schedule(self.duty.as_ref(), &me, ctx.org)?;
        let mut roster = roster(schedule, state);
        let Some(at) = roster.swaps.iter().position(|swap| swap.number == self.number) else {
            let sentence =
                format!("Nobody asks to be covered under number {}: perhaps it is covered already", self.number);
            return Err(Refusal::conflict(sentence).instead("oncall"));
        };
        let swap = roster.swaps.remove(at);
        if swap.person == me {
            return Err(
                Refusal::conflict("You cannot cover yourself").instead(format!("oncall cancel {}", swap.number))
            );
        }
        if swap.asked.as_ref().is_some_and(|asked| *asked != me) {
            return Err(Refusal::conflict("Somebody else was asked"));
        }
        if swap.until <= ctx.now {
            return Err(Refusal::conflict("That shift is over").instead("oncall"));
        }
        roster.overrides.push(Override {
            number: swap.number,
            from: swap.from,
            until: swap.until,
            person: me.clone(),
            instead_of: Some(swap.person.clone()),
            by: me.clone(),
        });
        let view = shown::covered(schedule, (&me, swap.from, swap.until), ctx.org);
        let mut errand = Errand::new(state, ctx);
        errand.keep(Record::Roster(roster));
        errand.tell(&swap.person, &view);
        Ok(errand.done(view))
    }
}
