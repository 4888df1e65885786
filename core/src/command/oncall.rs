//! `oncall`: who carries the phone, and who stands in for whom.

use super::args::{Args, echo};
use super::spec::{Access, Arg, ArgKind, Group, Scope, Spec, Verb};
use super::{Command, Run};
use crate::clock::Timestamp;
use crate::decide::{Ctx, Decision, Errand, Needs, State};
use crate::ids::{IncidentId, PersonId};
use crate::oncall::{Override, Roster, Schedule, Shift, Swap, Target};
use crate::org::{Organisation, Right};
use crate::record::{Record, RecordKind, Wanted};
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::view::{Item, Section, Tone, View, oncall as shown, strong, text};
use chrono::TimeDelta;

const TEAM: Arg = Arg::optional("team", ArgKind::Duty, "the team or schedule");
const OF: Arg = Arg::flag("team", ArgKind::Duty, "the team or schedule; yours, if you are on one only");
const FROM: Arg = Arg::flag("from", ArgKind::When, "from when; now, unless you say otherwise");
const UNTIL: Arg = Arg::flag("until", ArgKind::When, "until when");
const NUMBER: Arg = Arg::required("number", ArgKind::Number, "its number");

/// How far `next` and `gaps` look ahead.
const AHEAD: TimeDelta = TimeDelta::days(14);
/// Nobody stands in for longer at once.
const LONGEST: TimeDelta = TimeDelta::days(92);
/// So many shifts are shown.
const SHOWN: usize = 15;
/// So many overrides and swaps a schedule keeps; those that are over go first.
const KEPT: usize = 200;

pub(super) const SPEC: Spec = Spec {
    name: "oncall",
    button: "Show",
    summary: "See who is on call, stand in, or ask to be covered",
    group: Group::People,
    scope: Scope::Anywhere,
    verbs: &[
        Verb {
            name: "",
            summary: "See who is on call",
            access: Access::Reads,
            args: &[TEAM, Arg::flag("at", ArgKind::When, "at another time")],
            examples: &["oncall", "oncall payments --at \"tomorrow 09:00\""],
            read: |args| Ok(Command::OnCall(Who { duty: args.duty("team")?, at: args.when("at")? })),
        },
        Verb {
            name: "next",
            summary: "See your next shifts, or those of a team",
            access: Access::Reads,
            args: &[TEAM],
            examples: &["oncall next", "oncall next payments"],
            read: |args| Ok(Command::NextShifts(Next { duty: args.duty("team")? })),
        },
        Verb {
            name: "gaps",
            summary: "See when nobody is on call, and who is on call twice at once",
            access: Access::Reads,
            args: &[TEAM],
            examples: &["oncall gaps"],
            read: |args| Ok(Command::Gaps(Gaps { duty: args.duty("team")? })),
        },
        Verb {
            name: "override",
            summary: "Put somebody on call for a while, whatever the schedule says",
            access: Access::Writes,
            args: &[
                Arg::optional("person", ArgKind::Person, "who; you, unless you say otherwise"),
                OF,
                FROM,
                UNTIL,
                Arg::flag("instead", ArgKind::Person, "whose shifts these are; everybody's, unless you say otherwise"),
            ],
            examples: &["oncall override @bob --team payments --until \"tomorrow 09:00\""],
            read: Cover::read,
        },
        Verb {
            name: "cancel",
            summary: "Take back that somebody stands in, or a request to be covered",
            access: Access::Writes,
            args: &[NUMBER, OF],
            examples: &["oncall cancel 3 --team payments"],
            read: |args| Ok(Command::TakeBack(TakeBack { number: args.number("number")?, duty: args.duty("team")? })),
        },
        Verb {
            name: "swap",
            summary: "Ask to be covered: your next shift, or between two times",
            access: Access::Writes,
            args: &[
                Arg::optional(
                    "person",
                    ArgKind::Person,
                    "who is asked; everybody on the team, unless you say otherwise",
                ),
                OF,
                FROM,
                UNTIL,
            ],
            examples: &["oncall swap", "oncall swap @bob --from 18:00 --until 22:00"],
            read: AskForCover::read,
        },
        Verb {
            name: "take",
            summary: "Cover somebody who has asked for it",
            access: Access::Writes,
            args: &[NUMBER, OF],
            examples: &["oncall take 3 --team payments"],
            read: |args| Ok(Command::TakeShift(Take { number: args.number("number")?, duty: args.duty("team")? })),
        },
    ],
};

fn needs() -> Needs {
    Needs { records: vec![Wanted::All(RecordKind::Roster)], ..Needs::default() }
}

/// The schedules that are meant: of a team, one by name, or all.
fn schedules<'a>(duty: Option<&Target>, org: &'a Organisation) -> Vec<&'a Schedule> {
    let fits = |schedule: &&Schedule| match duty {
        None => true,
        Some(Target::Team { id }) => schedule.team.as_ref() == Some(id),
        Some(Target::Schedule { id }) => &schedule.id == id,
        Some(Target::Person { .. } | Target::Channel { .. } | Target::Outlet { .. }) => false,
    };
    org.schedules.iter().filter(fits).collect()
}

/// The one schedule that is to be changed: the one named, else the only one the person is on.
fn schedule<'a>(duty: Option<&Target>, person: &PersonId, org: &'a Organisation) -> Result<&'a Schedule, Refusal> {
    let mut found = schedules(duty, org);
    if found.len() > 1 && found.iter().any(|schedule| schedule.people().contains(&person)) {
        found.retain(|schedule| schedule.people().contains(&person));
    }
    match found[..] {
        [only] => Ok(only),
        [] => Err(Refusal::conflict("There is no such schedule: an operator can put one into the config")),
        [..] => {
            let names: Vec<_> = found.iter().map(|schedule| schedule.id.as_str()).collect();
            let sentence = format!("Which schedule? There are {}", names.join(", "));
            Err(Refusal::conflict(sentence).instead(format!("oncall override --team schedule:{}", names[0])))
        }
    }
}

