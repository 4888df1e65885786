//! Chance from a seed that can be given again: `MUSTER_SEED`, and `MUSTER_CASES` for how long to try.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

/// A whole number from the environment, if it is there.
///
/// # Panics
/// When it is no number.
#[must_use]
pub fn from_env(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.trim().parse().unwrap_or_else(|_| panic!("{name} must be a whole number, and is “{text}”")))
}

/// The seeds to try: `MUSTER_CASES` of them (or `cases`), from `MUSTER_SEED` (or 1) on.
#[must_use]
pub fn seeds(cases: u64) -> std::ops::Range<u64> {
    let first = from_env("MUSTER_SEED").unwrap_or(1);
    first..first + from_env("MUSTER_CASES").unwrap_or(cases)
}

/// Dice that fall the same way for the same seed.
#[derive(Debug)]
pub struct Dice(StdRng);

impl Dice {
    /// Dice of that seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(StdRng::seed_from_u64(seed))
    }

    /// A number below `end`, which must not be 0.
    pub fn below(&mut self, end: usize) -> usize {
        self.0.random_range(0..end)
    }

    /// One of `from`, which must not be empty.
    pub fn one_of<'a, T: ?Sized>(&mut self, from: &'a [&'a T]) -> &'a T {
        from[self.below(from.len())]
    }

    /// Yes, in so many of a hundred cases.
    pub fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}
