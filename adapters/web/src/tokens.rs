//! Bearer tokens, remembered for a moment so that a busy program does not cost a look-up for every call.
//!
//! A revoked token works for at most [`FRESH`] more, or [`TRUST`] while the database does not answer. Only hashes are
//! remembered, and never more than [`MOST`].

use crate::web::Web;
use muster_core::ids::PersonId;
use muster_core::peer::Peer;
use muster_core::ports::credentials::{Credential, CredentialKind};
use muster_core::ports::store::StoreError;
use muster_core::secret::{Secret, SecretHash};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long a token is believed without looking again.
const FRESH: Duration = Duration::from_secs(5);
/// How long a token is believed when the database does not say in time whether it is still good: what its owner does
/// then is taken and waits, rather than being turned away.
const TRUST: Duration = Duration::from_secs(60);
/// How long the database may take to say so. Commands are answered within 2.5 s, of which core takes 1.75.
pub(crate) const PATIENCE: Duration = Duration::from_millis(250);
/// How many tokens are remembered.
const MOST: usize = 1_024;
/// No token is longer; nothing longer is hashed.
const LONGEST: usize = 256;

/// Whom a token stands for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Bearer {
    /// This person.
    Person(PersonId),
    /// Nobody.
    Nobody,
    /// Not looked at: too many failures.
    Later,
}

/// Tokens seen lately.
#[derive(Default)]
pub(crate) struct Tokens(Mutex<HashMap<SecretHash, (Credential, Instant)>>);

impl Tokens {
    fn remembered(&self, hash: &SecretHash) -> Option<(Credential, Instant)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(hash).cloned()
    }

    fn remember(&self, credential: Credential) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST && !known.contains_key(&credential.hash) {
            known.clear();
        }
        known.insert(credential.hash.clone(), (credential, Instant::now()));
    }

    fn forget(&self, hash: &SecretHash) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(hash);
    }
}

impl Web {
    /// Whom a presented token stands for.
    pub(crate) async fn bearer(&self, presented: &str, peer: Peer) -> Result<Bearer, StoreError> {
        if presented.is_empty() || presented.len() > LONGEST {
            self.guard.failed(peer);
            return Ok(Bearer::Nobody);
        }
        let hash = Secret::presented(presented).hash();
        let now = self.muster.now();
        let known = self.tokens.remembered(&hash);
        if let Some((credential, since)) = &known
            && since.elapsed() < FRESH
            && credential.expires_at.is_none_or(|end| end > now)
        {
            return Ok(Bearer::Person(credential.person.clone()));
        }
        // A token that was good lately is looked up whatever others at the same address do.
        if known.is_none() && !self.guard.admits(peer) {
            return Ok(Bearer::Later);
        }
        let check = self.muster.store().check(CredentialKind::Token, &hash, now);
        let late = |_| StoreError::Unavailable("it takes too long to say whether a token is good".to_owned());
        let found = match (tokio::time::timeout(PATIENCE, check).await.map_err(late), &known) {
            (Ok(Ok(found)), _) => found,
            (Ok(Err(StoreError::Unavailable(_))) | Err(_), Some((credential, since)))
                if since.elapsed() < TRUST && credential.expires_at.is_none_or(|end| end > now) =>
            {
                return Ok(Bearer::Person(credential.person.clone()));
            }
            (Ok(Err(error)) | Err(error), _) => return Err(error),
        };
        Ok(match found {
            Some(credential) => {
                let person = credential.person.clone();
                self.tokens.remember(credential);
                Bearer::Person(person)
            }
            None => {
                self.tokens.forget(&hash);
                self.guard.failed(peer);
                Bearer::Nobody
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use muster_core::clock::Timestamp;

    fn credential(n: usize) -> Credential {
        Credential {
            hash: Secret::presented(format!("mst_{n}")).hash(),
            kind: CredentialKind::Token,
            person: PersonId::from("alice"),
            label: String::new(),
            created_at: Timestamp::UNIX_EPOCH,
            expires_at: None,
        }
    }

    #[test]
    fn what_is_remembered_is_found_by_hash_and_bounded() {
        let tokens = Tokens::default();
        for n in 0..MOST + 5 {
            tokens.remember(credential(n));
        }
        assert!(tokens.0.lock().expect("a lock").len() <= MOST);
        assert!(tokens.remembered(&credential(MOST + 4).hash).is_some());
        tokens.forget(&credential(MOST + 4).hash);
        assert!(tokens.remembered(&credential(MOST + 4).hash).is_none());
    }
}
