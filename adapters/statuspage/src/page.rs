//! The pages that people look at, in every language.

use crate::model::Model;
use maud::Markup;
use muster_core::comms::Locale;
use std::collections::BTreeMap;

/// Every page by its path: `index.html`, `sv/index.html`, `incidents/INC-7/index.html`.
#[must_use]
pub(crate) fn pages(model: &Model) -> BTreeMap<String, Markup> {
    let _ = model;
    BTreeMap::new()
}

/// The name of the field for the address.
pub(crate) const EMAIL: &str = "email";
/// The name of the field for the language.
pub(crate) const LOCALE: &str = "locale";
/// The name of the boxes for components, of which there may be none.
pub(crate) const COMPONENT: &str = "component";
/// The name of a field that no human sees: whoever fills it in is none.
pub(crate) const TRAP: &str = "website";

/// What somebody is told who subscribes, confirms or leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// There is a letter with a link, if the address is one.
    Asked,
    /// They come too often.
    TooMany,
    /// It could not be kept.
    Unavailable,
    /// The question whether it was them, with a button.
    Confirm,
    /// It was.
    Confirmed,
    /// The question whether they want to leave, with a button.
    Leave,
    /// They have left.
    Left,
    /// The link is not one of ours.
    WrongLink,
}

pub(crate) fn answer(_model: &Model, _locale: &Locale, answer: Answer) -> Markup {
    maud::html! { (format!("{answer:?}")) }
}

pub(crate) fn form(_model: &Model, _locale: &Locale, wrong: bool) -> Markup {
    maud::html! { (wrong) }
}
