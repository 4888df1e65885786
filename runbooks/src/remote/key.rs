//! Keys: Muster signs with one (Ed25519, RFC 8032), and runners trust one or several, so that one can take the place of another.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey as Secret, VerifyingKey};
use muster_core::clock::Entropy;
use muster_core::ports::signer::Signer;
use std::fmt;

/// What stands before a key that must stay secret, and before one that may be known.
const PREFIXES: (&str, &str) = ("muster-signing-key:", "muster-public-key:");

/// What a signature is made of beside the order, so that it is good for nothing else.
const CONTEXT: &str = "muster runner order 1\n";

/// Why a key cannot be used. It never shows the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// It is no key to sign with.
    #[error("this is no signing key; make one with `muster runner keygen FILE`")]
    NotSigning,
    /// It is no key to trust.
    #[error("this is no public key of Muster; `muster runner keygen` printed it: muster-public-key:…")]
    NotPublic,
}

/// The key that Muster signs with.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningKey(Secret);

impl SigningKey {
    /// A new one.
    pub fn generate(entropy: &dyn Entropy) -> Self {
        let mut bytes = [0; 32];
        entropy.fill(&mut bytes);
        Self(Secret::from_bytes(&bytes))
    }

    /// Reads one as it is kept.
    ///
    /// # Errors
    /// When it is none.
    pub fn read(text: &str) -> Result<Self, KeyError> {
        let bytes = bytes(text, PREFIXES.0).ok_or(KeyError::NotSigning)?;
        Ok(Self(Secret::from_bytes(&bytes)))
    }

    /// As it is kept, where nobody else can read it.
    #[must_use]
    pub fn reveal(&self) -> String {
        format!("{}{}", PREFIXES.0, STANDARD.encode(self.0.as_bytes()))
    }

    /// The public key that goes with it.
    #[must_use]
    pub fn public(&self) -> String {
        format!("{}{}", PREFIXES.1, STANDARD.encode(self.0.verifying_key().as_bytes()))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(…)")
    }
}

impl Signer for SigningKey {
    fn sign(&self, order: &str) -> String {
        STANDARD.encode(self.0.sign(&signed(order)).to_bytes())
    }
}

/// The public keys that a runner trusts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trusted(Vec<VerifyingKey>);

impl Trusted {
    /// Trusts one more key.
    ///
    /// # Errors
    /// When it is none.
    pub fn add(&mut self, text: &str) -> Result<(), KeyError> {
        let bytes = bytes(text, PREFIXES.1).ok_or(KeyError::NotPublic)?;
        let key = VerifyingKey::from_bytes(&bytes).map_err(|_| KeyError::NotPublic)?;
        // A weak key lets anybody sign.
        if key.is_weak() {
            return Err(KeyError::NotPublic);
        }
        self.0.push(key);
        Ok(())
    }

    /// Whether one of them has signed that order.
    #[must_use]
    pub fn has_signed(&self, order: &str, signature: &str) -> bool {
        let bytes = STANDARD.decode(signature).ok().and_then(|bytes| <[u8; 64]>::try_from(bytes).ok());
        let Some(signature) = bytes.map(|bytes| Signature::from_bytes(&bytes)) else { return false };
        self.0.iter().any(|key| key.verify_strict(&signed(order), &signature).is_ok())
    }
}

fn bytes(text: &str, prefix: &str) -> Option<[u8; 32]> {
    STANDARD.decode(text.trim().strip_prefix(prefix)?).ok()?.try_into().ok()
}

fn signed(order: &str) -> Vec<u8> {
    [CONTEXT.as_bytes(), order.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use muster_core::clock::SystemEntropy;

    #[test]
    fn what_one_key_signs_only_who_trusts_it_believes() {
        let [ours, old, theirs] = [(); 3].map(|()| SigningKey::generate(&SystemEntropy));
        let ours = SigningKey::read(&format!(" {}\n", ours.reveal())).expect("it was made here");
        let mut trusted = Trusted::default();
        assert!(!trusted.has_signed("{}", &ours.sign("{}")), "nobody is trusted");
        for key in [&ours, &old] {
            trusted.add(&key.public()).expect("it was made here");
        }
        assert!(trusted.has_signed("{}", &ours.sign("{}")) && trusted.has_signed("{}", &old.sign("{}")));
        assert!(!trusted.has_signed("{}", &theirs.sign("{}")));
        assert!(!trusted.has_signed("{ }", &ours.sign("{}")), "another order");
        let bare = STANDARD.encode(ours.0.sign(b"{}").to_bytes());
        for signature in ["", "nonsense", bare.as_str(), &ours.sign("{}")[1..]] {
            assert!(!trusted.has_signed("{}", signature), "{signature}");
        }
    }

    #[test]
    fn one_key_is_not_taken_for_the_other_and_none_is_shown() {
        let key = SigningKey::generate(&SystemEntropy);
        assert_eq!(SigningKey::read(&key.public()).err(), Some(KeyError::NotSigning));
        assert_eq!(Trusted::default().add(&key.reveal()), Err(KeyError::NotPublic));
        let weak = format!("{}{}", PREFIXES.1, STANDARD.encode([0; 32]));
        assert_eq!(Trusted::default().add(&weak), Err(KeyError::NotPublic));
        assert_eq!(format!("{key:?}"), "SigningKey(…)");
    }
}
