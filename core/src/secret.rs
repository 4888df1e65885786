//! Secrets: how they are made, and how they are kept so that the database never holds one.

use crate::clock::Entropy;
use sha2::{Digest, Sha256};
use std::fmt;

/// A secret in the clear. It exists only between the moment it is made and the moment it is shown or checked,
/// and never prints itself.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

/// Letters and digits that cannot be mistaken for one another (Crockford's base 32).
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

impl Secret {
    /// A secret of 256 random bits behind a prefix that secret scanners can recognise.
    pub fn generate(prefix: &str, entropy: &dyn Entropy) -> Self {
        Self(format!("{prefix}{}", random_letters(52, entropy)))
    }

    /// The length of an integration key.
    pub const KEY: usize = 32;

    /// An integration key: 160 random bits in the 32 characters that clients of PagerDuty expect.
    /// <https://developer.pagerduty.com/docs/send-alert-event>
    pub fn key(entropy: &dyn Entropy) -> Self {
        Self(random_letters(Self::KEY, entropy))
    }

    /// A code short enough to be typed by hand: 40 random bits, `k3fm-9ta2`. Use only with a short life.
    pub fn short_code(entropy: &dyn Entropy) -> Self {
        let letters = random_letters(8, entropy);
        Self(format!("{}-{}", &letters[..4], &letters[4..]))
    }

    /// What somebody presented, to be compared by its hash.
    pub fn presented(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The clear text, for the one place that shows it to its owner.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is kept and compared: SHA-256 in lower-case hexadecimal.
    /// A slow hash adds nothing for secrets of full entropy.
    #[must_use]
    pub fn hash(&self) -> SecretHash {
        let digest = Sha256::digest(self.0.trim().to_ascii_lowercase().as_bytes());
        let digit = |half: u8| char::from(b"0123456789abcdef"[usize::from(half)]);
        SecretHash(digest.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

fn random_letters(count: usize, entropy: &dyn Entropy) -> String {
    let mut bytes = vec![0; count];
    entropy.fill(&mut bytes);
    bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect()
}

/// The hash of a [`Secret`].
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct SecretHash(String);

impl SecretHash {
    /// The hash as it is stored.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A hash read back from the store.
    #[must_use]
    pub fn stored(text: String) -> Self {
        Self(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemEntropy;

    #[test]
    fn a_secret_never_prints_itself() {
        let secret = Secret::generate("mst_", &SystemEntropy);
        assert_eq!(format!("{secret:?}"), "Secret(…)");
        assert!(secret.reveal().starts_with("mst_") && secret.reveal().len() == 56);
    }

    #[test]
    fn a_code_may_be_typed_in_capitals_and_with_spaces_around_it() {
        let code = Secret::presented("k3fm-9ta2");
        assert_eq!(code.hash(), Secret::presented(" K3FM-9TA2 ").hash());
        assert_ne!(code.hash(), Secret::presented("k3fm-9ta3").hash());
    }
}
