//! On-call: who carries the phone when, and whom a page goes to, one after another. Pure.

mod policy;
mod roster;
mod schedule;

pub use policy::{Level, Policy, Target};
pub use roster::{Override, Roster, Swap};
pub use schedule::{Schedule, Shift, Why};
