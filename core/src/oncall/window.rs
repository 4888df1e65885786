//! Windows: the times of day and week to which a layer is restricted.

use super::civil::{civil, instant};
use super::stretch::{Stretch, joined};
use chrono::{Datelike, Days, NaiveTime, TimeDelta, Weekday};
use chrono_tz::Tz;

/// A window that opens on some days of the week, or on all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// On which days it opens; every day when there are none.
    pub days: Vec<Weekday>,
    /// When it opens.
    pub from: NaiveTime,
    /// How long the clock on the wall goes on until it closes, at most a week.
    pub lasts: TimeDelta,
}

impl Window {
    /// From one time of day to another, which is one of the next day unless it is later.
    #[must_use]
    pub fn daily(days: Vec<Weekday>, from: NaiveTime, until: NaiveTime) -> Self {
        let same_day = until - from;
        let lasts = if same_day > TimeDelta::zero() { same_day } else { same_day + TimeDelta::days(1) };
        Self { days, from, lasts }
    }

    /// From a time of one day of the week to a time of another, a whole week when both are the same.
    #[must_use]
    pub fn weekly((day, from): (Weekday, NaiveTime), (end, until): (Weekday, NaiveTime)) -> Self {
        let days = TimeDelta::days(i64::from(end.days_since(day)));
        let lasts = days + (until - from);
        let lasts = if lasts > TimeDelta::zero() { lasts } else { lasts + TimeDelta::days(7) };
        Self { days: vec![day], from, lasts }
    }

    fn opens_on(&self, day: Weekday) -> bool {
        self.days.is_empty() || self.days.contains(&day)
    }
}

/// The parts of `whole` in which a window is open, in order.
pub(super) fn open(windows: &[Window], zone: Tz, whole: Stretch) -> Vec<Stretch> {
    // A window may have opened a week before, and civil days reach beyond those of UTC.
    let first = civil(whole.from, zone).date().checked_sub_days(Days::new(8));
    let last = civil(whole.until, zone).date();
    let mut found = Vec::new();
    for date in first.into_iter().flat_map(|first| first.iter_days()).take_while(|date| *date <= last) {
        for window in windows.iter().filter(|window| window.opens_on(date.weekday())) {
            let opens = date.and_time(window.from);
            let closes = opens.checked_add_signed(window.lasts);
            let bounds = instant(opens, zone).zip(closes.and_then(|closes| instant(closes, zone)));
            found.extend(bounds.and_then(|(from, until)| Stretch { from, until }.clip(whole)));
        }
    }
    joined(found)
}
