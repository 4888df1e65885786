//! When a request was signed: one that is signed and old may be somebody's who has overheard it.

use crate::clock::Timestamp;

/// How old a signature may be, or how far ahead its clock, in seconds.
const SKEW: u64 = 300;

/// Whether a request was signed just now. `at` is what its header says: seconds since 1970.
#[must_use]
pub fn is_recent(at: &str, now: Timestamp) -> bool {
    at.parse::<i64>().is_ok_and(|at| now.timestamp().abs_diff(at) <= SKEW)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    #[test]
    fn a_signature_is_good_for_five_minutes_in_either_direction() {
        let now = DateTime::from_timestamp(1_000_000, 0).unwrap();
        assert!(["1000000", "999700", "1000300"].iter().all(|at| is_recent(at, now)));
        for odd in ["999699", "1000301", "", "now", "1e6", "-1000000", "9223372036854775807", "-9223372036854775808"] {
            assert!(!is_recent(odd, now), "{odd}");
        }
    }
}
