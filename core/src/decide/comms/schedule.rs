//! Scheduling: a message goes out by the clock, if it still can when its time has come.

use super::desk::Desk;
use super::guard::senseless;
use crate::clock::Timestamp;
use crate::comms::{CommsEvent, Stage};
use crate::decide::{Ctx, Decision, Draft, State};
use crate::refusal::Refusal;
use crate::timer::{Alarm, Timer};
use crate::view::{Tone, View, comms as shown, text};
use chrono::TimeDelta;

/// So far ahead a message can be scheduled.
const FURTHEST: TimeDelta = TimeDelta::days(90);

impl Desk<'_, '_> {
    /// A message goes out then.
    ///
    /// # Errors
    /// When it could not go out as it is, or that is no time for it.
    pub fn schedule(&mut self, number: i64, at: Timestamp) -> Result<(), Refusal> {
        self.must_be_known()?;
        let mut message = self.message(number)?;
        let now = self.ctx().now;
        if at <= now || at > now + FURTHEST {
            let sentence = "A message goes out at a time to come, within 90 days";
            return Err(Refusal::invalid(sentence).instead(format!("comms schedule {number} in 1h")));
        }
        self.must_be_publishable(&message, at)?;
        self.stop_clocks(&message);
        message.stage = Stage::Scheduled { at };
        self.draft.set_timer(Alarm::Publish { message: number }, at);
        self.happened(&message, CommsEvent::Scheduled { at });
        self.keep(message);
        Ok(())
    }

    /// A message does not go out by itself.
    ///
    /// # Errors
    /// When it would not anyway.
    pub fn unschedule(&mut self, number: i64) -> Result<(), Refusal> {
        let mut message = self.message(number)?;
        let Stage::Scheduled { .. } = message.stage else {
            return Err(senseless(&message, "it does not go out by itself"));
        };
        self.stop_clocks(&message);
        message.stage = message.at_rest();
        self.happened(&message, CommsEvent::Unscheduled);
        self.keep(message);
        Ok(())
    }
}

/// A message's time has come. If it cannot go out any more, the room and those who have written it hear why.
pub(in crate::decide) fn publish_now(number: i64, timer: &Timer, state: &State, ctx: &Ctx<'_>) -> Option<Decision> {
    let incident = state.incident.as_ref()?;
    let mut draft = Draft::of(incident, ctx);
    draft.clear_timer(timer.key.clone());
    let mut desk = Desk::new(&mut draft, state);
    let mut message = desk.message(number).ok()?;
    let Stage::Scheduled { .. } = message.stage else { return None };
    let Err(refusal) = desk.must_be_publishable(&message, ctx.now) else {
        desk.release(message).ok()?;
        return Some(draft.done(|_| View::titled(Tone::Good, vec![text("A message has gone out")])));
    };
    message.stage = message.at_rest();
    desk.happened(&message, CommsEvent::NotPublished { reason: refusal.sentence.clone() });
    desk.tell_authors(&message, |incident, message| shown::not_published(incident, message, &refusal));
    desk.keep(message);
    Some(draft.done(|_| View::titled(Tone::Warning, vec![text("A message could not go out")])))
}
