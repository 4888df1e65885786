//! A decision about no incident: it keeps records, tells people, and sets timers.

use super::{Change, Ctx, Decision, State, tellings};
use crate::clock::Timestamp;
use crate::effect::{Effect, Outgoing};
use crate::ids::{EffectKey, PersonId};
use crate::record::Record;
use crate::reply::Reply;
use crate::timer::{Alarm, Timer, TimerChange};
use crate::view::View;

/// A decision about no incident, in the making.
pub struct Errand<'a> {
    ctx: &'a Ctx<'a>,
    state: &'a State,
    changes: Vec<Change>,
    effects: Vec<Effect>,
    timers: Vec<TimerChange>,
}

impl<'a> Errand<'a> {
    /// Nothing is to be done yet.
    #[must_use]
    pub fn new(state: &'a State, ctx: &'a Ctx<'a>) -> Self {
        Self { ctx, state, changes: Vec::new(), effects: Vec::new(), timers: Vec::new() }
    }

    /// A record is now this. Of several words about one record the last counts.
    pub fn keep(&mut self, record: Record) {
        let key = record.key();
        let version = self.state.records.version(&key) + 1;
        self.changes.retain(|change| !matches!(change, Change::Record { key: same, .. } if *same == key));
        self.changes.push(Change::Record { key, version, record: Some(Box::new(record)) });
    }

    /// Tells one person, wherever they may look.
    pub fn tell(&mut self, person: &PersonId, view: &View) {
        self.effects.extend(tellings(person, view, self.ctx.org));
    }

    /// Makes an effect.
    pub fn effect(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    /// Sets a timer, or moves it.
    pub fn set_timer(&mut self, alarm: Alarm, due_at: Timestamp) {
        self.timers.push(TimerChange::Set(Timer { key: alarm.key_of(None), incident: None, due_at, alarm }));
    }

    /// Forgets a timer.
    pub fn clear_timer(&mut self, alarm: &Alarm) {
        self.timers.push(TimerChange::Clear(alarm.key_of(None)));
    }

    /// Done. The request names the effects: it is answered once.
    #[must_use]
    pub fn done(self, reply: View) -> Decision {
        let request = self.ctx.request.as_str();
        let at = self.ctx.now.timestamp_micros();
        let outgoing = |(effect, n): (Effect, i64)| Outgoing {
            key: EffectKey::new(format!("{request}/{n}")),
            incident: None,
            lane: effect.lane(None),
            position: at + n,
            urgency: effect.urgency(),
            coalesce: effect.coalesce(None),
            due_at: self.ctx.now,
            effect,
        };
        let effects = self.effects.into_iter().zip(0..).map(outgoing).collect();
        Decision { changes: self.changes, effects, timers: self.timers, ..Decision::answer(Reply::view(reply)) }
    }
}
