//! Whose key it is. Keys are remembered for a moment, so that a busy source costs no look-up for every request.
//!
//! A revoked key works for at most [`FRESH`] more, or [`TRUST`] while the database does not answer. Only hashes are
//! remembered, and never more than [`MOST`]. Whoever comes with keys that nobody has seen is slowed down by address, so
//! that guessing does not load the database; the keys themselves cannot be guessed.

use crate::config::Kind;
use crate::ingest::{Feed, Ingest};
use crate::refusal::Refusal;
use chrono::TimeDelta;
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use muster_core::clock::Timestamp;
use muster_core::secret::{Secret, SecretHash};
use std::collections::HashMap;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Arc, PoisonError, RwLock};

/// How long a key is believed without looking again.
const FRESH: TimeDelta = TimeDelta::seconds(5);
/// How long a key is believed when the database does not say whether it is still good.
const TRUST: TimeDelta = TimeDelta::seconds(60);
/// How many keys are remembered.
const MOST: usize = 4_096;
/// How many addresses are remembered; when more come, those that have been quiet are forgotten.
const PEERS: usize = 4_096;
/// No key is longer; nothing longer is hashed.
const LONGEST: usize = 256;
/// So many unknown keys an address may present in a minute.
const UNKNOWN: NonZeroU32 = NonZeroU32::MIN.saturating_add(59);

/// The keys seen lately, and who has come with others.
pub(crate) struct Door {
    known: RwLock<HashMap<SecretHash, (String, Timestamp)>>,
    strangers: DefaultKeyedRateLimiter<Option<IpAddr>>,
}

impl Default for Door {
    fn default() -> Self {
        Self { known: RwLock::default(), strangers: RateLimiter::keyed(Quota::per_minute(UNKNOWN)) }
    }
}

impl Door {
    fn remembered(&self, hash: &SecretHash) -> Option<(String, Timestamp)> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).get(hash).cloned()
    }

    fn remember(&self, hash: SecretHash, source: String, now: Timestamp) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST && !known.contains_key(&hash) {
            known.clear();
        }
        known.insert(hash, (source, now));
    }

    fn forget(&self, hash: &SecretHash) {
        self.known.write().unwrap_or_else(PoisonError::into_inner).remove(hash);
    }

    /// Whether somebody at this address may try a key that nobody has seen.
    fn hears(&self, peer: Option<IpAddr>) -> Result<(), Refusal> {
        if self.strangers.len() > PEERS {
            self.strangers.retain_recent();
        }
        self.strangers.check_key(&peer).map_err(|until| Refusal::TooFast(seconds(&until)))
    }
}

impl Ingest {
    /// The source of the key that somebody presents, if it may send what it sends, now.
    pub(crate) async fn admit(
        &self,
        kind: Kind,
        presented: Option<&str>,
        peer: Option<IpAddr>,
    ) -> Result<Arc<Feed>, Refusal> {
        let source = self.whose(presented, peer).await?;
        let feed = self.feed(&source).ok_or(Refusal::NoKey)?;
        if feed.source.kind != kind {
            return Err(Refusal::OtherKind(feed.source.kind));
        }
        match feed.limiter.check() {
            Ok(()) => Ok(feed),
            Err(until) => Err(Refusal::TooFast(seconds(&until))),
        }
    }

    async fn whose(&self, presented: Option<&str>, peer: Option<IpAddr>) -> Result<String, Refusal> {
        let presented = presented.filter(|key| !key.is_empty() && key.len() <= LONGEST).ok_or(Refusal::NoKey)?;
        let hash = Secret::presented(presented).hash();
        let now = self.clock.now();
        let known = self.door.remembered(&hash);
        match &known {
            Some((source, since)) if now - *since < FRESH => return Ok(source.clone()),
            Some(_) => {}
            None => self.door.hears(peer)?,
        }
        match (self.desk.source_of(&hash).await, known) {
            (Ok(Some(source)), _) => {
                self.door.remember(hash, source.clone(), now);
                Ok(source)
            }
            (Ok(None), _) => {
                self.door.forget(&hash);
                Err(Refusal::NoKey)
            }
            (Err(_), Some((source, since))) if now - since < TRUST => Ok(source),
            (Err(_), Some(_) | None) => Err(Refusal::Late),
        }
    }
}

fn seconds(until: &governor::NotUntil<<DefaultClock as governor::clock::Clock>::Instant>) -> u64 {
    until.wait_time_from(DefaultClock::default().now()).as_secs() + 1
}
