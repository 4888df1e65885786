//! The journal: what this runner has begun, written down for good before it begins. It outlives the runner, so that nothing is
//! begun twice, whatever is sent again, and whoever dies when.

use chrono::{DateTime, TimeDelta};
use muster_core::clock::Timestamp;
use muster_core::runbook::JobId;
use std::collections::HashMap;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// For how long it is remembered what was begun. Orders live for minutes; the rest is for databases that come back from a backup.
const KEPT: TimeDelta = TimeDelta::days(90);

/// The journal of a runner. One process has it at a time.
#[derive(Debug)]
pub struct Journal {
    file: File,
    begun: HashMap<String, Timestamp>,
    _lock: File,
}

impl Journal {
    /// Opens the journal in a folder, which is made if there is none, and forgets what is very old.
    ///
    /// # Errors
    /// When another runner has it, or it cannot be read or written.
    pub fn open(folder: &Path, now: Timestamp) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let lock = own(&folder.join("lock"))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(io::Error::other("another runner uses this folder; give each its own"));
            }
            Err(TryLockError::Error(error)) => return Err(error),
        }
        let path = folder.join("journal");
        let begun = match fs::read_to_string(&path) {
            Ok(text) => read(&text)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => HashMap::new(),
            Err(error) => return Err(error),
        };
        let begun: HashMap<_, _> = begun.into_iter().filter(|(_, at)| *at > now - KEPT).collect();
        let file = rewrite(folder, &path, &begun)?;
        Ok(Self { file, begun, _lock: lock })
    }

    /// When a job was begun here, if it was.
    #[must_use]
    pub fn begun(&self, job: &JobId) -> Option<Timestamp> {
        self.begun.get(&job.to_string()).copied()
    }

    /// Writes down that a job begins; durable when it returns. `false` if it was begun before.
    ///
    /// # Errors
    /// When it cannot be written: then nothing may begin.
    pub fn begin(&mut self, job: &JobId, now: Timestamp) -> io::Result<bool> {
        let name = job.to_string();
        if self.begun.contains_key(&name) {
            return Ok(false);
        }
        let end = self.file.seek(SeekFrom::End(0))?;
        let written = self.file.write_all(line(&name, now).as_bytes()).and_then(|()| self.file.sync_data());
        if let Err(error) = written {
            // Half a line must not become part of the next one.
            self.file.set_len(end)?;
            return Err(error);
        }
        self.begun.insert(name, now);
        Ok(true)
    }
}

/// A line is whole if it ends: the end of a file that was being written when the machine died was no beginning of anything.
fn read(text: &str) -> io::Result<HashMap<String, Timestamp>> {
    let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
    let entry = |line: &str| {
        let (at, job) = line.split_once(' ')?;
        Some((job.to_owned(), DateTime::from_timestamp_micros(at.parse().ok()?)?))
    };
    let broken = |line: &str| io::Error::other(format!("the journal has a line that is none of ours: {line:?}"));
    whole.lines().map(|line| entry(line).ok_or_else(|| broken(line))).collect()
}

fn line(job: &str, at: Timestamp) -> String {
    format!("{} {job}\n", at.timestamp_micros())
}

/// Writes the journal anew, beside the old one, which it then replaces: one of the two is there whatever happens.
fn rewrite(folder: &Path, path: &Path, begun: &HashMap<String, Timestamp>) -> io::Result<File> {
    let anew: PathBuf = folder.join("journal.new");
    let mut file = own(&anew)?;
    file.set_len(0)?;
    let text: String = begun.iter().map(|(job, at)| line(job, *at)).collect();
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&anew, path)?;
    File::open(folder)?.sync_all()?;
    Ok(file)
}

/// Opens a file that only its owner may read, and makes it if there is none.
fn own(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use muster_core::ids::IncidentId;

    fn job(step: &str) -> JobId {
        JobId { incident: IncidentId(7), run: 1, step: step.to_owned(), undo: false, attempt: 1 }
    }

    fn at(days: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + TimeDelta::days(20_000 + days)
    }

    #[test]
    fn what_was_begun_is_begun_once_also_in_another_life() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = Journal::open(folder.path(), at(0)).unwrap();
        assert!(journal.begin(&job("switch"), at(0)).unwrap());
        assert!(!journal.begin(&job("switch"), at(0)).unwrap());
        assert!(Journal::open(folder.path(), at(0)).is_err(), "another life has it");
        drop(journal);

        let mut journal = Journal::open(folder.path(), at(1)).unwrap();
        assert!(!journal.begin(&job("switch"), at(1)).unwrap());
        assert!(journal.begin(&job("other"), at(1)).unwrap());
        assert_eq!(journal.begun(&job("switch")), Some(at(0)));
        drop(journal);
        let journal = Journal::open(folder.path(), at(90)).unwrap();
        assert_eq!((journal.begun(&job("switch")), journal.begun(&job("other"))), (None, Some(at(1))));
    }

    #[test]
    fn a_line_that_was_never_finished_began_nothing_and_any_other_nonsense_is_no_journal() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let whole = line(&job("switch").to_string(), at(0));
        fs::write(&path, format!("{whole}{}", &whole[..whole.len() - 3])).unwrap();
        let mut journal = Journal::open(folder.path(), at(0)).unwrap();
        assert!(!journal.begin(&job("switch"), at(0)).unwrap());
        assert!(journal.begin(&job("other"), at(0)).unwrap());
        drop(journal);
        assert_eq!(read(&fs::read_to_string(&path).unwrap()).unwrap().len(), 2);
        fs::write(&path, "nonsense\n").unwrap();
        assert!(Journal::open(folder.path(), at(0)).is_err());
    }
}
