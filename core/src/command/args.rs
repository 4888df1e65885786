//! Reading named arguments into types, with one sentence for each mistake.

use super::spec::{ArgKind, Verb};
use crate::clock::Timestamp;
use crate::ids::{IncidentId, PlatformId, RoleKey, SeverityKey};
use crate::incident::Kind;
use crate::incident::status::Phase;
use crate::org::Organisation;
use crate::plain::{ECHO, echo, trimmed};
use crate::refusal::Refusal;
use crate::time::{parse_moment, parse_span, parse_when};
use chrono::TimeDelta;
use chrono_tz::Tz;
use std::collections::{BTreeMap, BTreeSet};

/// The arguments of one call.
#[derive(Debug)]
pub struct Args<'a> {
    /// By name, as typed.
    pub values: &'a BTreeMap<String, String>,
    /// What severities, services and so on there are.
    pub org: &'a Organisation,
    /// The present moment.
    pub now: Timestamp,
    /// The time zone of the one who types.
    pub zone: Tz,
    /// The verb's word, for commands that read several verbs alike.
    pub verb: &'a str,
}

impl std::fmt::Debug for Verb {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Verb").field("name", &self.name).finish_non_exhaustive()
    }
}

pub(super) fn named(list: impl Iterator<Item = impl AsRef<str>>) -> String {
    let names: Vec<String> = list.take(8).map(|name| name.as_ref().to_owned()).collect();
    if names.is_empty() { "there are none in the config".to_owned() } else { format!("there are {}", names.join(", ")) }
}

