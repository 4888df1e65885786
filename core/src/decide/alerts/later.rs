//! What follows from alerts later: counts are told, calm is noticed, silence of those who should check in is an alert.

use crate::alert::{Beat, Pending, Resolve};
use crate::decide::{Ctx, Decision, Draft, Errand, State};
use crate::incident::Incident;
use crate::incident::event::Event;
use crate::incident::status::Status;
use crate::record::Record;
use crate::timer::{Alarm, Timer};
use crate::view::{Tone, View, alerts, text};

/// What follows for the timers from any change of an incident.
pub(in crate::decide) fn follow(draft: &mut Draft<'_>) {
    if !draft.incident.status.is_open() {
        let tally = &mut draft.incident.alerts;
        (tally.pending, tally.digest_at, tally.quiet_since) = (Pending::default(), None, None);
    }
    let before = draft.before().map(|before| (before.alerts.digest_at, before.alerts.quiet_since)).unwrap_or_default();
    let after = (draft.incident.alerts.digest_at, draft.incident.alerts.quiet_since);
    let calm = draft.org().alerting.calm;
    let timers = [
        (Alarm::Digest, before.0, after.0),
        (Alarm::Calm, before.1.map(|since| since + calm), after.1.map(|since| since + calm)),
    ];
    for (alarm, before, after) in timers {
        match after {
            Some(at) if before != Some(at) => draft.set_timer(alarm, at),
            None if before.is_some() => draft.clear_timer(alarm.key(draft.incident.id)),
            Some(_) | None => {}
        }
    }
}

/// The timeline is told what has been counted.
pub(in crate::decide) fn digest(timer: &Timer, state: &State, ctx: &Ctx<'_>) -> Option<Decision> {
    let incident = state.incident.as_ref().filter(|incident| !incident.alerts.pending.is_empty())?;
    let mut draft = Draft::of(incident, ctx);
    draft.clear_timer(timer.key.clone());
    let counts = std::mem::take(&mut draft.incident.alerts.pending);
    draft.incident.alerts.digest_at = None;
    draft.record(Event::AlertsCounted { counts, firing: incident.alerts.firing });
    Some(draft.done(alerts::card))
}

/// All alerts have been resolved for a while, if that is still so.
pub(in crate::decide) fn calm(timer: &Timer, state: &State, ctx: &Ctx<'_>) -> Option<Decision> {
    let is_calm = |incident: &&Incident| incident.status.is_open() && incident.alerts.firing == 0;
    let incident = state.incident.as_ref().filter(is_calm)?;
    let mut draft = Draft::of(incident, ctx);
    draft.clear_timer(timer.key.clone());
    draft.incident.alerts.paged.clear();
    draft.record(Event::AlertsCalm { total: incident.alerts.total });
    match incident.alerts.resolve {
        Resolve::Auto if incident.commander().is_none() => {
            let from = incident.status.phase();
            draft.incident.status = Status::Resolved;
            draft.incident.resolved_at = Some(ctx.now);
            let note = Some("its alerts have been resolved".to_owned());
            draft.record(Event::StatusChanged { from, to: draft.incident.status.phase(), note });
        }
        Resolve::Auto | Resolve::Suggest => draft.say(&alerts::calm(incident)),
        Resolve::Never => {}
    }
    Some(draft.done(alerts::card))
}

/// Somebody has not checked in, if that is still so; else the next look is set. The alert has been taken in before.
pub(in crate::decide) fn beat(id: &str, state: &State, ctx: &Ctx<'_>) -> Option<Decision> {
    let rule = ctx.org.alerting.heartbeat(id)?;
    let beat = state.records.beat(id).filter(|beat| beat.missed.is_none())?;
    let due = beat.last + rule.patience();
    let alarm = Alarm::Beat { source: id.to_owned() };
    let mut errand = Errand::new(state, ctx);
    if due > ctx.now {
        errand.set_timer(alarm, due);
    } else {
        errand.clear_timer(&alarm);
        errand.keep(Record::Beat(Beat { missed: Some(ctx.now), ..beat.clone() }));
    }
    Some(errand.done(View::titled(Tone::Neutral, vec![text("The heartbeat was looked at")])))
}
