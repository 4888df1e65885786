//! The logo: a file of its own, which browsers keep.

use crate::files::File;
use muster_core::comms::{LogoKind, PageRules};

/// What it is called, in the folder at the root.
pub(crate) fn name(page: &PageRules) -> Option<&'static str> {
    page.theme.logo.as_ref().map(|logo| named(logo.kind).0)
}

/// The file, by its path.
pub(crate) fn file(page: &PageRules) -> Option<(String, File)> {
    let logo = page.theme.logo.as_ref()?;
    let (name, media_type) = named(logo.kind);
    Some((name.to_owned(), File { media_type, bytes: logo.bytes.clone().into() }))
}

fn named(kind: LogoKind) -> (&'static str, &'static str) {
    match kind {
        LogoKind::Svg => ("logo.svg", "image/svg+xml"),
        LogoKind::Png => ("logo.png", "image/png"),
    }
}
