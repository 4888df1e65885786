//! `import`: what another system says of schedules and policies, as a config to paste.

mod draft;
mod grafana;
mod ical;
mod json;
mod opsgenie;
mod pagerduty;
#[cfg(test)]
mod tests;
mod times;

use crate::cli::ImportFrom;
use crate::say;
use anyhow::{Context, ensure};
use draft::Draft;
use muster_core::clock::Timestamp;
use muster_core::org::Organisation;
use std::io::Read;
use std::path::Path;
use std::process::ExitCode;

/// The longest export that is read.
const BYTES: u64 = 32 * 1_048_576;

/// `muster oncall import`
pub(super) fn run(from: ImportFrom, file: &Path, org: &Organisation, now: Timestamp) -> anyhow::Result<ExitCode> {
    let text = read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let draft = drafted(from, &text, file, (org, now))?;
    say::out(&draft.to_toml());
    for note in draft.notes() {
        say::aside(note);
    }
    Ok(ExitCode::SUCCESS)
}

/// What is in an export.
fn drafted<'o>(
    from: ImportFrom,
    text: &str,
    file: &Path,
    (org, now): (&'o Organisation, Timestamp),
) -> anyhow::Result<Draft<'o>> {
    let mut draft = Draft::beside(org);
    match from {
        ImportFrom::Pagerduty => pagerduty::read(&json::objects(text)?, &mut draft),
        ImportFrom::Opsgenie => opsgenie::read(&json::objects(text)?, &mut draft),
        ImportFrom::Grafana => grafana::read(&json::objects(text)?, &mut draft),
        ImportFrom::Ical => ical::read(text, file, now, &mut draft)?,
    }
    ensure!(draft.has_something(), "there is no schedule and no policy in it; docs/oncall.md says what to export");
    Ok(draft)
}

fn read(file: &Path) -> anyhow::Result<String> {
    let mut text = String::new();
    let read = if file == Path::new("-") {
        std::io::stdin().lock().take(BYTES + 1).read_to_string(&mut text)?
    } else {
        std::fs::File::open(file)?.take(BYTES + 1).read_to_string(&mut text)?
    };
    ensure!(read as u64 <= BYTES, "it is longer than 32 MiB");
    Ok(text)
}
