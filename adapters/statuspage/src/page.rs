//! The pages that people look at, in every language.

use crate::model::Model;
use maud::Markup;
use std::collections::BTreeMap;

/// Every page by its path: `index.html`, `sv/index.html`, `incidents/INC-7/index.html`.
#[must_use]
pub(crate) fn pages(model: &Model) -> BTreeMap<String, Markup> {
    let _ = model;
    BTreeMap::new()
}
