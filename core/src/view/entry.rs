//! A timeline entry in words: one place for every surface and every export.

use super::{Line, Span, TimeStyle, alerts, comms, maintenance, page, run, strong, text, time};
use crate::ids::SeverityKey;
use crate::incident::entry::Entry;
use crate::incident::event::{Due, Event, OfferEnd, Reminder, Subject};
use crate::incident::task::TaskList;
use crate::incident::{Kind, Visibility};
use crate::org::Organisation;

/// The whole line: number, time, who, what.
#[must_use]
pub fn line(entry: &Entry, org: &Organisation) -> Line {
    let mut line = vec![text(format!("#{} ", entry.number)), time(entry.at, TimeStyle::Clock), text(" ")];
    line.extend(sentence(entry, org));
    line
}

/// Who did what.
#[must_use]
pub fn sentence(entry: &Entry, org: &Organisation) -> Line {
    let mut line = vec![Span::Person { id: entry.by.person.clone(), name: entry.by.name.clone() }, text(" ")];
    line.extend(what(entry, org));
    if entry.amendment.is_some() && !entry.is_removal() {
        line.push(text(" (edited)"));
    }
    line
}

fn who(subject: &Subject) -> Span {
    Span::Person { id: subject.person.clone(), name: subject.name.clone() }
}

fn after(colon: Option<&String>) -> Line {
    colon.map(|words| vec![text(": "), text(words.clone())]).unwrap_or_default()
}

/// What was declared: `a private SEV1 incident`, `a drill`, `SEV3 maintenance`.
fn declared(kind: Kind, visibility: Visibility, severity: Option<&SeverityKey>) -> String {
    let private = match visibility {
        Visibility::Public => None,
        Visibility::Private => Some("private".to_owned()),
    };
    let words: Vec<_> = [private, severity.map(ToString::to_string)].into_iter().flatten().collect();
    let article = match (kind, words.is_empty()) {
        (Kind::Maintenance, _) => "",
        (Kind::Incident, true) => "an ",
        (Kind::Incident, false) | (Kind::Drill, _) => "a ",
    };
    let words = words.iter().map(|word| format!("{word} ")).collect::<String>();
    format!("{article}{words}{}", kind.word())
}

fn severity_changed(from: Option<&SeverityKey>, to: Option<&SeverityKey>) -> Line {
    match (from, to) {
        (Some(from), Some(to)) => {
            vec![text(format!("changed the severity from {from} to ")), strong(to.to_string())]
        }
        (_, Some(to)) => vec![text("set the severity to "), strong(to.to_string())],
        (Some(from), None) => vec![text(format!("took the severity away, which was {from}"))],
        (None, None) => vec![text("changed the severity")],
    }
}

