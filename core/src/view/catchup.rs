//! What somebody is shown who comes late: the incident in a screen, the present first.

use super::{Action, Item, Line, Section, Span, View, alerts, card, comms, entry, run, strong, text};
use crate::clock::Timestamp;
use crate::command::Invocation;
use crate::comms::CommsEvent;
use crate::decide::{Ctx, State};
use crate::incident::Incident;
use crate::incident::entry::Entry;
use crate::incident::event::Event;
use crate::incident::task::Task;
use crate::org::{Organisation, Role};
use crate::runbook::{Run, RunEvent};
use crate::time::in_words;

/// So many updates are shown: the latest.
const UPDATES: usize = 3;
/// So many other entries that count.
const TURNS: usize = 8;
/// So many tasks.
const TASKS: usize = 10;

/// The whole of it: where things stand, and what led there, since that moment if one is given.
#[must_use]
pub fn whole(incident: &Incident, since: Option<Timestamp>, state: &State, ctx: &Ctx<'_>) -> View {
    let mut view = card::short(incident, ctx.org);
    view.title.insert(0, text("Catching up on "));
    view = view.with(Section::Text(lasted(incident, &state.entries, ctx.now)));
    if let Some(summary) = &incident.summary {
        view = view.with(Section::Text(vec![strong("Summary: "), text(summary.clone())]));
    }
    view = list(view, "Who does what", roles(incident, ctx.org));
    view = happened(view, since, state, ctx);
    view = list(view, "To do", tasks(incident));
    view = list(view, "Not told yet", comms::waiting(incident, ctx.org));
    view = list(view, "Runbooks under way", runs(state));
    let firing: Vec<_> = state.alerts.iter().filter(|alert| alert.is_firing()).map(alerts::line).collect();
    let heading = format!("Alerts: {} firing", incident.alerts.firing);
    view = list(view, &heading, firing).offering(Action::run("Timeline", Invocation::of("timeline").on(incident.id)));
    if incident.status.is_open() && !incident.has(&ctx.actor.person) {
        view = view.offering(Action::run("Join", Invocation::of("join").on(incident.id)).primary());
    }
    view
}

/// The latest updates, and the latest of what else counts, the latest at the end.
fn happened(view: View, since: Option<Timestamp>, state: &State, ctx: &Ctx<'_>) -> View {
    let within = since.map(|since| format!(" of the last {}", in_words(ctx.now - since))).unwrap_or_default();
    let lately = |wanted: fn(&Event) -> bool, most: usize| {
        let rows = state.entries.iter().filter(|row| since.is_none_or(|since| row.at >= since) && wanted(&row.what));
        let mut lines: Vec<_> = rows.take(most).map(|row| entry::line(row, ctx.org)).collect();
        lines.reverse();
        lines
    };
    let updates = lately(|what| matches!(what, Event::Updated { .. }), UPDATES);
    let turns = lately(counts, TURNS);
    if updates.is_empty() && turns.is_empty() {
        let nothing = format!("The timeline{within} holds no update and no decision.");
        return view.with(Section::Text(vec![text(nothing)]));
    }
    let view = list(view, &format!("Updates{within}"), updates);
    list(view, &format!("What was decided{within}"), turns)
}

fn list(view: View, heading: &str, lines: Vec<Line>) -> View {
    if lines.is_empty() {
        return view;
    }
    let items = lines.into_iter().map(|line| Item { line, action: None }).collect();
    view.with(Section::Heading(heading.to_owned())).with(Section::List(items))
}

/// How long it has been going on, and how long it has stood as it does.
fn lasted(incident: &Incident, log: &[Entry], now: Timestamp) -> Line {
    let is_turn = |row: &&Entry| {
        let turns = matches!(row.what, Event::StatusChanged { .. } | Event::Reopened { .. } | Event::MergedInto { .. });
        turns && row.amendment.is_none()
    };
    let since = log.iter().find(is_turn).map_or(incident.declared_at, |row| row.at);
    let all = in_words(now - incident.declared_at);
    vec![text(format!("Declared {all} ago; {} for {}.", incident.stands(), in_words(now - since)))]
}

fn roles(incident: &Incident, org: &Organisation) -> Vec<Line> {
    let line = |role: &Role| {
        let holders: Vec<_> = incident.holders(&role.key).collect();
        let mut line = vec![text(format!("{}: ", role.name))];
        for (n, holder) in holders.iter().enumerate() {
            line.extend((n > 0).then(|| text(", ")));
            line.push(Span::Person { id: holder.person.clone(), name: holder.name.clone() });
        }
        (!holders.is_empty()).then_some(line)
    };
    org.roles.iter().filter_map(line).collect()
}

fn tasks(incident: &Incident) -> Vec<Line> {
    let open = incident.tasks.iter().filter(|task| task.done_at.is_none());
    let line = |task: &Task| {
        let mut line = vec![text(format!("{}. {}", task.number, task.text))];
        if let Some(one) = &task.assignee {
            line.extend([text(" · "), Span::Person { id: one.person.clone(), name: one.name.clone() }]);
        }
        line
    };
    open.take(TASKS).map(line).collect()
}

fn runs(state: &State) -> Vec<Line> {
    let mut open: Vec<_> = state.records.runs().filter(|run| run.state.is_open()).collect();
    open.sort_by_key(|run| run.number);
    let line = |run: &Run| vec![text(format!("Run {}: {} · {}", run.number, run.book.name, run::standing(run)))];
    open.into_iter().map(line).collect()
}

/// Whether an entry decided where the incident went, or what customers know. Updates are shown apart.
fn counts(what: &Event) -> bool {
    match what {
        Event::StatusChanged { .. }
        | Event::Reopened { .. }
        | Event::SeverityChanged { .. }
        | Event::RoleTaken { .. }
        | Event::RoleReleased { .. }
        | Event::HandoffEnded { .. }
        | Event::Planned { .. }
        | Event::WorkBegan
        | Event::AlertsFired { .. }
        | Event::MergedInto { .. }
        | Event::MergedFrom { .. } => true,
        Event::Run { what, .. } => matches!(
            what,
            RunEvent::Started { .. } | RunEvent::Stopped | RunEvent::Done | RunEvent::Aborted { .. } | RunEvent::Undone
        ),
        Event::Comms { what, .. } => matches!(what, CommsEvent::Published { .. } | CommsEvent::Retracted { .. }),
        Event::Declared { .. }
        | Event::Joined { .. }
        | Event::HandoffOffered { .. }
        | Event::Noted { .. }
        | Event::Updated { .. }
        | Event::Reminded { .. }
        | Event::Pinned { .. }
        | Event::RoomWanted { .. }
        | Event::RoomOpened { .. }
        | Event::RoomLost { .. }
        | Event::ReminderMoved { .. }
        | Event::Page { .. }
        | Event::RunbookSuggested { .. }
        | Event::AlertsCounted { .. }
        | Event::AlertsCalm { .. }
        | Event::RoomsArchived
        | Event::Summarised { .. }
        | Event::Edited { .. }
        | Event::TaskAdded { .. }
        | Event::TaskAssigned { .. }
        | Event::TaskDone { .. }
        | Event::TaskReopened { .. } => false,
    }
}
