//! The shape of the command table. Parser, help, completion, forms, the shell and the API document all read it.

use super::Command;
use super::args::Args;
use crate::org::Right;
use crate::refusal::Refusal;

/// Whether a command is about an incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// It is about no incident.
    Anywhere,
    /// It is about the incident of the room it is given in, or one named first: `show INC-42`.
    Incident,
    /// The same; and where there is none, it is about what is the caller's own: `ack`.
    Mine,
    /// The same to act; and one may look where there is none: `runbook`.
    ToAct,
    /// The verbs of these names are about an incident, as above; the others are about none: `maintenance`.
    Some(&'static [&'static str]),
}

impl Scope {
    /// Whether an incident can be named first, with some of its verbs at least.
    #[must_use]
    pub fn names_one(self) -> bool {
        match self {
            Self::Incident | Self::Mine | Self::ToAct | Self::Some(_) => true,
            Self::Anywhere => false,
        }
    }

    /// Whether an incident can be named with that verb.
    #[must_use]
    pub fn names_one_with(self, verb: &Verb) -> bool {
        match self {
            Self::Incident | Self::Mine | Self::ToAct => true,
            Self::Some(verbs) => verbs.contains(&verb.name),
            Self::Anywhere => false,
        }
    }

    /// Whether that verb makes no sense without one.
    #[must_use]
    pub fn demands_one(self, verb: &Verb) -> bool {
        match self {
            Self::Incident => true,
            Self::ToAct => verb.access == Access::Writes,
            Self::Some(verbs) => verbs.contains(&verb.name),
            Self::Mine | Self::Anywhere => false,
        }
    }
}

/// Under which heading help shows a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Declare and find.
    Find,
    /// Where it stands.
    Drive,
    /// Who does what.
    People,
    /// What is on the record.
    Record,
    /// Muster itself.
    Muster,
}

/// Whether a command changes anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody may use it, known or not: it looks at nothing that is not theirs.
    Open,
    /// It only looks; who may view may use it.
    Reads,
    /// It changes something; only who may respond may use it.
    Writes,
}

/// How an argument is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// In its place, or as `--name value`. An optional one is skipped by a word that cannot be it.
    Positional,
    /// All the rest of the line.
    Rest,
    /// Only as `--name value`.
    Flag,
}

/// What an argument is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArgKind {
    /// One line of text, of at most so many characters.
    Line(usize),
    /// Text of several lines, of at most so many characters.
    Paragraph(usize),
    /// A severity of the organisation, or `none`.
    Severity,
    /// A status that can be set freely.
    Status,
    /// A role of the organisation.
    Role,
    /// A person.
    Person,
    /// An incident, `INC-42`.
    Incident,
    /// Services of the organisation, with commas.
    Services,
    /// Sites of the organisation, with commas.
    Sites,
    /// A type of incident of the organisation.
    Category,
    /// A chat platform that is connected.
    Chat,
    /// Whom to page: a person, a team or a schedule.
    Target,
    /// A team or a schedule.
    Duty,
    /// A moment, past or to come: `18:00`, `tomorrow 09:00`, `in 2h`, `2026-11-27 10:42`.
    When,
    /// `incident`, `drill` or `maintenance`.
    Kind,
    /// A moment: `10:42`, `2026-11-27 10:42`, `20m ago`.
    Moment,
    /// A stretch of time: `30m`, `2h`.
    Span,
    /// A number, as of a task or timeline entry.
    Number,
    /// Custom fields: `key=value`, with commas.
    Fields,
    /// A word out of a few.
    Word(&'static [&'static str]),
    /// The name of a command.
    Command,
    /// A runbook of the organisation.
    Runbook,
    /// A runbook of the organisation, or the number of a run.
    RunbookOrRun,
    /// A template of messages.
    Template,
    /// An audience.
    Audience,
    /// Where customers are told that things stand.
    PublicStatus,
    /// Components and how they do: `checkout=down`, with commas.
    Components,
    /// What the runbook or template named before asks for: `name=value`, with spaces.
    Inputs,
    /// Yes when it is there.
    Toggle,
}

/// An argument.
#[derive(Debug, Clone, Copy)]
pub struct Arg {
    /// Its name, as in `--name`, forms and the API.
    pub name: &'static str,
    /// What it is for, in a few words.
    pub help: &'static str,
    /// What it is.
    pub kind: ArgKind,
    /// How it is typed.
    pub slot: Slot,
    /// Whether the command makes no sense without it.
    pub required: bool,
    /// Whether a form asks for it. What only programs know, no form asks for.
    pub asked: bool,
    /// What a form calls it, where its name does not say it: then that is the question.
    pub label: Option<&'static str>,
}

