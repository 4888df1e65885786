//! Alerts: the row each is, the guard by version, and finding them.

use crate::codec::{json, micros, parse};
use crate::link::Link;
use crate::many::Many;
use crate::value::{Row, Value, values};
use muster_core::alert::{Alert, AlertKey, AlertQuery, AlertState};
use muster_core::clock::Timestamp;
use muster_core::ports::store::StoreError;

/// Writes alerts that are still at the version before, or not there.
pub(crate) static WRITE: Many = Many::new(
    8,
    "INSERT INTO alerts (source, key, version, firing, incident, grp, heard_at, body) VALUES {rows}
     ON CONFLICT (source, key) DO UPDATE SET
        version = excluded.version, firing = excluded.firing, incident = excluded.incident, grp = excluded.grp,
        heard_at = excluded.heard_at, body = excluded.body
     WHERE alerts.version = excluded.version - 1",
);

/// `CROSS JOIN` tells SQLite to look each key up; for pairs in a list it would walk all alerts there are.
static READ: Many = Many::new(
    2,
    "SELECT a.body FROM (VALUES {rows}) AS v CROSS JOIN alerts a WHERE a.source = v.column1 AND a.key = v.column2",
);

/// The row of an alert.
pub(crate) fn row(alert: &Alert) -> Result<Vec<Value>, StoreError> {
    let is_firing = match alert.state {
        AlertState::Firing => true,
        AlertState::Resolved => false,
    };
    Ok(values![
        alert.id.source.as_str(),
        alert.id.key.as_str(),
        alert.version,
        is_firing,
        alert.incident.map(|incident| incident.0),
        alert.group.as_str(),
        micros(alert.heard_at),
        json(alert)?,
    ])
}

/// The alerts asked for. Those asked for by their keys come in the order of the keys, each once.
pub(crate) async fn read(link: &mut dyn Link, query: &AlertQuery) -> Result<Vec<Alert>, StoreError> {
    match query {
        AlertQuery::Keys(keys) => of_keys(link, keys).await,
        AlertQuery::OfIncident(incident, limit) => {
            let sql = "SELECT body FROM alerts WHERE incident = $1
                       ORDER BY firing DESC, heard_at DESC, source, key LIMIT $2";
            link.rows(sql, values![incident.0, (*limit).max(0)]).await?.iter().map(alert).collect()
        }
        AlertQuery::Firing(limit) => {
            let sql = "SELECT body FROM alerts WHERE firing = 1 ORDER BY heard_at DESC, source, key LIMIT $1";
            link.rows(sql, values![(*limit).max(0)]).await?.iter().map(alert).collect()
        }
    }
}

async fn of_keys(link: &mut dyn Link, keys: &[AlertKey]) -> Result<Vec<Alert>, StoreError> {
    let mut sorted: Vec<_> = keys.iter().collect();
    sorted.sort_unstable();
    sorted.dedup();
    let values = sorted.iter().flat_map(|id| values![id.source.as_str(), id.key.as_str()]).collect();
    let mut alerts: Vec<Alert> = READ.rows(link, values).await?.iter().map(alert).collect::<Result<_, _>>()?;
    alerts.sort_unstable_by(|one, other| one.id.cmp(&other.id));
    Ok(alerts)
}

fn alert(row: &Row) -> Result<Alert, StoreError> {
    parse("alert", row.text(0)?)
}

/// Forgets alerts that were resolved, and not heard of again, since before `before`; at most `limit`.
pub(crate) async fn sweep(link: &mut dyn Link, before: Timestamp, limit: i64) -> Result<u64, StoreError> {
    let sql = "DELETE FROM alerts WHERE (source, key) IN (
                   SELECT source, key FROM alerts WHERE firing = 0 AND heard_at < $1 ORDER BY heard_at LIMIT $2)";
    link.run(sql, values![micros(before), limit]).await
}
