//! Planning work: an incident with a window, and the silence that goes with it.

use super::super::silences;
use super::tell::{announce, new_end};
use crate::alert::{Silence, SilenceKind};
use crate::clock::Timestamp;
use crate::comms::Window;
use crate::decide::{Ctx, Decision, Draft, Errand, State, comms};
use crate::ids::IncidentId;
use crate::incident::event::Event;
use crate::incident::status::Phase;
use crate::incident::{Incident, Kind};
use crate::refusal::Refusal;
use crate::view::{Section, Tone, View, card, text};
use chrono::TimeDelta;
use std::collections::BTreeSet;

/// What is planned.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Plan {
    /// What is done, in one line.
    pub(crate) title: String,
    /// On what, by service id.
    pub(crate) services: BTreeSet<String>,
    /// Where, by site id.
    pub(crate) sites: BTreeSet<String>,
    /// Whether its alerts are heard as ever.
    pub(crate) loud: bool,
}

/// Plans work: a new incident, whose alerts disturb nobody while it is done. A draft of its announcement is made, if there is a template.
///
/// # Errors
/// When it would be over already, or too much is silenced.
pub(crate) fn plan(
    plan: &Plan,
    window: Window,
    id: IncidentId,
    state: &State,
    ctx: &Ctx<'_>,
) -> Result<Decision, Refusal> {
    must_be_to_come(window, ctx)?;
    let incident = Incident {
        kind: Kind::Maintenance,
        services: plan.services.clone(),
        sites: plan.sites.clone(),
        window: Some(window),
        ..Incident::declared(id, &plan.title, ctx.actor.author(), ctx.now)
    };
    let mut draft = Draft::new(incident, ctx);
    draft.let_in(&ctx.actor.person, &ctx.actor.name);
    let incident = &draft.incident;
    let declared = Event::Declared {
        title: plan.title.clone(),
        kind: incident.kind,
        visibility: incident.visibility,
        severity: None,
    };
    draft.record(declared);
    draft.record(Event::Planned { from: None, to: window });
    let silence = if plan.loud { None } else { silence(&mut draft, window, state)? };
    let welcome = card::welcome(&draft.incident, ctx.org);
    draft.say(&welcome);
    announce(&mut draft, state)?;
    let planned = draft.done(|incident| card::declared(incident, ctx.org));
    Ok(silence.into_iter().fold(planned, Decision::and))
}

/// Whatever is not out yet says the time of now. What cannot be written again is refused when it is to go out.
fn write_again(draft: &mut Draft<'_>, state: &State) {
    let open = draft.incident.messages.iter().filter(|one| one.stage.is_open());
    let open: Vec<_> = open.map(|one| one.number).collect();
    let mut desk = comms::Desk::new(draft, state);
    for number in open {
        drop(desk.write_again(number));
    }
}

/// The alerts of these services, at these sites, disturb nobody while the work is done. Of work on nothing in particular no alert is known.
fn silence<'a>(draft: &mut Draft<'a>, window: Window, state: &'a State) -> Result<Option<Decision>, Refusal> {
    let (ctx, incident) = (draft.ctx(), &draft.incident);
    let matchers = silences::over(&incident.services, &incident.sites)?;
    if matchers.is_empty() {
        return Ok(None);
    }
    let silence = Silence {
        number: 0,
        kind: SilenceKind::Maintenance,
        matchers,
        from: window.from,
        until: window.until,
        reason: format!("{}: {}", incident.id, incident.title),
        by: ctx.actor.person.clone(),
    };
    let mut all = state.records.silences().cloned().unwrap_or_default();
    let silence = silences::add(&mut all, silence, ctx)?;
    draft.incident.silence = Some(silence.number);
    Ok(Some(silenced(silences::keep(all, silence.number, state, ctx))))
}

fn silenced(errand: Errand<'_>) -> Decision {
    errand.done(View::titled(Tone::Neutral, vec![text("Its alerts disturb nobody")]))
}

