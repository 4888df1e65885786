//! Answers to a page: somebody has it, it is not for them, or they want to be called again later.

use super::{end, raise};
use crate::clock::Timestamp;
use crate::decide::{Draft, State};
use crate::effect::Stage;
use crate::ids::PersonId;
use crate::incident::page::{Page, PageEvent, PageState};
use crate::timer::Alarm;

/// The one who acts has it. They join the incident.
pub fn ack(draft: &mut Draft<'_>, number: i64) {
    let ctx = draft.ctx();
    let Some(page) = draft.page_mut(number) else { return };
    page.state = PageState::Acked { by: ctx.me(), at: ctx.now };
    page.next_at = None;
    end::clear_timers(draft, number);
    draft.let_in(&ctx.actor.person, &ctx.actor.name);
    draft.record_page(number, PageEvent::Acked);
    end::tell_outlets(draft, number, Stage::Acknowledged);
}

/// It is not for the one who acts: if nobody else is being called just now, the next ones are at once. So it is when they
/// had it, and wanted to be called again.
pub fn decline(draft: &mut Draft<'_>, number: i64, state: &State) {
    let ctx = draft.ctx();
    let me: &PersonId = &ctx.actor.person;
    let Some(page) = draft.page_mut(number) else { return };
    page.called.iter_mut().filter(|called| &called.person == me).for_each(|called| called.declined = true);
    let had_it = matches!(&page.state, PageState::Snoozed { by, .. } if &by.person == me);
    if had_it {
        page.state = PageState::Calling;
        page.next = 0;
    }
    draft.clear_timer(Alarm::Call { page: number, person: me.clone() }.key(draft.incident.id));
    draft.record_page(number, PageEvent::Declined);
    if draft.incident.page(number).is_some_and(|page| page.is_calling() && !is_anybody_called(page)) {
        raise::go_on(draft, number, state);
    }
}

/// Whether anybody is being called who was reached at the last stop.
fn is_anybody_called(page: &Page) -> bool {
    page.called.iter().any(|called| !called.declined && called.stop == page.next)
}

/// The one who acts has it, and wants to be called again at `until` unless it is over by then.
pub fn snooze(draft: &mut Draft<'_>, number: i64, until: Timestamp) {
    let ctx = draft.ctx();
    let me = &ctx.actor.person;
    let Some(page) = draft.page_mut(number) else { return };
    page.called.iter_mut().filter(|called| &called.person == me).for_each(|called| called.declined = false);
    page.state = PageState::Snoozed { by: ctx.me(), until };
    page.next_at = Some(until);
    end::clear_timers(draft, number);
    draft.let_in(&ctx.actor.person, &ctx.actor.name);
    draft.set_timer(Alarm::Escalate { page: number }, until);
    draft.record_page(number, PageEvent::Snoozed { until });
    end::tell_outlets(draft, number, Stage::Acknowledged);
}
