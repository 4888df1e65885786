//! Writing decisions: many in one transaction, with one statement per table, and each all or nothing.

use crate::codec::parse;
use crate::link::Link;
use crate::many::Many;
use crate::prepare::Prepared;
use crate::value::{Value, values};
use crate::{entries, incidents, outbox, people, timers};
use muster_core::ports::store::{Committed, StoreError};
use muster_core::reply::Reply;
use std::collections::HashSet;
use std::sync::Arc;

/// Claims requests, and returns those that nobody had answered yet.
static CLAIM: Many = Many::returning(
    3,
    "INSERT INTO replies (request, reply, at) VALUES {rows} ON CONFLICT (request) DO NOTHING",
    "RETURNING request",
);

static GIVE_BACK: Many = Many::new(1, "DELETE FROM replies WHERE request IN (VALUES {rows})");

/// What became of one decision: how it ended, or why it could not be.
pub(crate) type Verdict = Result<Committed, StoreError>;

/// How closely to look at what could not be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    /// At how many rows were written. Should they be fewer than expected, then it all fails as a conflict, and is to be
    /// tried again with a closer look.
    AtCounts,
    /// At each row.
    AtRows,
}

/// Writes decisions of which no two touch the same, inside a transaction, and tells what became of each.
///
/// What is not `Fresh` has left nothing behind; the caller commits the rest.
///
/// # Errors
/// Nothing may be committed then. When there were several, each may be tried alone.
pub(crate) async fn write(link: &mut dyn Link, writes: &[&Prepared], look: Look) -> Result<Vec<Verdict>, StoreError> {
    let mut round = Round { verdicts: writes.iter().map(|_| Ok(Committed::Fresh)).collect(), writes, look };
    // The claim comes first: a second process that has the same request waits here until the first has committed.
    round.claim(link).await?;
    round.find_stale(link).await?;
    round.find_conflicts_of_pairs(link).await?;
    round.take_codes(link).await?;
    round.write_incidents(link).await?;
    round.give_back_claims(link).await?;
    round.write_rows(link).await?;
    Ok(round.verdicts)
}

/// The reply kept under a request.
pub(crate) async fn kept(link: &mut dyn Link, request: &str) -> Result<Option<Reply>, StoreError> {
    match link.row("SELECT reply FROM replies WHERE request = $1", values![request]).await? {
        Some(row) => Ok(Some(parse("reply", row.text(0)?)?)),
        None => Ok(None),
    }
}

struct Round<'a> {
    writes: &'a [&'a Prepared],
    verdicts: Vec<Verdict>,
    look: Look,
}

fn is_fresh(verdict: &Verdict) -> bool {
    matches!(verdict, Ok(Committed::Fresh))
}

