//! What a test has expected of what people are told, and what is left over.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

/// The messages to somebody that a test has expected, by their ids.
#[derive(Default)]
pub(super) struct Expected(Mutex<HashSet<String>>);

impl Expected {
    /// These have been expected.
    pub(super) fn expects(&self, ids: impl IntoIterator<Item = String>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(ids);
    }

    /// Nothing was said to somebody but what has been expected.
    ///
    /// # Panics
    /// When something was: pictures of it are shown.
    pub(super) fn is_all(&self, who: &str, told: Vec<(String, String)>) {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let left: Vec<_> = told.into_iter().filter(|(id, _)| !known.contains(id)).map(|(_, picture)| picture).collect();
        assert!(left.is_empty(), "nobody expected that {who} is told:\n{}", left.join("\n\n"));
    }
}
