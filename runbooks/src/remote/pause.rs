//! The pause before something is tried again: longer each time, and half of it chance, so that many do not come at once.

use muster_core::clock::Entropy;
use std::time::Duration;

const FIRST: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(30);

/// The next pause.
#[derive(Debug, Default)]
pub(super) struct Pause(u32);

impl Pause {
    pub(super) fn next(&mut self, entropy: &dyn Entropy) -> Duration {
        let whole = FIRST.saturating_mul(1 << self.0.min(10)).min(LONGEST);
        self.0 = self.0.saturating_add(1);
        let mut chance = [0];
        entropy.fill(&mut chance);
        whole / 2 + whole / 2 * u32::from(chance[0]) / 255
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Always(u8);

    impl Entropy for Always {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0);
        }
    }

    #[test]
    fn pauses_double_up_to_the_longest_and_half_of_each_is_chance() {
        let pauses = |chance| {
            let mut pause = Pause::default();
            (0..9).map(|_| pause.next(&Always(chance)).as_millis()).collect::<Vec<_>>()
        };
        assert_eq!(pauses(255), [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
        assert_eq!(pauses(0), [250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
    }
}