impl Args<'_> {
    pub(super) fn raw(&self, name: &str) -> Option<String> {
        self.values.get(name).map(|value| trimmed(value)).filter(|value| !value.is_empty())
    }

    /// Whether the argument was given at all, even empty: a form sends every field.
    #[must_use]
    pub fn given(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// Whether a toggle is on.
    #[must_use]
    pub fn on(&self, name: &str) -> bool {
        self.raw(name).is_some_and(|value| !matches!(value.to_ascii_lowercase().as_str(), "no" | "false" | "off" | "0"))
    }

    /// A word as typed, in lower case.
    #[must_use]
    pub fn word(&self, name: &str) -> Option<String> {
        self.raw(name).map(|value| value.to_lowercase())
    }

    /// One line of text that may be missing.
    ///
    /// # Errors
    /// When it is too long.
    pub fn line(&self, name: &str, max: usize) -> Result<Option<String>, Refusal> {
        let line = self.raw(name).map(|value| value.split_whitespace().collect::<Vec<_>>().join(" "));
        line.map(|line| fitting(name, line, max)).transpose()
    }

    /// Text that may be missing.
    ///
    /// # Errors
    /// When it is too long.
    pub fn text(&self, name: &str, max: usize) -> Result<Option<String>, Refusal> {
        self.raw(name).map(|text| fitting(name, text, max)).transpose()
    }

    /// Text that must be there.
    ///
    /// # Errors
    /// When it is missing or too long.
    pub fn needed(&self, name: &str, max: usize) -> Result<String, Refusal> {
        self.text(name, max)?.ok_or_else(|| Refusal::invalid(format!("The {name} is missing")))
    }

    /// What was typed for a person; found out later, since participants count too.
    #[must_use]
    pub fn person(&self, name: &str) -> Option<String> {
        self.raw(name)
    }

    /// A severity, or `none`.
    ///
    /// # Errors
    /// When there is no such severity.
    pub fn severity(&self, name: &str) -> Result<Option<SeverityKey>, Refusal> {
        let Some(typed) = self.raw(name).filter(|typed| !typed.eq_ignore_ascii_case("none")) else { return Ok(None) };
        match self.org.find_severity(&typed) {
            Some(severity) => Ok(Some(severity.key.clone())),
            None => {
                let known = named(self.org.severities.iter().map(|severity| severity.key.as_str()));
                Err(Refusal::invalid(format!("“{}” is not a severity: {known}", echo(&typed))))
            }
        }
    }

    /// A status.
    ///
    /// # Errors
    /// When there is no such status.
    pub fn status(&self, name: &str) -> Result<Option<Phase>, Refusal> {
        let Some(typed) = self.word(name) else { return Ok(None) };
        match Phase::from_word(&typed) {
            Some(phase) => Ok(Some(phase)),
            None => {
                let known = named(Phase::USUAL.iter().map(|phase| phase.word()));
                Err(Refusal::invalid(format!("“{}” is not a status: {known}", echo(&typed))))
            }
        }
    }

    /// A role.
    ///
    /// # Errors
    /// When there is no such role.
    pub fn role(&self, name: &str) -> Result<Option<RoleKey>, Refusal> {
        let Some(typed) = self.raw(name) else { return Ok(None) };
        match self.org.find_role(&typed) {
            Some(role) => Ok(Some(role.key.clone())),
            None => {
                let known = named(self.org.roles.iter().map(|role| role.key.as_str()));
                Err(Refusal::invalid(format!("“{}” is not a role: {known}", echo(&typed))))
            }
        }
    }

    /// An incident.
    ///
    /// # Errors
    /// When it cannot be the name of one.
    pub fn incident(&self, name: &str) -> Result<Option<IncidentId>, Refusal> {
        let read = |typed: String| {
            typed
                .parse()
                .map_err(|_| Refusal::invalid(format!("“{}” is not an incident: write it as INC-42", echo(&typed))))
        };
        self.raw(name).map(read).transpose()
    }

    /// Services, with commas.
    ///
    /// # Errors
    /// When one does not exist.
    pub fn services(&self, name: &str) -> Result<BTreeSet<String>, Refusal> {
        self.several(
            name,
            |typed| self.org.find_service(typed).map(|service| service.id.clone()),
            || ("a service", named(self.org.services.iter().map(|service| service.id.as_str()))),
        )
    }

    /// Sites, with commas.
    ///
    /// # Errors
    /// When one does not exist.
    pub fn sites(&self, name: &str) -> Result<BTreeSet<String>, Refusal> {
        self.several(
            name,
            |typed| self.org.find_site(typed).map(|site| site.id.clone()),
            || ("a site", named(self.org.sites.iter().map(|site| site.id.as_str()))),
        )
    }

    fn several(
        &self,
        name: &str,
        find: impl Fn(&str) -> Option<String>,
        known: impl Fn() -> (&'static str, String),
    ) -> Result<BTreeSet<String>, Refusal> {
        let typed = self.raw(name).unwrap_or_default();
        let items = typed.split(',').map(str::trim).filter(|item| !item.is_empty() && *item != "none");
        let read = |item: &str| {
            find(item).ok_or_else(|| {
                let (what, known) = known();
                Refusal::invalid(format!("“{}” is not {what}: {known}", echo(item)))
            })
        };
        items.map(read).collect()
    }

    /// A type of incident.
    ///
    /// # Errors
    /// When there is no such type.
    pub fn category(&self, name: &str) -> Result<Option<String>, Refusal> {
        let Some(typed) = self.raw(name).filter(|typed| !typed.eq_ignore_ascii_case("none")) else { return Ok(None) };
        match self.org.find_category(&typed) {
            Some(category) => Ok(Some(category.key.clone())),
            None => {
                let known = named(self.org.categories.iter().map(|category| category.key.as_str()));
                Err(Refusal::invalid(format!("“{}” is not a type of incident: {known}", echo(&typed))))
            }
        }
    }

    /// A chat platform that is connected.
    ///
    /// # Errors
    /// When there is no such chat.
    pub fn chat(&self, name: &str) -> Result<PlatformId, Refusal> {
        let typed = self.raw(name).unwrap_or_default();
        let chats = || self.org.chats.iter().map(|chat| &chat.platform);
        if let Some(chat) = chats().find(|chat| chat.as_str().eq_ignore_ascii_case(&typed)) {
            return Ok(chat.clone());
        }
        let sentence = match self.org.chats.len() {
            0 => "No chat is connected: an operator can put one into the config".to_owned(),
            _ => format!("“{}” is not a chat here: {}", echo(&typed), named(chats().map(PlatformId::as_str))),
        };
        Err(Refusal::invalid(sentence))
    }

    /// A kind.
    ///
    /// # Errors
    /// When there is no such kind.
    pub fn kind(&self, name: &str) -> Result<Option<Kind>, Refusal> {
        let Some(typed) = self.word(name) else { return Ok(None) };
        match Kind::ALL.into_iter().find(|kind| kind.word() == typed) {
            Some(kind) => Ok(Some(kind)),
            None => Err(Refusal::invalid(format!(
                "“{}” is not a kind: there are incident, drill, maintenance",
                echo(&typed)
            ))),
        }
    }

    /// A moment that is not in the future.
    ///
    /// # Errors
    /// When it is no moment, or still to come.
    pub fn past(&self, name: &str) -> Result<Option<Timestamp>, Refusal> {
        let Some(typed) = self.raw(name) else { return Ok(None) };
        let Some(moment) = parse_moment(&typed, self.now, self.zone) else {
            return Err(Refusal::invalid(format!(
                "“{}” is not a time: write 10:42, 2026-11-27 10:42 or 20m ago",
                echo(&typed)
            )));
        };
        if moment > self.now {
            return Err(Refusal::invalid(format!("“{}” has not happened yet", echo(&typed))));
        }
        Ok(Some(moment))
    }

    /// A moment, past or to come.
    ///
    /// # Errors
    /// When it is no moment.
    pub fn when(&self, name: &str) -> Result<Option<Timestamp>, Refusal> {
        let Some(typed) = self.raw(name) else { return Ok(None) };
        parse_when(&typed, self.now, self.zone).map(Some).ok_or_else(|| {
            let sentence = format!("“{}” is not a time: write 18:00, tomorrow 09:00 or in 2h", echo(&typed));
            Refusal::invalid(sentence)
        })
    }

    /// A stretch of time.
    ///
    /// # Errors
    /// When it is none.
    pub fn span(&self, name: &str) -> Result<Option<TimeDelta>, Refusal> {
        let Some(typed) = self.raw(name) else { return Ok(None) };
        parse_span(&typed).map(Some).ok_or_else(|| {
            Refusal::invalid(format!("“{}” is not a stretch of time: write 30m, 2h or 1d", echo(&typed)))
        })
    }

    /// A number that must be there.
    ///
    /// # Errors
    /// When it is missing or no number.
    pub fn number(&self, name: &str) -> Result<i64, Refusal> {
        let typed = self.needed(name, ECHO)?;
        match typed.trim_start_matches('#').parse::<i64>() {
            Ok(number) if number > 0 => Ok(number),
            Ok(_) | Err(_) => Err(Refusal::invalid(format!("“{}” is not a number such as 3", echo(&typed)))),
        }
    }

    /// Custom fields, `key=value` with commas. An empty value takes the field away.
    ///
    /// # Errors
    /// When one does not exist or may not have that value.
    pub fn fields(&self, name: &str) -> Result<BTreeMap<String, String>, Refusal> {
        let typed = self.raw(name).unwrap_or_default();
        let items = typed.split(',').map(str::trim).filter(|item| !item.is_empty());
        items.map(|item| self.field(item)).collect()
    }

    fn field(&self, item: &str) -> Result<(String, String), Refusal> {
        let Some((key, value)) = item.split_once('=') else {
            return Err(Refusal::invalid(format!("“{}” is not a field: write it as key=value", echo(item))));
        };
        let Some(field) = self.org.find_field(key.trim()) else {
            let known = named(self.org.fields.iter().map(|field| field.key.as_str()));
            return Err(Refusal::invalid(format!("“{}” is not a field: {known}", echo(key))));
        };
        let value = value.trim();
        let choice = field.choices.iter().find(|choice| choice.eq_ignore_ascii_case(value));
        match (value.is_empty() || field.choices.is_empty(), choice) {
            (true, _) => Ok((field.key.clone(), fitting(&field.key, value.to_owned(), 200)?)),
            (false, Some(choice)) => Ok((field.key.clone(), choice.clone())),
            (false, None) => {
                let known = named(field.choices.iter());
                Err(Refusal::invalid(format!("“{}” is not a value of {}: {known}", echo(value), field.key)))
            }
        }
    }
}

fn fitting(name: &str, text: String, max: usize) -> Result<String, Refusal> {
    let length = text.chars().count();
    if length <= max {
        return Ok(text);
    }
    Err(Refusal::invalid(format!("The {name} has {length} characters and may have {max}: shorten it")))
}

impl super::spec::Arg {
    /// Whether it is there or not, without a value.
    #[must_use]
    pub fn is_toggle(&self) -> bool {
        self.kind == ArgKind::Toggle
    }
}
