//! An iCalendar file: it stays what it is, as the calendar of a schedule. What is told is what Muster makes of it.

use super::draft::{Draft, Schedule};
use anyhow::Context;
use chrono_tz::Tz;
use muster_core::clock::Timestamp;
use muster_core::oncall::{Calendar, Reading};
use std::path::Path;

pub(super) fn read(text: &str, file: &Path, now: Timestamp, draft: &mut Draft<'_>) -> anyhow::Result<()> {
    let org = draft.org();
    let who = |typed: &str| org.find_person(typed).map(|person| person.id.clone());
    let read = Calendar::read(text, &Reading::around(now, Tz::UTC, &who));
    let (_, notes) = read.with_context(|| format!("{} cannot be read", file.display()))?;
    notes.into_iter().for_each(|note| draft.note(note));
    let name = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let id = draft.schedule_id(&name, &name);
    let calendar = Some(file.display().to_string());
    draft.add_schedule(Schedule { id, name, calendar, ..Schedule::default() });
    Ok(())
}
