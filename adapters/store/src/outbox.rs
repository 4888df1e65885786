//! The outbox: effects that wait for their turn, are leased, and end as done, superseded or dead.

use crate::codec::{self, json, micros, moment, parse};
use crate::engine::{Change, Engine};
use crate::link::Link;
use crate::many::Many;
use crate::store::SqlStore;
use crate::value::{Row, Value, values};
use async_trait::async_trait;
use muster_core::clock::Timestamp;
use muster_core::effect::Outgoing;
use muster_core::ids::{EffectKey, PlatformId};
use muster_core::ports::store::{Lease, Leased, Of, Outbox, OutboxRow, OutboxState, Outcome, Settlement, StoreError};
use sqlx::AssertSqlSafe;
use std::collections::{BTreeMap, HashMap};

pub(crate) static ADD: Many = Many::new(
    13,
    "INSERT INTO outbox (key, incident, platform, lane, position, urgency, mark, due_at, state, attempts, effect,
                         created_at, finished_at)
     VALUES {rows}",
);

/// Lets new effects take the place of those with their mark that nobody has begun to make. One that was attempted may have
/// arrived: it is tried again, so that the next one knows what to edit.
pub(crate) static SUPERSEDE: Many = Many::new(
    2,
    "UPDATE outbox SET state = 'superseded', finished_at = v.column2
     FROM (VALUES {rows}) AS v
     WHERE outbox.mark = v.column1 AND outbox.state = 'waiting' AND outbox.attempts = 0",
);

/// The row of a new effect; `superseded` if a later one of the same decision takes its place.
pub(crate) fn row(outgoing: &Outgoing, at: i64, superseded: bool) -> Result<Vec<Value>, StoreError> {
    let state = if superseded { OutboxState::Superseded } else { OutboxState::Waiting };
    Ok(values![
        outgoing.key.as_str(),
        codec::of_incident(outgoing.incident),
        outgoing.effect.platform().as_str(),
        outgoing.lane.as_str(),
        outgoing.position,
        outgoing.urgency.rank(),
        outgoing.coalesce.as_deref(),
        micros(outgoing.due_at),
        codec::outbox_word(state),
        0_i64,
        json(&outgoing.effect)?,
        at,
        superseded.then_some(at),
    ])
}

/// What [`outgoing`] reads; further columns come behind.
const COLUMNS: &str = "key, incident, lane, position, urgency, mark, due_at, effect, attempts";

fn outgoing(row: &Row) -> Result<Outgoing, StoreError> {
    Ok(Outgoing {
        key: EffectKey::from(row.text(0)?),
        incident: codec::incident(row.int(1)?),
        lane: row.text(2)?.to_owned(),
        position: row.int(3)?,
        urgency: codec::urgency(row.int(4)?)?,
        coalesce: row.maybe_text(5)?.map(str::to_owned),
        due_at: moment(row.int(6)?)?,
        effect: parse("effect", row.text(7)?)?,
    })
}

fn attempts(row: &Row) -> Result<u32, StoreError> {
    u32::try_from(row.int(8)?).map_err(|_| codec::unknown("number of attempts"))
}

/// Holds for a row `o` of which nothing earlier in its lane is still to be made.
const FIRST_IN_LANE: &str = "NOT EXISTS (SELECT 1 FROM outbox before
                                         WHERE before.lane = o.lane AND before.state = 'waiting'
                                           AND before.position < o.position)";

#[async_trait]
impl Change for Lease {
    type Outcome = Vec<Leased>;

