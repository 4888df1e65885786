//! An attempt has failed: when no way of its step is left that may reach them, the next step is taken now, and who cannot be
//! reached is not waited for. One who is known in one chat of two has not been missed.

use super::call::{self, Caller};
use super::way::Way;
use super::{raise, steps};
use crate::clock::Timestamp;
use crate::decide::{Draft, State};
use crate::effect::Recipient;
use crate::ids::{PersonId, PlatformId};
use crate::incident::Kind;
use crate::incident::page::{Attempt, AttemptState, Page};

/// Goes on from an attempt that has failed.
pub(super) fn go_on_from(draft: &mut Draft<'_>, number: i64, attempt: &Attempt, state: &State) {
    let Some(page) = draft.incident.page(number).filter(|page| page.is_calling()) else { return };
    let since = match &attempt.to {
        Recipient::Person { person, contact } => {
            let Some(called) = page.called(person).filter(|called| !called.declined) else { return };
            let (since, before) = (called.since, called.steps);
            if !is_of_last_step(draft, page, person, contact) || may_reach(page, person, attempt.at) {
                return;
            }
            call::step(draft, &Caller { number, state }, person, call::When::Now);
            let after = draft.incident.page(number).and_then(|page| page.called(person)).map(|called| called.steps);
            if after != Some(before) {
                return;
            }
            since
        }
        Recipient::Channel { .. } | Recipient::Outlet { .. } => attempt.at,
    };
    if draft.incident.page(number).is_some_and(|page| !may_reach_anybody(page, since) && is_first_time(page, draft)) {
        raise::go_on(draft, number, state);
    }
}

/// Whether the next stop is made for the first time. Those that have been made are made again in their own time: when a
/// provider is down for everybody, nobody gains by being tried in vain thrice within a second.
fn is_first_time(page: &Page, draft: &Draft<'_>) -> bool {
    page.next < Way::of(&page.target, draft.org()).levels()
}

/// Whether the way that has failed is one of the last step that was taken: what failed before has led to the next already.
fn is_of_last_step(draft: &Draft<'_>, page: &Page, person: &PersonId, contact: &str) -> bool {
    let org = draft.org();
    let taken = page.called(person).map_or(0, |called| called.steps);
    let Some(person) = org.person(person) else { return false };
    let steps = steps::steps(person, page.loudness, draft.incident.kind == Kind::Drill, org);
    let last = taken.checked_sub(1).and_then(|last| steps.get(last));
    last.is_some_and(|(_, ways)| ways.iter().any(|way| way.name == contact))
}

/// Whether another way that was tried at that moment may still reach them. The console wakes nobody.
fn may_reach(page: &Page, person: &PersonId, at: Timestamp) -> bool {
    let is_theirs = |to: &Recipient| matches!(to, Recipient::Person { person: who, .. } if who == person);
    let of_step = page.attempts.iter().filter(|other| other.at == at && is_theirs(&other.to));
    of_step.filter(|other| other.platform != PlatformId::console()).any(|other| !has_failed(other))
}

fn has_failed(attempt: &Attempt) -> bool {
    matches!(attempt.state, AttemptState::Failed { .. })
}

/// Whether any attempt since then may still reach somebody who was reached for at the last stop. The console wakes nobody.
fn may_reach_anybody(page: &Page, since: Timestamp) -> bool {
    let is_of_stop = |attempt: &&Attempt| match &attempt.to {
        Recipient::Person { person, .. } => {
            let called = page.called(person).filter(|called| called.stop == page.next && !called.declined);
            attempt.platform != PlatformId::console() && called.is_some_and(|called| attempt.at >= called.since)
        }
        Recipient::Channel { .. } | Recipient::Outlet { .. } => attempt.at >= since,
    };
    page.attempts.iter().filter(is_of_stop).any(|attempt| !has_failed(attempt))
}