/// What one can do with a command: most have one nameless verb, some several (`task done`).
#[derive(Clone, Copy)]
pub struct Verb {
    /// Its word after the command's; empty for the one that needs none.
    pub name: &'static str,
    /// What it does, in one line.
    pub summary: &'static str,
    /// Whether it changes anything.
    pub access: Access,
    /// Its arguments, in the order they are typed.
    pub args: &'static [Arg],
    /// Lines that work as they are.
    pub examples: &'static [&'static str],
    /// Reads the arguments.
    pub read: fn(&Args<'_>) -> Result<Command, Refusal>,
}

/// A command.
#[derive(Clone, Copy)]
pub struct Spec {
    /// Its word.
    pub name: &'static str,
    /// What the button says that sends the form of its nameless verb; for the others it says the verb.
    pub button: &'static str,
    /// What it is for, in one line.
    pub summary: &'static str,
    /// Its heading in help.
    pub group: Group,
    /// Whether it is about an incident.
    pub scope: Scope,
    /// Its verbs; the nameless one first, if there is one.
    pub verbs: &'static [Verb],
}

impl Arg {
    /// An argument in its place that must be there.
    #[must_use]
    pub const fn required(name: &'static str, kind: ArgKind, help: &'static str) -> Self {
        Self { name, help, kind, slot: Slot::Positional, required: true, asked: true, label: None }
    }

    /// An argument in its place that may be missing.
    #[must_use]
    pub const fn optional(name: &'static str, kind: ArgKind, help: &'static str) -> Self {
        Self { name, help, kind, slot: Slot::Positional, required: false, asked: true, label: None }
    }

    /// An argument `--name value`.
    #[must_use]
    pub const fn flag(name: &'static str, kind: ArgKind, help: &'static str) -> Self {
        Self { name, help, kind, slot: Slot::Flag, required: false, asked: true, label: None }
    }

    /// An argument `--name value` that programs give and people hardly ever.
    #[must_use]
    pub const fn unasked(name: &'static str, kind: ArgKind, help: &'static str) -> Self {
        Self { name, help, kind, slot: Slot::Flag, required: false, asked: false, label: None }
    }

    /// The rest of the line.
    #[must_use]
    pub const fn rest(name: &'static str, kind: ArgKind, help: &'static str, required: bool) -> Self {
        Self { name, help, kind, slot: Slot::Rest, required, asked: true, label: None }
    }

    /// The same, with what a form calls it.
    #[must_use]
    pub const fn called(self, label: &'static str) -> Self {
        Self { label: Some(label), ..self }
    }
}

impl Spec {
    /// The verb of that name. The nameless one may be called by its word, where nothing else can follow it.
    #[must_use]
    pub fn verb(&self, name: &str) -> Option<&'static Verb> {
        let is_called = |verb: &&Verb| verb.name.is_empty() && verb.args.is_empty() && self.word(verb) == name;
        let named = self.verbs.iter().find(|verb| verb.name == name);
        named.or_else(|| self.verbs.iter().find(is_called).filter(|_| self.verbs.len() > 1))
    }

    /// What a verb is called where each needs a name: the nameless one by the first word of its button.
    #[must_use]
    pub fn word(&self, verb: &Verb) -> String {
        let first = || self.button.split(' ').next().unwrap_or_default().to_lowercase();
        if verb.name.is_empty() { first() } else { verb.name.to_owned() }
    }

    /// How one of its verbs is typed: `role [INC-42] ROLE [PERSON] [--replace]`.
    #[must_use]
    pub fn usage(&self, verb: &Verb) -> String {
        let mut words = vec![self.name.to_owned()];
        words.extend((!verb.name.is_empty()).then(|| verb.name.to_owned()));
        words.extend((self.scope.names_one_with(verb)).then(|| "[INC-42]".to_owned()));
        words.extend(verb.args.iter().map(|arg| {
            let name = arg.name.to_uppercase();
            match (arg.slot, arg.required, arg.is_toggle()) {
                (Slot::Flag, _, true) => format!("[--{}]", arg.name),
                (Slot::Flag, true, false) => format!("--{} {name}", arg.name),
                (Slot::Flag, false, false) => format!("[--{} {name}]", arg.name),
                (Slot::Positional | Slot::Rest, true, _) => name,
                (Slot::Positional | Slot::Rest, false, _) => format!("[{name}]"),
            }
        }));
        words.join(" ")
    }
}

impl Verb {
    /// The argument of that name.
    #[must_use]
    pub fn arg(&self, name: &str) -> Option<&'static Arg> {
        self.args.iter().find(|arg| arg.name == name)
    }

    /// What somebody needs to use it.
    #[must_use]
    pub fn right(&self) -> Right {
        match self.access {
            Access::Open => Right::None,
            Access::Reads => Right::View,
            Access::Writes => Right::Respond,
        }
    }
}
