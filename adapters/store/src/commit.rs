//! Writing decisions: many in one transaction, with one statement per table, and each all or nothing.

use crate::codec::{micros, parse};
use crate::link::Link;
use crate::many::Many;
use crate::prepare::Prepared;
use crate::value::{Value, values};
use crate::{alerts, audit, credentials, entries, facts, incidents, outbox, people, records, signals, timers};
use muster_core::clock::Timestamp;
use muster_core::ports::store::{Committed, StoreError};
use muster_core::reply::Reply;

/// Claims requests that nobody has answered yet.
static CLAIM: Many =
    Many::new(3, "INSERT INTO replies (request, reply, at) VALUES {rows} ON CONFLICT (request) DO NOTHING");

/// What became of one decision: how it ended, or why it could not be.
pub(crate) type Verdict = Result<Committed, StoreError>;

/// Writes decisions of which no two touch the same, inside a transaction.
///
/// # Errors
/// [`StoreError::Conflict`] when one of them cannot be written as it is, for whatever reason. Whenever it fails, the
/// transaction is to be rolled back; each decision may be tried alone then.
pub(crate) async fn write_all(link: &mut dyn Link, writes: &[&Prepared]) -> Result<(), StoreError> {
    CLAIM.run_all(link, rows(writes, |write| &write.reply)).await?;
    for write in writes {
        if is_stale(link, write).await? {
            return Err(StoreError::Conflict);
        }
    }
    write_state(link, writes).await
}

/// Writes one decision, inside a transaction.
///
/// # Errors
/// [`StoreError::Conflict`] when something was changed since it was read. Whatever comes of it but `Fresh`, the
/// transaction is to be rolled back.
pub(crate) async fn write_one(link: &mut dyn Link, write: &Prepared) -> Verdict {
    // The claim comes first: a second process that has the same request waits here until the first has committed.
    let claimed = CLAIM.run(link, write.reply.clone()).await?;
    if claimed == 0 && !write.reply.is_empty() {
        return match kept(link, &write.request).await? {
            Some(reply) => Ok(Committed::Repeated(Box::new(reply))),
            // It was there a moment ago and has been swept since: decide again.
            None => Err(StoreError::Conflict),
        };
    }
    if is_stale(link, write).await? {
        return Ok(Committed::Stale);
    }
    write_state(link, &[write]).await?;
    Ok(Committed::Fresh)
}

/// The reply kept under a request.
pub(crate) async fn kept(link: &mut dyn Link, request: &str) -> Result<Option<Reply>, StoreError> {
    match link.row("SELECT reply FROM replies WHERE request = $1", values![request]).await? {
        Some(row) => Ok(Some(parse("reply", row.text(0)?)?)),
        None => Ok(None),
    }
}

/// Forgets replies kept before `before`; at most `limit`.
pub(crate) async fn sweep(link: &mut dyn Link, before: Timestamp, limit: i64) -> Result<u64, StoreError> {
    let sql = "DELETE FROM replies WHERE request IN (
                   SELECT request FROM replies WHERE at < $1 ORDER BY at LIMIT $2)";
    link.run(sql, values![micros(before), limit]).await
}

/// Whether the timer that led to a decision is no longer set for that moment.
async fn is_stale(link: &mut dyn Link, write: &Prepared) -> Result<bool, StoreError> {
    match &write.fired {
        Some((key, due_at)) => Ok(!timers::is_set(link, key, *due_at).await?),
        None => Ok(false),
    }
}

/// First what is guarded, always in this order, so that two processes that want the same wait for one another and never in
/// a circle; then what is only added, or follows from it.
async fn write_state(link: &mut dyn Link, writes: &[&Prepared]) -> Result<(), StoreError> {
    people::TAKE_CODES.run_all(link, rows(writes, |write| &write.codes_taken)).await?;
    signals::TAKE.run_all(link, rows(writes, |write| &write.signals_taken)).await?;
    incidents::WRITE.run_all(link, rows(writes, |write| &write.incidents)).await?;
    records::WRITE.run_all(link, rows(writes, |write| &write.records)).await?;
    alerts::WRITE.run_all(link, rows(writes, |write| &write.alerts)).await?;

    incidents::remove_tags(link, rows(writes, |write| &write.tags_removed)).await?;
    incidents::ADD_TAGS.run(link, rows(writes, |write| &write.tags_added)).await?;
    entries::ADD.run(link, rows(writes, |write| &write.entries)).await?;
    outbox::SUPERSEDE.run(link, rows(writes, |write| &write.marks)).await?;
    outbox::ADD.run(link, rows(writes, |write| &write.effects)).await?;
    timers::CLEAR.run(link, rows(writes, |write| &write.timers_cleared)).await?;
    timers::SET.run(link, rows(writes, |write| &write.timers_set)).await?;
    facts::ADD.run(link, rows(writes, |write| &write.facts)).await?;
    people::GIVE_CODES.run(link, rows(writes, |write| &write.codes_given)).await?;
    credentials::END_FEEDS.run(link, rows(writes, |write| &write.feeds_ended)).await?;
    credentials::GIVE_FEEDS.run(link, rows(writes, |write| &write.feeds_given)).await?;
    people::LINK.run(link, rows(writes, |write| &write.links)).await?;
    let deeds: Vec<_> = writes.iter().flat_map(|write| write.deeds.iter().cloned()).collect();
    audit::chain(link, &deeds).await
}

/// The rows of one table, of all those decisions.
fn rows(writes: &[&Prepared], of: impl Fn(&Prepared) -> &[Value]) -> Vec<Value> {
    writes.iter().flat_map(|write| of(write).iter().cloned()).collect()
}
