//! Forms: a command's arguments as fields. Derived from the command table, filled from what was typed.

use crate::command::Invocation;
use serde::{Deserialize, Serialize};

/// One choice of a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is shown.
    pub label: String,
}

impl Choice {
    /// Whether it is what somebody has typed: its value or its label. An `@` before a name says nothing more.
    #[must_use]
    pub fn is(&self, typed: &str) -> bool {
        let bare = |text: &str| text.trim().trim_start_matches('@').to_lowercase();
        let typed = bare(typed);
        !typed.is_empty() && (bare(&self.value) == typed || bare(&self.label) == typed)
    }
}

/// How a field is filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Input {
    /// One line of text.
    Line {
        /// The most characters it takes.
        max: usize,
    },
    /// Several lines of text.
    Paragraph {
        /// The most characters it takes.
        max: usize,
    },
    /// One of a few.
    Select(Vec<Choice>),
    /// Any of a few; sent as a list with commas.
    MultiSelect(Vec<Choice>),
    /// A person.
    Person(Vec<Choice>),
    /// How each of some things is, `thing=state` with commas; what is not named is left out.
    Each {
        /// The things.
        of: Vec<Choice>,
        /// What each can be.
        is: Vec<Choice>,
    },
    /// Yes or no.
    Toggle,
}

/// One field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormField {
    /// The argument it fills.
    pub name: String,
    /// The label.
    pub label: String,
    /// Help under it.
    pub hint: String,
    /// How it is filled in.
    pub input: Input,
    /// Whether the form can be sent without it.
    pub required: bool,
    /// Whether most people leave it as it is: it may be folded away.
    #[serde(default)]
    pub aside: bool,
    /// What it holds at first.
    pub value: Option<String>,
}

/// A form. Sent, it is `target` with its arguments replaced by the fields' values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    /// The heading.
    pub title: String,
    /// The label of the button that sends it.
    pub submit: String,
    /// The command it becomes.
    pub target: Invocation,
    /// The fields, in order.
    pub fields: Vec<FormField>,
}
