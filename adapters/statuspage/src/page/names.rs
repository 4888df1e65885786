//! What an incident is called, and in which words it stands where it does.

use super::words::words;
use crate::course::Course;
use crate::edition::Edition;
use muster_core::comms::{self, Locale, Post, PublicIncident};

/// What it is called: by the latest word that stands, else by what it is and its number.
pub(crate) fn called(incident: &PublicIncident, edition: &Edition<'_>) -> String {
    let story = &words(edition.locale).story;
    let kind = if incident.is_maintenance() { story.maintenance } else { story.incident };
    edition.headline(incident).map_or_else(|| format!("{kind} {}", incident.incident), |(_, title)| title)
}

/// Where it stands.
pub(crate) fn stands(incident: &PublicIncident, locale: &Locale) -> &'static str {
    let story = &words(locale).story;
    match Course::of(incident) {
        Course::CalledOff { .. } => comms::words(locale).called_off,
        Course::Withdrawn { .. } => story.withdrawn,
        Course::Planned(_) | Course::Underway { .. } | Course::Over(_) => {
            comms::words(locale).status(incident.status())
        }
    }
}

/// Where it stood when that was said of it.
pub(crate) fn stood(incident: &PublicIncident, post: &Post, locale: &Locale) -> &'static str {
    match Course::of(incident) {
        Course::CalledOff { .. } if post.status.is_over() => comms::words(locale).called_off,
        Course::CalledOff { .. }
        | Course::Withdrawn { .. }
        | Course::Planned(_)
        | Course::Underway { .. }
        | Course::Over(_) => comms::words(locale).status(post.status),
    }
}
