//! The responders' status and the one table of its legal moves.

use super::Kind;
use crate::ids::IncidentId;
use serde::{Deserialize, Serialize};

/// Where the responders stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Status {
    /// Declared; is it real, and how bad?
    Triage,
    /// Looking for the cause.
    Investigating,
    /// The cause is known.
    Identified,
    /// The harm is stopped; watching that it stays so.
    Monitoring,
    /// Over.
    Resolved,
    /// Over, and everything after it is done.
    Closed,
    /// Not an incident after all.
    Cancelled,
    /// The same outage as another incident, which goes on.
    Merged {
        /// The one that goes on.
        into: IncidentId,
    },
}

/// A status without its data: the rows and columns of the table of moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// See [`Status::Triage`].
    Triage,
    /// See [`Status::Investigating`].
    Investigating,
    /// See [`Status::Identified`].
    Identified,
    /// See [`Status::Monitoring`].
    Monitoring,
    /// See [`Status::Resolved`].
    Resolved,
    /// See [`Status::Closed`].
    Closed,
    /// See [`Status::Cancelled`].
    Cancelled,
    /// See [`Status::Merged`].
    Merged,
}

/// How one phase may follow another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    /// By `status`, or the command named after it.
    Free,
    /// Only by `reopen`, with a reason.
    Reopen,
}

use Move::{Free, Reopen};
use Phase::{Cancelled, Closed, Identified, Investigating, Merged, Monitoring, Resolved, Triage};

/// Every legal move. What is not here does not happen.
/// Forward moves may skip; among the working phases one may step back, since fixes fail.
pub const MOVES: [(Phase, &[(Phase, Move)]); 8] = [
    (
        Triage,
        &[
            (Investigating, Free),
            (Identified, Free),
            (Monitoring, Free),
            (Resolved, Free),
            (Cancelled, Free),
            (Merged, Free),
        ],
    ),
    (Investigating, &[(Identified, Free), (Monitoring, Free), (Resolved, Free), (Cancelled, Free), (Merged, Free)]),
    (Identified, &[(Investigating, Free), (Monitoring, Free), (Resolved, Free), (Cancelled, Free), (Merged, Free)]),
    (Monitoring, &[(Investigating, Free), (Identified, Free), (Resolved, Free), (Cancelled, Free), (Merged, Free)]),
    (Resolved, &[(Closed, Free), (Investigating, Reopen)]),
    (Closed, &[(Investigating, Reopen)]),
    (Cancelled, &[(Investigating, Reopen)]),
    (Merged, &[(Investigating, Reopen)]),
];

impl Phase {
    /// Every phase, in order.
    pub const ALL: [Self; 8] = [Triage, Investigating, Identified, Monitoring, Resolved, Closed, Cancelled, Merged];

    /// Those for which one types `status`, in order; the others have commands of their own.
    pub const USUAL: [Self; 4] = [Investigating, Identified, Monitoring, Resolved];

    /// The word typed and shown.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Triage => "triage",
            Investigating => "investigating",
            Identified => "identified",
            Monitoring => "monitoring",
            Resolved => "resolved",
            Closed => "closed",
            Cancelled => "cancelled",
            Merged => "merged",
        }
    }

    /// The word shown of something of that kind: work is planned, done and looked at, not investigated.
    #[must_use]
    pub fn word_for(self, kind: Kind) -> &'static str {
        match (kind, self) {
            (Kind::Incident | Kind::Drill, _) | (_, Closed | Cancelled | Merged) => self.word(),
            (Kind::Maintenance, Triage) => "planned",
            (Kind::Maintenance, Investigating | Identified) => "in progress",
            (Kind::Maintenance, Monitoring) => "verifying",
            (Kind::Maintenance, Resolved) => "completed",
        }
    }

    /// Whether the incident has ended and nothing more is expected of it.
    #[must_use]
    pub fn is_final(self) -> bool {
        match self {
            Closed | Cancelled | Merged => true,
            Triage | Investigating | Identified | Monitoring | Resolved => false,
        }
    }

    /// The phase of that word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|phase| phase.word() == word)
    }

    /// How `to` may follow, if it may.
    #[must_use]
    pub fn leads_to(self, to: Self) -> Option<Move> {
        let (_, moves) = MOVES.iter().find(|(from, _)| *from == self)?;
        moves.iter().find(|(phase, _)| *phase == to).map(|(_, how)| *how)
    }

    /// The phases that may follow freely.
    pub fn next(self) -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(move |phase| self.leads_to(*phase) == Some(Free))
    }

    /// Whether people are still working on it.
    #[must_use]
    pub fn is_open(self) -> bool {
        match self {
            Triage | Investigating | Identified | Monitoring => true,
            Resolved | Closed | Cancelled | Merged => false,
        }
    }
}

impl Status {
    /// The status without its data.
    #[must_use]
    pub fn phase(self) -> Phase {
        match self {
            Self::Triage => Triage,
            Self::Investigating => Investigating,
            Self::Identified => Identified,
            Self::Monitoring => Monitoring,
            Self::Resolved => Resolved,
            Self::Closed => Closed,
            Self::Cancelled => Cancelled,
            Self::Merged { .. } => Merged,
        }
    }

    /// The status of a phase that carries no data; `None` for `merged`, which needs to know into what.
    #[must_use]
    pub fn plain(phase: Phase) -> Option<Self> {
        match phase {
            Triage => Some(Self::Triage),
            Investigating => Some(Self::Investigating),
            Identified => Some(Self::Identified),
            Monitoring => Some(Self::Monitoring),
            Resolved => Some(Self::Resolved),
            Closed => Some(Self::Closed),
            Cancelled => Some(Self::Cancelled),
            Merged => None,
        }
    }

    /// Whether people are still working on it.
    #[must_use]
    pub fn is_open(self) -> bool {
        self.phase().is_open()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_phase_has_one_row_and_no_way_to_itself() {
        for phase in Phase::ALL {
            assert_eq!(MOVES.iter().filter(|(from, _)| *from == phase).count(), 1, "{phase:?}");
            assert_eq!(phase.leads_to(phase), None, "{phase:?}");
        }
    }

    #[test]
    fn every_open_phase_can_end_and_every_ended_one_can_be_reopened() {
        for phase in Phase::ALL {
            if phase.is_open() {
                for end in [Resolved, Cancelled, Merged] {
                    assert_eq!(phase.leads_to(end), Some(Free), "{phase:?} to {end:?}");
                }
            } else {
                assert_eq!(phase.leads_to(Investigating), Some(Reopen), "{phase:?}");
            }
        }
    }

    #[test]
    fn nothing_returns_to_triage() {
        assert!(Phase::ALL.into_iter().all(|phase| phase.leads_to(Triage).is_none()));
    }
}
