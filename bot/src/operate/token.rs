//! `token`: bearer tokens for the API. Only their hashes are kept, so a token is shown when it is made and never again.

use super::{known, shown};
use crate::local::{LABEL, TOKEN};
use crate::say;
use anyhow::{Context, bail};
use muster_core::app::Muster;
use muster_core::ports::credentials::{Credential, CredentialKind};
use muster_core::secret::Secret;
use muster_core::time::parse_span;
use std::process::ExitCode;

/// How much of a hash stands for a token in a list.
const SHOWN: usize = 12;
/// How much of it must be typed to mean one.
const LEAST: usize = 4;
/// A label is a name, not a text.
const LONGEST_LABEL: usize = 60;

/// Makes a token and prints it, alone, so that it can be put in a variable.
pub(super) async fn create(
    muster: &Muster,
    person: &str,
    label: &str,
    expires: Option<&str>,
) -> anyhow::Result<ExitCode> {
    let person = known(&muster.org(), person)?;
    let label = label.trim();
    if label.is_empty() || label.chars().count() > LONGEST_LABEL || label.contains(char::is_control) {
        bail!("a label is a name of at most {LONGEST_LABEL} letters, such as --label laptop");
    }
    if label == LABEL {
        bail!("the label `{LABEL}` is for the token that local mode makes at each start; give it another");
    }
    let now = muster.now();
    let life = expires.map(|typed| {
        parse_span(typed).with_context(|| format!("“{typed}” is not a stretch of time; write it as 90d or 12h"))
    });
    let expires_at = life.transpose()?.map(|life| now + life);
    let secret = Secret::generate(TOKEN, muster.entropy());
    let token = Credential {
        hash: secret.hash(),
        kind: CredentialKind::Token,
        person,
        label: label.to_owned(),
        created_at: now,
        expires_at,
    };
    muster.store().grant(&token).await?;
    say::out(secret.reveal());
    let end = expires_at.map_or("until it is revoked".to_owned(), |end| format!("until {}", shown(end)));
    say::aside(&format!("This is {}'s token {}, good {end}. It is not shown again.", token.person, id(&token)));
    Ok(ExitCode::SUCCESS)
}

fn id(token: &Credential) -> &str {
    token.hash.as_str().get(..SHOWN).unwrap_or(token.hash.as_str())
}

/// Lists the tokens.
pub(super) async fn list(muster: &Muster) -> anyhow::Result<ExitCode> {
    let tokens = muster.store().list(CredentialKind::Token).await?;
    if tokens.is_empty() {
        say::aside("There are no tokens; make one with `muster token create PERSON --label NAME`.");
        return Ok(ExitCode::SUCCESS);
    }
    let now = muster.now();
    let row = |token: &Credential| {
        let end = match token.expires_at {
            None => "never".to_owned(),
            Some(end) if end <= now => format!("{} (over)", shown(end)),
            Some(end) => shown(end),
        };
        vec![id(token).to_owned(), token.person.to_string(), token.label.clone(), shown(token.created_at), end]
    };
    let rows: Vec<_> = tokens.iter().map(row).collect();
    say::out(&say::table(&["ID", "PERSON", "LABEL", "MADE", "ENDS"], &rows));
    Ok(ExitCode::SUCCESS)
}

/// Revokes the one token whose id begins so.
pub(super) async fn revoke(muster: &Muster, prefix: &str) -> anyhow::Result<ExitCode> {
    let prefix = prefix.trim().to_ascii_lowercase();
    if prefix.starts_with(TOKEN) {
        return revoke_one(muster, Secret::presented(&prefix).hash().as_str()).await;
    }
    if prefix.len() < LEAST || !prefix.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        bail!("give the id that `muster token list` shows, or at least its first {LEAST} characters");
    }
    revoke_one(muster, &prefix).await
}

async fn revoke_one(muster: &Muster, prefix: &str) -> anyhow::Result<ExitCode> {
    let tokens = muster.store().list(CredentialKind::Token).await?;
    let meant: Vec<_> = tokens.iter().filter(|token| token.hash.as_str().starts_with(prefix)).collect();
    match meant[..] {
        [] => bail!("no token has that id; see `muster token list`"),
        [token] => {
            muster.store().revoke(CredentialKind::Token, token.hash.as_str()).await?;
            say::out(&format!("Revoked {}'s token {} ({}).", token.person, id(token), token.label));
            Ok(ExitCode::SUCCESS)
        }
        [..] => bail!("{} tokens have an id that begins so; give more of it", meant.len()),
    }
}
