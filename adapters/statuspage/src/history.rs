//! How components did, day by day: the bars.

use crate::model::{Model, Scope};
use chrono::NaiveDate;
use muster_core::comms::ComponentState;

/// A day of a component.
#[derive(Debug, Clone, PartialEq)]
pub struct Day {
    /// Which, in the time zone of the page.
    pub date: NaiveDate,
    /// The worst it did.
    pub worst: ComponentState,
    /// What part of the day it was up, from 0 to 1: of an outage in part 30 % count as down, as at Statuspage.
    /// <https://support.atlassian.com/statuspage/docs/display-historical-uptime-of-components/>
    pub up: f64,
}

/// The last 90 days of a component, the oldest first.
#[must_use]
pub fn day_states(model: &Model, component: &str, scope: &Scope) -> Vec<Day> {
    let _ = (model, component, scope);
    Vec::new()
}
