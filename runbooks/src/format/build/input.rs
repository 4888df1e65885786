//! Inputs.

use super::super::fault::typed;
use super::super::field::{At, Entries, Field};
use super::super::raw::{RawInput, RawKind};
use super::Builder;
use muster_core::runbook::{Input, InputKind};
use regex::RegexBuilder;
use serde_json::Value;
use std::collections::BTreeSet;

/// The most characters of a text, and how many it may have unless something is said.
const TEXT: (i64, i64) = (4_000, 500);
/// What a menu of Discord holds: <https://docs.discord.com/developers/components/reference#string-select>.
pub(super) const MENU: usize = 25;
/// The most memory of a pattern.
pub(super) const PATTERN: usize = 256 * 1024;

impl Builder<'_> {
    pub(super) fn inputs(&self, raw: &Field<Entries<RawInput>>) -> Vec<Input> {
        raw.each().filter_map(|(id, input)| self.input(id, input)).collect()
    }

    fn input(&self, id: &At<String>, at: &At<RawInput>) -> Option<Input> {
        let (place, raw) = (&at.place, &at.value);
        self.name(id, "an input");
        let kind = self
            .need(&raw.kind, place, "type", "say what it is: `type: text`, `choice`, `number`, `toggle`, `service` …")?
            .value;
        self.out_of_place(kind, at);
        let model = self.kind(kind, at)?;
        if let Some(default) = raw.default.given()
            && let Some((sentence, hint)) = unfit(&model, &default.value.0, self.org)
        {
            self.fault(&default.place, sentence, &hint);
        }
        let default = raw.default.value().map(|default| default.0.clone());
        Some(Input {
            id: id.value.clone(),
            label: raw.label.value().cloned().unwrap_or_else(|| titled(&id.value)),
            help: raw.description.value().cloned().unwrap_or_default(),
            kind: model,
            required: raw.required.value().copied().unwrap_or(default.is_none()),
            default,
        })
    }

    /// Keys that say nothing to an input of that type.
    fn out_of_place(&self, kind: RawKind, at: &At<RawInput>) {
        use RawKind::{Choice, Number, Text};
        let raw = &at.value;
        let keys: [(&str, bool, &[RawKind]); 5] = [
            ("options", raw.options.is_there(), &[Choice]),
            ("max", raw.max.is_there(), &[Text, Number]),
            ("min", raw.min.is_there(), &[Number]),
            ("pattern", raw.pattern.is_there(), &[Text]),
            ("long", raw.long.is_there(), &[Text]),
        ];
        for (key, _, kinds) in keys.into_iter().filter(|(_, is_there, kinds)| *is_there && !kinds.contains(&kind)) {
            let wanted = if kinds == [Choice] {
                "choice"
            } else if kinds == [Number] {
                "number"
            } else {
                "text"
            };
            let hint = format!("take it away, or write `type: {wanted}`");
            self.fault(&at.place.lacks(key), format!("`{key}` says nothing to an input of this type"), &hint);
        }
    }

    fn kind(&self, kind: RawKind, at: &At<RawInput>) -> Option<InputKind> {
        let raw = &at.value;
        Some(match kind {
            RawKind::Text => {
                let (longest, usual) = TEXT;
                let max = raw.max.value().copied().unwrap_or(usual);
                if !(1..=longest).contains(&max) {
                    self.fault(
                        &at.place.lacks("max"),
                        format!("a text has between 1 and {longest} characters"),
                        "write `max: 200`",
                    );
                }
                if let Some(pattern) = raw.pattern.given() {
                    self.pattern(pattern);
                }
                InputKind::Text {
                    max: usize::try_from(max).unwrap_or(0),
                    pattern: raw.pattern.value().cloned(),
                    long: raw.long.value().copied().unwrap_or(false),
                }
            }
            RawKind::Number => {
                let (min, max) = (raw.min.value().copied(), raw.max.value().copied());
                if min.zip(max).is_some_and(|(min, max)| min > max) {
                    self.fault(
                        &at.place.lacks("min"),
                        "no number is as small and as great as that",
                        "`min` is not above `max`",
                    );
                }
                InputKind::Number { min, max }
            }
            RawKind::Toggle => InputKind::Toggle,
            RawKind::Choice => InputKind::Choice { options: self.options(at)? },
            RawKind::Service => InputKind::Service,
            RawKind::Site => InputKind::Site,
            RawKind::Team => InputKind::Team,
            RawKind::Person => InputKind::Person,
            RawKind::Duration => InputKind::Span,
        })
    }

    fn options(&self, at: &At<RawInput>) -> Option<Vec<String>> {
        let list = self.need(&at.value.options, &at.place, "options", "say what can be chosen: `options: [eu, us]`")?;
        let mut seen = BTreeSet::new();
        for option in list.value.given() {
            if !seen.insert(option.value.0.as_str()) {
                self.fault(&option.place, format!("{} is here twice", typed(&option.value.0)), "take one of them away");
            }
        }
        if list.value.0.is_empty() || list.value.0.len() > MENU {
            self.fault(
                &list.place,
                format!("there are between 1 and {MENU} options"),
                "use `type: text` with a `pattern` for more",
            );
        }
        Some(list.value.given().map(|option| option.value.0.clone()).collect())
    }

    pub(super) fn pattern(&self, pattern: &At<String>) {
        if RegexBuilder::new(&pattern.value).size_limit(PATTERN).build().is_err() {
            let sentence = format!("{} is no regular expression, or one that is too big", typed(&pattern.value));
            self.fault(&pattern.place, sentence, "for example `^[a-z0-9-]+$`; there is no look-around");
        }
    }
}

