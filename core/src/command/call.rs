//! A command with its arguments named: what lines, buttons, forms and API calls all become.

use crate::ids::IncidentId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A command with its arguments named, not yet read.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Invocation {
    /// The command's word.
    pub command: String,
    /// The verb's word; empty for the nameless one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub verb: String,
    /// The incident it is about, where that is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incident: Option<IncidentId>,
    /// The arguments by name. A toggle that is on holds `yes`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub args: BTreeMap<String, String>,
}

impl Invocation {
    /// A command without arguments: `resolve`, `task done`.
    #[must_use]
    pub fn of(words: &str) -> Self {
        let (command, verb) = words.split_once(' ').unwrap_or((words, ""));
        Self { command: command.to_owned(), verb: verb.to_owned(), incident: None, args: BTreeMap::new() }
    }

    /// The same about an incident.
    #[must_use]
    pub fn on(mut self, incident: IncidentId) -> Self {
        self.incident = Some(incident);
        self
    }

    /// The same with one more argument.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.args.insert(name.to_owned(), value.into());
        self
    }

    /// The line that says the same, from any room.
    #[must_use]
    pub fn to_line(&self) -> String {
        let mut words = Vec::new();
        words.extend(self.incident.map(|incident| incident.to_string()));
        words.push(self.command.clone());
        if !self.verb.is_empty() {
            words.push(self.verb.clone());
        }
        for (name, value) in &self.args {
            let is_toggle = super::verb_of(self).and_then(|verb| verb.arg(name)).is_some_and(|arg| arg.is_toggle());
            words.push(if is_toggle && value == "yes" {
                format!("--{name}")
            } else if is_toggle {
                format!("--{name}={value}")
            } else if super::words::is_plain(value) {
                format!("--{name} {value}")
            } else {
                format!("--{name} {}", super::words::quote(value))
            });
        }
        words.join(" ")
    }
}
