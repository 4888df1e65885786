//! What the rooms of an incident show by themselves: the topic, the announcement, what was just done.

use super::{Action, Bookmark, Line, Section, Span, Tone, View, card, comms, entry, page, run, text};
use crate::command::Invocation;
use crate::incident::Incident;
use crate::incident::entry::Entry;
use crate::incident::event::Event;
use crate::org::Organisation;

/// What a room is about, in one line: `SEV1 · investigating · IC Alice Ek`.
#[must_use]
pub fn topic(incident: &Incident) -> Line {
    let severity = incident.severity.as_ref().map_or("no severity", |key| key.as_str());
    let phase = incident.status.phase();
    let mut line = vec![text(format!("{severity} · {}", incident.stands()))];
    match incident.commander() {
        Some(holder) => {
            line.push(text(" · IC "));
            line.push(Span::Person { id: holder.person.clone(), name: holder.name.clone() });
        }
        None if phase.is_open() => line.push(text(" · no commander yet")),
        None => {}
    }
    line
}

/// What is kept at hand above a room.
#[must_use]
pub fn links(incident: &Incident, org: &Organisation) -> Vec<Bookmark> {
    vec![Bookmark { label: "Console".to_owned(), url: card::room_url(incident, org) }]
}

/// The incident for those who are not in its room.
#[must_use]
pub fn announcement(incident: &Incident, org: &Organisation) -> View {
    let mut view = card::short(incident, org);
    if incident.status.is_open() {
        view = view.offering(Action::run("Join", Invocation::of("join").on(incident.id)));
    }
    view.offering(Action {
        does: super::Does::Visit(card::room_url(incident, org)),
        ..Action::run("Console", Invocation::of("show"))
    })
}

/// What stands where an incident was announced that is nobody else's business any more.
#[must_use]
pub fn retracted(incident: &Incident) -> View {
    View::titled(Tone::Neutral, vec![text(format!("{} is not announced here any more", incident.id))])
}

/// What was just done, for those who watch a room; nothing, where the room sees it anyway.
#[must_use]
pub fn news(entries: &[Entry], org: &Organisation) -> Option<View> {
    let told = |row: &Entry| {
        let Event::Run { number, name, what } = &row.what else { return None };
        run::asking(*number, name, what)
    };
    let line = |row: &Entry| told(row).unwrap_or_else(|| entry::sentence(row, org));
    let lines = entries.iter().filter(|entry| is_news(entry)).map(|row| Section::Text(line(row)));
    let view = lines.fold(View::titled(Tone::Neutral, Line::new()), View::with);
    (!view.sections.is_empty()).then_some(view)
}

/// Whether a room is told of it in so many words. Some are told with a card of their own, some are not worth a message.
fn is_news(entry: &Entry) -> bool {
    let said = match &entry.what {
        Event::StatusChanged { .. }
        | Event::Reopened { .. }
        | Event::SeverityChanged { .. }
        | Event::RoleTaken { .. }
        | Event::RoleReleased { .. }
        | Event::HandoffEnded { .. }
        | Event::Noted { .. }
        | Event::Updated { .. }
        | Event::Summarised { .. }
        | Event::Edited { .. }
        | Event::TaskAdded { .. }
        | Event::TaskAssigned { .. }
        | Event::TaskDone { .. }
        | Event::TaskReopened { .. }
        | Event::AlertsFired { .. }
        | Event::AlertsCounted { .. }
        | Event::MergedInto { .. }
        | Event::MergedFrom { .. } => true,
        Event::Page { what, .. } => page::is_news(what),
        Event::Run { what, .. } => run::is_news(what),
        Event::Comms { what, .. } => comms::is_news(what),
        Event::Planned { .. } | Event::WorkBegan => true,
        Event::Declared { .. }
        | Event::Joined { .. }
        | Event::HandoffOffered { .. }
        | Event::RunbookSuggested { .. }
        | Event::Reminded { .. }
        | Event::Pinned { .. }
        | Event::ReminderMoved { .. }
        | Event::AlertsCalm { .. }
        | Event::RoomsArchived
        | Event::RoomWanted { .. }
        | Event::RoomOpened { .. }
        | Event::RoomLost { .. } => false,
    };
    said && entry.amendment.is_none()
}
