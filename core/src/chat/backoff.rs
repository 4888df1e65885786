//! How long to wait before a lost connection is opened again.

use crate::clock::Entropy;
use std::time::Duration;

/// A connection that held so long was a good one: when it is lost, the next is opened at once.
pub const STEADY: Duration = Duration::from_secs(30);
/// The shortest pause before another attempt, once there is one.
const SHORTEST: Duration = Duration::from_millis(500);
/// The longest.
const LONGEST: Duration = Duration::from_secs(30);

/// None after the first failure, then longer and longer; half of it is chance, so that many who lost a platform at once
/// do not come back at once.
#[must_use]
pub fn pause(failures: u32, entropy: &dyn Entropy) -> Duration {
    if failures < 2 {
        return Duration::ZERO;
    }
    let whole = SHORTEST.saturating_mul(2_u32.saturating_pow(failures - 2)).min(LONGEST);
    whole / 2 + (whole / 2).mul_f64(share(entropy))
}

/// A random share of one.
#[must_use]
pub fn share(entropy: &dyn Entropy) -> f64 {
    let mut dice = [0];
    entropy.fill(&mut dice);
    f64::from(dice[0]) / 255.0
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Dice(u8);
    impl Entropy for Dice {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0);
        }
    }

    #[test]
    fn the_first_attempt_comes_at_once_and_the_later_ones_ever_more_rarely() {
        let most: Vec<_> = (0..12).map(|failures| pause(failures, &Dice(255)).as_millis()).collect();
        let expected = [0, 0, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000, 30_000];
        assert_eq!(most, expected);
        assert_eq!(pause(u32::MAX, &Dice(0)), LONGEST / 2, "half of it is chance");
    }
}
