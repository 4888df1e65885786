//! Every file of the page, at once.

use crate::edition::Edition;
use crate::model::Model;
use crate::{api, feeds, page, sitemap};
use std::collections::BTreeMap;

/// A file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its media type.
    pub media_type: &'static str,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// Every file there is, by its path without a slash in front: `index.html`, `sv/index.html`, `api/v2/summary.json`. Links between them are
/// relative, so that they work under any address. Without a page in the config there are none.
#[must_use]
pub fn files(model: &Model) -> BTreeMap<String, File> {
    let editions = Edition::all(model);
    let Some(default) = editions.first() else { return BTreeMap::new() };
    let html =
        |page: maud::Markup| File { media_type: "text/html; charset=utf-8", bytes: page.into_string().into_bytes() };
    let mut files: BTreeMap<_, _> = page::pages(model).into_iter().map(|(path, page)| (path, html(page))).collect();
    files.extend(sitemap::files(default, files.keys()));
    files.extend(page::logo(model));
    files.extend(editions.iter().map(|one| (one.path("404.html"), html(page::not_found(model, one.locale)))));
    files.extend(editions.iter().flat_map(feeds::files));
    files.extend(api::files(default));
    files
}
