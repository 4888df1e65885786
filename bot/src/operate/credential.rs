//! What tokens and keys have in common in the shell: their ids, and how one is revoked.

use crate::say;
use anyhow::bail;
use muster_core::app::Muster;
use muster_core::ports::credentials::{Credential, CredentialKind};
use muster_core::secret::Secret;
use std::process::ExitCode;

/// How much of a hash stands for a credential in a list.
const SHOWN: usize = 12;
/// How much of it must be typed to mean one.
const LEAST: usize = 4;

/// A sort of credential, as the shell speaks of it.
pub(super) struct Sort {
    /// What it opens.
    pub(super) kind: CredentialKind,
    /// The word for one: `token`.
    pub(super) word: &'static str,
    /// Whether that is one in the clear.
    pub(super) is_secret: fn(&str) -> bool,
}

/// What stands for it in a list.
pub(super) fn id(credential: &Credential) -> &str {
    credential.hash.as_str().get(..SHOWN).unwrap_or(credential.hash.as_str())
}

/// Revokes the one whose id begins so, or that is given in the clear.
pub(super) async fn revoke(muster: &Muster, sort: &Sort, prefix: &str) -> anyhow::Result<ExitCode> {
    let prefix = prefix.trim().to_ascii_lowercase();
    let word = sort.word;
    let prefix = match (sort.is_secret)(&prefix) {
        true => Secret::presented(&prefix).hash().as_str().to_owned(),
        false if prefix.len() < LEAST || !prefix.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
            bail!("give the id that `muster {word} list` shows, or at least its first {LEAST} characters")
        }
        false => prefix,
    };
    let all = muster.store().list(sort.kind).await?;
    let meant: Vec<_> = all.iter().filter(|one| one.hash.as_str().starts_with(&prefix)).collect();
    match meant[..] {
        [] => bail!("no {word} has that id; see `muster {word} list`"),
        [one] => {
            muster.store().revoke(sort.kind, one.hash.as_str()).await?;
            say::out(&format!("Revoked {}'s {word} {} ({}).", one.person, id(one), one.label));
            Ok(ExitCode::SUCCESS)
        }
        [..] => bail!("{} {word}s have an id that begins so; give more of it", meant.len()),
    }
}
