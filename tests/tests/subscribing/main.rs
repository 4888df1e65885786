//! Those outside who want to be told: they ask, confirm and leave; what is published reaches each of them once; and no page waits
//! for any of it.

#![expect(clippy::unwrap_used, reason = "the helpers of a test panic as the test would")]

mod asks;
mod depot;
mod pace;
mod pages;
mod standing;
mod town;
