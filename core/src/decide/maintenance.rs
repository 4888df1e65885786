//! Planned work: begins and ends by the clock, its alerts disturb nobody, and those who have subscribed are reminded.

use super::{Ctx, Decision, Draft, State};
use crate::timer::Timer;

/// What follows for planned work from any change of its incident: its timers and its maintenance window move with it.
pub(super) fn follow(draft: &mut Draft<'_>) {
    let _ = draft;
}

/// The work begins.
pub(super) fn begins(timer: &Timer, state: &State, ctx: &Ctx<'_>) -> Option<Decision> {
    let _ = (timer, state, ctx);
    None
}

/// The work should be over.
pub(super) fn ends(timer: &Timer, state: &State, ctx: &Ctx<'_>) -> Option<Decision> {
    let _ = (timer, state, ctx);
    None
}

/// Those who have subscribed are reminded, so many seconds before it begins.
pub(super) fn remind(before: i64, timer: &Timer, state: &State, ctx: &Ctx<'_>) -> Option<Decision> {
    let _ = (before, timer, state, ctx);
    None
}
pub(super) fn is_late(_: &crate::incident::Incident, _: crate::clock::Timestamp) -> bool {
    false
}
pub(super) fn reminder(_: &crate::incident::Incident, _: chrono::TimeDelta) -> crate::view::View {
    crate::view::View::titled(crate::view::Tone::Neutral, vec![])
}
