//! The page for other programs, in every language: feeds, a calendar of planned work, badges.

mod atom;
mod badge;
mod calendar;
mod rss;

use crate::atlas::{Atlas, Part};
use crate::edition::Edition;
use crate::files::File;
use crate::model::post_changed_at;
use crate::page::text::body;
use maud::html;
use muster_core::clock::Timestamp;
use muster_core::comms::{Post, PublicIncident};
use muster_core::plain::one_line;
use std::cmp::Reverse;

/// So many entries a feed has at most.
const ENTRIES: usize = 50;

/// All of them in one language, by path.
pub(crate) fn files(edition: &Edition<'_>, atlas: &Atlas<'_>) -> Vec<(String, File)> {
    let entries = entries(edition, &atlas.everywhere);
    let file = |name: &str, media_type, text| (edition.path(name), File::new(media_type, text));
    let mut files = vec![
        file("history.atom", "application/atom+xml; charset=utf-8", atom::feed(edition, &entries)),
        file("history.rss", "application/rss+xml; charset=utf-8", rss::feed(edition, &entries)),
        file("maintenance.ics", "text/calendar; charset=utf-8", calendar::calendar(edition, &atlas.everywhere)),
    ];
    let badges = badge::badges(edition, &atlas.everywhere).into_iter();
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
fn entries(edition: &Edition<'_>, part: &Part<'_>) -> Vec<Entry> {
    let all = part.open.iter().chain(&part.planned).chain(&part.past).map(|one| one.incident);
    let mut posts: Vec<_> = all.flat_map(|incident| incident.posts.iter().map(move |post| (incident, post))).collect();
    posts.sort_by_cached_key(|(incident, post)| Reverse((post_changed_at(post), incident.incident, post.number)));
    posts.truncate(ENTRIES);
    let host = edition.host();
    let entry = |(incident, post): (&PublicIncident, &Post)| {
        let withdrawn = edition.words().retracted;
        let (title, html) = match edition.written(post) {
            Some(said) => (format!("{}: {}", edition.stood(incident, post), said.title), body(&said.body)),
            None => (format!("{withdrawn}: {}", edition.title(incident)), html! { p { (withdrawn) } }),
        };
        Entry {
            id: format!("tag:{host},{}:{}/{}/{}", post.at.format("%F"), incident.incident, post.number, edition.locale),
            url: edition.permalink(incident),
            title: one_line(&title),
            html: html.into_string(),
            published: post.at,
            updated: post_changed_at(post),
        }
    };
    posts.into_iter().map(entry).collect()
}
