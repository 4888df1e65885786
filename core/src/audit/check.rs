//! Whether the audit log is whole: read in order, one entry at a time, and the first broken place said in one sentence.

use super::{Head, Sealed, seal};

/// At most so many entries that were taken out before one place are counted there.
const REACH: i64 = 64;

/// The first place at which the log is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// It is not what its seal was made of. Who alters an entry and seals it anew is found here too, one entry later.
    #[error("entry {0} does not go with its seal: it was altered, or the one before it was altered and sealed anew")]
    Altered(i64),
    /// Its seal is another than it had: what follows goes with the right one.
    #[error("the seal of entry {0} was altered: what follows was sealed after another")]
    SealAltered(i64),
    /// Entries are not there.
    #[error("{} removed", entries(*.from, *.to))]
    Removed {
        /// The first of them.
        from: i64,
        /// The last of them.
        to: i64,
    },
    /// It was not there when the log was written.
    #[error("entry {0} was inserted: what follows was sealed without it")]
    Inserted(i64),
    /// It and the next one have changed places.
    #[error("entries {0} and {next} were reordered: each has the place of the other", next = .0 + 1)]
    Reordered(i64),
    /// An entry is not the one that was there at another time.
    #[error("entry {} is not the one that had the seal {}: the log was written anew", .0.seq, .0.seal)]
    Rewritten(Head),
    /// The log goes on behind what it says is its end.
    #[error(
        "the log says that it ends with entry {0}, and goes on: entries were added past it, or its head was altered"
    )]
    PastEnd(i64),
    /// The log was to be looked at from a seal on that no entry has.
    #[error("no entry has the seal {0}: it was altered or removed, or never was in this log")]
    NoSuchSeal(String),
}

fn entries(from: i64, to: i64) -> String {
    if from == to { format!("entry {from} was") } else { format!("entries {from} to {to} were") }
}

/// Reads the log in order and holds no more than one entry of it.
#[derive(Debug)]
pub struct Check {
    /// The last entry that is known to be good.
    good: Head,
    /// The entry after it, which is judged when its successor is known.
    doubted: Option<Sealed>,
    /// The seal from which on the log is looked at.
    since: Option<String>,
    /// Heads that the log had at other times.
    known: Vec<Head>,
}

impl Check {
    /// Looks at the log from the entry with that seal on, or at all of it. It is known to have had the heads `known`.
    #[must_use]
    pub fn new(since: Option<String>, known: Vec<Head>) -> Self {
        Self { good: Head::genesis(), doubted: None, since, known }
    }

    /// The next entry of the log, in the order of places.
    ///
    /// # Errors
    /// At the first broken place.
    pub fn add(&mut self, next: Sealed) -> Result<(), Broken> {
        match &self.since {
            // What is before is not looked at; but the last of it is what the first one looked at was sealed after.
            Some(since) if next.seal != *since => {
                self.good = Head { seq: next.seq, seal: next.seal };
                return Ok(());
            }
            Some(_) => {
                self.since = None;
                self.known.retain(|head| head.seq >= next.seq);
            }
            None => {}
        }
        if let Some(doubted) = self.doubted.replace(next.clone()) {
            self.judge(&doubted, Some(&next))?;
        }
        Ok(())
    }

    /// There are no more entries, and the log says that its head is this: its head.
    ///
    /// # Errors
    /// When its end is broken.
    pub fn end(mut self, head: &Head) -> Result<Head, Broken> {
        if let Some(since) = self.since {
            return Err(Broken::NoSuchSeal(since));
        }
        if let Some(doubted) = self.doubted.take() {
            if doubted.seal != head.seal && head.seal == seal(&self.good.seal, doubted.seq, &doubted.body) {
                return Err(Broken::SealAltered(doubted.seq));
            }
            self.judge(&doubted, None)?;
        }
        let last = self.known.iter().map(|known| known.seq).fold(head.seq, i64::max);
        if last > self.good.seq {
            return Err(Broken::Removed { from: self.good.seq + 1, to: last });
        }
        if head.seq < self.good.seq {
            return Err(Broken::PastEnd(head.seq));
        }
        if *head == self.good { Ok(self.good) } else { Err(Broken::Rewritten(head.clone())) }
    }

    /// Whether an entry is good, by those before and after it.
    fn judge(&mut self, entry: &Sealed, next: Option<&Sealed>) -> Result<(), Broken> {
        let (place, before) = (self.good.seq + 1, &self.good.seal);
        if entry.seq < place {
            return Err(Broken::Inserted(entry.seq));
        }
        if entry.seq > place {
            return Err(Broken::Removed { from: place, to: entry.seq - 1 });
        }
        let right = seal(before, place, &entry.body);
        if entry.seal == right {
            self.good = Head { seq: place, seal: right };
            return self.is_known();
        }
        let Some(next) = next else { return Err(Broken::Altered(place)) };
        if next.seal == seal(before, place, &next.body) {
            let swapped = entry.seal == seal(&next.seal, place + 1, &entry.body);
            return Err(if swapped { Broken::Reordered(place) } else { Broken::Inserted(place) });
        }
        if next.seal == seal(&right, place + 1, &next.body) {
            return Err(Broken::SealAltered(place));
        }
        if let Some(gap) = (1..=REACH).find(|gap| next.seal == seal(&entry.seal, next.seq + gap, &next.body)) {
            return Err(Broken::Removed { from: place, to: place + gap - 1 });
        }
        Err(Broken::Altered(place))
    }

    fn is_known(&self) -> Result<(), Broken> {
        match self.known.iter().find(|head| head.seq == self.good.seq && head.seal != self.good.seal) {
            Some(head) => Err(Broken::Rewritten(head.clone())),
            None => Ok(()),
        }
    }
}
