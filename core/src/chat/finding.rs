//! What a look at the connection to a platform finds, and what to do about it.

use crate::clock::Timestamp;
use chrono::TimeDelta;

/// How a thing stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// As it should be.
    Fine,
    /// It works, but somebody should look.
    Doubtful,
    /// It does not work.
    Broken,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How it stands.
    pub verdict: Verdict,
    /// What was looked at, and how it is, in one sentence.
    pub what: String,
    /// What to do about it, in one sentence.
    pub todo: Option<String>,
}

/// Platforms and we refuse requests that are this far off.
const TOO_FAR_OFF: TimeDelta = TimeDelta::seconds(300);
/// Somebody should look before it comes to that.
const FAR_OFF: TimeDelta = TimeDelta::seconds(30);

impl Finding {
    /// It is as it should be.
    #[must_use]
    pub fn fine(what: impl Into<String>) -> Self {
        Self { verdict: Verdict::Fine, what: what.into(), todo: None }
    }

    /// Somebody should look.
    #[must_use]
    pub fn doubtful(what: impl Into<String>, todo: impl Into<String>) -> Self {
        Self { verdict: Verdict::Doubtful, what: what.into(), todo: Some(todo.into()) }
    }

    /// It does not work.
    #[must_use]
    pub fn broken(what: impl Into<String>, todo: impl Into<String>) -> Self {
        Self { verdict: Verdict::Broken, what: what.into(), todo: Some(todo.into()) }
    }

    /// How far our clock and that of `whom` are apart: signed requests are refused when it is too far.
    #[must_use]
    pub fn of_clock(whom: &str, there: Option<Timestamp>, here: Timestamp) -> Self {
        let todo = "let this machine set its clock by the network (NTP)";
        let Some(there) = there else {
            let what = format!("{whom} does not say what time it is");
            return Self::doubtful(what, "see that this machine's clock is right");
        };
        let off = (there - here).abs();
        let what = format!("Our clock and that of {whom} are {} s apart", off.num_seconds());
        match off {
            off if off >= TOO_FAR_OFF => Self::broken(format!("{what}: signed requests are refused"), todo),
            off if off >= FAR_OFF => Self::doubtful(what, todo),
            _ => Self::fine(what),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_judged_by_how_far_it_is_off_in_either_direction() {
        let here = Timestamp::UNIX_EPOCH;
        let verdict = |seconds| Finding::of_clock("Chat", Some(here + TimeDelta::seconds(seconds)), here).verdict;
        assert_eq!(
            [0, 31, -31, 300, -300].map(verdict),
            [Verdict::Fine, Verdict::Doubtful, Verdict::Doubtful, Verdict::Broken, Verdict::Broken]
        );
        assert_eq!(Finding::of_clock("Chat", None, here).verdict, Verdict::Doubtful);
    }
}
