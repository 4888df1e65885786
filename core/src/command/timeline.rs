//! `timeline`: look at the record, and put it right. Nothing is overwritten: each amendment is a row of its own.

use super::args::Args;
use super::call::Invocation;
use super::new::TEXT;
use super::note::{self, Note};
use super::spec::{Access, Arg, ArgKind, Group, Scope, Spec, Verb};
use super::{Command, Run, pin};
use crate::clock::Timestamp;
use crate::decide::{Ctx, Decision, Draft, Entries, Needs, State, incident_of};
use crate::ids::IncidentId;
use crate::incident::entry::{Amended, Entry};
use crate::incident::event::Event;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::view::{Action, Item, Section, TimeStyle, Tone, View, card, entry, text, time};
use chrono::DateTime;

/// How many entries are shown at once.
const PAGE: i64 = 20;

const NUMBER: Arg = Arg::required("number", ArgKind::Number, "the number of the entry");

pub(super) const SPEC: Spec = Spec {
    name: "timeline",
    button: "Show",
    summary: "Look at the timeline, and put it right",
    group: Group::Record,
    scope: Scope::Incident,
    verbs: &[
        Verb {
            name: "",
            summary: "The timeline, the latest at the end",
            access: Access::Reads,
            args: &[Arg::flag("before", ArgKind::Line(60), "only what came before: the next page")],
            examples: &["timeline", "timeline INC-42"],
            read: Look::read,
        },
        Verb {
            name: "add",
            summary: "Write something on the timeline, as `note` does",
            access: Access::Writes,
            args: note::ARGS,
            examples: &["timeline add the bank sees time-outs too --at 10:42"],
            read: Note::read,
        },
        Verb {
            name: "edit",
            summary: "Rewrite a note or an update; its history is kept",
            access: Access::Writes,
            args: &[NUMBER, Arg::rest("text", ArgKind::Paragraph(TEXT), "what it should say", true)],
            examples: &["timeline edit 7 the second bank sees time-outs too"],
            read: |args| Amend::read(How::Edit(args.needed("text", TEXT)?), args),
        },
        Verb {
            name: "backdate",
            summary: "Correct when an entry happened; its history is kept",
            access: Access::Writes,
            args: &[NUMBER, Arg::required("at", ArgKind::Moment, "when it happened, as in 10:42 or \"20m ago\"")],
            examples: &["timeline backdate 7 10:42"],
            read: |args| {
                let at = args.past("at")?.ok_or_else(|| Refusal::invalid("When did it happen?"))?;
                Amend::read(How::Backdate(at), args)
            },
        },
        Verb {
            name: "remove",
            summary: "Take a note off the timeline; its history is kept",
            access: Access::Writes,
            args: &[NUMBER],
            examples: &["timeline remove 7"],
            read: |args| Amend::read(How::Remove, args),
        },
        pin::PIN,
        pin::UNPIN,
        Verb {
            name: "history",
            summary: "Every form an entry has had",
            access: Access::Reads,
            args: &[NUMBER],
            examples: &["timeline history 7"],
            read: History::read,
        },
    ],
};

/// Look at the timeline.
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    before: Option<(Timestamp, i64)>,
}

impl Look {
    fn read(args: &Args<'_>) -> Result<Command, Refusal> {
        let before = args.line("before", 60)?.map(|cursor| {
            read_cursor(&cursor)
                .ok_or_else(|| Refusal::invalid("This page of the timeline cannot be found").instead("timeline"))
        });
        Ok(Command::Timeline(Self { before: before.transpose()? }))
    }
}

/// The place of an entry in the order of the timeline, for the page before it.
fn cursor(entry: &Entry) -> String {
    format!("{}-{}", entry.at.timestamp_micros(), entry.number)
}

fn read_cursor(cursor: &str) -> Option<(Timestamp, i64)> {
    let (micros, number) = cursor.rsplit_once('-')?;
    Some((DateTime::from_timestamp_micros(micros.parse().ok()?)?, number.parse().ok()?))
}

impl Run for Look {
    fn needs(&self, incident: Option<IncidentId>, _: &Ctx<'_>) -> Needs {
        let entries = Some(Entries::Latest { limit: PAGE, before: self.before });
        Needs { incident, entries, ..Needs::default() }
    }

    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let incident = incident_of(state)?;
        let items = state.entries.iter().rev().map(|row| Item { line: entry::line(row, ctx.org), action: None });
        let view = View::titled(Tone::Neutral, vec![text("Timeline of "), card::named(incident)])
            .with(Section::List(items.collect()));
        let older = state.entries.last().filter(|_| state.more).map(cursor);
        Ok(Decision::answer(
            Reply::view(match older {
                Some(before) => {
                    let page = Invocation::of("timeline").on(incident.id).with("before", before);
                    view.offering(Action::run("Older", page))
                }
                None => view,
            })
            .about(incident.id),
        ))
    }
}

