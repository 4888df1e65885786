//! `runbook`: what is done step by step, with or without machines, and everybody sees where it stands.

mod inputs;
mod looking;
mod saying;
mod starting;
mod values;
mod which;

pub(super) use inputs::{INPUTS, fields, lacks, offers};
pub(super) use looking::{List, Show};
pub(super) use saying::Say;
pub(super) use starting::Start;
pub(crate) use values::shown;
pub use values::{Inputs, read as read_inputs};

use super::Command;
use super::args::{Args, named};
use super::spec::{Access, Arg, ArgKind, Group, Scope, Spec, Verb};
use crate::decide::runs::Word;
use crate::plain::echo;
use crate::refusal::Refusal;
use crate::runbook::Runbook;
use std::sync::Arc;

/// The most characters of a reason or an answer.
const REASON: usize = 500;
const ANSWER: usize = 200;

/// Buttons know which they mean; people seldom have to say it, and no form asks.
const RUN: Arg = Arg::unasked("run", ArgKind::Number, "which run, if several are open");
const STEP: Arg = Arg::unasked("step", ArgKind::Line(100), "which step, if several wait: its name or number");
const REASON_GIVEN: Arg = Arg::rest("reason", ArgKind::Line(REASON), "why", true);
const OF_STEP: &[Arg] = &[RUN, STEP];
const OF_RUN: &[Arg] = &[RUN];

/// A verb that says something to a run.
const fn word(name: &'static str, summary: &'static str, args: &'static [Arg], said: &'static Said) -> Verb {
    Verb { name, summary, access: Access::Writes, args, examples: said.examples, read: said.read }
}

struct Said {
    examples: &'static [&'static str],
    read: fn(&Args<'_>) -> Result<Command, Refusal>,
}

pub(super) const SPEC: Spec = Spec {
    name: "runbook",
    button: "List",
    summary: "Run a runbook, and drive it step by step",
    group: Group::Drive,
    scope: Scope::ToAct,
    verbs: &[
        Verb {
            name: "",
            summary: "See what runs, what fits, and what there is",
            access: Access::Reads,
            args: &[],
            examples: &["runbook", "rb list"],
            read: |_| Ok(Command::Runbooks(List)),
        },
        Verb {
            name: "show",
            summary: "See a runbook, or a run with all its output",
            access: Access::Reads,
            args: &[
                Arg::optional("which", ArgKind::RunbookOrRun, "a runbook, or the number of a run"),
                Arg::flag("step", ArgKind::Line(100), "the whole output of that step"),
            ],
            examples: &["runbook show payment-failover", "runbook show 1 --step switch"],
            read: Show::read,
        },
        Verb {
            name: "run",
            summary: "Start a runbook",
            access: Access::Writes,
            args: &[
                Arg::required("runbook", ArgKind::Runbook, "which runbook"),
                Arg::rest("inputs", ArgKind::Inputs, "what it asks for, as region=eu note=\"two words\"", false),
                Arg::flag("dry-run", ArgKind::Toggle, "only show what would be done"),
                Arg::flag("by-step", ArgKind::Toggle, "wait before every step"),
            ],
            examples: &["runbook run payment-failover region=eu", "rb run payment-failover --dry-run"],
            read: Start::read,
        },
        word(
            "next",
            "This step is done, or may begin: go on",
            OF_STEP,
            &Said { examples: &["runbook next"], read: |args| Say::read(Word::Next, args) },
        ),
        word(
            "tick",
            "Tick something off the step's list, or take it back",
            &[Arg::required("item", ArgKind::Number, "its number on the list"), RUN, STEP],
            &Said {
                examples: &["runbook tick 2"],
                read: |args| {
                    let place = usize::try_from(args.number("item")? - 1).unwrap_or(usize::MAX);
                    Say::read(Word::Tick(place), args)
                },
            },
        ),
        word(
            "answer",
            "Answer the question that is asked",
            &[Arg::rest("answer", ArgKind::Line(ANSWER), "one of the answers", true), RUN, STEP],
            &Said {
                examples: &["runbook answer adyen"],
                read: |args| Say::read(Word::Answer(args.needed("answer", ANSWER)?), args),
            },
        ),
        word(
            "approve",
            "Allow what is asked for",
            &[Arg::optional("hash", ArgKind::Line(64), "the mark on its card: what you allow"), RUN, STEP],
            &Said {
                examples: &["runbook approve 1a2b3c4d"],
                read: |args| Say::read(Word::Approve(args.word("hash").unwrap_or_default()), args),
            },
        ),
        word(
            "deny",
            "Do not allow it",
            &[REASON_GIVEN, RUN, STEP],
            &Said { examples: &["runbook deny not before ten"], read: |args| Say::read(Word::Deny(why(args)?), args) },
        ),
        word(
            "skip",
            "Leave a step out",
            &[REASON_GIVEN, RUN, STEP],
            &Said { examples: &["runbook skip done by hand"], read: |args| Say::read(Word::Skip(why(args)?), args) },
        ),
        word(
            "retry",
            "Try the step again",
            OF_STEP,
            &Said { examples: &["runbook retry"], read: |args| Say::read(Word::Retry, args) },
        ),
        word(
            "confirm",
            "The step did take effect: go on",
            OF_STEP,
            &Said { examples: &["runbook confirm"], read: |args| Say::read(Word::Confirm, args) },
        ),
        word(
            "pause",
            "Begin no more steps for now",
            OF_RUN,
            &Said { examples: &["runbook pause"], read: |args| Say::read(Word::Pause, args) },
        ),
        word(
            "resume",
            "Go on after a pause",
            OF_RUN,
            &Said { examples: &["runbook resume"], read: |args| Say::read(Word::Resume, args) },
        ),
        word(
            "abort",
            "Give the run up",
            &[REASON_GIVEN, RUN],
            &Said { examples: &["runbook abort wrong site"], read: |args| Say::read(Word::Abort(why(args)?), args) },
        ),
        word(
            "undo",
            "Take back what was done, the last first",
            OF_RUN,
            &Said { examples: &["runbook undo"], read: |args| Say::read(Word::Undo, args) },
        ),
    ],
};

fn why(args: &Args<'_>) -> Result<String, Refusal> {
    Ok(args.line("reason", REASON)?.unwrap_or_default())
}

impl Args<'_> {
    /// The number of a run that may be missing.
    fn run(&self) -> Result<Option<i64>, Refusal> {
        self.word("run").map(|_| self.number("run")).transpose()
    }

    /// A runbook that must be there.
    fn runbook(&self, name: &str) -> Result<Arc<Runbook>, Refusal> {
        let typed = self.needed(name, usize::MAX)?;
        self.org.find_runbook(&typed).cloned().ok_or_else(|| {
            let known = named(self.org.runbooks.books.iter().map(|book| book.id.as_str()));
            Refusal::not_found(format!("“{}” is not a runbook: {known}", echo(&typed))).instead("runbook list")
        })
    }
}

#[cfg(test)]
mod tests;
