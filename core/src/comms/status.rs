//! Where customers are told that things stand. Separate from the responders' status on purpose.

use crate::incident::Kind;
use serde::{Deserialize, Serialize};

/// What customers are told: of an incident the first four, of planned work the others.
/// The words are those of <https://metastatuspage.com/api>.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PublicStatus {
    /// Something is wrong.
    Investigating,
    /// It is known what.
    Identified,
    /// It should be over; we watch.
    Monitoring,
    /// It is over.
    Resolved,
    /// Work is planned.
    Scheduled,
    /// It is being done.
    InProgress,
    /// It is done, and being looked at.
    Verifying,
    /// It is over.
    Completed,
}

impl PublicStatus {
    /// Every one, in the order of things.
    pub const ALL: [Self; 8] = [
        Self::Investigating,
        Self::Identified,
        Self::Monitoring,
        Self::Resolved,
        Self::Scheduled,
        Self::InProgress,
        Self::Verifying,
        Self::Completed,
    ];

    /// The word typed, stored, and in the API.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Investigating => "investigating",
            Self::Identified => "identified",
            Self::Monitoring => "monitoring",
            Self::Resolved => "resolved",
            Self::Scheduled => "scheduled",
            Self::InProgress => "in_progress",
            Self::Verifying => "verifying",
            Self::Completed => "completed",
        }
    }

    /// The one of that word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        let word = word.trim().to_ascii_lowercase().replace([' ', '-'], "_");
        Self::ALL.into_iter().find(|status| status.word() == word)
    }

    /// Whether nothing is wrong any more, or nothing is being done any more.
    #[must_use]
    pub fn is_over(self) -> bool {
        match self {
            Self::Resolved | Self::Completed => true,
            Self::Investigating
            | Self::Identified
            | Self::Monitoring
            | Self::Scheduled
            | Self::InProgress
            | Self::Verifying => false,
        }
    }

    /// Whether it is said of planned work.
    #[must_use]
    pub fn is_of_maintenance(self) -> bool {
        match self {
            Self::Scheduled | Self::InProgress | Self::Verifying | Self::Completed => true,
            Self::Investigating | Self::Identified | Self::Monitoring | Self::Resolved => false,
        }
    }

    /// Whether it can be said of an incident of that kind. A drill is practised with the words of an incident.
    #[must_use]
    pub fn fits(self, kind: Kind) -> bool {
        self.is_of_maintenance() == (kind == Kind::Maintenance)
    }
}

/// How a component does. In the order of badness; the words are those of
/// <https://metastatuspage.com/api>.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ComponentState {
    /// As it should be.
    Operational,
    /// Being worked on as planned.
    UnderMaintenance,
    /// Slow, or now and then failing.
    DegradedPerformance,
    /// Down for some.
    PartialOutage,
    /// Down.
    MajorOutage,
}

impl ComponentState {
    /// Every one, from the best.
    pub const ALL: [Self; 5] =
        [Self::Operational, Self::UnderMaintenance, Self::DegradedPerformance, Self::PartialOutage, Self::MajorOutage];

    /// The word stored, and in the API.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Operational => "operational",
            Self::UnderMaintenance => "under_maintenance",
            Self::DegradedPerformance => "degraded_performance",
            Self::PartialOutage => "partial_outage",
            Self::MajorOutage => "major_outage",
        }
    }

    /// The one of that word, or of a short one that fingers know: `ok`, `slow`, `partial`, `down`.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        let word = word.trim().to_ascii_lowercase().replace([' ', '-'], "_");
        match word.as_str() {
            "ok" | "up" => Some(Self::Operational),
            "maintenance" => Some(Self::UnderMaintenance),
            "slow" | "degraded" => Some(Self::DegradedPerformance),
            "partial" => Some(Self::PartialOutage),
            "down" | "major" => Some(Self::MajorOutage),
            other => Self::ALL.into_iter().find(|state| state.word() == other),
        }
    }

    /// How much it is to whoever looks at the whole.
    #[must_use]
    pub fn impact(self) -> Impact {
        match self {
            Self::Operational => Impact::None,
            Self::UnderMaintenance => Impact::Maintenance,
            Self::DegradedPerformance => Impact::Minor,
            Self::PartialOutage => Impact::Major,
            Self::MajorOutage => Impact::Critical,
        }
    }
}

/// How much is wrong on the whole: the `impact` and `indicator` of <https://metastatuspage.com/api>.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Impact {
    /// Nothing.
    None,
    /// Planned work.
    Maintenance,
    /// A little.
    Minor,
    /// Much.
    Major,
    /// All.
    Critical,
}

impl Impact {
    /// The word in the API.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Maintenance => "maintenance",
            Self::Minor => "minor",
            Self::Major => "major",
            Self::Critical => "critical",
        }
    }
}