    async fn make(&self, link: &mut dyn Link) -> Result<Vec<Leased>, StoreError> {
        let claim = link.dialect().claim;
        let mut values =
            values![self.worker.as_str(), micros(self.until), micros(self.now), self.limit.max(0), self.least.rank()];
        let of = platforms(&self.of, &mut values);
        let sql = format!(
            "UPDATE outbox SET worker = $1, leased_until = $2, attempts = attempts + 1
             WHERE key IN (SELECT o.key FROM outbox o
                           WHERE o.state = 'waiting' AND o.due_at <= $3 AND o.urgency <= $5{of}
                             AND (o.leased_until IS NULL OR o.leased_until <= $3) AND {FIRST_IN_LANE}
                           ORDER BY o.urgency, o.due_at, o.position LIMIT $4{claim})
             RETURNING {COLUMNS}"
        );
        let mut leased = Vec::new();
        for row in link.rows(AssertSqlSafe(sql), values).await? {
            leased.push(Leased { outgoing: outgoing(&row)?, attempt: attempts(&row)?, made: None });
        }
        remember(link, &mut leased).await?;
        leased.sort_by(|one, other| order(&one.outgoing).cmp(&order(&other.outgoing)));
        Ok(leased)
    }
}

/// A condition on the platforms of the rows of `o`.
fn platforms(of: &Of, values: &mut Vec<Value>) -> String {
    let mut bind = |platform: &PlatformId| {
        values.push(Value::from(platform.as_str()));
        format!("${}", values.len())
    };
    match of {
        Of::All => String::new(),
        Of::Only(platform) => format!(" AND o.platform = {}", bind(platform)),
        Of::NoneOf(platforms) if platforms.is_empty() => String::new(),
        Of::NoneOf(platforms) => {
            format!(" AND o.platform NOT IN ({})", platforms.iter().map(bind).collect::<Vec<_>>().join(", "))
        }
    }
}

static MADE: Many = Many::new(1, "SELECT mark, external FROM made WHERE mark IN (VALUES {rows})");

/// Adds what the last effects with the same marks made.
async fn remember(link: &mut dyn Link, leased: &mut [Leased]) -> Result<(), StoreError> {
    let marks = leased.iter().filter_map(|one| one.outgoing.coalesce.as_deref());
    let mut made = HashMap::new();
    for row in MADE.rows(link, marks.map(Value::from).collect()).await? {
        made.insert(row.text(0)?.to_owned(), row.text(1)?.to_owned());
    }
    for one in leased {
        one.made = one.outgoing.coalesce.as_ref().and_then(|mark| made.get(mark)).cloned();
    }
    Ok(())
}

fn order(outgoing: &Outgoing) -> (i64, Timestamp, i64, &str) {
    (outgoing.urgency.rank(), outgoing.due_at, outgoing.position, outgoing.key.as_str())
}

/// Ends leases that are still held: worker and attempt are compared with what the row says.
static SETTLE: Many = Many::new(
    8,
    "UPDATE outbox SET state = v.column4, due_at = coalesce(v.column5, outbox.due_at),
                       error = coalesce(v.column6, outbox.error), external = v.column7, finished_at = v.column8,
                       worker = NULL, leased_until = NULL
     FROM (VALUES {rows}) AS v
     WHERE outbox.key = v.column1 AND outbox.worker = v.column2 AND outbox.attempts = v.column3
       AND outbox.state = 'waiting'",
);

static REMEMBER: Many = Many::new(
    2,
    "INSERT INTO made (mark, external) VALUES {rows} ON CONFLICT (mark) DO UPDATE SET external = excluded.external",
);

struct Settle(Vec<Settlement>);

#[async_trait]
impl Change for Settle {
    type Outcome = u64;

    async fn make(&self, link: &mut dyn Link) -> Result<u64, StoreError> {
        let settled = SETTLE.run(link, self.0.iter().flat_map(settled).collect()).await?;
        // By mark, since one statement must not write a row twice.
        let made: BTreeMap<_, _> = self.0.iter().filter_map(made_by).collect();
        REMEMBER.run(link, made.into_iter().flat_map(|(mark, external)| values![mark, external]).collect()).await?;
        Ok(settled)
    }
}

fn made_by(settlement: &Settlement) -> Option<(&str, &str)> {
    match &settlement.outcome {
        Outcome::Done { external } => Some((settlement.mark.as_deref()?, external)),
        Outcome::Retry { .. } | Outcome::Moot { .. } | Outcome::Dead { .. } => None,
    }
}

