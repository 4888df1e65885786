//! What a timer does when its time has come. It looks again before it says anything: the world may have moved on.

use super::{Ctx, Decision, Draft, State};
use super::{alerts, comms, maintenance, pages, runs, watch};
use crate::clock::Timestamp;
use crate::command::Invocation;
use crate::ids::{IncidentId, PersonId};
use crate::incident::Incident;
use crate::incident::event::{Event, Reminder};
use crate::incident::role::COMMANDER;
use crate::incident::room::Room;
use crate::reply::Reply;
use crate::time::in_words;
use crate::timer::{Alarm, Timer, TimerChange};
use crate::view::{Action, Choice, Does, Section, Span, Tone, View, Weight, card, text};
use chrono::TimeDelta;

/// A reminder comes again, but ever more rarely: never sooner, never later than this.
const AGAIN: (TimeDelta, TimeDelta) = (TimeDelta::minutes(5), TimeDelta::minutes(60));

/// What a timer that is due leads to. The timer is always cleared, or set anew.
#[must_use]
pub fn fire(timer: &Timer, state: &State, ctx: &Ctx<'_>) -> Decision {
    let mut decision = becomes(timer, state, ctx);
    // It has fired, whatever it leads to. What sets it anew has the last word.
    decision.timers.insert(0, TimerChange::Clear(timer.key.clone()));
    decision
}

fn becomes(timer: &Timer, state: &State, ctx: &Ctx<'_>) -> Decision {
    let done = match &timer.alarm {
        Alarm::Remind { about, since } => return remind_if_missing((*about, *since), timer, state, ctx),
        Alarm::Archive => return archive_if_over(timer, state, ctx),
        Alarm::Watch => Some(watch::watch(timer.due_at, state, ctx)),
        Alarm::Escalate { page } => pages::escalate(*page, timer, state, ctx),
        Alarm::Call { page, person } => pages::call_on((*page, person), timer, state, ctx),
        Alarm::Step { run, step } => runs::elapsed((*run, step), timer, state, ctx),
        Alarm::StepPage { run, step } => runs::page_now((*run, step), timer, state, ctx),
        Alarm::StartRun { book } => runs::start_alone(book, timer, state, ctx),
        Alarm::EndRuns => runs::end_all(timer, state, ctx),
        Alarm::Job { job } => runs::lost(job, state, ctx),
        Alarm::Publish { message } => comms::publish_now(*message, timer, state, ctx),
        Alarm::Review { message, again } => comms::escalate(*message, *again, timer, state, ctx),
        Alarm::WorkBegins => maintenance::begins(state, ctx),
        Alarm::WorkTurned { over } => maintenance::turned(*over, state, ctx),
        Alarm::WorkReminder { .. } => maintenance::remind(state, ctx),
        Alarm::Digest => alerts::digest(timer, state, ctx),
        Alarm::Calm => alerts::calm(timer, state, ctx),
        Alarm::Beat { source } => alerts::beat(source, state, ctx),
        // What they bring back is taken in before.
        Alarm::Hear { .. } | Alarm::Unsilence { .. } => None,
    };
    done.unwrap_or_else(|| moot(timer))
}

/// Puts the rooms away. What is said there later takes them out again.
fn archive_if_over(timer: &Timer, state: &State, ctx: &Ctx<'_>) -> Decision {
    let over = state.incident.as_ref().filter(|incident| incident.status.phase().is_final());
    let Some(incident) = over.filter(|incident| incident.rooms.iter().any(Room::is_live)) else { return moot(timer) };
    let mut draft = Draft::of(incident, ctx);
    draft.incident.rooms.iter_mut().filter(|room| room.is_live()).for_each(|room| room.archived = true);
    draft.record(Event::RoomsArchived);
    draft.done(|_| View::titled(Tone::Neutral, vec![text("The rooms have been put away")]))
}

fn remind_if_missing((about, since): (Reminder, Timestamp), timer: &Timer, state: &State, ctx: &Ctx<'_>) -> Decision {
    let still_missing = state.incident.as_ref().filter(|incident| match about {
        Reminder::NoCommander => incident.lacks_commander(),
        Reminder::UpdateDue => incident.update_due.is_some_and(|due| due <= ctx.now),
        Reminder::Customers(how) => comms::is_due(how, incident, ctx),
        Reminder::WorkLate => maintenance::is_late(incident, ctx.now),
        // Those who have subscribed are reminded by an alarm of its own.
        Reminder::WorkSoon => false,
    });
    match still_missing {
        Some(incident) => remind((about, since), incident, ctx),
        None => moot(timer),
    }
}

