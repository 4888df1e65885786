//! On-call: who carries the phone when, and whom a page goes to, one after another. Pure.

mod load;
mod policy;
mod proofs;
mod roster;
mod schedule;

pub use load::{Limits, Load};
pub use policy::{Level, Policy, Target};
pub use proofs::{Proof, Proofs};
pub use roster::{Override, Roster, Swap};
pub use schedule::{Schedule, Shift, Why};
