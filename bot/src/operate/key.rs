//! `key`: integration keys, by which monitoring systems send alerts. Only their hashes are kept; a source may have several, so
//! that one can take the place of another without a gap.

use super::credential::{self, Sort, id};
use super::shown;
use crate::config::{Config, did_you_mean};
use crate::say;
use anyhow::bail;
use muster_core::app::Muster;
use muster_core::ids::PersonId;
use muster_core::ports::credentials::{Credential, CredentialKind};
use muster_core::secret::Secret;
use muster_ingest::Source;
use std::process::ExitCode;

/// Makes a key for a source and prints it, alone.
pub(super) async fn create(muster: &Muster, config: &Config, source: &str) -> anyhow::Result<ExitCode> {
    let known = || config.ingest.sources.iter();
    let Some(source) = known().find(|one| one.id == source) else {
        let near = did_you_mean(source, known().map(|one| one.id.as_str()));
        bail!("there is no [[source]] `{source}` in the config{near}")
    };
    let secret = Secret::key(muster.entropy());
    let key = Credential {
        hash: secret.hash(),
        kind: CredentialKind::Integration,
        person: PersonId::from("muster"),
        label: source.id.clone(),
        created_at: muster.now(),
        expires_at: None,
    };
    muster.store().grant(&key).await?;
    say::out(secret.reveal());
    say::aside(&format!("This is the key {} of {}. It is not shown again. {}", id(&key), source.id, where_to(source)));
    Ok(ExitCode::SUCCESS)
}

fn where_to(source: &Source) -> String {
    format!("docs/alerts-in.md says where it goes; the path begins with /in/{}.", source.kind.word())
}

/// Lists the keys.
pub(super) async fn list(muster: &Muster) -> anyhow::Result<ExitCode> {
    let keys = muster.store().list(CredentialKind::Integration).await?;
    if keys.is_empty() {
        say::aside("There are no keys; make one with `muster key create SOURCE`.");
        return Ok(ExitCode::SUCCESS);
    }
    let row = |key: &Credential| vec![id(key).to_owned(), key.label.clone(), shown(key.created_at)];
    say::out(&say::table(&["ID", "SOURCE", "MADE"], &keys.iter().map(row).collect::<Vec<_>>()));
    Ok(ExitCode::SUCCESS)
}

/// Revokes the one key whose id begins so. It opens nothing any more within seconds.
pub(super) async fn revoke(muster: &Muster, prefix: &str) -> anyhow::Result<ExitCode> {
    let is_secret = |typed: &str| typed.len() == Secret::KEY;
    credential::revoke(muster, &Sort { kind: CredentialKind::Integration, word: "key", is_secret }, prefix).await
}
