//! Signals that have been taken in and wait to be sorted.

use crate::codec::{json, micros, moment, parse};
use crate::engine::Engine;
use crate::many::Many;
use crate::store::SqlStore;
use crate::value::{Row, Value, values};
use async_trait::async_trait;
use muster_core::alert::{SignalId, Waiting};
use muster_core::ports::store::{Signals, StoreError};

/// The same signal again changes nothing: whoever does not know whether it was taken in may try again.
static TAKE_IN: Many = Many::new(3, "INSERT INTO signals (id, at, body) VALUES {rows} ON CONFLICT (id) DO NOTHING");

/// Takes signals away that have been sorted. They are locked in order: two who have sorted some of the same wait for one
/// another, and never in a circle.
pub(crate) static TAKE: Many = Many::new(
    1,
    "DELETE FROM signals WHERE id IN (SELECT id FROM signals WHERE id IN (VALUES {rows}) ORDER BY id{lock})",
);

fn row(waiting: &Waiting) -> Result<[Value; 3], StoreError> {
    Ok([waiting.id.0.as_str().into(), micros(waiting.at).into(), json(&waiting.signal)?.into()])
}

fn waiting(row: &Row) -> Result<Waiting, StoreError> {
    Ok(Waiting {
        id: SignalId(row.text(0)?.to_owned()),
        at: moment(row.int(1)?)?,
        signal: parse("signal", row.text(2)?)?,
    })
}

#[async_trait]
impl<E: Engine> Signals for SqlStore<E> {
    async fn take_in(&self, signals: &[Waiting]) -> Result<(), StoreError> {
        if signals.is_empty() {
            return Ok(());
        }
        let mut rows = Vec::with_capacity(signals.len() * 3);
        for signal in signals {
            rows.extend(row(signal)?);
        }
        self.engine().add(&TAKE_IN, rows).await
    }

    async fn waiting(&self, limit: i64) -> Result<Vec<Waiting>, StoreError> {
        let mut link = self.engine().look().await?;
        let sql = "SELECT id, at, body FROM signals ORDER BY id LIMIT $1";
        link.rows(sql, values![limit.max(0)]).await?.iter().map(waiting).collect()
    }

    async fn count_waiting(&self) -> Result<i64, StoreError> {
        let mut link = self.engine().look().await?;
        let row = link.row("SELECT count(*) FROM signals", values![]).await?;
        row.map_or(Ok(0), |row| row.int(0))
    }
}
