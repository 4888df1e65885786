//! What a runbook asks for before it runs.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What an input is. Values are JSON: text, numbers, yes and no.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "type")]
pub enum InputKind {
    /// Text.
    Text {
        /// The most characters.
        max: usize,
        /// What it must look like as a whole, as a regular expression.
        pattern: Option<String>,
        /// Whether it may have several lines.
        long: bool,
    },
    /// A whole number.
    Number {
        /// The smallest.
        min: Option<i64>,
        /// The greatest.
        max: Option<i64>,
    },
    /// Yes or no.
    Toggle,
    /// One of a few.
    Choice {
        /// Which.
        options: Vec<String>,
    },
    /// A service of the organisation, by id.
    Service,
    /// A site of the organisation, by id.
    Site,
    /// A team of the organisation, by id.
    Team,
    /// A person of the organisation, by id.
    Person,
    /// A stretch of time, `15m`.
    Span,
}

/// Something a runbook asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// Its id, as in `inputs.region`.
    pub id: String,
    /// The label in forms.
    pub label: String,
    /// Help under it.
    pub help: String,
    /// What it is.
    #[serde(flatten)]
    pub kind: InputKind,
    /// Whether the runbook cannot run without it.
    pub required: bool,
    /// What it is unless somebody says otherwise.
    pub default: Option<Value>,
}
