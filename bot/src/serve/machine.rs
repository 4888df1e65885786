//! What Muster itself carries steps out with.

use crate::config::{Config, Runbooks};
use muster_core::clock::SystemClock;
use muster_core::ports::outside::Outside;
use muster_outside::WayOut;
use muster_runbooks::execute::Machine;
use std::sync::Arc;
use std::time::Duration;

/// How long the answer to a step's request may take: no step may take longer.
const PATIENCE: Duration = Duration::from_hours(24);

/// The machine of the config.
pub(super) fn of(config: &Config) -> Arc<Machine> {
    let outside = outside(&config.runbooks);
    Arc::new(Machine::new(config.runbooks.settings.clone(), outside, Arc::new(SystemClock)))
}

/// The way out for steps. It lets more be reached than the others, for which that is not meant.
pub(crate) fn outside(runbooks: &Runbooks) -> Arc<dyn Outside> {
    Arc::new(WayOut::new(runbooks.allow.clone()).patient(PATIENCE))
}
