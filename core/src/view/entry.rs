//! A timeline entry in words: one place for every surface and every export.

use super::{Line, Span, TimeStyle, strong, text, time};
use crate::ids::SeverityKey;
use crate::incident::entry::Entry;
use crate::incident::event::{Event, OfferEnd, Reminder, Subject};
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

fn severity_word(severity: Option<&SeverityKey>) -> String {
    severity.map_or_else(|| "no severity".to_owned(), ToString::to_string)
}

fn what(entry: &Entry, org: &Organisation) -> Line {
    let by_themselves = |subject: &Subject| subject.person == entry.by.person;
    match &entry.what {
        Event::Declared { title, kind, visibility, severity } => {
            let kind = match kind {
                Kind::Incident => "",
                Kind::Drill => "the drill ",
                Kind::Maintenance => "the maintenance ",
            };
            let private = match visibility {
                Visibility::Public => "",
                Visibility::Private => " in private",
            };
            let severity = severity.as_ref().map(|key| format!(" as {key}")).unwrap_or_default();
            vec![text(format!("declared {kind}")), strong(title.clone()), text(format!("{severity}{private}"))]
        }
        Event::Joined { who: subject } if by_themselves(subject) => vec![text("joined")],
        Event::Joined { who: subject } => vec![text("brought in "), who(subject)],
        Event::StatusChanged { from, to, note } => {
            let change = vec![text("changed the status from "), text(from.word()), text(" to "), strong(to.word())];
            [change, after(note.as_ref())].concat()
        }
        Event::Reopened { from, reason } => {
            let change = vec![strong("reopened"), text(format!(" it, which was {}", from.word()))];
            [change, after(Some(reason))].concat()
        }
        Event::SeverityChanged { from, to, reason } => {
            let change = vec![
                text(format!("changed the severity from {} to ", severity_word(from.as_ref()))),
                strong(severity_word(to.as_ref())),
            ];
            [change, after(reason.as_ref())].concat()
        }
        Event::RoleTaken { role, who: subject } => {
            let name = strong(org.role_name(role));
            if by_themselves(subject) {
                vec![text("became "), name]
            } else {
                vec![text("made "), who(subject), text(" "), name]
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
        Event::Updated { text: update, next_at } => {
            let mut line = vec![strong("update"), text(": "), text(update.clone())];
            if let Some(next) = next_at {
                line.extend([text(" (next at "), time(*next, TimeStyle::Clock), text(")")]);
            }
            line
        }
        Event::Reminded { about } => vec![text(match about {
            Reminder::NoCommander => "reminded the room that nobody has taken command",
            Reminder::UpdateDue => "reminded the room that an update is due",
        })],
        Event::Summarised { text: summary } => vec![text("wrote the summary: "), text(summary.clone())],
        Event::Edited { field, from, to } => {
            let word = |value: &Option<String>| value.clone().unwrap_or_else(|| "nothing".to_owned());
            vec![text(format!("changed {field} from {} to {}", word(from), word(to)))]
        }
        Event::TaskAdded { list, number, text: what, assignee } => {
            let mut line = vec![text(format!("added {} {number}: ", list.word())), text(what.clone())];
            if let Some(subject) = assignee {
                line.extend([text(", for "), who(subject)]);
            }
            line
        }
        Event::TaskAssigned { list, number, text: what, assignee } => match assignee {
            Some(subject) => {
                vec![text(format!("gave {} {number} to ", list.word())), who(subject), text(": "), text(what.clone())]
            }
            None => task("nobody has", *list, *number, what),
        },
        Event::TaskDone { list, number, text: what } => task("finished", *list, *number, what),
        Event::TaskReopened { list, number, text: what } => task("reopened", *list, *number, what),
        Event::MergedInto { into } => vec![text("merged it into "), Span::Incident(*into)],
        Event::MergedFrom { from, title } => {
            vec![text("merged "), Span::Incident(*from), text(" into it: "), text(title.clone())]
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