impl Round<'_> {
    /// The rows of one table, of all decisions that are to be written.
    fn rows(&self, of: impl Fn(&Prepared) -> &[Value]) -> Vec<Value> {
        let fresh = self.writes.iter().zip(&self.verdicts).filter(|(_, verdict)| is_fresh(verdict));
        fresh.flat_map(|(write, _)| of(write).iter().cloned()).collect()
    }

    fn fresh(&self) -> impl Iterator<Item = usize> + use<> {
        let fresh: Vec<_> = (0..self.writes.len()).filter(|n| is_fresh(&self.verdicts[*n])).collect();
        fresh.into_iter()
    }

    async fn claim(&mut self, link: &mut dyn Link) -> Result<(), StoreError> {
        let claims = self.rows(|write| &write.reply);
        if self.look == Look::AtCounts {
            return all_written(&CLAIM, link, claims).await;
        }
        let claimed = texts(&CLAIM.rows(link, claims).await?)?;
        for n in self.fresh() {
            let write = self.writes[n];
            if write.reply.is_empty() || claimed.contains(&*write.request) {
                continue;
            }
            self.verdicts[n] = match kept(link, &write.request).await? {
                Some(reply) => Ok(Committed::Repeated(Box::new(reply))),
                // It was there a moment ago and has been swept since: decide again.
                None => Err(StoreError::Conflict),
            };
        }
        Ok(())
    }

    async fn find_stale(&mut self, link: &mut dyn Link) -> Result<(), StoreError> {
        for n in self.fresh() {
            if let Some((key, due_at)) = &self.writes[n].fired
                && !timers::is_set(link, key, *due_at).await?
            {
                self.verdicts[n] = Ok(Committed::Stale);
            }
        }
        Ok(())
    }

    /// A decision about two incidents is written only if both are as they were.
    async fn find_conflicts_of_pairs(&mut self, link: &mut dyn Link) -> Result<(), StoreError> {
        for n in self.fresh() {
            let mut expected: Vec<_> = self.writes[n].versions.iter().map(|(id, version)| (*id, version - 1)).collect();
            if expected.len() < 2 {
                continue;
            }
            expected.sort_unstable();
            let ids: Vec<_> = expected.iter().map(|(id, _)| *id).collect();
            let found = incidents::versions(link, &ids).await?;
            expected.retain(|(_, version)| *version > 0);
            if found != expected {
                self.verdicts[n] = Err(StoreError::Conflict);
            }
        }
        Ok(())
    }

    async fn take_codes(&mut self, link: &mut dyn Link) -> Result<(), StoreError> {
        let wanted = self.rows(|write| &write.codes_taken);
        if wanted.is_empty() {
            return Ok(());
        }
        let taken = texts(&people::TAKE_CODES.rows(link, wanted).await?)?;
        for n in self.fresh() {
            let codes = &self.writes[n].codes_taken;
            let missing = codes.iter().any(|code| !matches!(code, Value::Text(Some(code)) if taken.contains(code)));
            if missing {
                self.lose(n)?;
            }
        }
        Ok(())
    }

    async fn write_incidents(&mut self, link: &mut dyn Link) -> Result<(), StoreError> {
        let rows = self.rows(|write| &write.incidents);
        if self.look == Look::AtCounts {
            return all_written(&incidents::WRITE, link, rows).await;
        }
        let mut written = HashSet::new();
        for row in incidents::WRITE.rows(link, rows).await? {
            written.insert(row.int(0)?);
        }
        for n in self.fresh() {
            if self.writes[n].versions.iter().any(|(id, _)| !written.contains(id)) {
                self.lose(n)?;
            }
        }
        Ok(())
    }

    /// A decision is in conflict. If part of it may be written already, the whole round has to be undone.
    fn lose(&mut self, n: usize) -> Result<(), StoreError> {
        let write = self.writes[n];
        if write.versions.len() > 1 || !write.codes_taken.is_empty() {
            return Err(StoreError::Conflict);
        }
        self.verdicts[n] = Err(StoreError::Conflict);
        Ok(())
    }

    async fn give_back_claims(&mut self, link: &mut dyn Link) -> Result<(), StoreError> {
        let mut requests = Vec::new();
        for (write, verdict) in self.writes.iter().zip(&self.verdicts) {
            let claimed = match verdict {
                Ok(Committed::Stale) | Err(_) => !write.reply.is_empty(),
                Ok(Committed::Fresh | Committed::Repeated(_)) => false,
            };
            if claimed {
                requests.extend(values![Arc::clone(&write.request)]);
            }
        }
        GIVE_BACK.run(link, requests).await?;
        Ok(())
    }

    async fn write_rows(&mut self, link: &mut dyn Link) -> Result<(), StoreError> {
        incidents::remove_tags(link, self.rows(|write| &write.tags_removed)).await?;
        incidents::ADD_TAGS.run(link, self.rows(|write| &write.tags_added)).await?;
        entries::ADD.run(link, self.rows(|write| &write.entries)).await?;
        outbox::SUPERSEDE.run(link, self.rows(|write| &write.marks)).await?;
        outbox::ADD.run(link, self.rows(|write| &write.effects)).await?;
        timers::CLEAR.run(link, self.rows(|write| &write.timers_cleared)).await?;
        timers::SET.run(link, self.rows(|write| &write.timers_set)).await?;
        people::GIVE_CODES.run(link, self.rows(|write| &write.codes_given)).await?;
        people::LINK.run(link, self.rows(|write| &write.links)).await?;
        Ok(())
    }
}

/// Writes rows, every one of them, or is in conflict.
async fn all_written(many: &Many, link: &mut dyn Link, values: Vec<Value>) -> Result<(), StoreError> {
    let expected = many.count(&values);
    if many.run(link, values).await? == expected { Ok(()) } else { Err(StoreError::Conflict) }
}

fn texts(rows: &[crate::value::Row]) -> Result<HashSet<Arc<str>>, StoreError> {
    rows.iter().map(|row| row.text(0).map(Arc::from)).collect()
}