/// Who is on call.
#[derive(Debug, Clone, PartialEq)]
pub struct Who {
    duty: Option<Target>,
    at: Option<Timestamp>,
}

impl Run for Who {
    fn needs(&self, _: Option<IncidentId>, _: &Ctx<'_>) -> Needs {
        needs()
    }

    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let at = self.at.unwrap_or(ctx.now);
        let title = match self.at {
            None => vec![strong("On call now")],
            Some(at) => vec![strong("On call "), crate::view::time(at, crate::view::TimeStyle::Full)],
        };
        let mut view = View::titled(Tone::Neutral, title);
        for schedule in schedules(self.duty.as_ref(), ctx.org) {
            let roster = state.records.roster(&schedule.id);
            let now = schedule.at(roster, at);
            let after = now.iter().map(|shift| shift.until).min().unwrap_or(at);
            let next = schedule.shifts(roster, at, after + AHEAD).into_iter().find(|shift| shift.from > at);
            view.sections.extend(shown::duty(schedule, &now, next.as_ref(), ctx.org));
        }
        if view.sections.is_empty() {
            let words = match &self.duty {
                Some(_) => "There is no schedule for that team: when it is paged, everybody on it is called.",
                None => "There are no schedules: an operator can put them into the config.",
            };
            view.sections.push(Section::Text(vec![text(words)]));
        }
        Ok(Decision::answer(Reply::view(view)))
    }
}

/// The next shifts.
#[derive(Debug, Clone, PartialEq)]
pub struct Next {
    duty: Option<Target>,
}

impl Run for Next {
    fn needs(&self, _: Option<IncidentId>, _: &Ctx<'_>) -> Needs {
        needs()
    }

    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let mut view = View::titled(Tone::Neutral, vec![strong("Next shifts")]);
        for schedule in schedules(self.duty.as_ref(), ctx.org) {
            let mut shifts = schedule.shifts(state.records.roster(&schedule.id), ctx.now, ctx.now + AHEAD);
            shifts.retain(|shift| self.duty.is_some() || shift.person == ctx.actor.person);
            let line = |shift: &Shift| Item { line: shown::shift(shift, ctx.org), action: None };
            let items: Vec<_> = shifts.iter().take(SHOWN).map(line).collect();
            if !items.is_empty() {
                view.sections.push(Section::Heading(schedule.name.clone()));
                view.sections.push(Section::List(items));
            }
        }
        if view.sections.is_empty() {
            view.sections.push(Section::Text(vec![text("None within the next 14 days.")]));
        }
        Ok(Decision::answer(Reply::view(view)))
    }
}

/// When nobody is on call, and who is twice at once.
#[derive(Debug, Clone, PartialEq)]
pub struct Gaps {
    duty: Option<Target>,
}

impl Run for Gaps {
    fn needs(&self, _: Option<IncidentId>, _: &Ctx<'_>) -> Needs {
        needs()
    }

    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let until = ctx.now + AHEAD;
        let schedules = schedules(self.duty.as_ref(), ctx.org);
        let mut view = View::titled(Tone::Warning, vec![strong("Gaps within the next 14 days")]);
        let mut all = Vec::new();
        for schedule in &schedules {
            let roster = state.records.roster(&schedule.id);
            let gaps = schedule.gaps(roster, ctx.now, until);
            if !gaps.is_empty() {
                let item =
                    |(from, until): &(Timestamp, Timestamp)| Item { line: shown::gap(*from, *until), action: None };
                view.sections.push(Section::Heading(format!("Nobody is on call for {}", schedule.name)));
                view.sections.push(Section::List(gaps.iter().take(SHOWN).map(item).collect()));
            }
            all.extend(schedule.shifts(roster, ctx.now, until).into_iter().map(|shift| (*schedule, shift)));
        }
        let twice = twice(&all, ctx.org);
        if !twice.is_empty() {
            view.sections.push(Section::Heading("On call twice at once".to_owned()));
            view.sections.push(Section::List(twice.into_iter().take(SHOWN).collect()));
        }
        if view.sections.is_empty() {
            view.tone = Tone::Good;
            view.sections.push(Section::Text(vec![text("There are none, and nobody is on call twice at once.")]));
        }
        Ok(Decision::answer(Reply::view(view)))
    }
}

/// Who is on call by two schedules at once, and when.
fn twice(all: &[(&Schedule, Shift)], org: &Organisation) -> Vec<Item> {
    let mut items = Vec::new();
    for (n, (schedule, shift)) in all.iter().enumerate() {
        for (other, also) in &all[n + 1..] {
            let (from, until) = (shift.from.max(also.from), shift.until.min(also.until));
            if schedule.id != other.id && shift.person == also.person && from < until {
                let both = Shift { from, until, ..shift.clone() };
                let mut line = shown::shift(&both, org);
                line.push(text(format!(" · {} and {}", schedule.name, other.name)));
                items.push(Item { line, action: None });
            }
        }
    }
    items
}

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
    fn read(args: &Args<'_>) -> Result<Command, Refusal> {
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
    number: i64,
    duty: Option<Target>,
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
    fn read(args: &Args<'_>) -> Result<Command, Refusal> {
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
    number: i64,
    duty: Option<Target>,
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
