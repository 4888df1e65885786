//! Parcels: what is on its way to each subscriber, leased, and how it ended.

use crate::codec::{self, micros, moment};
use crate::consignments;
use crate::engine::Change;
use crate::link::Link;
use crate::many::Many;
use crate::subscribers::{self, CALM, CountFault, calm_row};
use crate::value::{Row, Value, values};
use async_trait::async_trait;
use muster_core::clock::Timestamp;
use muster_core::comms::{Channel, Fault, Parcel, ParcelOutcome, SubscriberId, SubscriberState, Tally};
use muster_core::ids::IncidentId;
use muster_core::ports::store::StoreError;
use muster_core::ports::subscribers::{PARCELS_KEPT, ParcelLease, ParcelSettlement, ParkedParcel, UNCONFIRMED_KEPT};
use sqlx::AssertSqlSafe;
use std::collections::{BTreeMap, BTreeSet};

/// Holds for a bulletin's parcel `p` if it is the first that waits for its subscriber. Written so that it is looked up for one parcel
/// after the other, until there are enough.
const FIRST: &str = "p.question = 0 AND p.consignment = (SELECT min(b.consignment) FROM parcels b
                         WHERE b.subscriber = p.subscriber AND b.state = 'waiting' AND b.question = 0)";
/// Holds for the parcel of a question. They wait for nothing.
const QUESTION: &str = "p.question = 1";

static KEYS: Many = Many::new(1, "SELECT id, key FROM consignments WHERE id IN (VALUES {rows})");

/// Takes parcels away whose subscriber is forgotten.
static TAKE: Many = Many::new(2, "DELETE FROM parcels WHERE (consignment, subscriber) IN (VALUES {rows})");

#[async_trait]
impl Change for ParcelLease {
    type Outcome = Vec<Parcel>;

    async fn make(&self, link: &mut dyn Link) -> Result<Vec<Parcel>, StoreError> {
        let limit = self.limit.max(0);
        let mut leased = take(link, self, QUESTION, self.questions.min(limit)).await?;
        for which in [FIRST, QUESTION] {
            let begun = i64::try_from(leased.len()).unwrap_or(limit);
            leased.extend(take(link, self, which, limit - begun).await?);
        }
        leased.sort_unstable();
        let ids: BTreeSet<_> = leased.iter().map(|(_, subscriber, _)| *subscriber).collect();
        let subscribers = subscribers::of(link, &ids).await?;
        let keys = keys(link, leased.iter().map(|(consignment, _, _)| *consignment).collect()).await?;
        let mut parcels = Vec::with_capacity(leased.len());
        let mut orphans = Vec::new();
        for (consignment, subscriber, attempt) in leased {
            match (keys.get(&consignment), subscribers.get(&subscriber)) {
                (Some(key), Some(subscriber)) => {
                    parcels.push(Parcel { consignment: key.clone(), subscriber: subscriber.clone(), attempt });
                }
                (None, _) | (_, None) => orphans.extend(values![consignment, subscriber.0]),
            }
        }
        TAKE.run(link, orphans).await?;
        Ok(parcels)
    }
}

/// Takes those that are due and of that sort: consignment, subscriber, attempt.
async fn take(
    link: &mut dyn Link,
    lease: &ParcelLease,
    which: &str,
    limit: i64,
) -> Result<Vec<(i64, SubscriberId, u32)>, StoreError> {
    if limit == 0 {
        return Ok(Vec::new());
    }
    let claim = link.dialect().claim;
    let sql = format!(
        "UPDATE parcels SET worker = $1, due_at = $2, attempts = attempts + 1
         WHERE (consignment, subscriber) IN (
             SELECT p.consignment, p.subscriber FROM parcels p
             WHERE p.state = 'waiting' AND p.channel = $3 AND p.due_at <= $4 AND {which}
             ORDER BY p.due_at, p.consignment, p.subscriber LIMIT $5{claim})
         RETURNING consignment, subscriber, attempts"
    );
    let ParcelLease { worker, channel, now, until, .. } = lease;
    let values = values![worker.as_str(), micros(*until), channel.word(), micros(*now), limit];
    let rows = link.rows(AssertSqlSafe(sql), values).await?;
    rows.iter().map(|row| Ok((row.int(0)?, SubscriberId(row.int(1)?), attempts(row, 2)?))).collect()
}

