//! `audit`: what is on the audit log, and whether it is as it was written.

use super::shown;
use crate::cli::AuditFormat;
use crate::say;
use anyhow::bail;
use muster_core::app::Muster;
use muster_core::audit::{Broken, Check, Deed, GENESIS, Head, Sealed, check};
use muster_core::ids::IncidentId;
use muster_core::plain::clean;
use serde_json::json;
use std::process::ExitCode;

/// Entries that are read and shown at a time.
const PAGE: i64 = 500;

/// Walks through the log, and says whether it is whole, and where it ends.
pub(super) async fn verify(
    muster: &Muster,
    since: Option<String>,
    known: Vec<Head>,
    format: AuditFormat,
) -> anyhow::Result<ExitCode> {
    let since = since.map(|seal| seal.trim().to_ascii_lowercase());
    if since.as_ref().is_some_and(|seal| seal.len() != GENESIS.len()) {
        bail!("a seal has {} digits; `muster audit verify` prints the last one after the colon", GENESIS.len());
    }
    let whole = check(&**muster.store(), Check::new(since, known)).await?;
    say::out(&match format {
        AuditFormat::Text => sentence(&whole),
        AuditFormat::Json => match &whole {
            Ok(head) => json!({ "whole": true, "entries": head.seq, "head": head.to_string() }).to_string(),
            Err(broken) => json!({ "whole": false, "broken": broken.to_string() }).to_string(),
        },
    });
    Ok(if whole.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn sentence(whole: &Result<Head, Broken>) -> String {
    match whole {
        Ok(head) if head.seq == 0 => "The audit log is empty.".to_owned(),
        Ok(head) => format!("The audit log is whole, up to entry {}. Its head is\n{head}", head.seq),
        Err(broken) => format!("The audit log is broken: {broken}."),
    }
}

/// Lists the log, the oldest first.
pub(super) async fn list(muster: &Muster, incident: Option<IncidentId>) -> anyhow::Result<ExitCode> {
    let (mut after, mut listed) = (i64::MIN, 0_usize);
    loop {
        let page = muster.store().audit(after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = last.seq;
        let lines: Vec<_> = page.iter().filter_map(|sealed| line(sealed, incident)).collect();
        listed += lines.len();
        if !lines.is_empty() {
            say::out(&lines.join("\n"));
        }
    }
    if listed == 0 {
        say::aside("Nothing of the kind is on the audit log.");
    }
    Ok(ExitCode::SUCCESS)
}

/// An entry in a line, if it is about that incident. One that cannot be read is always shown.
fn line(sealed: &Sealed, incident: Option<IncidentId>) -> Option<String> {
    let seq = sealed.seq;
    let Ok(deed) = serde_json::from_str::<Deed>(&sealed.body) else {
        return Some(format!("{seq:>6}  cannot be read; see `muster audit verify`"));
    };
    if incident.is_some() && deed.incident != incident {
        return None;
    }
    let about = deed.incident.map_or_else(|| "-".to_owned(), |incident| incident.to_string());
    let Deed { at, by, via, what, detail, .. } = &deed;
    let line = format!("{seq:>6}  {}  {about:<8}  {what:<16}  {} ({via})  {detail}", shown(*at), by.person);
    // Names and texts come from anywhere, and a terminal obeys what it reads.
    Some(clean(&line).replace('\n', " "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_that_cannot_be_read_is_listed() {
        let sealed = Sealed { seq: 7, body: "{".to_owned(), seal: String::new() };
        assert_eq!(
            line(&sealed, Some(IncidentId(1))).unwrap_or_default().trim(),
            "7  cannot be read; see `muster audit verify`"
        );
    }
}
