//! What proves that somebody has the letter that a link was in. Nothing of it is kept: it follows from a key of the operator's.

use super::{Channel, SubscriberId};
use crate::secret::Secret;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt;

/// The shortest key, in bytes.
const SHORTEST: usize = 32;

/// Half of what SHA-256 yields, in bytes.
const HALF: usize = 16;

/// Hexadecimal digits as bytes.
fn halved(digits: &str) -> Option<Vec<u8>> {
    let digits = digits.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).ok());
    digits.map(|pair| u8::from_str_radix(pair?, 16).ok()).collect()
}

/// What a link does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkUse {
    /// Says that it was them who asked.
    Confirm,
    /// Leaves.
    Leave,
    /// Says that a letter came back.
    Bounce,
}

impl LinkUse {
    /// Its word: what the path of a link begins with.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Leave => "leave",
            Self::Bounce => "bounce",
        }
    }
}

/// The key that links of subscribers are made with. Keys are compared to see whether the config has changed, and proofs never this way.
#[derive(Clone, PartialEq, Eq)]
pub struct LinkKey(Vec<u8>);

impl fmt::Debug for LinkKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkKey(…)")
    }
}

impl LinkKey {
    /// The key, if it is long enough.
    #[must_use]
    pub fn new(key: &str) -> Option<Self> {
        (key.len() >= SHORTEST).then(|| Self(key.as_bytes().to_vec()))
    }

    fn mac(&self, about: &str) -> Option<Hmac<Sha256>> {
        // An HMAC takes a key of any length: <https://www.rfc-editor.org/rfc/rfc2104>.
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).ok()?;
        mac.update(about.as_bytes());
        Some(mac)
    }

    fn about(what: LinkUse, subscriber: SubscriberId) -> String {
        format!("{}/{subscriber}", what.word())
    }

    /// The link for one use by one subscriber, on the page at that address: `https://status.example.com/leave/s42/PROOF`.
    #[must_use]
    pub fn link(&self, page: &str, what: LinkUse, subscriber: SubscriberId) -> String {
        format!("{page}/{}/{}", Self::about(what, subscriber), self.proof(what, subscriber))
    }

    /// The proof for one use by one subscriber. That of a bounce is part of an address, where there is little room and capitals may be
    /// lost on the way: it is the first half, in hexadecimal digits (<https://www.rfc-editor.org/rfc/rfc2104#section-5>).
    #[must_use]
    pub fn proof(&self, what: LinkUse, subscriber: SubscriberId) -> String {
        let Some(mac) = self.mac(&Self::about(what, subscriber)) else { return String::new() };
        let bytes = mac.finalize().into_bytes();
        match what {
            LinkUse::Confirm | LinkUse::Leave => URL_SAFE_NO_PAD.encode(bytes),
            LinkUse::Bounce => bytes.iter().take(HALF).map(|byte| format!("{byte:02x}")).collect(),
        }
    }

    /// Whether a proof is right, told in the same time whatever is wrong with it.
    #[must_use]
    pub fn accepts(&self, what: LinkUse, subscriber: SubscriberId, proof: &str) -> bool {
        let Some(mac) = self.mac(&Self::about(what, subscriber)) else { return false };
        match what {
            LinkUse::Confirm | LinkUse::Leave => {
                URL_SAFE_NO_PAD.decode(proof).is_ok_and(|proof| mac.verify_slice(&proof).is_ok())
            }
            LinkUse::Bounce => {
                halved(proof).is_some_and(|proof| proof.len() == HALF && mac.verify_truncated_left(&proof).is_ok())
            }
        }
    }

    /// What requests to a webhook of that subscriber are signed with: `whsec_…`.
    #[must_use]
    pub fn signing_secret(&self, subscriber: SubscriberId) -> Secret {
        let about = format!("{}/{subscriber}", Channel::Webhook.word());
        let bytes = self.mac(&about).map(|mac| mac.finalize().into_bytes()).unwrap_or_default();
        Secret::presented(format!("whsec_{}", STANDARD.encode(bytes)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proof_is_good_for_one_use_by_one_subscriber_with_one_key() {
        let key = LinkKey::new("0123456789abcdef0123456789abcdef").expect("long enough");
        let other = LinkKey::new("another key of at least that length").expect("long enough");
        let proof = key.proof(LinkUse::Leave, SubscriberId(7));
        assert!(key.accepts(LinkUse::Leave, SubscriberId(7), &proof));
        assert!(!key.accepts(LinkUse::Confirm, SubscriberId(7), &proof));
        assert!(!key.accepts(LinkUse::Leave, SubscriberId(8), &proof));
        assert!(!other.accepts(LinkUse::Leave, SubscriberId(7), &proof));
        assert!(!key.accepts(LinkUse::Leave, SubscriberId(7), ""));
        assert!(LinkKey::new("short").is_none());
    }

    #[test]
    fn a_bounce_is_proven_within_an_address_whatever_becomes_of_its_capitals() {
        let key = LinkKey::new("0123456789abcdef0123456789abcdef").expect("long enough");
        let proof = key.proof(LinkUse::Bounce, SubscriberId(7));
        assert!(proof.len() == 32 && proof.bytes().all(|byte| byte.is_ascii_hexdigit()));
        assert!(key.accepts(LinkUse::Bounce, SubscriberId(7), &proof));
        assert!(key.accepts(LinkUse::Bounce, SubscriberId(7), &proof.to_uppercase()));
        assert!(!key.accepts(LinkUse::Bounce, SubscriberId(8), &proof));
        for wrong in
            ["", &proof[..2], &proof[..30], &format!("{proof}00"), "é".repeat(16).as_str(), "+1".repeat(16).as_str()]
        {
            assert!(!key.accepts(LinkUse::Bounce, SubscriberId(7), wrong), "{wrong}");
        }
    }
}
