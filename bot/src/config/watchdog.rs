//! `[watchdog]`: where Muster says that it is alive.

use super::section::Section;
use super::value;
use axum::http::Uri;
use muster_notify::Token;
use std::time::Duration;

/// How often, unless the config says otherwise.
const USUAL: Duration = Duration::from_mins(1);

/// Where Muster says that it is alive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Watchdog {
    /// The address to be asked for. It is often all one needs to pretend.
    pub(crate) url: Token,
    /// How often.
    pub(crate) every: Duration,
}

/// Reads `[watchdog]`.
pub(super) fn read(root: &Section<'_, '_>) -> Option<Watchdog> {
    let section = root.table("watchdog")?;
    if !section.has("url") {
        section.problem(section.at(), "url", "this is missing; for example url = \"env:MUSTER_WATCHDOG_URL\"");
    }
    let url = value::secret(&section, "url");
    let every = section.span("every").unwrap_or(USUAL);
    section.finish();
    let url = url?;
    let is_web = |uri: Uri| matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some();
    if !url.parse::<Uri>().is_ok_and(is_web) {
        section.problem(section.at(), "url", "this is not a URL; write it as https://host/path");
        return None;
    }
    Some(Watchdog { url: Token::new(url), every })
}
