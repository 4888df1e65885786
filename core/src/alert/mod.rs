//! Alerts: what monitoring systems say, normalised, and what becomes of it.

mod signal;

pub use signal::{Action, Level, Link, Signal};