fn what(entry: &Entry, org: &Organisation) -> Line {
    let by_themselves = |subject: &Subject| subject.person == entry.by.person;
    match &entry.what {
        Event::Declared { title, kind, visibility, severity } => {
            vec![text(format!("declared {}: ", declared(*kind, *visibility, severity.as_ref()))), strong(title.clone())]
        }
        Event::Joined { who: subject } if by_themselves(subject) => vec![text("joined")],
        Event::Joined { who: subject } => vec![text("brought in "), who(subject)],
        Event::StatusChanged { from, to, note } => {
            let change = vec![text("changed the status from "), text(from.word()), text(" to "), strong(to.word())];
            [change, after(note.as_ref())].concat()
        }
        Event::Reopened { from, reason } => {
            let change = vec![strong("reopened"), text(format!(" the {} incident", from.word()))];
            [change, after(Some(reason))].concat()
        }
        Event::SeverityChanged { from, to, reason } => {
            [severity_changed(from.as_ref(), to.as_ref()), after(reason.as_ref())].concat()
        }
        Event::RoleTaken { role, who: subject } => {
            let name = strong(org.role_name(role));
            if by_themselves(subject) {
                vec![text("became "), name]
            } else {
                vec![text("assigned "), name, text(" to "), who(subject)]
            }
        }
        Event::RoleReleased { role, who: subject } => {
            let name = strong(org.role_name(role));
            if by_themselves(subject) {
                vec![text("is no longer "), name]
            } else {
                vec![text("relieved "), who(subject), text(" as "), name]
            }
        }
        Event::HandoffOffered { role, to, briefing } => {
            let offer = vec![text("offered "), strong(org.role_name(role)), text(" to "), who(to)];
            [offer, after(briefing.as_ref())].concat()
        }
        Event::HandoffEnded { role, to, end } => handoff_ended(org.role_name(role), to, *end),
        Event::Noted { text: note } => vec![text("noted: "), text(note.clone())],
        Event::Updated { text: update, doing, next_at } => {
            let mut line = vec![text("wrote an "), strong("update"), text(": "), text(update.clone())];
            if let Some(doing) = doing {
                line.extend([text(" · what we do: "), text(doing.clone())]);
            }
            if let Some(next) = next_at {
                line.extend([text(" (next at "), time(*next, TimeStyle::Clock), text(")")]);
            }
            line
        }
        Event::RunbookSuggested { name, .. } => vec![text("offered the runbook "), strong(name.clone())],
        Event::Run { number, name, what } => run::sentence(*number, name, what),
        Event::Comms { number, audience, what } => comms::sentence((*number, audience), what),
        Event::Planned { from, to } => maintenance::planned(from.as_ref(), to),
        Event::WorkBegan => vec![text("began the planned work")],
        Event::Reminded { about } => vec![text(match about {
            Reminder::NoCommander => "reminded the room that nobody has taken command",
            Reminder::UpdateDue => "reminded the room that an update is due",
            Reminder::Customers(Due::Soon) => "reminded the room that customers are to be told soon",
            Reminder::Customers(Due::Late) => "reminded the room that customers should have been told",
            Reminder::WorkSoon => "reminded those who have subscribed of the planned work",
            Reminder::WorkLate => "reminded the room that the planned work should be over",
        })],
        Event::Pinned { text: said, said_by, link } => {
            let mut line = vec![text("pinned what "), strong(said_by.clone()), text(" said: "), text(said.clone())];
            if let Some(url) = link {
                line.extend([text(" "), Span::Link { label: "(message)".to_owned(), url: url.clone() }]);
            }
            line
        }
        Event::RoomWanted { platform } => vec![text(format!("asked for a room on {platform}"))],
        Event::RoomOpened { platform, name } => {
            vec![text(format!("opened a room on {platform}: ")), strong(name.clone())]
        }
        Event::ReminderMoved { about, until } => {
            let about = match about {
                Reminder::NoCommander => "that nobody has taken command",
                Reminder::UpdateDue => "that an update is due",
                Reminder::Customers(Due::Soon) => "that customers are to be told soon",
                Reminder::Customers(Due::Late) => "that customers should have been told",
                Reminder::WorkSoon => "that planned work begins soon",
                Reminder::WorkLate => "that the planned work should be over",
            };
            match until {
                Some(until) => {
                    vec![text(format!("put off the reminder {about} until ")), time(*until, TimeStyle::Clock)]
                }
                None => vec![text(format!("dismissed the reminder {about}"))],
            }
        }
        Event::Page { number, what } => page::sentence(*number, what),
        Event::AlertsFired { kinds } => alerts::fired(kinds),
        Event::AlertsCounted { counts, firing } => alerts::counted(counts, *firing),
        Event::AlertsCalm { total } => vec![text("saw "), strong(alerts::all(*total)), text(" resolved")],
        Event::RoomsArchived => vec![text("put the rooms away")],
        Event::RoomLost { platform, reason } => {
            vec![text(format!("lost the room on {platform}: ")), text(reason.clone())]
        }
        Event::Summarised { text: summary } => vec![text("wrote the summary: "), text(summary.clone())],
        Event::Edited { field, from, to } => {
            let name = org.find_field(field).map_or_else(|| format!("the {field}"), |field| field.name.clone());
            vec![text(match (from, to) {
                (Some(from), Some(to)) => format!("changed {name} from “{from}” to “{to}”"),
                (None, Some(to)) => format!("set {name} to “{to}”"),
                (Some(from), None) => format!("took {name} away, which was “{from}”"),
                (None, None) => format!("changed {name}"),
            })]
        }
        Event::TaskAdded { list, number, text: what, assignee } => {
            let mut line = vec![text(format!("added {} {number}", list.word()))];
            match assignee {
                Some(subject) if by_themselves(subject) => line.push(text(" for themselves")),
                Some(subject) => line.extend([text(" for "), who(subject)]),
                None => {}
            }
            [line, after(Some(what))].concat()
        }
        Event::TaskAssigned { list, number, text: what, assignee } => match assignee {
            Some(subject) if by_themselves(subject) => task("took", *list, *number, what),
            Some(subject) => {
                vec![text(format!("gave {} {number} to ", list.word())), who(subject), text(": "), text(what.clone())]
            }
            None => task("nobody has", *list, *number, what),
        },
        Event::TaskDone { list, number, text: what } => task("finished", *list, *number, what),
        Event::TaskReopened { list, number, text: what } => task("reopened", *list, *number, what),
        Event::MergedInto { into } => vec![text("merged this into "), Span::Incident(*into)],
        Event::MergedFrom { from, title } => {
            vec![text("merged "), Span::Incident(*from), text(" into this: "), text(title.clone())]
        }
    }
}

fn task(verb: &str, list: TaskList, number: i64, what: &str) -> Line {
    vec![text(format!("{verb} {} {number}: ", list.word())), text(what)]
}

fn handoff_ended(role: &str, to: &Subject, end: OfferEnd) -> Line {
    match end {
        OfferEnd::Accepted => vec![text("accepted "), strong(role)],
        OfferEnd::Declined => vec![text("declined "), strong(role)],
        OfferEnd::Withdrawn => vec![text("withdrew the offer of "), strong(role), text(" to "), who(to)],
    }
}
