//! The secrets that steps may use: where each is, read at the moment it is needed, so that a new value needs no restart.

use std::collections::BTreeMap;
use std::fmt;
use std::io::Read;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// The fewest characters of a secret, spaces aside. A shorter one could not be told from ordinary words, and kept out of them.
pub const SHORTEST: usize = 6;
/// The most bytes of one.
const LONGEST: u64 = 64 * 1024;

/// Where a secret is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretSource {
    /// In a variable of the environment.
    Env(String),
    /// In a file.
    File(PathBuf),
    /// In a file that is encrypted with age (<https://age-encryption.org/v1>), armoured or not.
    Age(PathBuf),
}

/// Why a secret cannot be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NoSecret(String);

/// A value of a secret. It never prints itself, and is gone from memory with its owner.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretValue(Zeroizing<String>);

impl SecretValue {
    /// A value, without the end of the line that editors put after it.
    pub(super) fn of(text: &str) -> Self {
        Self(Zeroizing::new(text.trim_end_matches(['\n', '\r']).to_owned()))
    }

    /// The clear text, for the request or the program that it is meant for.
    pub(super) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecretValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretValue(…)")
    }
}

/// Where the secrets are, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Secrets {
    /// Each.
    pub sources: BTreeMap<String, SecretSource>,
    /// The file with the identities that open those encrypted with age.
    pub identities: Option<PathBuf>,
}

impl Secrets {
    /// The value of one, as it is now.
    ///
    /// # Errors
    /// When there is none, it cannot be read, or it is too short or too long.
    pub fn read(&self, name: &str) -> Result<SecretValue, NoSecret> {
        let source = self.sources.get(name).ok_or_else(|| NoSecret(format!("there is no secret {name}")))?;
        let read = match source {
            SecretSource::Env(variable) => std::env::var(variable)
                .map(Zeroizing::new)
                .map_err(|_| format!("the environment has no variable {variable}, or it is no text")),
            SecretSource::File(path) => text(path, bytes(path)),
            SecretSource::Age(path) => text(path, bytes(path).and_then(|sealed| self.opened(path, &sealed))),
        };
        let value = SecretValue::of(&read.map_err(NoSecret)?);
        if value.reveal().chars().filter(|c| !c.is_whitespace()).count() < SHORTEST {
            return Err(NoSecret(format!(
                "this has fewer than {SHORTEST} characters: it could not be kept out of what steps say"
            )));
        }
        Ok(value)
    }

    /// All that can be read now.
    pub(super) fn all(&self) -> BTreeMap<String, Result<SecretValue, NoSecret>> {
        self.sources.keys().map(|name| (name.clone(), self.read(name))).collect()
    }

    fn opened(&self, path: &Path, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, String> {
        let keys = self.identities.as_deref().ok_or("runbooks.age_identity is not set, which would open it")?;
        let file = age::IdentityFile::from_buffer(&bytes(keys)?[..]);
        let identities = file.map_err(|_| format!("{} holds no identities of age", keys.display()))?;
        let identities = identities.into_identities().map_err(|_| format!("{} cannot be used", keys.display()))?;
        let open = || -> Result<Zeroizing<Vec<u8>>, age::DecryptError> {
            let decryptor = age::Decryptor::new(age::armor::ArmoredReader::new(sealed))?;
            let reader = decryptor.decrypt(identities.iter().map(|identity| &**identity as &dyn age::Identity))?;
            let mut value = Zeroizing::new(Vec::new());
            reader.take(LONGEST + 1).read_to_end(&mut value)?;
            Ok(value)
        };
        open().map_err(|error| format!("{} cannot be opened: {error}", path.display()))
    }
}

fn bytes(path: &Path) -> Result<Zeroizing<Vec<u8>>, String> {
    let read = || {
        let mut bytes = Zeroizing::new(Vec::new());
        std::fs::File::open(path)?.take(LONGEST + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    read().map_err(|error: std::io::Error| format!("{} cannot be read: {error}", path.display()))
}

fn text(path: &Path, bytes: Result<Zeroizing<Vec<u8>>, String>) -> Result<Zeroizing<String>, String> {
    let bytes = bytes?;
    if bytes.len() as u64 > LONGEST {
        return Err(format!("{} holds more than {} KB", path.display(), LONGEST / 1024));
    }
    let text = std::str::from_utf8(&bytes).map_err(|_| format!("{} is no text", path.display()))?;
    Ok(Zeroizing::new(text.to_owned()))
}
