//! Raising a page, and going from stop to stop until somebody answers.

use super::call::{self, Caller};
use super::way::Way;
use crate::clock::Timestamp;
use crate::decide::{Ctx, Decision, Draft, State};
use crate::ids::PersonId;
use crate::incident::page::{Page, PageEvent, PageState};
use crate::oncall::Target;
use crate::org::Loudness;
use crate::refusal::Refusal;
use crate::timer::{Alarm, Timer};
use crate::view::page as shown;
use chrono::TimeDelta;
use std::time::Duration;

/// More pages of one incident than that help nobody.
const MOST: usize = 100;

/// Whom to page, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Whom.
    pub target: Target,
    /// How much it may disturb.
    pub loudness: Loudness,
    /// Why.
    pub message: String,
}

/// What became of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Raised {
    /// A page of this number.
    New(i64),
    /// The same target is being called already, by the page of this number.
    Already(i64),
}

/// Pages somebody; the number of the page.
///
/// # Errors
/// When they are being called already, or there have been too many pages.
pub fn order(draft: &mut Draft<'_>, order: Order, state: &State) -> Result<i64, Refusal> {
    if draft.incident.pages.len() >= MOST {
        let sentence = format!("{} has had {MOST} pages: people know", draft.incident.id);
        return Err(Refusal::conflict(sentence).instead("page list"));
    }
    let name = shown::target(&order.target, draft.org());
    match draft.raise(order, state) {
        Raised::New(number) => Ok(number),
        Raised::Already(number) => {
            let sentence = format!("{name}: already being called, by page {number}");
            Err(Refusal::conflict(sentence).instead("page list"))
        }
    }
}

impl Draft<'_> {
    /// Pages somebody, unless a page of this incident calls them already. [`super::records`] must have been read.
    pub fn raise(&mut self, order: Order, state: &State) -> Raised {
        let same = |page: &&Page| page.is_open() && page.target == order.target;
        if let Some(page) = self.incident.pages.iter().find(same) {
            return Raised::Already(page.number);
        }
        let ctx = self.ctx();
        let number = self.incident.pages.last().map_or(1, |page| page.number + 1);
        let name = shown::target(&order.target, ctx.org);
        self.incident.pages.push(Page {
            number,
            target: order.target,
            name: name.clone(),
            loudness: order.loudness,
            message: order.message.clone(),
            by: ctx.actor.author(),
            at: ctx.now,
            state: PageState::Calling,
            next: 0,
            next_at: None,
            called: Vec::new(),
            attempts: Vec::new(),
        });
        self.record_page(number, PageEvent::Raised { name, loudness: order.loudness, message: order.message });
        go_on(self, number, state);
        Raised::New(number)
    }
}

/// Goes to the next stop at which there is anybody; at the end of the way, says that nobody has answered.
pub(super) fn go_on(draft: &mut Draft<'_>, number: i64, state: &State) {
    let ctx = draft.ctx();
    loop {
        let Some(page) = draft.incident.page(number).filter(|page| page.is_calling()) else { return };
        let way = Way::of(&page.target, ctx.org);
        let at = page.next;
        let Some(stop) = way.stop(at, page, &draft.incident) else { return give_up(draft, number) };
        let after = span(stop.patience);
        if let Some(page) = draft.page_mut(number) {
            page.next = at + 1;
        }
        let caller = Caller { number, state };
        let reached = stop.targets.iter().filter(|target| call::target(draft, &caller, target)).count();
        if reached > 0 {
            let until = call::awake_at(draft, number) + after;
            return wait(draft, number, until);
        }
        let names: Vec<_> = stop.targets.iter().map(|target| shown::target(target, ctx.org)).collect();
        draft.record_page(number, PageEvent::NobodyThere { name: names.join(", ") });
    }
}

fn span(patience: Duration) -> TimeDelta {
    TimeDelta::from_std(patience).unwrap_or(TimeDelta::minutes(5))
}

/// Goes on then.
fn wait(draft: &mut Draft<'_>, number: i64, until: Timestamp) {
    if let Some(page) = draft.page_mut(number) {
        page.next_at = Some(until);
    }
    draft.set_timer(Alarm::Escalate { page: number }, until);
}

/// There is nobody left, unless somebody rests or was called too often and is called later. Whoever is being called by
/// their own rules still is: it is never too late for an answer.
fn give_up(draft: &mut Draft<'_>, number: i64) {
    let Some(page) = draft.page_mut(number) else { return };
    let uncalled = page.called.iter().filter(|called| called.steps == 0 && !called.declined);
    if let Some(last) = uncalled.filter_map(|called| called.next_at).max() {
        let patience = span(draft.org().paging.patience);
        return wait(draft, number, last + patience);
    }
    page.state = PageState::Unanswered;
    page.next_at = None;
    draft.record_page(number, PageEvent::Unanswered);
    if let Some(page) = draft.incident.page(number) {
        let view = shown::unanswered(&draft.incident, page);
        draft.say(&view);
    }
}

/// Nobody has answered in time, or a snooze is over.
pub(in crate::decide) fn escalate(number: i64, timer: &Timer, state: &State, ctx: &Ctx<'_>) -> Option<Decision> {
    let incident = state.incident.as_ref()?;
    let page = incident.page(number)?;
    let mut draft = Draft::of(incident, ctx);
    draft.clear_timer(timer.key.clone());
    match page.state {
        PageState::Calling => {}
        PageState::Snoozed { ref by, .. } => {
            resume(&mut draft, number, &by.person, state);
            return Some(draft.done(shown::card));
        }
        PageState::Acked { .. } | PageState::Unanswered | PageState::Over => return None,
    }
    go_on(&mut draft, number, state);
    Some(draft.done(shown::card))
}

/// Whoever wanted to be called again is; after them the page begins its way anew.
fn resume(draft: &mut Draft<'_>, number: i64, person: &PersonId, state: &State) {
    let Some(page) = draft.page_mut(number) else { return };
    page.state = PageState::Calling;
    page.next = 0;
    draft.record_page(number, PageEvent::Resumed);
    if call::person(draft, &Caller { number, state }, person) {
        let until = call::awake_at(draft, number) + span(draft.org().paging.patience);
        wait(draft, number, until);
    } else {
        go_on(draft, number, state);
    }
}

/// The next step of somebody's rules is due.
pub(in crate::decide) fn call_on(
    (number, person): (i64, &PersonId),
    timer: &Timer,
    state: &State,
    ctx: &Ctx<'_>,
) -> Option<Decision> {
    let incident = state.incident.as_ref()?;
    let rings = |page: &&Page| !matches!(page.state, PageState::Snoozed { .. }) && page.rings_for(person);
    incident.page(number).filter(rings)?;
    let mut draft = Draft::of(incident, ctx);
    draft.clear_timer(timer.key.clone());
    call::step(&mut draft, &Caller { number, state }, person, call::When::Due);
    Some(draft.done(shown::card))
}
