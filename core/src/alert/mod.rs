//! Alerts: what monitoring systems say, normalised, and what becomes of it. Pure.
//!
//! A signal is one thing said once. Signals of one key are one alert; alerts that belong together by their route's
//! grouping are one group; a group has at most one open incident. Whatever the storm, an incident says the first alert of
//! a kind in so many words, counts the others, and pages a team once.

mod batch;
mod beat;
mod flap;
mod group;
mod known;
mod matcher;
mod route;
mod signal;
mod silence;
mod tally;

pub use batch::{Batch, batches};
pub use beat::Beat;
pub use flap::Flapping;
pub use group::Group;
pub use known::{Alert, AlertKey, AlertQuery, AlertState};
pub use matcher::{Facts, Matcher, Pattern, Test, WrongMatcher};
pub use route::{Does, Pages, Pick, Plan, Resolve, Route};
pub use signal::{Action, Level, Link, Signal, SignalId, Waiting};
pub use silence::{Silence, SilenceKind, Silences};
pub use tally::{KindCount, Pending, Tally};
