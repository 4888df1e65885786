//! `timeline pin` and `unpin`: what somebody said in a chat is put on the record, and taken off again.

use super::args::Args;
use super::new::TEXT;
use super::spec::{Access, Arg, ArgKind, Verb};
use super::{Command, Run};
use crate::clock::Timestamp;
use crate::decide::{Ctx, Decision, Draft, Needs, State, incident_of};
use crate::ids::IncidentId;
use crate::incident::entry::Amended;
use crate::incident::event::Event;
use crate::plain::echo;
use crate::refusal::Refusal;
use crate::view::{Tone, View, card, text};

/// The most characters of a name, and of a link or a message's id.
const NAME: usize = 100;
const LINK: usize = 500;

/// So many messages an incident remembers by their ids.
const PINS: usize = 1_000;

pub(super) const PIN: Verb = Verb {
    name: "pin",
    summary: "Put on the timeline what somebody said in a chat",
    access: Access::Writes,
    args: &[
        Arg::rest("text", ArgKind::Paragraph(TEXT), "what was said", true),
        Arg::flag("by", ArgKind::Line(NAME), "who said it; you, unless you say otherwise"),
        Arg::flag("at", ArgKind::Moment, "when it was said, as in 10:42 or \"20m ago\""),
        Arg::unasked("link", ArgKind::Line(LINK), "where it can be read in its place"),
        Arg::unasked("message", ArgKind::Line(LINK), "what the chat calls the message, so that it is pinned once"),
    ],
    examples: &["timeline pin the bank answers again --by Bob --at 10:42"],
    read: Pin::read,
};

pub(super) const UNPIN: Verb = Verb {
    name: "unpin",
    summary: "Take what was pinned off the timeline; its history is kept",
    access: Access::Writes,
    args: &[Arg::rest("message", ArgKind::Line(LINK), "what the chat calls the message", true)],
    examples: &["timeline unpin C024BE91L/1795770000.000200"],
    read: Unpin::read,
};

/// Put on the timeline what somebody said.
#[derive(Debug, Clone, PartialEq)]
pub struct Pin {
    text: String,
    by: Option<String>,
    at: Option<Timestamp>,
    link: Option<String>,
    message: Option<String>,
}

impl Pin {
    fn read(args: &Args<'_>) -> Result<Command, Refusal> {
        let link = args.line("link", LINK)?;
        if let Some(url) = link.as_ref().filter(|url| !url.starts_with("https://") && !url.starts_with("http://")) {
            return Err(Refusal::invalid(format!("“{}” is not a link: it must begin with https://", echo(url))));
        }
        Ok(Command::Pin(Self {
            text: args.needed("text", TEXT)?,
            by: args.line("by", NAME)?,
            at: args.past("at")?,
            link,
            message: args.line("message", LINK)?,
        }))
    }
}

impl Run for Pin {
    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let incident = incident_of(state)?;
        if let Some(number) = self.message.as_ref().and_then(|message| incident.pins.get(message)) {
            let sentence = format!("That message is on the timeline already, as #{number}");
            return Err(Refusal::conflict(sentence).instead("timeline"));
        }
        if self.message.is_some() && incident.pins.len() >= PINS {
            return Err(Refusal::conflict(format!("{} has {PINS} pinned messages already", incident.id)));
        }
        let mut draft = Draft::of(incident, ctx);
        draft.let_in(&ctx.actor.person, &ctx.actor.name);
        let number = draft.incident.next_entry;
        if let Some(message) = &self.message {
            draft.incident.pins.insert(message.clone(), number);
        }
        let said_by = self.by.clone().unwrap_or_else(|| ctx.actor.name.clone());
        let what = Event::Pinned { text: self.text.clone(), said_by, link: self.link.clone() };
        draft.record_at(what, self.at.unwrap_or(ctx.now));
        Ok(draft.done(|incident| {
            View::titled(Tone::Good, vec![text(format!("Pinned as #{number} of ")), card::named(incident)])
        }))
    }
}

/// Take what was pinned off the timeline.
#[derive(Debug, Clone, PartialEq)]
pub struct Unpin {
    message: String,
}

impl Unpin {
    fn read(args: &Args<'_>) -> Result<Command, Refusal> {
        Ok(Command::Unpin(Self { message: args.needed("message", LINK)? }))
    }
}

impl Run for Unpin {
    fn needs(&self, incident: Option<IncidentId>, _: &Ctx<'_>) -> Needs {
        Needs { incident, pinned: Some(self.message.clone()), ..Needs::default() }
    }

    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
        let incident = incident_of(state)?;
        let Some(entry) = state.entries.first().filter(|_| incident.pins.contains_key(&self.message)) else {
            let sentence = format!("That message is not on the timeline of {}", incident.id);
            return Err(Refusal::not_found(sentence).instead("timeline"));
        };
        let mut draft = Draft::of(incident, ctx);
        draft.incident.pins.remove(&self.message);
        draft.amend(entry, Amended::Removed, entry.at, entry.what.clone());
        let number = entry.number;
        Ok(draft.done(|incident| {
            View::titled(Tone::Good, vec![text(format!("#{number} is off the timeline of ")), card::named(incident)])
        }))
    }
}