fn settled(settlement: &Settlement) -> Vec<Value> {
    let (state, due_at, error, external) = match &settlement.outcome {
        Outcome::Done { external } => (OutboxState::Done, None, None, Some(external.as_str())),
        Outcome::Retry { at, error } => (OutboxState::Waiting, Some(micros(*at)), Some(error.as_str()), None),
        Outcome::Moot { error } => (OutboxState::Superseded, None, Some(error.as_str()), None),
        Outcome::Dead { error } => (OutboxState::Dead, None, Some(error.as_str()), None),
    };
    let finished_at = (state != OutboxState::Waiting).then(|| micros(settlement.at));
    values![
        settlement.key.as_str(),
        settlement.worker.as_str(),
        i64::from(settlement.attempt),
        codec::outbox_word(state),
        due_at,
        error,
        external,
        finished_at,
    ]
}

struct Revive {
    key: EffectKey,
    now: Timestamp,
}

#[async_trait]
impl Change for Revive {
    type Outcome = bool;

    /// The attempts start from nothing, so that it is tried as often as a new one.
    async fn make(&self, link: &mut dyn Link) -> Result<bool, StoreError> {
        let sql = "UPDATE outbox SET state = 'waiting', due_at = $2, attempts = 0, finished_at = NULL
                   WHERE key = $1 AND state = 'dead'";
        Ok(link.run(sql, values![self.key.as_str(), micros(self.now)]).await? > 0)
    }
}

#[async_trait]
impl<E: Engine> Outbox for SqlStore<E> {
    async fn lease(&self, lease: &Lease) -> Result<Vec<Leased>, StoreError> {
        self.engine().change(lease.clone()).await
    }

    async fn settle(&self, settlements: &[Settlement]) -> Result<u64, StoreError> {
        if settlements.is_empty() {
            return Ok(0);
        }
        self.engine().change(Settle(settlements.to_vec())).await
    }

    async fn next_lease(&self, of: &Of) -> Result<Option<Timestamp>, StoreError> {
        let mut link = self.engine().look().await?;
        let mut values = values![];
        let of = platforms(of, &mut values);
        // Only the first of each lane: the others may be overdue and still have to wait.
        let sql = format!(
            "SELECT min(CASE WHEN o.leased_until > o.due_at THEN o.leased_until ELSE o.due_at END) FROM outbox o
             WHERE o.state = 'waiting'{of} AND {FIRST_IN_LANE}"
        );
        match link.row(AssertSqlSafe(sql), values).await? {
            Some(row) => row.maybe_int(0)?.map(moment).transpose(),
            None => Ok(None),
        }
    }

    async fn effects(&self, state: OutboxState, limit: i64) -> Result<Vec<OutboxRow>, StoreError> {
        let mut link = self.engine().look().await?;
        // The word is written out, so that the partial indexes can be used.
        let word = codec::outbox_word(state);
        let sql = format!(
            "SELECT {COLUMNS}, error, external FROM outbox WHERE state = '{word}'
             ORDER BY created_at, position, key LIMIT $1"
        );
        let mut effects = Vec::new();
        for row in link.rows(AssertSqlSafe(sql), values![limit.max(0)]).await? {
            effects.push(OutboxRow {
                outgoing: outgoing(&row)?,
                state,
                attempts: attempts(&row)?,
                error: row.maybe_text(9)?.map(str::to_owned),
                external: row.maybe_text(10)?.map(str::to_owned),
            });
        }
        Ok(effects)
    }

    async fn count(&self, state: OutboxState) -> Result<i64, StoreError> {
        let mut link = self.engine().look().await?;
        let sql = format!("SELECT count(*) FROM outbox WHERE state = '{}'", codec::outbox_word(state));
        let row = link.row(AssertSqlSafe(sql), values![]).await?;
        row.map_or(Ok(0), |row| row.int(0))
    }

    async fn revive(&self, key: &EffectKey, now: Timestamp) -> Result<bool, StoreError> {
        self.engine().change(Revive { key: key.clone(), now }).await
    }
}
