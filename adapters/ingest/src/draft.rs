//! What every reader starts from: a signal that says little yet, and keys and links for it.

use crate::config::Source;
use muster_core::alert::{Action, Link, Signal};
use muster_core::plain::one_line;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write;

/// A trigger of that key and title, and nothing more.
pub(crate) fn signal(source: &Source, key: &str, title: impl Into<String>) -> Signal {
    Signal {
        source: source.id.clone(),
        key: name(key),
        action: Action::Trigger,
        title: title.into(),
        text: None,
        level: None,
        labels: BTreeMap::new(),
        links: Vec::new(),
        at: None,
    }
}

/// A key as it is kept: on one line, and within bounds without two long ones becoming the same.
pub(crate) fn name(key: &str) -> String {
    let line = one_line(key);
    if line.is_empty() || line.chars().count() > Signal::KEY { digest([key]) } else { line }
}

/// A key made of what tells one alert from another: 32 hexadecimal digits.
pub(crate) fn digest<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    let mut digits = String::with_capacity(32);
    for byte in hash.finalize().iter().take(16) {
        // Writing to a string does not fail.
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}

/// Links, as far as there is one for their label.
pub(crate) fn links<'a>(links: impl IntoIterator<Item = (&'a str, Option<String>)>) -> Vec<Link> {
    let link = |(label, url): (&str, Option<String>)| Some(Link { label: label.to_owned(), url: url? });
    links.into_iter().filter_map(link).collect()
}

/// `env:prod`, `role:web` and `plain` as labels; what has no value is there with none.
pub(crate) fn tags<'a>(tags: impl IntoIterator<Item = &'a str>) -> BTreeMap<String, String> {
    let tag = |tag: &'a str| {
        let (name, value) = tag.trim().split_once(':').unwrap_or((tag.trim(), ""));
        (name.to_owned(), value.to_owned())
    };
    tags.into_iter().filter(|tag| !tag.trim().is_empty()).map(tag).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_keys_stay_different_and_short_ones_stay_themselves() {
        let (long, longer) = ("x".repeat(600), "x".repeat(601));
        assert_ne!(name(&long), name(&longer));
        assert_eq!(name("disk full\n on web-1"), "disk full on web-1");
        assert_ne!(digest(["ab", "c"]), digest(["a", "bc"]));
        assert_eq!(name("").len(), 32);
    }
}
