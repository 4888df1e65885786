//! On-call: who carries the phone when, and whom a page goes to, one after another. Pure.

mod calendar;
mod civil;
mod event;
pub mod feed;
mod ical;
mod layer;
mod load;
mod policy;
mod proofs;
mod roster;
mod schedule;
mod stretch;
mod window;

pub use calendar::Calendar;
pub(crate) use civil::instant;
pub use feed::Whose;
pub use ical::{CalendarError, Reading};
pub use layer::{Layer, Turn};
pub use load::{Limits, Load};
pub use policy::{Level, Policy, Target};
pub use proofs::{Doubt, Proof, Proofs};
pub use roster::{Override, Roster, Swap};
pub use schedule::{Schedule, Shift, Why};
pub use window::Window;

#[cfg(test)]
mod ical_tests;
#[cfg(test)]
mod tests;
