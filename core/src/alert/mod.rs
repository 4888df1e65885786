//! Alerts: what monitoring systems say, normalised, and what becomes of it.

mod alert;
mod beat;
mod group;
mod signal;
mod silence;

pub use alert::{Alert, AlertKey, AlertQuery, AlertState};
pub use beat::Beat;
pub use group::Group;
pub use signal::{Action, Level, Link, Signal, SignalId, Waiting};
pub use silence::{Matcher, Silence, SilenceKind, Silences, Test};
