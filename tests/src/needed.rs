//! What tests need beside this repository: where it is not installed, that is said aloud, or fails.

use crate::process::tell;

/// Says that `test` does not run for want of `what`.
///
/// # Panics
/// When `MUSTER_TEST_REQUIRE` names it, by its `word`: then it has to be there.
pub(crate) fn absent(test: &str, word: &str, what: &str) {
    let required = std::env::var("MUSTER_TEST_REQUIRE").unwrap_or_default();
    assert!(!required.split(',').any(|one| one.trim() == word), "{test} needs {what}, which is not installed");
    tell(&format!("NOT RUN: {test}: {what} is not installed"));
}
