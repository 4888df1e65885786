//! A command with its arguments named: what lines, buttons, forms and API calls all become.

use super::spec::{Arg, ArgKind, Slot};
use super::words::{is_plain, quote};
use crate::ids::{IncidentId, PlatformId};
use crate::inbound::Place;
use crate::org::Organisation;
use crate::refusal::Refusal;
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

/// The field of a form in which one says which incident is meant. No argument of a command about one is called so.
pub(super) const INCIDENT: &str = "incident";

impl Invocation {
    /// The same, about the incident that was chosen in its form.
    ///
    /// # Errors
    /// When what was chosen is not an incident.
    pub fn chosen(mut self) -> Result<Self, Refusal> {
        let spec = super::find(&self.command);
        let is_about_one = spec.zip(super::verb_of(&self)).is_some_and(|(spec, verb)| spec.scope.names_one_with(verb));
        if is_about_one && let Some(typed) = self.args.remove(INCIDENT) {
            let refusal = |_| Refusal::invalid(format!("“{}” is not an incident", crate::plain::echo(&typed)));
            self.incident = Some(typed.parse().map_err(refusal)?);
        }
        Ok(self)
    }

    /// The same with what was filled in for a runbook or a template, each in a field of its own, in the one argument that holds
    /// them all.
    #[must_use]
    pub fn gathered(self) -> Self {
        super::inputs::gathered(self)
    }

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
        let in_place = self.in_place();
        words.extend(in_place.iter().map(|name| self.args[*name].clone()));
        let others = self.args.iter().filter(|(name, _)| !in_place.contains(&name.as_str()));
        words.extend(others.map(|(name, value)| self.flag(name, value)));
        words.join(" ")
    }

    /// What a line that [`Self::to_line`] wrote means. It names everything, so it reads the same in any organisation and
    /// any room.
    #[must_use]
    pub fn from_line(line: &str) -> Option<Self> {
        let nowhere = Place { platform: PlatformId::from("line"), incident: None, address: None, forms: true };
        if line.trim().is_empty() {
            return None;
        }
        super::parse::line(line, &Organisation::empty("", ""), &nowhere).ok()
    }

    /// The arguments that can be written in their places: the first ones, as long as each is there for certain and
    /// cannot be taken for anything else.
    fn in_place(&self) -> Vec<&'static str> {
        let (Some(spec), Some(verb), Some(_)) = (super::find(&self.command), super::verb_of(self), self.incident)
        else {
            return Vec::new();
        };
        let is_clear = |arg: &&Arg| {
            let value = self.args.get(arg.name).filter(|value| is_plain(value));
            // A number is taken for one wherever one may stand.
            let is_number = arg.kind == ArgKind::Number && value.is_some_and(|value| value.parse::<i64>().is_ok());
            let is_one_word = arg.slot == Slot::Positional && arg.kind != ArgKind::Moment;
            is_one_word
                && (arg.required || is_number)
                && value.is_some_and(|value| spec.verb(&value.to_lowercase()).is_none())
        };
        verb.args.iter().take_while(is_clear).map(|arg| arg.name).collect()
    }

    fn flag(&self, name: &str, value: &str) -> String {
        let is_toggle = super::verb_of(self).and_then(|verb| verb.arg(name)).is_some_and(|arg| arg.is_toggle());
        match (is_toggle, value) {
            (true, "yes") => format!("--{name}"),
            (true, _) => format!("--{name}={value}"),
            (false, _) if is_plain(value) => format!("--{name} {value}"),
            (false, _) => format!("--{name} {}", quote(value)),
        }
    }
}
