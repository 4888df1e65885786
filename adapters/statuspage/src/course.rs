//! How far an incident, or planned work, has come for customers: everything that is shown of it follows from that.

use muster_core::clock::Timestamp;
use muster_core::comms::{PublicIncident, PublicStatus, Window};

/// How far it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Course {
    /// Work is to begin then.
    Planned(Window),
    /// It is so, or being done, since then.
    Underway {
        /// Since when.
        since: Timestamp,
    },
    /// It was so, or was done, from when to when. What was planned counts no more.
    Over(Window),
    /// Work was said to be over before it began.
    CalledOff {
        /// When.
        at: Timestamp,
    },
    /// All that was said of it was taken back.
    Withdrawn {
        /// When the last of it was.
        at: Timestamp,
    },
}

impl Course {
    /// That of an incident, or of planned work.
    pub(crate) fn of(incident: &PublicIncident) -> Self {
        if incident.standing().is_none() {
            let retracted = incident.posts.iter().filter_map(|post| post.retracted);
            return Self::Withdrawn { at: retracted.max().unwrap_or(incident.began_at) };
        }
        let began = if incident.is_maintenance() { work_began(incident) } else { Some(incident.began_at) };
        match (began, incident.ended_at, incident.window) {
            (Some(since), None, _) => Self::Underway { since },
            (Some(from), Some(until), _) => Self::Over(Window { from, until }),
            (None, None, Some(window)) => Self::Planned(window),
            // Nobody said that it began, and its time had come.
            (None, Some(until), Some(window)) if window.from <= until => Self::Over(Window { until, ..window }),
            (None, Some(at), _) => Self::CalledOff { at },
            (None, None, None) => Self::Underway { since: incident.began_at },
        }
    }

    /// When it ended, if nothing of it is to come.
    pub(crate) fn ended(self) -> Option<Timestamp> {
        match self {
            Self::Planned(_) | Self::Underway { .. } => None,
            Self::Over(Window { until: at, .. }) | Self::CalledOff { at } | Self::Withdrawn { at } => Some(at),
        }
    }

    /// From when to when it was so, if it ever was; it still is, if there is no end.
    pub(crate) fn felt(self) -> Option<(Timestamp, Option<Timestamp>)> {
        match self {
            Self::Underway { since } => Some((since, None)),
            Self::Over(Window { from, until }) => Some((from, Some(until))),
            Self::Planned(_) | Self::CalledOff { .. } | Self::Withdrawn { .. } => None,
        }
    }
}

/// When planned work was first said to be under way.
fn work_began(work: &PublicIncident) -> Option<Timestamp> {
    let under_way = |status| matches!(status, PublicStatus::InProgress | PublicStatus::Verifying);
    let posts = work.posts.iter().filter(|post| post.retracted.is_none());
    posts.filter(|post| under_way(post.status)).map(|post| post.at).min()
}
