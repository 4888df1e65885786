//! Planned work as a calendar that others can subscribe to. <https://www.rfc-editor.org/rfc/rfc5545>

use crate::atlas::Part;
use crate::course::Course;
use crate::edition::Edition;
use crate::model::changed_at;
use chrono::TimeDelta;
use icalendar::{Calendar, Component, Event, EventLike, EventStatus, Property};
use muster_core::comms::{Post, PublicIncident, Window};
use muster_core::plain::{clean, one_line};

/// How often a calendar program should look again. <https://www.rfc-editor.org/rfc/rfc7986#section-5.7>
const LOOK_AGAIN: &str = "PT15M";

/// So long an event is at least.
const LEAST: TimeDelta = TimeDelta::minutes(1);

/// The calendar.
pub(super) fn calendar(edition: &Edition<'_>, part: &Part<'_>) -> String {
    let name = one_line(&edition.page.name);
    let mut calendar = Calendar::empty();
    calendar.append_property(Property::new("VERSION", "2.0"));
    calendar.append_property(Property::new("PRODID", "-//Muster//Status page//EN"));
    calendar.append_property(Property::new("CALSCALE", "GREGORIAN"));
    calendar.append_property(Property::new("METHOD", "PUBLISH"));
    calendar.name(&name);
    calendar.append_property(Property::new("REFRESH-INTERVAL", LOOK_AGAIN).add_parameter("VALUE", "DURATION"));
    calendar.append_property(Property::new("X-PUBLISHED-TTL", LOOK_AGAIN));
    let planned = part.planned.iter().chain(&part.past).map(|one| one.incident);
    for (work, window) in planned.filter_map(|work| Some((work, work.window?))) {
        calendar.push(event(edition, work, window));
    }
    calendar.to_string()
}

fn event(edition: &Edition<'_>, work: &PublicIncident, window: Window) -> Event {
    let changed = changed_at(work);
    let (status, Window { from, until }) = match Course::of(work) {
        Course::Planned(_) | Course::Underway { .. } => (EventStatus::Confirmed, window),
        Course::Over(span) => (EventStatus::Confirmed, span),
        Course::CalledOff { .. } | Course::Withdrawn { .. } => (EventStatus::Cancelled, window),
    };
    let latest = work.posts.iter().rev().find_map(|post| edition.written(post));
    let mut event = Event::new();
    event.uid(&format!("{}@{}", work.incident, edition.host()));
    event.timestamp(changed).created(work.began_at).last_modified(changed);
    event.sequence(changes(&work.posts));
    // It ends after it begins: <https://www.rfc-editor.org/rfc/rfc5545#section-3.8.2.2>.
    event.starts(from).ends(until.max(from + LEAST));
    event.summary(&edition.title(work)).status(status);
    event.description(&clean(latest.map_or(edition.words().retracted, |written| written.body.as_str())));
    event.url(&edition.permalink(work));
    // It takes nobody's time.
    event.add_property("TRANSP", "TRANSPARENT");
    event
}

/// How often anything was said since the first word, put right, or taken back.
fn changes(posts: &[Post]) -> u32 {
    let of = |post: &Post| 1 + post.corrected.len() + usize::from(post.retracted.is_some());
    let all: usize = posts.iter().map(of).sum();
    u32::try_from(all.saturating_sub(1)).unwrap_or(u32::MAX)
}
