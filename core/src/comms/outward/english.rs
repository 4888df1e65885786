//! What Muster says to customers in English.

use super::Words;
use crate::comms::{ComponentState, PublicStatus};

pub(super) const WORDS: Words = Words {
    status: |status| match status {
        PublicStatus::Investigating => "Investigating",
        PublicStatus::Identified => "Identified",
        PublicStatus::Monitoring => "Monitoring",
        PublicStatus::Resolved => "Resolved",
        PublicStatus::Scheduled => "Scheduled",
        PublicStatus::InProgress => "In progress",
        PublicStatus::Verifying => "Verifying",
        PublicStatus::Completed => "Completed",
    },
    state: |state| match state {
        ComponentState::Operational => "Operational",
        ComponentState::UnderMaintenance => "Under maintenance",
        ComponentState::DegradedPerformance => "Degraded performance",
        ComponentState::PartialOutage => "Partial outage",
        ComponentState::MajorOutage => "Major outage",
    },
    and: "and",
    more: "more",
    units: [("day", "days"), ("hour", "hours"), ("minute", "minutes")],
    thousands: ',',
    moment: "%a %-d %b, %H:%M %Z",
    names: chrono::Locale::en_GB,
    retracted: "This message has been withdrawn",
    called_off: "Called off",
    corrects: "Correction of an earlier update",
    retracts: "An earlier update is withdrawn",
    next: "Next update by",
    planned: "Planned for",
    page: "See the status page",
};
