//! Proofs of what customers are told, whatever happens to the process that tells them, and whoever tries what.

#![expect(clippy::unwrap_used, reason = "the helpers of a test panic as the test would")]

mod again;
mod house;
mod kill;
mod killed;
mod ledger;
mod life;
mod lives;
mod matrix;
mod shared;
