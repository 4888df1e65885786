//! What follows when planned work has begun, or is over: its silence, and what customers read.

use super::super::silences;
use super::Work;
use super::tell::{knowing, word};
use crate::command::Invocation;
use crate::decide::comms::{self, Drafted};
use crate::decide::{Ctx, Decision, Draft, State};
use crate::incident::Incident;
use crate::incident::event::{Due, Event, Reminder};
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
/// asked to tell them, with what is drafted for that.
fn tell(incident: &Incident, state: &State, ctx: &Ctx<'_>) -> Option<Decision> {
    let mut draft = Draft::of(incident, ctx);
    let mut unsaid = Vec::new();
    for (audience, known) in knowing(incident, state, ctx) {
        match word(incident, audience, &ctx.org.comms) {
            Some(template) if template.status == known => {}
            Some(template) => match comms::Desk::new(&mut draft, state).tell(template) {
                Ok(Drafted::Sent(_) | Drafted::Ready(_)) => {}
                Ok(Drafted::Kept(number, why)) => unsaid.push((Some(number), why.sentence)),
                Err(why) => unsaid.push((None, why.sentence)),
            },
            None => {
                let why = format!("No template says to {} that the work is {}", audience.name, incident.stands());
                unsaid.push((None, why));
            }
        }
    }
    if !unsaid.is_empty() {
        draft.record(Event::Reminded { about: Reminder::Customers(Due::Late) });
        draft.say(&ask(incident, &unsaid));
    }
    (!draft.is_empty()).then(|| draft.done(|_| seen()))
}

fn ask(incident: &Incident, unsaid: &[(Option<i64>, String)]) -> View {
    let title =
        vec![card::named(incident), text(format!(" is {}, and customers have not been told", incident.stands()))];
    let mut view = View::titled(Tone::Warning, title);
    for (drafted, why) in unsaid {
        let (next, action) = match drafted {
            Some(number) => {
                let look = Invocation::of("comms preview").on(incident.id).with("number", number.to_string());
                (format!("Message {number} is there for it."), Action::run("Preview", look))
            }
            None => {
                let draft = Invocation::of("comms draft").on(incident.id);
                ("Write them a message.".to_owned(), Action::open("Draft", draft))
            }
        };
        view = view.with(Section::Text(vec![text(format!("{why}. {next}"))]));
        if !view.actions.contains(&action) {
            view = view.offering(action);
        }
    }
    if let Some(first) = view.actions.first_mut() {
        *first = first.clone().primary();
    }
    view.footed(card::brief(incident))
}
