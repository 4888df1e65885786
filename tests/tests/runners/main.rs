//! Runners elsewhere: they do what Muster has ordered, and nothing else, and nothing twice.

#![expect(clippy::unwrap_used, reason = "the helpers of a test panic as the test would")]

mod alone;
mod door;
mod refused;
mod through;
mod under_way;
