//! Pending timers.

use crate::codec::{self, json, micros, moment, parse};
use crate::engine::Engine;
use crate::link::Link;
use crate::many::Many;
use crate::store::SqlStore;
use crate::value::{Row, Value, values};
use async_trait::async_trait;
use muster_core::clock::Timestamp;
use muster_core::ids::TimerKey;
use muster_core::ports::store::{StoreError, Timers};
use muster_core::timer::Timer;
use sqlx::AssertSqlSafe;

pub(crate) static SET: Many = Many::new(
    4,
    "INSERT INTO timers (key, incident, due_at, alarm) VALUES {rows}
     ON CONFLICT (key) DO UPDATE SET incident = excluded.incident, due_at = excluded.due_at, alarm = excluded.alarm",
);

pub(crate) static CLEAR: Many = Many::new(1, "DELETE FROM timers WHERE key IN (VALUES {rows})");

/// The row of a timer.
pub(crate) fn row(timer: &Timer) -> Result<Vec<Value>, StoreError> {
    Ok(values![timer.key.as_str(), codec::of_incident(timer.incident), micros(timer.due_at), json(&timer.alarm)?])
}

fn timer(row: &Row) -> Result<Timer, StoreError> {
    Ok(Timer {
        key: TimerKey::from(row.text(0)?),
        incident: codec::incident(row.int(1)?),
        due_at: moment(row.int(2)?)?,
        alarm: parse("timer", row.text(3)?)?,
    })
}

/// Whether that timer is still set for that moment. It stays so until the transaction ends.
pub(crate) async fn is_set(link: &mut dyn Link, key: &str, due_at: i64) -> Result<bool, StoreError> {
    let lock = link.dialect().lock;
    let sql = format!("SELECT due_at FROM timers WHERE key = $1 AND due_at = $2{lock}");
    Ok(link.row(AssertSqlSafe(sql), values![key, due_at]).await?.is_some())
}

#[async_trait]
impl<E: Engine> Timers for SqlStore<E> {
    async fn due(&self, now: Timestamp, limit: i64) -> Result<Vec<Timer>, StoreError> {
        let mut link = self.engine().look().await?;
        let sql = "SELECT key, incident, due_at, alarm FROM timers WHERE due_at <= $1 ORDER BY due_at, key LIMIT $2";
        let rows = link.rows(sql, values![micros(now), limit.max(0)]).await?;
        rows.iter().map(timer).collect()
    }

    async fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        let mut link = self.engine().look().await?;
        match link.row("SELECT min(due_at) FROM timers", values![]).await? {
            Some(row) => row.maybe_int(0)?.map(moment).transpose(),
            None => Ok(None),
        }
    }

    async fn pending(&self) -> Result<i64, StoreError> {
        let mut link = self.engine().look().await?;
        let row = link.row("SELECT count(*) FROM timers", values![]).await?;
        row.map_or(Ok(0), |row| row.int(0))
    }
}
