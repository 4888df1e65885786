//! How it is on the whole: one answer for the page, its icon, the badge and the API.

use crate::atlas::{Shown, State};
use muster_core::comms::{ComponentState, Impact, PublicStatus};

/// How it is on the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Overall {
    /// Nothing is wrong.
    Calm,
    /// Something is wrong, and no component does badly by it.
    Noticed,
    /// Every component is well again, and what was wrong is not over yet.
    Watching,
    /// The worst that any component does.
    As(ComponentState),
}

impl Overall {
    /// What follows from how components do, and from what is open beside planned work.
    pub(crate) fn of(components: &[State<'_>], open: &[Shown<'_>]) -> Self {
        let worst = components.iter().map(|one| one.state).max().unwrap_or(ComponentState::Operational);
        let is_watched = |one: &Shown<'_>| one.incident.status() == PublicStatus::Monitoring;
        if worst > ComponentState::UnderMaintenance {
            Self::As(worst)
        } else if !open.iter().all(is_watched) {
            Self::Noticed
        } else if worst > ComponentState::Operational {
            Self::As(worst)
        } else if open.is_empty() {
            Self::Calm
        } else {
            Self::Watching
        }
    }

    /// The state whose sign and colour say it.
    pub(crate) fn state(self) -> ComponentState {
        match self {
            Self::Calm | Self::Watching => ComponentState::Operational,
            Self::Noticed => ComponentState::DegradedPerformance,
            Self::As(state) => state,
        }
    }

    /// How much that is, as programs know it.
    pub(crate) fn impact(self) -> Impact {
        self.state().impact()
    }
}