/// The work is done at another time. There is a draft for customers who know of it; of another end of what has begun they are told.
///
/// # Errors
/// When it is no planned work, has ended, or would be over already.
pub(crate) fn move_to(
    from: Option<Timestamp>,
    span: Option<TimeDelta>,
    incident: &Incident,
    state: &State,
    ctx: &Ctx<'_>,
) -> Result<Decision, Refusal> {
    must_be_going_on(incident)?;
    let was = incident.window;
    let has_begun = incident.status.phase() != Phase::Triage;
    let window = match (was, from, span) {
        (Some(_), Some(_), _) if has_begun => {
            let sentence = format!("{} has begun: only its end can be moved", incident.id);
            return Err(Refusal::conflict(sentence).instead("maintenance extend 30m"));
        }
        (Some(was), from, span) => {
            let from = from.unwrap_or(was.from);
            Window { from, until: from + span.unwrap_or(was.until - was.from) }
        }
        (None, from, Some(span)) => {
            let from = from.unwrap_or(ctx.now);
            Window { from, until: from + span }
        }
        (None, _, None) => {
            return Err(Refusal::invalid("It has no end yet: say for how long").instead("maintenance move --for 2h"));
        }
    };
    change(window, incident, state, ctx)
}

/// The work takes longer: from its planned end, or from now where that has passed. Customers who know of it are told.
///
/// # Errors
/// When it is no planned work, or has ended.
pub(crate) fn extend(span: TimeDelta, incident: &Incident, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
    must_be_going_on(incident)?;
    let Some(window) = incident.window else {
        return Err(Refusal::conflict("It has no end that could be moved").instead("maintenance move --for 2h"));
    };
    change(Window { until: window.until.max(ctx.now) + span, ..window }, incident, state, ctx)
}

fn change(window: Window, incident: &Incident, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
    must_be_to_come(window, ctx)?;
    if incident.window == Some(window) {
        return Err(Refusal::conflict("That is what is planned already").instead("show"));
    }
    let mut draft = Draft::of(incident, ctx);
    draft.record(Event::Planned { from: incident.window, to: window });
    draft.incident.window = Some(window);
    write_again(&mut draft, state);
    let told = if incident.is_planned() { announce(&mut draft, state)? } else { new_end(&mut draft, state) };
    let told = told.into_iter().map(Section::Text);
    let moved = draft.done(|incident| told.fold(card::changed(incident, ctx), View::with));
    let silence = moved_silence(incident, window, state, ctx);
    Ok(silence.into_iter().fold(moved, Decision::and))
}

/// The silence goes with the work, unless somebody has ended it.
fn moved_silence(incident: &Incident, to: Window, state: &State, ctx: &Ctx<'_>) -> Option<Decision> {
    let (number, was) = (incident.silence?, incident.window?);
    let mut all = state.records.silences()?.clone();
    let silence = all.list.iter_mut().find(|one| one.number == number && one.until == was.until)?;
    (silence.from, silence.until) = (if incident.is_planned() { to.from } else { silence.from }, to.until);
    Some(silenced(silences::keep(all, number, state, ctx)))
}

fn must_be_going_on(incident: &Incident) -> Result<(), Refusal> {
    if incident.kind != Kind::Maintenance {
        let sentence = format!("{} is no planned work", incident.id);
        return Err(Refusal::conflict(sentence).instead("list --kind maintenance"));
    }
    if !incident.status.is_open() {
        return Err(Refusal::conflict(format!("{} is {}", incident.id, incident.stands())).instead("show"));
    }
    Ok(())
}

fn must_be_to_come(window: Window, ctx: &Ctx<'_>) -> Result<(), Refusal> {
    if window.until > ctx.now {
        return Ok(());
    }
    Err(Refusal::conflict("That is over already: say a time that is still to come"))
}
