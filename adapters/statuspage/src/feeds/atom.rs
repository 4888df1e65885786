//! The feed as Atom. <https://www.rfc-editor.org/rfc/rfc4287>

use super::Entry;
use crate::edition::Edition;
use atom_syndication as atom;
use chrono::{DateTime, Utc};
use muster_core::plain::one_line;

/// The feed.
pub(super) fn feed(edition: &Edition<'_>, entries: &[Entry]) -> String {
    // A feed that says nothing has not changed since ever.
    let updated = entries.iter().map(|entry| entry.updated).max().unwrap_or(DateTime::<Utc>::UNIX_EPOCH);
    let name = one_line(&edition.page.name);
    let feed = atom::Feed {
        id: edition.url("history.atom"),
        title: format!("{name}: Status").into(),
        updated: updated.fixed_offset(),
        authors: vec![atom::Person { name, ..atom::Person::default() }],
        links: vec![
            link("self", edition.url("history.atom"), "application/atom+xml"),
            link("alternate", edition.url(""), "text/html"),
        ],
        entries: entries.iter().map(entry).collect(),
        lang: Some(edition.locale.to_string()),
        ..atom::Feed::default()
    };
    feed.to_string()
}

fn entry(entry: &Entry) -> atom::Entry {
    atom::Entry {
        id: entry.id.clone(),
        title: entry.title.as_str().into(),
        updated: entry.updated.fixed_offset(),
        published: Some(entry.published.fixed_offset()),
        links: vec![link("alternate", entry.url.clone(), "text/html")],
        content: Some(atom::Content {
            value: Some(entry.html.clone()),
            content_type: Some("html".to_owned()),
            ..atom::Content::default()
        }),
        ..atom::Entry::default()
    }
}

fn link(rel: &str, href: String, media_type: &str) -> atom::Link {
    atom::Link { rel: rel.to_owned(), href, mime_type: Some(media_type.to_owned()), ..atom::Link::default() }
}
