//! How comms messages look to responders.

use super::{Line, text};
use crate::comms::{CommsEvent, Window};

/// What happened to a message, in a sentence.
#[must_use]
pub fn sentence((number, audience): (i64, &str), what: &CommsEvent) -> Line {
    let _ = what;
    vec![text(format!("did something with message {number} to {audience}"))]
}

/// Whether a room is told of it in so many words.
#[must_use]
pub fn is_news(what: &CommsEvent) -> bool {
    let _ = what;
    true
}

/// When planned work is to be done, in a sentence.
#[must_use]
pub fn planned(from: Option<&Window>, to: &Window) -> Line {
    let _ = (from, to);
    vec![text("planned the work")]
}