#[derive(Debug, Clone, PartialEq)]
enum How {
    Edit(String),
    Backdate(Timestamp),
    Remove,
}

/// Put an entry right.
#[derive(Debug, Clone, PartialEq)]
pub struct Amend {
    number: i64,
    how: How,
}

impl Amend {
    fn read(how: How, args: &Args<'_>) -> Result<Command, Refusal> {
        Ok(Command::Amend(Self { number: args.number("number")?, how }))
    }

    fn amended(&self, entry: &Entry) -> Result<(Amended, Timestamp, Event), Refusal> {
        match (&self.how, &entry.what) {
            (How::Backdate(at), what) => Ok((Amended::Moved, *at, what.clone())),
            (How::Edit(text), Event::Noted { .. }) => {
                Ok((Amended::Edited, entry.at, Event::Noted { text: text.clone() }))
            }
            (How::Edit(text), Event::Updated { doing, next_at, .. }) => {
                let what = Event::Updated { text: text.clone(), doing: doing.clone(), next_at: *next_at };
                Ok((Amended::Edited, entry.at, what))
            }
            (How::Remove, Event::Noted { .. } | Event::Pinned { .. }) => {
                Ok((Amended::Removed, entry.at, entry.what.clone()))
            }
            (How::Edit(_) | How::Remove, _) => Err(Refusal::conflict(format!(
                "#{} was recorded by Muster: only notes and updates can be rewritten, only notes and pins removed",
                self.number
            ))
            .instead("note …")),
        }
    }
}

fn no_entry(number: i64, incident: IncidentId) -> Refusal {
    Refusal::not_found(format!("There is no #{number} on the timeline of {incident}")).instead("timeline")
}

impl Run for Amend {
    fn needs(&self, incident: Option<IncidentId>, _: &Ctx<'_>) -> Needs {
        Needs { incident, entries: Some(Entries::One(self.number)), ..Needs::default() }
    }

    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let incident = incident_of(state)?;
        let found = state.entries.first().filter(|entry| entry.number == self.number);
        let Some(entry) = found.filter(|entry| !entry.is_removal()) else {
            return Err(no_entry(self.number, incident.id));
        };
        let (how, at, what) = self.amended(entry)?;
        if at == entry.at && what == entry.what && how != Amended::Removed {
            return Err(Refusal::conflict(format!("#{} says that already", self.number)).instead("timeline"));
        }
        let mut draft = Draft::of(incident, ctx);
        draft.amend(entry, how, at, what);
        let number = self.number;
        if how == Amended::Removed {
            draft.incident.pins.retain(|_, pinned| *pinned != number);
        }
        Ok(draft.done(|incident| {
            let done = match how {
                Amended::Edited => "rewritten on",
                Amended::Moved => "moved on",
                Amended::Removed => "removed from",
            };
            let title = vec![text(format!("#{number} is {done} the timeline of ")), card::named(incident)];
            let history = Invocation::of("timeline history").on(incident.id).with("number", number.to_string());
            View::titled(Tone::Good, title).offering(Action::run("History", history))
        }))
    }
}

/// Every form an entry has had.
#[derive(Debug, Clone, PartialEq)]
pub struct History {
    number: i64,
}

impl History {
    fn read(args: &Args<'_>) -> Result<Command, Refusal> {
        Ok(Command::History(Self { number: args.number("number")? }))
    }
}

impl Run for History {
    fn needs(&self, incident: Option<IncidentId>, _: &Ctx<'_>) -> Needs {
        Needs { incident, entries: Some(Entries::History(self.number)), ..Needs::default() }
    }

    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let incident = incident_of(state)?;
        if state.entries.is_empty() {
            return Err(no_entry(self.number, incident.id));
        }
        let items = state.entries.iter().map(|row| {
            let (who, did) = match &row.amendment {
                None => (row.by.name.as_str(), "wrote"),
                Some(amendment) => (
                    amendment.by.name.as_str(),
                    match amendment.how {
                        Amended::Edited => "rewrote",
                        Amended::Moved => "moved",
                        Amended::Removed => "removed",
                    },
                ),
            };
            let mut line = vec![time(row.recorded_at, TimeStyle::Full), text(format!(" {who} {did}: "))];
            line.extend(entry::line(row, ctx.org));
            Item { line, action: None }
        });
        let title = vec![text(format!("History of #{} of ", self.number)), card::named(incident)];
        let view = View::titled(Tone::Neutral, title).with(Section::List(items.collect()));
        Ok(Decision::answer(Reply::view(view).about(incident.id)))
    }
}
