//! Failed sign-ins and tokens, counted per peer: whoever fails too often is not looked up for a while.
//!
//! The secrets themselves cannot be guessed (256 bits); this keeps the guessing from loading the database.

use axum::extract::ConnectInfo;
use axum::http::Extensions;
use muster_core::peer::Peer;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long failures are counted together.
const WINDOW: Duration = Duration::from_secs(60);
/// How many failures a peer has in one window.
const FAILURES: u32 = 30;
/// How many peers are remembered. When more fail at once, the count starts over for all: memory is bounded first.
const PEERS: usize = 4_096;

/// The peer of a request, as the listener saw it.
pub(crate) fn peer(extensions: &Extensions) -> Peer {
    Peer::at(extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip()))
}

/// Counts failures.
#[derive(Default)]
pub(crate) struct Guard(Mutex<HashMap<Peer, (Instant, u32)>>);

impl Guard {
    /// Whether this peer may try a secret nobody has seen before.
    pub(crate) fn admits(&self, peer: Peer) -> bool {
        let failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        failures.get(&peer).is_none_or(|(since, count)| since.elapsed() > WINDOW || *count < FAILURES)
    }

    /// This peer came with something that opens nothing.
    pub(crate) fn failed(&self, peer: Peer) {
        metrics::counter!("muster_sign_in_failures_total").increment(1);
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if failures.len() >= PEERS && !failures.contains_key(&peer) {
            failures.retain(|_, (since, _)| since.elapsed() <= WINDOW);
            if failures.len() >= PEERS {
                failures.clear();
            }
        }
        let entry = failures.entry(peer).or_insert((Instant::now(), 0));
        if entry.0.elapsed() > WINDOW {
            *entry = (Instant::now(), 0);
        }
        entry.1 = entry.1.saturating_add(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    fn peer(address: &str) -> Peer {
        Peer::at(Some(address.parse().expect("an address")))
    }

    #[test]
    fn whoever_fails_too_often_is_not_looked_up_and_nobody_else_notices() {
        let guard = Guard::default();
        for _ in 0..FAILURES {
            assert!(guard.admits(peer("192.0.2.1")));
            guard.failed(peer("192.0.2.1"));
        }
        assert!(!guard.admits(peer("192.0.2.1")));
        assert!(guard.admits(peer("192.0.2.2")));
    }

    #[test]
    fn the_memory_is_bounded_however_many_fail() {
        let guard = Guard::default();
        for n in 0..u32::try_from(PEERS + 10).expect("a small number") {
            guard.failed(Peer::at(Some(Ipv4Addr::from(n).into())));
        }
        assert!(guard.0.lock().expect("a lock").len() <= PEERS);
    }
}
