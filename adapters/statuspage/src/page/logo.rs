//! The logo: a file of its own, which browsers keep.

use crate::files::File;
use muster_core::comms::PageRules;

/// What it is called, in the folder at the root.
pub(crate) fn name(page: &PageRules) -> Option<&'static str> {
    let (_, media_type) = page.theme.logo.as_ref()?;
    kind(media_type).map(|(name, _)| name)
}

/// The file, by its path.
pub(crate) fn file(page: &PageRules) -> Option<(String, File)> {
    let (bytes, media_type) = page.theme.logo.as_ref()?;
    let (name, media_type) = kind(media_type)?;
    Some((name.to_owned(), File { media_type, bytes: bytes.clone().into() }))
}

fn kind(media_type: &str) -> Option<(&'static str, &'static str)> {
    match media_type {
        "image/svg+xml" => Some(("logo.svg", "image/svg+xml")),
        "image/png" => Some(("logo.png", "image/png")),
        _ => None,
    }
}
