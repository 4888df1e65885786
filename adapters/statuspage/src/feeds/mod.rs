//! The page for other programs, in every language: feeds, a calendar of planned work, badges.

mod atom;
mod badge;
mod calendar;
mod rss;

use crate::edition::Edition;
use crate::files::File;
use crate::model::{Scope, post_changed_at};
use crate::page::text::{body, clean};
use maud::html;
use muster_core::clock::Timestamp;
use muster_core::comms::{Post, PublicIncident};
use std::cmp::Reverse;

/// So many entries a feed has at most.
const ENTRIES: usize = 50;

/// All of them in one language, by path.
pub(crate) fn files(edition: &Edition<'_>) -> Vec<(String, File)> {
    let entries = entries(edition);
    let file =
        |name: &str, media_type, text: String| (edition.path(name), File { media_type, bytes: text.into_bytes() });
    let mut files = vec![
        file("history.atom", "application/atom+xml; charset=utf-8", atom::feed(edition, &entries)),
        file("history.rss", "application/rss+xml; charset=utf-8", rss::feed(edition, &entries)),
        file("maintenance.ics", "text/calendar; charset=utf-8", calendar::calendar(edition)),
    ];
    let badges = badge::badges(edition).into_iter();
    files.extend(badges.map(|(name, svg)| file(&name, "image/svg+xml", svg.into_string())));
    files
}

/// Something that was said, as feeds tell it.
struct Entry {
    /// The same for ever. <https://www.rfc-editor.org/rfc/rfc4151>
    id: String,
    url: String,
    title: String,
    html: String,
    published: Timestamp,
    updated: Timestamp,
}

/// What was said, the latest change first.
fn entries(edition: &Edition<'_>) -> Vec<Entry> {
    let model = edition.model;
    let everywhere = &Scope::Everywhere;
    let all = model.open(everywhere).chain(model.planned(everywhere)).chain(model.past(everywhere));
    let mut posts: Vec<_> = all.flat_map(|incident| incident.posts.iter().map(move |post| (incident, post))).collect();
    posts.sort_by_key(|(incident, post)| Reverse((post_changed_at(post), incident.incident, post.number)));
    posts.truncate(ENTRIES);
    let host = edition.host();
    let entry = |(incident, post): (&PublicIncident, &Post)| {
        let withdrawn = edition.words().retracted;
        let (title, html) = match edition.written(post) {
            Some(said) => (format!("{}: {}", edition.words().status(post.status), said.title), body(&said.body)),
            None => (withdrawn.to_owned(), html! { p { (withdrawn) } }),
        };
        Entry {
            id: format!("tag:{host},{}:{}/{}/{}", post.at.format("%F"), incident.incident, post.number, edition.locale),
            url: edition.permalink(incident),
            title: clean(&title),
            html: html.into_string(),
            published: post.at,
            updated: post_changed_at(post),
        }
    };
    posts.into_iter().map(entry).collect()
}

/// Text without what cannot be seen: XML cannot hold it, and it could end a line of a calendar.
/// <https://www.w3.org/TR/xml/#charsets>
fn plain(text: &str) -> String {
    text.lines().map(clean).collect::<Vec<_>>().join("\n")
}
