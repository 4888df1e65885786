//! Templates: what is said in a situation to an audience, with gaps to fill in, in several languages.

mod facts;
mod fill;
mod format;
mod lint;
mod purpose;
mod tags;
mod text;
mod variable;

pub use fill::{BODY, TITLE};
pub use format::{LONGEST_FILE, read};
pub use purpose::{Purpose, lacking};
pub use text::Text;

use super::{Locale, Locales, Missing, PublicStatus, Texts};
use crate::ids::SeverityKey;
use chrono_tz::Tz;
use std::collections::BTreeMap;

/// What a gap takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VariableKind {
    /// Text in words of one's own, of at most so many characters: to be given in every language.
    Text {
        /// The longest.
        max: usize,
    },
    /// One of a few, each with its words in every language.
    Choice {
        /// By value, in order.
        options: Vec<(String, BTreeMap<Locale, String>)>,
    },
    /// A number.
    Number,
    /// A stretch of time.
    Duration,
    /// A moment.
    Moment,
    /// An https address.
    Url,
}

/// A gap to fill in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// Its name in the text: `{{impact}}`.
    pub name: String,
    /// What the form calls it.
    pub label: String,
    /// What it takes.
    pub kind: VariableKind,
    /// Whether the message makes no sense without it.
    pub required: bool,
    /// What is filled in unless somebody says otherwise; only of a kind that is the same in every language.
    pub default: Option<String>,
}

/// A template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// Its id, the name of its file: `public-investigating`.
    pub id: String,
    /// As shown.
    pub name: String,
    /// For whom, by id.
    pub audience: String,
    /// Where it says that things stand.
    pub status: PublicStatus,
    /// What it is for.
    pub purpose: Purpose,
    /// At which severities it is offered; at all if there are none.
    pub severities: Vec<SeverityKey>,
    /// Whether it was approved beforehand, with all it can say: it has no gap that takes words of one's own.
    pub preapproved: bool,
    /// How long title and body may be together, in characters, where what takes them is narrow; [`TITLE`] and [`BODY`] otherwise.
    pub max: Option<usize>,
    /// The gaps, in the order of the form.
    pub variables: Vec<Variable>,
    /// The title and body in each language, checked.
    pub sources: BTreeMap<Locale, Source>,
}

/// What a template says in a language, before anything is filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The title.
    pub title: Text,
    /// The body, with the partials it names put in.
    pub body: Text,
}

/// What Muster itself knows and fills in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Of which incident. Customers see the number.
    pub incident: crate::ids::IncidentId,
    /// When the message went out that this one puts right, or takes back.
    pub earlier_at: Option<crate::clock::Timestamp>,
    /// The names of the components concerned, in each language.
    pub components: BTreeMap<Locale, Vec<String>>,
    /// The sites concerned, as customers call them.
    pub sites: Vec<String>,
    /// When the next word is promised.
    pub next_at: Option<crate::clock::Timestamp>,
    /// When it began.
    pub began_at: crate::clock::Timestamp,
    /// From when to when the work is planned, if it is planned work.
    pub window: Option<super::Window>,
    /// The name of the organisation.
    pub organisation: String,
    /// Where the clock of customers is.
    pub time_zone: Tz,
}

/// A template filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    /// What it says, in each language that lacks nothing.
    pub texts: Texts,
    /// What the others lack. `blocks` is set for all: the audience's rules may lift it.
    pub missing: Vec<Missing>,
}

/// Something wrong with a template, or with what was filled in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}:{column}: {what}")]
pub struct Fault {
    /// The file.
    pub file: String,
    /// The line in it, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What is wrong, and what to do instead.
    pub what: String,
}

/// A file of a folder of templates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name, with the folder it is in: `public-investigating.toml`, `partials/signature.toml`.
    pub name: String,
    /// What is in it.
    pub text: String,
}

/// What a template may name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The audiences, by id.
    pub audiences: Vec<String>,
    /// The severities.
    pub severities: Vec<SeverityKey>,
    /// The languages.
    pub locales: Locales,
}
