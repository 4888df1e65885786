//! Looking: who is on call, who is next, and when nobody is.

use super::{AHEAD, SHOWN, needs, schedules};
use crate::clock::Timestamp;
use crate::command::Run;
use crate::decide::{Ctx, Decision, Needs, State};
use crate::ids::IncidentId;
use crate::oncall::{Schedule, Shift, Target};
use crate::org::Organisation;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::view::{Item, Section, TimeStyle, Tone, View, oncall as shown, strong, text, time};

/// Who is on call.
#[derive(Debug, Clone, PartialEq)]
pub struct Who {
    pub(super) duty: Option<Target>,
    pub(super) at: Option<Timestamp>,
}

impl Run for Who {
    fn needs(&self, _: Option<IncidentId>, _: &Ctx<'_>) -> Needs {
        needs()
    }

    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let at = self.at.unwrap_or(ctx.now);
        let title = match self.at {
            None => vec![strong("On call now")],
            Some(at) => vec![strong("On call "), time(at, TimeStyle::Full)],
        };
        let mut view = View::titled(Tone::Neutral, title);
        for schedule in schedules(self.duty.as_ref(), ctx.org) {
            let roster = state.records.roster(&schedule.id);
            let now = schedule.at(roster, at);
            let after = now.iter().map(|shift| shift.until).min().unwrap_or(at);
            let next = schedule.shifts(roster, at, after + AHEAD).into_iter().find(|shift| shift.from > at);
            view.sections.extend(shown::duty(schedule, &now, next.as_ref(), ctx.org));
            let asked = roster.into_iter().flat_map(|roster| &roster.swaps).filter(|swap| swap.until > ctx.now);
            let asked: Vec<_> = asked.take(SHOWN).map(|swap| shown::asked(schedule, swap, ctx.org)).collect();
            view.sections.extend((!asked.is_empty()).then_some(Section::List(asked)));
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
    pub(super) duty: Option<Target>,
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
    pub(super) duty: Option<Target>,
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
