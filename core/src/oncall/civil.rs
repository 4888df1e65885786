//! Civil time: what the clock on the wall says, and which moment that is.

use crate::clock::Timestamp;
use chrono::{LocalResult, NaiveDateTime, TimeZone, Utc};
use chrono_tz::{GapInfo, Tz};

/// The moment of a civil time. One that the clock passes twice means the earlier, and one that it skips the first moment
/// after the gap, so that a later civil time is never an earlier moment. `None` beyond the end of the calendar.
pub(crate) fn instant(civil: NaiveDateTime, zone: Tz) -> Option<Timestamp> {
    let moment = match zone.from_local_datetime(&civil) {
        LocalResult::Single(moment) | LocalResult::Ambiguous(moment, _) => moment,
        LocalResult::None => GapInfo::new(&civil, &zone)?.end?,
    };
    Some(moment.with_timezone(&Utc))
}

/// What the clock on the wall says at a moment.
pub(super) fn civil(moment: Timestamp, zone: Tz) -> NaiveDateTime {
    moment.with_timezone(&zone).naive_local()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(civil: &str, zone: Tz) -> String {
        let moment = instant(civil.parse().expect("a civil time"), zone).expect("a moment");
        moment.format("%H:%M").to_string()
    }

    #[test]
    fn a_civil_time_that_is_skipped_is_the_first_moment_after_the_gap() {
        for skipped in ["2026-03-29T02:00:00", "2026-03-29T02:30:00", "2026-03-29T03:00:00"] {
            assert_eq!(at(skipped, Tz::Europe__Stockholm), "01:00", "{skipped}");
        }
        assert_eq!(at("2026-10-04T02:10:00", Tz::Australia__Lord_Howe), "15:30", "half an hour is skipped");
    }

    #[test]
    fn a_civil_time_that_comes_twice_is_the_earlier() {
        assert_eq!(at("2026-10-25T02:30:00", Tz::Europe__Stockholm), "00:30");
        assert_eq!(at("2026-11-01T01:30:00", Tz::America__New_York), "05:30");
    }
}
