//! What follows when planned work has begun, or is over: its silence, and what customers read.

use super::super::silences;
use super::Work;
use crate::command::Invocation;
use crate::comms::{PublicIncident, PublicStatus, Values};
use crate::decide::{Ctx, Decision, Draft, State, comms};
use crate::incident::Incident;
use crate::incident::event::{Event, Reminder};
use crate::incident::status::Phase;
use crate::refusal::Refusal;
use crate::view::{Action, Section, Tone, View, card, text};

/// Planned work has begun, or is over, if that is still so.
pub(in crate::decide) fn turned(over: bool, state: &State, ctx: &Ctx<'_>) -> Option<Decision> {
    let turned = if over { Work::Over } else { Work::Underway };
    let incident = state.incident.as_ref().filter(|incident| Work::of(incident) == turned)?;
    let told = tell(incident, state, ctx);
    let silenced = if over { heard_again(incident, state, ctx) } else { silenced_from_now(incident, state, ctx) };
    told.into_iter().chain(silenced).reduce(Decision::and)
}

/// The alerts are heard again, unless they are already.
fn heard_again(incident: &Incident, state: &State, ctx: &Ctx<'_>) -> Option<Decision> {
    let number = incident.silence?;
    let mut all = state.records.silences()?.clone();
    all.end(number, ctx.now)?;
    Some(silences::keep(all, number, state, ctx).done(seen()))
}

/// Work that begins before its time is not disturbed either. What was edited since it was planned counts.
fn silenced_from_now(incident: &Incident, state: &State, ctx: &Ctx<'_>) -> Option<Decision> {
    let number = incident.silence?;
    let mut all = state.records.silences()?.clone();
    let silence = all.list.iter_mut().find(|one| one.number == number && one.until > ctx.now)?;
    let matchers = silences::over(&incident.services, &incident.sites).ok().filter(|some| !some.is_empty());
    let before = silence.clone();
    silence.from = silence.from.min(ctx.now);
    silence.matchers = matchers.unwrap_or_else(|| before.matchers.clone());
    (*silence != before).then(|| silences::keep(all, number, state, ctx).done(seen()))
}

fn seen() -> View {
    View::titled(Tone::Neutral, vec![text("The planned work was looked at")])
}

/// Customers who know of the work are told where it stands, in words that were approved beforehand. Where that cannot be, the room is
/// asked to tell them.
fn tell(incident: &Incident, state: &State, ctx: &Ctx<'_>) -> Option<Decision> {
    let known = state.records.public(incident.id).and_then(PublicIncident::standing)?.status;
    let status = match incident.status.phase() {
        Phase::Triage | Phase::Investigating | Phase::Identified | Phase::Monitoring => Some(PublicStatus::InProgress),
        Phase::Resolved | Phase::Closed => Some(PublicStatus::Completed),
        Phase::Cancelled | Phase::Merged => None,
    };
    if known.is_over() || status == Some(known) {
        return None;
    }
    let mut draft = Draft::of(incident, ctx);
    let unsaid = match status {
        Some(status) => publish(&mut draft, status, state).err().map(|refusal| refusal.sentence),
        None => Some(format!("No template says that the work is {}", incident.stands())),
    };
    if let Some(why) = unsaid {
        draft = Draft::of(incident, ctx);
        draft.record(Event::Reminded { about: Reminder::PublicLate });
        draft.say(&ask(incident, &why));
    }
    Some(draft.done(|_| seen()))
}

fn publish(draft: &mut Draft<'_>, status: PublicStatus, state: &State) -> Result<(), Refusal> {
    let template = format!("public-maintenance-{}", status.word());
    let number = comms::draft_with(draft, &template, Values::new(), state)?;
    comms::publish(draft, number, state)
}

fn ask(incident: &Incident, why: &str) -> View {
    let title =
        vec![card::named(incident), text(format!(" is {}, and customers have not been told", incident.stands()))];
    View::titled(Tone::Warning, title)
        .with(Section::Text(vec![text(format!("{why}. Write them a message."))]))
        .offering(Action::open("Draft", Invocation::of("comms draft").on(incident.id)).primary())
        .footed(card::brief(incident))
}
