//! `token`: bearer tokens for the API. Only their hashes are kept, so a token is shown when it is made and never again.

use super::credential::{self, Sort, id};
use super::{known, shown};
use crate::local::{LABEL, TOKEN};
use crate::say;
use anyhow::{Context, bail};
use muster_core::app::Muster;
use muster_core::ports::credentials::{Credential, CredentialKind};
use muster_core::secret::Secret;
use muster_core::time::parse_span;
use std::process::ExitCode;

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
    let is_secret = |typed: &str| typed.starts_with(TOKEN);
    credential::revoke(muster, &Sort { kind: CredentialKind::Token, word: "token", is_secret }, prefix).await
}
