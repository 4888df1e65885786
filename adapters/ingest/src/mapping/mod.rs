//! How any JSON becomes signals: what the config says of each part of a signal.

mod template;

use crate::config::Source;
use crate::draft::{digest, signal};
use crate::field;
use crate::refusal::Unreadable;
use crate::words;
use muster_core::alert::{Action, Link, Signal};
use serde_json::Value;
use std::collections::BTreeMap;
use template::{Said, Template};

/// Where one part of a signal is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pick(Way);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Way {
    /// At a JSON pointer (RFC 6901).
    Pointer(String),
    /// By a template; one without braces says the same of every signal.
    Template(Template),
}

impl Pick {
    /// A JSON pointer if it begins with `/`, else a template: `{{job.name}} failed`.
    ///
    /// # Errors
    /// One sentence that says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.starts_with('/') {
            return Ok(Self(Way::Pointer(text.to_owned())));
        }
        Template::parse(text).map(|template| Self(Way::Template(template)))
    }

    fn of(&self, item: &Value, said: &Said) -> Option<String> {
        match &self.0 {
            Way::Pointer(pointer) => field::text(item, pointer),
            Way::Template(template) => said.by(template).filter(|text| !text.trim().is_empty()),
        }
    }
}

/// How a source's JSON is to be understood. What is not picked is left out, and without a key there is one of the title.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping {
    /// A JSON pointer to a list, if one request holds several signals; everything else is looked for in its items.
    pub each: Option<String>,
    /// What tells one alert from another.
    pub key: Option<Pick>,
    /// What is wrong, in one line.
    pub title: Option<Pick>,
    /// More of it.
    pub text: Option<Pick>,
    /// How bad, in a word that is known.
    pub level: Option<Pick>,
    /// What has become of it: `resolved`, `ok`, `acknowledged` and the like; anything else is a trigger.
    pub action: Option<Pick>,
    /// When, by RFC 3339 or in seconds since 1970.
    pub at: Option<Pick>,
    /// Where more can be seen.
    pub link: Option<Pick>,
    /// Labels.
    pub labels: BTreeMap<String, Pick>,
}

impl Mapping {
    /// The signals of a body.
    pub(crate) fn signals(&self, source: &Source, body: &Value) -> Result<Vec<Signal>, Unreadable> {
        let Some(each) = &self.each else { return Ok(vec![self.signal(source, body)?]) };
        let list = body.pointer(each).and_then(Value::as_array);
        let list = list.ok_or_else(|| Unreadable(format!("There is no list at `{each}`")))?;
        list.iter().map(|item| self.signal(source, item)).collect()
    }

    fn signal(&self, source: &Source, item: &Value) -> Result<Signal, Unreadable> {
        let said = Said::new(item);
        let pick = |pick: &Option<Pick>| pick.as_ref().and_then(|pick| pick.of(item, &said));
        let Some(title) = pick(&self.title) else {
            return Err(Unreadable::new("The mapping finds no title in this: see `title` of the source in the config"));
        };
        let key = pick(&self.key).unwrap_or_else(|| digest([title.as_str()]));
        let labels = self.labels.iter().filter_map(|(name, pick)| Some((name.clone(), pick.of(item, &said)?)));
        Ok(Signal {
            action: pick(&self.action).and_then(|word| words::action(&word)).unwrap_or(Action::Trigger),
            text: pick(&self.text),
            level: pick(&self.level).and_then(|word| words::level(&word)),
            labels: labels.collect(),
            links: pick(&self.link).map(|url| Link { label: "Source".to_owned(), url }).into_iter().collect(),
            at: pick(&self.at).and_then(|moment| field::written(&moment)),
            ..signal(source, &key, title)
        })
    }
}
