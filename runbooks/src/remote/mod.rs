//! Runners elsewhere: a machine of ours, in a network that Muster does not reach, asks for work, and does what it is sure that
//! Muster has ordered: signed, for it, for one of its labels, now, and never done before.

mod attend;
mod gate;
mod journal;
mod key;
mod line;
mod pause;
mod runner;

pub use gate::{Gate, Refused};
pub use journal::Journal;
pub use key::{KeyError, SigningKey, Trusted};
pub use line::{Line, LineError};
pub use runner::{Ports, Runner, Stop};
