//! The feed as RSS 2.0. <https://www.rssboard.org/rss-specification>

use super::Entry;
use crate::edition::Edition;
use muster_core::plain::one_line;

/// The feed.
pub(super) fn feed(edition: &Edition<'_>, entries: &[Entry]) -> String {
    let title = format!("{}: Status", one_line(&edition.page.name));
    let updated = entries.iter().map(|entry| entry.updated).max();
    let channel = rss::Channel {
        link: edition.url(""),
        description: title.clone(),
        title,
        language: Some(edition.locale.to_string()),
        last_build_date: updated.map(|updated| updated.to_rfc2822()),
        items: entries.iter().map(item).collect(),
        ..rss::Channel::default()
    };
    channel.to_string()
}

fn item(entry: &Entry) -> rss::Item {
    rss::Item {
        guid: Some(rss::Guid { value: entry.id.clone(), permalink: false }),
        title: Some(entry.title.clone()),
        link: Some(entry.url.clone()),
        description: Some(entry.html.clone()),
        pub_date: Some(entry.published.to_rfc2822()),
        ..rss::Item::default()
    }
}
