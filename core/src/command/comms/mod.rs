//! `comms`: what customers and other audiences are told: written, looked at, let go, published, put right, taken back.

mod components;
mod fields;
mod looking;
mod moving;
mod values;
mod which;
mod writing;

pub(super) use fields::{changes_nothing, fields, known, lacks, needs, offers, states, statuses};
pub(super) use looking::Look;
pub(super) use moving::{Hold, Move};
pub(super) use writing::{Draft, Edit};

use super::Command;
use super::args::Args;
use super::spec::{Access, Arg, ArgKind, Group, Scope, Spec, Verb};
use crate::refusal::Refusal;
use moving::Word;

/// The most characters of a reason, and of all that is filled in together.
const REASON: usize = 500;
const VALUES: usize = 20_000;

/// Buttons know which they mean; people seldom have to say it.
const NUMBER: Arg = Arg::optional("number", ArgKind::Number, "which message, if several are meant");
const STATUS: Arg = Arg::flag("status", ArgKind::PublicStatus, "where customers are told that things stand");
const COMPONENTS: Arg =
    Arg::flag("components", ArgKind::Components, "how components do, as checkout=down,web=slow; - for none");
const NEXT: Arg = Arg::flag("next", ArgKind::Span, "when the next word is promised, as 30m").called("Next word in");
const NO_PROMISE: Arg = Arg::flag("no-promise", ArgKind::Toggle, "promise no next word").called("Promise no next word");
const WHY: Arg = Arg::rest("reason", ArgKind::Line(REASON), "why", true);
const WHICH: &[Arg] = &[NUMBER];

/// A verb that moves a message on.
const fn step(name: &'static str, summary: &'static str, args: &'static [Arg], said: &'static Said) -> Verb {
    Verb { name, summary, access: Access::Writes, args, examples: said.examples, read: said.read }
}

struct Said {
    examples: &'static [&'static str],
    read: fn(&Args<'_>) -> Result<Command, Refusal>,
}

pub(super) const SPEC: Spec = Spec {
    name: "comms",
    button: "List",
    summary: "Tell customers: draft, get approved, publish",
    group: Group::Record,
    scope: Scope::Incident,
    verbs: &[
        Verb {
            name: "",
            summary: "See what customers were told, and what waits",
            access: Access::Reads,
            args: &[],
            examples: &["comms", "comms list"],
            read: |_| Ok(Command::Messages(Look::List)),
        },
        Verb {
            name: "draft",
            summary: "Write a message with a template",
            access: Access::Writes,
            args: &[
                Arg::optional("template", ArgKind::Template, "with which template"),
                Arg::rest("values", ArgKind::Inputs, "what it asks for, as impact=cards details=\"two words\"", false),
                Arg::flag("audience", ArgKind::Audience, "for whom"),
                STATUS,
                COMPONENTS,
                NEXT,
                NO_PROMISE,
            ],
            examples: &["comms draft", "comms draft --audience public --status identified"],
            read: Draft::read,
        },
        Verb {
            name: "holding",
            summary: "Publish the holding statement, at once",
            access: Access::Writes,
            args: &[Arg::optional("audience", ArgKind::Audience, "for whom; customers unless you say")],
            examples: &["comms holding"],
            read: Hold::read,
        },
        Verb {
            name: "preview",
            summary: "See a message as it will be sent",
            access: Access::Reads,
            args: WHICH,
            examples: &["comms preview 1"],
            read: |args| Ok(Command::Messages(Look::Preview(args.message()?))),
        },
        Verb {
            name: "edit",
            summary: "Change a message, or put one right that is out",
            access: Access::Writes,
            args: &[
                NUMBER,
                Arg::rest("values", ArgKind::Inputs, "what changes, as impact=cards details=\"two words\"", false),
                STATUS,
                COMPONENTS,
                NEXT,
                NO_PROMISE,
                Arg::unasked("template", ArgKind::Template, "its template, which a form must know"),
            ],
            examples: &["comms edit 1 --next 30m"],
            read: Edit::read,
        },
        step(
            "submit",
            "Ask for a second person to approve it",
            WHICH,
            &Said { examples: &["comms submit 1"], read: |args| Move::read(Word::Submit, args) },
        ),
        step(
            "approve",
            "Let it go out as you were shown it",
            &[NUMBER, Arg::unasked("seal", ArgKind::Line(64), "the mark of what you were shown")],
            &Said {
                examples: &["comms approve 1"],
                read: |args| Move::read(Word::Approve(args.word("seal").unwrap_or_default()), args),
            },
        ),
        step(
            "reject",
            "Do not let it go out",
            &[NUMBER, WHY],
            &Said {
                examples: &["comms reject 1 the sum is wrong"],
                read: |args| Move::read(Word::Reject(args.needed("reason", REASON)?), args),
            },
        ),
        step(
            "publish",
            "Send it everywhere it goes",
            WHICH,
            &Said { examples: &["comms publish 1"], read: |args| Move::read(Word::Publish, args) },
        ),
        step(
            "schedule",
            "Send it later",
            &[NUMBER, Arg::rest("at", ArgKind::When, "when, as 18:00 or in 2h", true)],
            &Said {
                examples: &["comms schedule 1 in 1h"],
                read: |args| match args.when("at")? {
                    Some(at) => Move::read(Word::Schedule(at), args),
                    None => Err(Refusal::invalid("When?").instead("comms schedule 1 in 1h")),
                },
            },
        ),
        step(
            "unschedule",
            "Do not send it by itself",
            WHICH,
            &Said { examples: &["comms unschedule 1"], read: |args| Move::read(Word::Unschedule, args) },
        ),
        step(
            "retract",
            "Take back what is out",
            &[NUMBER, WHY],
            &Said {
                examples: &["comms retract 1 it was not the bank"],
                read: |args| Move::read(Word::Retract(args.needed("reason", REASON)?), args),
            },
        ),
        step(
            "discard",
            "Give up what is not out",
            WHICH,
            &Said { examples: &["comms discard 1"], read: |args| Move::read(Word::Discard, args) },
        ),
        Verb {
            name: "history",
            summary: "See how a message once read, and who let it go",
            access: Access::Reads,
            args: WHICH,
            examples: &["comms history 1"],
            read: |args| Ok(Command::Messages(Look::History(args.message()?))),
        },
    ],
};

impl Args<'_> {
    /// The number of a message that may be missing.
    fn message(&self) -> Result<Option<i64>, Refusal> {
        self.word("number").map(|_| self.number("number")).transpose()
    }
}

#[cfg(test)]
mod tests;
