//! The timeline of a room, oldest first, with what was said in the room between its entries.

use super::apt::still_apt;
use crate::render::{Frame, day, feed_day, render, render_entry};
use chrono::DateTime;
use maud::{Markup, html};
use muster_core::app::look::Seen;
use muster_core::clock::Timestamp;
use muster_core::ids::PersonId;
use muster_core::incident::entry::Entry;
use muster_core::incident::event::Event;
use muster_core::org::Organisation;
use muster_core::ports::store::Message;
use muster_core::view::TimeStyle;

/// A place in the order of the timeline, as it stands in addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cursor {
    at: Timestamp,
    number: i64,
}

impl Cursor {
    fn of(entry: &Entry) -> Self {
        Self { at: entry.at, number: entry.number }
    }

    pub(crate) fn read(text: &str) -> Option<Self> {
        let (micros, number) = text.rsplit_once('-')?;
        Some(Self { at: DateTime::from_timestamp_micros(micros.parse().ok()?)?, number: number.parse().ok()? })
    }

    pub(crate) fn write(self) -> String {
        format!("{}-{}", self.at.timestamp_micros(), self.number)
    }

    pub(crate) fn pair(self) -> (Timestamp, i64) {
        (self.at, self.number)
    }

    /// The cursor of the page after these entries, newest first.
    pub(crate) fn after(entries: &[Entry]) -> Option<Self> {
        entries.last().map(Self::of)
    }
}

/// What the feed is made of.
pub(super) struct Feed<'a> {
    pub(super) seen: &'a Seen,
    pub(super) said: &'a [Message],
    pub(super) before: Option<Cursor>,
    pub(super) org: &'a Organisation,
    pub(super) me: &'a PersonId,
}

/// One row of the feed.
enum Row<'a> {
    Entry(&'a Entry),
    Said(&'a Message),
}

impl Row<'_> {
    fn at(&self) -> Timestamp {
        match self {
            Self::Entry(entry) => entry.at,
            Self::Said(message) => message.at,
        }
    }
}

pub(super) fn feed(feed: &Feed<'_>, frame: &Frame<'_>) -> Markup {
    let rows = rows(feed);
    let id = feed.seen.incident.id;
    let older = Cursor::after(&feed.seen.entries).filter(|_| feed.seen.more);
    html! {
        section.feed aria-label="Timeline" {
            div #feed-scroll.feed-scroll tabindex="0" role="group" aria-label="Timeline, the latest at the end" {
                div {
                    div #older-link.feed-older {
                        @if let Some(cursor) = older {
                            a.button.small href={ "/incidents/" (id) "?before=" (cursor.write()) } data-older { "Earlier entries" }
                        }
                    }
                    ol #older.timeline {}
                    ol #timeline.timeline role="log" aria-live="polite" data-live { (list(&rows, feed, frame)) }
                    @if feed.before.is_some() { p.feed-older { a.button.small href={ "/incidents/" (id) } { "Back to the latest" } } }
                }
            }
        }
    }
}

fn list(rows: &[Row<'_>], feed: &Feed<'_>, frame: &Frame<'_>) -> Markup {
    let mut last = None;
    html! {
        @for row in rows {
            @let date = day(row.at(), frame);
            @if last.replace(date) != Some(date) { (feed_day(date, frame)) }
            @match row {
                Row::Entry(entry) => (render_entry(entry, feed.org, frame)),
                Row::Said(message) => (said(message, feed, frame)),
            }
        }
    }
}

/// Entries and messages by time. Messages of a page are those between its oldest entry and the page after it.
fn rows<'a>(feed: &Feed<'a>) -> Vec<Row<'a>> {
    let oldest = feed.seen.entries.last().map(|entry| entry.at).filter(|_| feed.seen.more);
    let newest = feed.before.map(|cursor| cursor.at);
    let is_here = |at: Timestamp| oldest.is_none_or(|oldest| at >= oldest) && newest.is_none_or(|newest| at < newest);
    let said = feed.said.iter().filter(|message| message.to.is_none() && is_here(message.at)).map(Row::Said);
    let entries = feed.seen.entries.iter().rev().filter(|entry| !is_told(entry, feed.said)).map(Row::Entry);
    let mut rows: Vec<_> = entries.chain(said).collect();
    rows.sort_by_key(Row::at);
    rows
}

/// Whether a card in the room says the same as an entry, and says more: then the card is enough to look at.
fn is_told(entry: &Entry, said: &[Message]) -> bool {
    if let Event::Reminded { .. } | Event::HandoffOffered { .. } = entry.what {
        let follows = |message: &Message| (0..60).contains(&(message.at - entry.at).num_seconds());
        return said.iter().any(|message| message.to.is_none() && follows(message));
    }
    false
}

fn said(message: &Message, feed: &Feed<'_>, frame: &Frame<'_>) -> Markup {
    let view = still_apt(&message.view, &feed.seen.incident, feed.me, frame.now);
    let key = format!("said-{}", message.key.as_str().replace('/', "-"));
    html! {
        li id=(key) class="entry entry-said" {
            span.entry-time { (crate::render::moment(message.at, TimeStyle::Clock, frame)) }
            span.entry-dot {}
            div.entry-body.said { (render(&view, frame)) }
            span {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_the_address_bar_and_nonsense_is_no_cursor() {
        let cursor =
            Cursor { at: DateTime::from_timestamp_micros(1_700_000_000_123_456).expect("a moment"), number: 7 };
        assert_eq!(Cursor::read(&cursor.write()), Some(cursor));
        for text in ["", "x", "1-", "-1-x", "99999999999999999999-1", "'; drop"] {
            assert_eq!(Cursor::read(text), None, "{text}");
        }
    }
}
