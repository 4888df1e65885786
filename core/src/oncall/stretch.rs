//! Stretches of time.

use crate::clock::Timestamp;

/// From one moment to another, exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Stretch {
    pub(super) from: Timestamp,
    pub(super) until: Timestamp,
}

impl Stretch {
    /// Whether any time passes in it.
    pub(super) fn is_some(self) -> bool {
        self.from < self.until
    }

    /// Whether both hold a moment.
    pub(super) fn meets(self, other: Self) -> bool {
        self.from < other.until && other.from < self.until
    }

    /// What both hold.
    pub(super) fn clip(self, to: Self) -> Option<Self> {
        Some(Self { from: self.from.max(to.from), until: self.until.min(to.until) }).filter(|both| both.is_some())
    }

    /// The shortest that holds both.
    pub(super) fn and(self, other: Self) -> Self {
        Self { from: self.from.min(other.from), until: self.until.max(other.until) }
    }

    /// What is left of it without those that are taken, which are in order.
    pub(super) fn without(self, taken: &[Self]) -> Vec<Self> {
        let mut left = Vec::new();
        let mut rest = self;
        for taken in taken.iter().filter(|taken| taken.meets(self)) {
            left.extend(Some(Self { until: taken.from, ..rest }).filter(|piece| piece.is_some()));
            rest.from = rest.from.max(taken.until);
        }
        left.extend(Some(rest).filter(|piece| piece.is_some()));
        left
    }
}

/// All of them in order, with those that overlap or touch made one.
pub(super) fn joined(mut all: Vec<Stretch>) -> Vec<Stretch> {
    all.sort_unstable();
    let mut joined: Vec<Stretch> = Vec::with_capacity(all.len());
    for next in all {
        match joined.last_mut() {
            Some(last) if next.from <= last.until => last.until = last.until.max(next.until),
            Some(_) | None => joined.push(next),
        }
    }
    joined
}