/// Why a value cannot be that of an input, and the way out.
fn unfit(kind: &InputKind, value: &Value, org: Option<&muster_core::org::Organisation>) -> Option<(String, String)> {
    let text = value.as_str();
    let said = |wanted: &str| Some(("this default is none of its values".to_owned(), format!("write {wanted}")));
    let one_of = |all: Vec<&str>| match text {
        Some(text) if all.contains(&text) => None,
        Some(_) | None => said(&format!("one of {}", all.join(", "))),
    };
    match kind {
        InputKind::Text { max, pattern, .. } => match text {
            None => said("a text, in quotes"),
            Some(text) if text.chars().count() > *max => said(&format!("a text of {max} characters at most")),
            Some(text) => {
                let whole = |pattern: &String| regex::Regex::new(&format!(r"\A(?:{pattern})\z"));
                let wrong = pattern.as_ref().is_some_and(|pattern| whole(pattern).is_ok_and(|it| !it.is_match(text)));
                wrong.then(|| said("as its pattern says")).flatten()
            }
        },
        InputKind::Number { min, max } => match value.as_i64() {
            None => said("a whole number"),
            Some(number) if min.is_some_and(|min| number < min) || max.is_some_and(|max| number > max) => {
                said("between `min` and `max`")
            }
            Some(_) => None,
        },
        InputKind::Toggle => value.as_bool().is_none().then(|| said("`true` or `false`")).flatten(),
        InputKind::Choice { options } => one_of(options.iter().map(String::as_str).collect()),
        InputKind::Service => org.and_then(|org| one_of(org.services.iter().map(|it| it.id.as_str()).collect())),
        InputKind::Site => org.and_then(|org| one_of(org.sites.iter().map(|it| it.id.as_str()).collect())),
        InputKind::Team => org.and_then(|org| one_of(org.teams.iter().map(|it| it.id.as_str()).collect())),
        InputKind::Person => org.and_then(|org| one_of(org.people.iter().map(|it| it.id.as_str()).collect())),
        InputKind::Span => match text.and_then(muster_core::time::parse_span) {
            Some(_) => None,
            None => said("a stretch of time such as `15m`"),
        },
    }
}

/// A name made of an id: `Payment region` of `payment_region`.
pub(super) fn titled(id: &str) -> String {
    let text = id.replace(['_', '-'], " ");
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
