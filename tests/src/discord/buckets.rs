//! Rate limits by bucket, and the headers that tell of them.
//! <https://docs.discord.com/developers/topics/rate-limits>

use muster_core::clock::Timestamp;
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// How many requests of a route there may be in how long, by what the path is about.
#[derive(Debug, Clone, Copy)]
struct Size {
    limit: u32,
    span: Duration,
}

/// One that is in force nowhere: what is not limited by a test shows these headers.
const ROOMY: Size = Size { limit: 1000, span: Duration::from_secs(1) };

/// What is left of a bucket.
#[derive(Debug, Clone, Copy)]
struct Level {
    used: u32,
    until: Timestamp,
    /// When a request was first refused.
    told: Option<Instant>,
}

/// What the headers of an answer say.
#[derive(Debug, Clone, Copy)]
pub(super) struct Told {
    pub(super) limit: u32,
    pub(super) remaining: u32,
    pub(super) reset: Timestamp,
    pub(super) after: Duration,
    /// Whether the request was one too many.
    pub(super) is_over: bool,
    /// Since when that had been told.
    pub(super) told: Option<Instant>,
}

/// All buckets.
#[derive(Debug, Default)]
pub(super) struct Buckets {
    sizes: HashMap<String, Size>,
    levels: HashMap<(String, String), Level>,
}

impl Buckets {
    /// That route has this size from now on.
    pub(super) fn set(&mut self, route: &str, limit: u32, span: Duration) {
        self.sizes.insert(route.to_owned(), Size { limit, span });
    }

    /// Takes one request out of its bucket, which is the route's and that of its major parameter.
    pub(super) fn take(&mut self, now: Timestamp, route: &str, major: &str) -> Told {
        let known = self.sizes.get(route).copied();
        let size = known.unwrap_or(ROOMY);
        let fresh = Level { used: 0, until: now + size.span, told: None };
        let level = self.levels.entry((route.to_owned(), major.to_owned())).or_insert(fresh);
        if level.until <= now {
            *level = fresh;
        }
        let is_over = known.is_some() && level.used >= size.limit;
        let told = level.told;
        if is_over {
            level.told.get_or_insert_with(Instant::now);
        } else {
            level.used += 1;
        }
        let remaining = if known.is_some() { size.limit.saturating_sub(level.used) } else { size.limit - 1 };
        let after = (level.until - now).to_std().unwrap_or_default();
        Told { limit: size.limit, remaining, reset: level.until, after, is_over, told }
    }
}

/// The name of a route's bucket: opaque, and without the major parameter.
pub(super) fn name(route: &str) -> String {
    let sum = route
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{sum:016x}")
}
