//! Pages that are over: taken back, or ended with their incident.

use super::call;
use crate::decide::Draft;
use crate::effect::{Recipient, Stage};
use crate::incident::page::{Page, PageEvent, PageState};
use crate::timer::Alarm;

/// Takes a page back, unless it is over already.
pub fn cancel(draft: &mut Draft<'_>, number: i64) {
    if draft.incident.page(number).is_some_and(|page| page.state != PageState::Over) {
        over(draft, number, PageEvent::Cancelled);
    }
}

/// Nobody is called about what is over.
pub(in crate::decide) fn follow(draft: &mut Draft<'_>) {
    let was_open = draft.before().is_some_and(|before| before.status.is_open());
    if draft.incident.status.is_open() || !was_open {
        return;
    }
    let numbers: Vec<_> = draft.incident.pages.iter().filter(|page| page.state != PageState::Over).map(of).collect();
    for (number, is_waiting) in numbers {
        if is_waiting {
            over(draft, number, PageEvent::Over);
        } else {
            tell_outlets(draft, number, Stage::Over);
        }
    }
}

fn of(page: &Page) -> (i64, bool) {
    (page.number, page.can_be_acked())
}

fn over(draft: &mut Draft<'_>, number: i64, why: PageEvent) {
    let Some(page) = draft.page_mut(number) else { return };
    page.state = PageState::Over;
    page.next_at = None;
    clear_timers(draft, number);
    draft.record_page(number, why);
    tell_outlets(draft, number, Stage::Over);
}

/// Nobody is called any more.
pub(super) fn clear_timers(draft: &mut Draft<'_>, number: i64) {
    let id = draft.incident.id;
    let called: Vec<_> = draft.incident.page(number).map(|page| page.called.clone()).unwrap_or_default();
    draft.clear_timer(Alarm::Escalate { page: number }.key(id));
    for one in called {
        draft.clear_timer(Alarm::Call { page: number, person: one.person }.key(id));
    }
}

/// Other systems that were told of a page are told what became of it.
pub(super) fn tell_outlets(draft: &mut Draft<'_>, number: i64, stage: Stage) {
    let attempts = draft.incident.page(number).map(|page| page.attempts.clone()).unwrap_or_default();
    let mut told = Vec::new();
    for attempt in attempts.into_iter().filter(|attempt| matches!(attempt.to, Recipient::Outlet { .. })) {
        if !told.contains(&attempt.to)
            && let Some(effect) = call::notice(draft, number, (&attempt.platform, &attempt.to), stage)
        {
            draft.effect(effect);
            told.push(attempt.to);
        }
    }
}
