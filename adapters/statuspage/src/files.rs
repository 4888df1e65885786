//! Every file of the page, at once.

use crate::model::Model;
use crate::press::Press;
use axum::body::Bytes;
use maud::Markup;
use std::collections::BTreeMap;

/// A file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its media type.
    pub media_type: &'static str,
    /// What is in it.
    pub bytes: Bytes,
}

impl File {
    pub(crate) fn new(media_type: &'static str, text: String) -> Self {
        Self { media_type, bytes: text.into() }
    }

    pub(crate) fn page(markup: Markup) -> Self {
        Self::new("text/html; charset=utf-8", markup.into_string())
    }
}

/// Every file there is, by its path without a slash in front: `index.html`, `sv/index.html`, `api/v2/summary.json`. Links between them are
/// relative, so that they work under any address. Without a page in the config there are none.
#[must_use]
pub fn files(model: &Model) -> BTreeMap<String, File> {
    Press::default().print(model)
}