async fn keys(link: &mut dyn Link, ids: BTreeSet<i64>) -> Result<BTreeMap<i64, String>, StoreError> {
    let rows = KEYS.rows(link, ids.into_iter().map(Value::from).collect()).await?;
    rows.iter().map(|row| Ok((row.int(0)?, row.text(1)?.to_owned()))).collect()
}

fn attempts(row: &Row, at: usize) -> Result<u32, StoreError> {
    u32::try_from(row.int(at)?).map_err(|_| codec::unknown("number of attempts"))
}

/// When the first parcel of that channel may be leased.
pub(crate) async fn next(link: &mut dyn Link, channel: Channel) -> Result<Option<Timestamp>, StoreError> {
    let mut first = None;
    for which in [QUESTION, FIRST] {
        let sql = format!(
            "SELECT p.due_at FROM parcels p WHERE p.state = 'waiting' AND p.channel = $1 AND {which}
             ORDER BY p.due_at LIMIT 1"
        );
        if let Some(row) = link.row(AssertSqlSafe(sql), values![channel.word()]).await? {
            let due_at = row.int(0)?;
            first = Some(first.map_or(due_at, |first: i64| first.min(due_at)));
        }
    }
    first.map(moment).transpose()
}

/// Ends leases that are still held: worker and attempt are compared with what the row says.
static SETTLE: Many = Many::new(
    9,
    "UPDATE parcels SET state = v.column5, due_at = coalesce(v.column6, parcels.due_at),
                        error = coalesce(v.column7, parcels.error), finished_at = v.column8,
                        attempts = parcels.attempts - v.column9, worker = NULL
     FROM (VALUES {rows}) AS v JOIN consignments AS c ON c.key = v.column1
     WHERE parcels.consignment = c.id AND parcels.subscriber = v.column2 AND parcels.worker = v.column3
       AND parcels.attempts = v.column4 AND parcels.state = 'waiting'
     RETURNING parcels.subscriber",
);

pub(crate) struct Settle(pub(crate) Vec<ParcelSettlement>);

#[async_trait]
impl Change for Settle {
    type Outcome = u64;
    const IS_ONE: bool = true;

    async fn make(&self, link: &mut dyn Link) -> Result<u64, StoreError> {
        // In order, so that two who settle for the same subscribers wait for one another and never in a circle.
        let mut settlements: Vec<_> = self.0.iter().collect();
        settlements.sort_by_key(|settlement| settlement.subscriber);
        let rows = SETTLE.rows(link, settlements.iter().flat_map(|one| settled(one)).collect()).await?;
        let held: BTreeSet<_> = rows.iter().map(|row| row.int(0).map(SubscriberId)).collect::<Result<_, _>>()?;
        settlements.retain(|settlement| held.contains(&settlement.subscriber));
        let calm = settlements.iter().filter(|one| one.outcome == ParcelOutcome::Done);
        CALM.run(link, calm.flat_map(|one| calm_row(one.subscriber, one.at)).collect()).await?;
        for settlement in settlements {
            blame(link, settlement).await?;
        }
        Ok(rows.len() as u64)
    }
}

/// What becomes of a subscriber who has not taken something.
async fn blame(link: &mut dyn Link, settlement: &ParcelSettlement) -> Result<(), StoreError> {
    let ParcelOutcome::Parked { fault, .. } = settlement.outcome else { return Ok(()) };
    let (id, at) = (settlement.subscriber, settlement.at);
    let to = match fault {
        Fault::None => return Ok(()),
        Fault::Counts => return CountFault { id, at }.make(link).await,
        Fault::Nobody => SubscriberState::Bounced,
        Fault::Gone => SubscriberState::Gone,
    };
    subscribers::end(link, id, (to, at)).await
}

fn settled(settlement: &ParcelSettlement) -> Vec<Value> {
    let at = micros(settlement.at);
    let (state, due_at, error, finished_at) = match &settlement.outcome {
        ParcelOutcome::Done => ("done", None, None, Some(at)),
        ParcelOutcome::Retry { at, error } => ("waiting", Some(micros(*at)), Some(error.as_str()), None),
        ParcelOutcome::Returned { at } => ("waiting", Some(micros(*at)), None, None),
        ParcelOutcome::Parked { error, .. } => ("parked", None, Some(error.as_str()), Some(at)),
        ParcelOutcome::Moot => ("moot", None, None, Some(at)),
    };
    let is_untried = matches!(settlement.outcome, ParcelOutcome::Returned { .. });
    values![
        settlement.consignment.as_str(),
        settlement.subscriber.0,
        settlement.worker.as_str(),
        i64::from(settlement.attempt),
        state,
        due_at,
        error,
        finished_at,
        i64::from(is_untried),
    ]
}