fn moot(timer: &Timer) -> Decision {
    let nothing = View::titled(Tone::Neutral, vec![text("Nothing to remind of")]);
    Decision::answer(Reply { incident: timer.incident, ..Reply::view(nothing) })
}

fn remind((about, since): (Reminder, Timestamp), incident: &Incident, ctx: &Ctx<'_>) -> Decision {
    let mut draft = Draft::of(incident, ctx);
    draft.record(Event::Reminded { about });
    let view = reminder(about, incident, ctx.now - since);
    draft.say(&view);
    for person in concerned(about, incident) {
        draft.tell(&person, &view);
    }
    // Of what is to come one is warned once.
    if ctx.now >= since {
        draft.set_timer(Alarm::Remind { about, since }, ctx.now + (ctx.now - since).clamp(AGAIN.0, AGAIN.1));
    }
    draft.done(|_| view)
}

/// Who is told alone, besides the room.
fn concerned(about: Reminder, incident: &Incident) -> Vec<PersonId> {
    match about {
        Reminder::UpdateDue | Reminder::Customers(_) => writers(incident),
        Reminder::WorkLate => incident.commander().map(|holder| holder.person.clone()).into_iter().collect(),
        Reminder::NoCommander | Reminder::WorkSoon => Vec::new(),
    }
}

/// Those who write updates, inside and outside: the Comms Lead, else the commander.
fn writers(incident: &Incident) -> Vec<PersonId> {
    let holders = |key: &str| -> Vec<_> {
        incident.roles.iter().filter(|one| one.role.as_str() == key).map(|one| one.person.clone()).collect()
    };
    let comms = holders("comms");
    if comms.is_empty() { holders(COMMANDER) } else { comms }
}

/// Later, after one of a few spans.
pub(super) fn snooze(words: &str, about: Option<&str>, id: IncidentId) -> Action {
    let choice = |minutes: u32| {
        let run = Invocation::of(words).on(id).with("for", format!("{minutes}m"));
        let run = about.into_iter().fold(run, |run, about| run.with("about", about));
        Choice { label: format!("{minutes} minutes"), run }
    };
    let does = Does::Choose([30, 60, 90].map(choice).into());
    Action { label: "Snooze".to_owned(), weight: Weight::Plain, does }
}

pub(super) fn dismiss(about: &str, id: IncidentId) -> Action {
    Action::run("Dismiss", Invocation::of("reminder dismiss").on(id).with("about", about))
}

fn reminder(about: Reminder, incident: &Incident, late: TimeDelta) -> View {
    let id = incident.id;
    let title = |rest: String| vec![Span::Incident(id), text(rest)];
    let view = match about {
        Reminder::NoCommander => {
            View::titled(Tone::Warning, title(format!(" has had no commander for {}", in_words(late))))
                .with(Section::Text(vec![text("Somebody must decide and delegate. Taking command is one click.")]))
                .offering(Action::run("Take command", Invocation::of("role").on(id).with("role", COMMANDER)).primary())
                .offering(snooze("reminder snooze", Some("commander"), id))
                .offering(dismiss("commander", id))
        }
        Reminder::UpdateDue => View::titled(Tone::Warning, title(due_for_an_update(late)))
            .with(Section::Text(vec![text("What do we know, what are we doing, and when will the next update come?")]))
            .offering(Action::open("Write the update", Invocation::of("update").on(id)).primary())
            .offering(snooze("update snooze", None, id))
            .offering(dismiss("update", id)),
        Reminder::Customers(how) => comms::reminder(how, incident, late),
        Reminder::WorkSoon | Reminder::WorkLate => maintenance::reminder(incident, late),
    };
    view.footed(card::brief(incident))
}

fn due_for_an_update(late: TimeDelta) -> String {
    if late < TimeDelta::minutes(1) {
        return " is due for an update".to_owned();
    }
    format!(" has been due for an update for {}", in_words(late))
}
