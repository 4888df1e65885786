//! Proofs of what subscribers are told, whatever happens to the process that tells them.

#![expect(clippy::unwrap_used, reason = "the helpers of a test panic as the test would")]

mod kill;
mod life;