/// How the parcels of a message have fared.
pub(crate) async fn tally(link: &mut dyn Link, incident: IncidentId, number: i64) -> Result<Tally, StoreError> {
    let sql = "SELECT count(*) FILTER (WHERE p.state = 'waiting' AND p.error IS NULL),
                      count(*) FILTER (WHERE p.state = 'done'),
                      count(*) FILTER (WHERE p.state = 'waiting' AND p.error IS NOT NULL),
                      count(*) FILTER (WHERE p.state = 'parked'),
                      count(*) FILTER (WHERE p.state = 'moot')
               FROM consignments c JOIN parcels p ON p.consignment = c.id
               WHERE c.incident = $1 AND c.incident <> 0 AND c.number = $2";
    let Some(row) = link.row(sql, values![incident.0, number]).await? else { return Ok(Tally::default()) };
    Ok(Tally { waiting: row.int(0)?, done: row.int(1)?, retrying: row.int(2)?, parked: row.int(3)?, moot: row.int(4)? })
}

/// Those that were given up, the latest first.
pub(crate) async fn parked(link: &mut dyn Link, limit: i64) -> Result<Vec<ParkedParcel>, StoreError> {
    let sql = "SELECT c.key, p.subscriber, p.attempts, p.error, p.finished_at
               FROM parcels p JOIN consignments c ON c.id = p.consignment
               WHERE p.state = 'parked' ORDER BY p.finished_at DESC, p.consignment DESC, p.subscriber LIMIT $1";
    let parked = |row: &Row| {
        Ok(ParkedParcel {
            consignment: row.text(0)?.to_owned(),
            subscriber: SubscriberId(row.int(1)?),
            attempts: attempts(row, 2)?,
            error: row.maybe_text(3)?.unwrap_or_default().to_owned(),
            at: moment(row.int(4)?)?,
        })
    };
    link.rows(sql, values![limit.max(0)]).await?.iter().map(parked).collect()
}

/// How many wait, and how many were given up.
pub(crate) async fn count(link: &mut dyn Link) -> Result<(i64, i64), StoreError> {
    let sql = "SELECT (SELECT count(*) FROM parcels WHERE state = 'waiting'),
                      (SELECT count(*) FROM parcels WHERE state = 'parked')";
    link.row(sql, values![]).await?.map_or(Ok((0, 0)), |row| Ok((row.int(0)?, row.int(1)?)))
}

pub(crate) struct Revive {
    pub(crate) key: String,
    pub(crate) now: Timestamp,
}

#[async_trait]
impl Change for Revive {
    type Outcome = u64;

    /// The attempts start from nothing, so that it is tried as often as a new one.
    async fn make(&self, link: &mut dyn Link) -> Result<u64, StoreError> {
        let sql = "UPDATE parcels SET state = 'waiting', due_at = $2, attempts = 0, error = NULL, finished_at = NULL
                   WHERE consignment = (SELECT id FROM consignments WHERE key = $1) AND state = 'parked'";
        link.run(sql, values![self.key.as_str(), micros(self.now)]).await
    }
}

pub(crate) struct Sweep {
    pub(crate) now: Timestamp,
    pub(crate) limit: i64,
}

#[async_trait]
impl Change for Sweep {
    type Outcome = u64;

    async fn make(&self, link: &mut dyn Link) -> Result<u64, StoreError> {
        let (before, limit) = (micros(self.now - PARCELS_KEPT), self.limit.max(0));
        let sql = "DELETE FROM parcels WHERE (consignment, subscriber) IN (
                       SELECT consignment, subscriber FROM parcels WHERE finished_at < $1
                       ORDER BY finished_at LIMIT $2)";
        let mut swept = link.run(sql, values![before, limit]).await?;
        let asked = micros(self.now - UNCONFIRMED_KEPT);
        swept += consignments::sweep(link, asked, before, limit).await?;
        swept += subscribers::sweep(link, self.now, limit).await?;
        Ok(swept)
    }
}
