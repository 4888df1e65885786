//! `runner`: the key that Muster signs with, and the keys with which runners come in.

use super::credential::{self, Sort, id};
use super::shown;
use crate::config::did_you_mean;
use crate::say;
use anyhow::{Context, bail};
use muster_core::app::Muster;
use muster_core::clock::SystemEntropy;
use muster_core::ids::PersonId;
use muster_core::ports::credentials::{Credential, CredentialKind};
use muster_core::secret::Secret;
use muster_runbooks::remote::SigningKey;
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::Path;
use std::process::ExitCode;

/// What a runner's key begins with.
const PREFIX: &str = "mrk_";

/// Makes the key that Muster signs with, and prints the public one, alone.
pub(crate) fn keygen(path: &Path) -> anyhow::Result<ExitCode> {
    let shown = path.display();
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = match options.open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            bail!("{shown} exists already and stays as it is: what runners trust must not be lost by accident")
        }
        Err(error) => return Err(error).with_context(|| format!("{shown} cannot be written")),
    };
    let key = SigningKey::generate(&SystemEntropy);
    writeln!(file, "{}", key.reveal())
        .and_then(|()| file.sync_all())
        .with_context(|| format!("{shown} cannot be written"))?;
    say::out(&key.public());
    say::aside(&format!(
        "The key is in {shown}: name it in [runbooks] as signing_key = {{ file = \"…\" }}, and let nobody else read it. \
         The line above is what runners trust: put it into trusts of each runner.toml."
    ));
    Ok(ExitCode::SUCCESS)
}

/// Makes a key for a runner and prints it, alone.
pub(super) async fn key(muster: &Muster, name: &str) -> anyhow::Result<ExitCode> {
    let org = muster.org();
    let Some(runner) = org.runbooks.runners.iter().find(|one| one.name == name) else {
        let near = did_you_mean(name, org.runbooks.runners.iter().map(|one| one.name.as_str()));
        bail!("there is no [[runner]] `{name}` in the config{near}")
    };
    let secret = Secret::generate(PREFIX, muster.entropy());
    let key = Credential {
        hash: secret.hash(),
        kind: CredentialKind::Runner,
        person: PersonId::from("muster"),
        label: runner.name.clone(),
        created_at: muster.now(),
        expires_at: None,
    };
    muster.store().grant(&key).await?;
    say::out(secret.reveal());
    let labels = runner.labels.join(", ");
    say::aside(&format!("This is the key {} of {name}, for the labels {labels}. It is not shown again.", id(&key)));
    Ok(ExitCode::SUCCESS)
}

/// Lists the keys.
pub(super) async fn list(muster: &Muster) -> anyhow::Result<ExitCode> {
    let keys = muster.store().list(CredentialKind::Runner).await?;
    if keys.is_empty() {
        say::aside("There are no keys of runners; make one with `muster runner key NAME`.");
        return Ok(ExitCode::SUCCESS);
    }
    let org = muster.org();
    let labels = |name: &str| match org.runbooks.runners.iter().find(|runner| runner.name == name) {
        Some(runner) => runner.labels.join(", "),
        None => "(not in the config: it opens nothing)".to_owned(),
    };
    let row = |key: &Credential| vec![id(key).to_owned(), key.label.clone(), shown(key.created_at), labels(&key.label)];
    say::out(&say::table(&["ID", "RUNNER", "MADE", "LABELS"], &keys.iter().map(row).collect::<Vec<_>>()));
    Ok(ExitCode::SUCCESS)
}

/// Revokes the one key whose id begins so. It opens nothing any more at once.
pub(super) async fn revoke(muster: &Muster, prefix: &str) -> anyhow::Result<ExitCode> {
    let is_secret = |typed: &str| typed.starts_with(PREFIX);
    credential::revoke(muster, &Sort { kind: CredentialKind::Runner, word: "runner", is_secret }, prefix).await
}
