//! What became of pages, as statistics need it.

use crate::clock::Timestamp;
use crate::ids::{IncidentId, PersonId};

/// What became of a page, as statistics need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageFact {
    /// When.
    pub at: Timestamp,
    /// Of which incident.
    pub incident: IncidentId,
    /// Which of its pages.
    pub page: i64,
    /// The team it was for, by id.
    pub team: Option<String>,
    /// Who.
    pub person: Option<PersonId>,
    /// What.
    pub what: PageFactKind,
}

/// What became of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PageFactKind {
    /// Somebody was needed.
    Raised,
    /// Somebody was called.
    Called,
    /// Somebody took it.
    Acked,
    /// Somebody said that it is not for them.
    Declined,
    /// Nobody answered.
    Unanswered,
}

impl PageFactKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Raised, Self::Called, Self::Acked, Self::Declined, Self::Unanswered];

    /// Its word in the store.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Raised => "raised",
            Self::Called => "called",
            Self::Acked => "acked",
            Self::Declined => "declined",
            Self::Unanswered => "unanswered",
        }
    }
}
