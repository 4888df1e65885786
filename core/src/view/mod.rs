//! What people see, free of any platform: views made of spans, actions that hold commands, forms that become commands.
//!
//! An adapter has one pure `render(&View)`. Escaping, mentions, time formats and size limits are its own;
//! no text here is markup in any language.

pub mod alerts;
pub mod bulletin;
pub mod card;
pub mod catchup;
pub mod comms;
pub mod entry;
pub mod form;
pub mod maintenance;
pub mod oncall;
pub mod page;
pub mod room;
pub mod run;
pub mod silences;
pub mod text;

use crate::clock::Timestamp;
use crate::command::Invocation;
use crate::ids::{IncidentId, PersonId};
use serde::{Deserialize, Serialize};

/// The mood of a view: a colour, an icon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// Plain information.
    Neutral,
    /// It worked; it is over.
    Good,
    /// Look at this.
    Warning,
    /// Something is badly wrong.
    Danger,
    /// Practice.
    Drill,
}

impl Tone {
    /// Its sign. It repeats what the words say: nobody needs to tell its colour.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::Neutral => "⚪",
            Self::Good => "🟢",
            Self::Warning => "🟠",
            Self::Danger => "🔴",
            Self::Drill => "🟣",
        }
    }
}

/// How exact a time is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeStyle {
    /// `10:42`, with the date when it is another day.
    Clock,
    /// `2026-11-27 10:42`.
    Full,
    /// `5 minutes ago`, `in 20 minutes`.
    Relative,
}

/// A stretch of one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    /// Text as it is; whatever it holds, it is only text.
    Text(String),
    /// Text that matters.
    Strong(String),
    /// What a machine said, or a name as machines write it.
    Code(String),
    /// A command of ours as one types it, without what the platform wants before it (`/inc`).
    Command(String),
    /// A person: a name, never a ping.
    Person {
        /// Who.
        id: PersonId,
        /// As shown where the platform cannot do better.
        name: String,
    },
    /// A person, who is to be notified.
    Mention {
        /// Who.
        id: PersonId,
        /// As shown where the platform cannot do better.
        name: String,
    },
    /// An incident, linked to its room or console page.
    Incident(IncidentId),
    /// A moment, in the reader's time zone where the platform knows it.
    Time {
        /// When.
        at: Timestamp,
        /// How exact.
        style: TimeStyle,
    },
    /// A link.
    Link {
        /// What is shown.
        label: String,
        /// Where to.
        url: String,
    },
}

/// A run of spans.
pub type Line = Vec<Span>;

/// A labelled value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// The label.
    pub label: String,
    /// The value.
    pub value: Line,
}

/// One item of a list: a mark in front, a line, and perhaps something one can do with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// What it says.
    pub line: Line,
    /// What one can do with it.
    pub action: Option<Action>,
}

/// A part of a view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Section {
    /// A paragraph.
    Text(Line),
    /// A small heading over what follows.
    Heading(String),
    /// Labelled values side by side.
    Fields(Vec<Field>),
    /// A list.
    List(Vec<Item>),
    /// Text of a machine, as it is.
    Code(String),
}

/// How much an action stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// What most people will want.
    Primary,
    /// Any other.
    Plain,
    /// Hard to take back; ask first.
    Danger,
}

/// What happens when an action is used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Does {
    /// The command runs.
    Run(Invocation),
    /// The command's form opens, prefilled.
    Open(Invocation),
    /// One of several commands runs.
    Choose(Vec<Choice>),
    /// A link is followed.
    Visit(String),
}

/// One of several commands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// What is shown.
    pub label: String,
    /// What runs.
    pub run: Invocation,
}

/// Something to click.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// What is shown.
    pub label: String,
    /// How much it stands out.
    pub weight: Weight,
    /// What happens.
    pub does: Does,
}

impl Action {
    /// A button that runs a command.
    #[must_use]
    pub fn run(label: &str, run: Invocation) -> Self {
        Self { label: label.to_owned(), weight: Weight::Plain, does: Does::Run(run) }
    }

    /// A button that opens a command's form.
    #[must_use]
    pub fn open(label: &str, open: Invocation) -> Self {
        Self { label: label.to_owned(), weight: Weight::Plain, does: Does::Open(open) }
    }

    /// The same, standing out.
    #[must_use]
    pub fn primary(self) -> Self {
        Self { weight: Weight::Primary, ..self }
    }

    /// The same, to be asked before.
    #[must_use]
    pub fn danger(self) -> Self {
        Self { weight: Weight::Danger, ..self }
    }
}

/// Something to show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// The first line.
    pub title: Line,
    /// The mood.
    pub tone: Tone,
    /// The parts, in order.
    pub sections: Vec<Section>,
    /// What one can do.
    pub actions: Vec<Action>,
    /// A last, small line.
    pub footer: Line,
}

impl View {
    /// A view of a title only.
    #[must_use]
    pub fn titled(tone: Tone, title: Line) -> Self {
        Self { title, tone, sections: Vec::new(), actions: Vec::new(), footer: Vec::new() }
    }

    /// The same with one more section.
    #[must_use]
    pub fn with(mut self, section: Section) -> Self {
        self.sections.push(section);
        self
    }

    /// The same with one more action.
    #[must_use]
    pub fn offering(mut self, action: Action) -> Self {
        self.actions.push(action);
        self
    }

    /// The same with a footer.
    #[must_use]
    pub fn footed(mut self, footer: Line) -> Self {
        self.footer = footer;
        self
    }
}

/// A link that is kept at hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bookmark {
    /// What is shown.
    pub label: String,
    /// Where to.
    pub url: String,
}

/// Plain text.
#[must_use]
pub fn text(text: impl Into<String>) -> Span {
    Span::Text(text.into())
}

/// Text that matters.
#[must_use]
pub fn strong(text: impl Into<String>) -> Span {
    Span::Strong(text.into())
}

/// What one types.
#[must_use]
pub fn code(text: impl Into<String>) -> Span {
    Span::Code(text.into())
}

/// A command of ours as one types it.
#[must_use]
pub fn command(line: impl Into<String>) -> Span {
    Span::Command(line.into())
}

/// A moment.
#[must_use]
pub fn time(at: Timestamp, style: TimeStyle) -> Span {
    Span::Time { at, style }
}
