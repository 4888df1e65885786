//! The log of an incident: rows that are only added, and the timeline they amount to.

use crate::codec::{json, micros, moment, parse};
use crate::link::Link;
use crate::many::Many;
use crate::value::{Row, Value, values};
use muster_core::decide::Entries;
use muster_core::ids::{IncidentId, PlatformId};
use muster_core::incident::entry::{Amendment, Author, Entry};
use muster_core::incident::event::Event;
use muster_core::ports::store::StoreError;
use serde::{Deserialize, Serialize};

pub(crate) static ADD: Many =
    Many::new(7, "INSERT INTO entries (incident, seq, number, at, recorded_at, removed, body) VALUES {rows}");

/// What is in no column of its own.
#[derive(Serialize)]
struct BodyRef<'a> {
    by: &'a Author,
    via: &'a PlatformId,
    what: &'a Event,
    #[serde(skip_serializing_if = "Option::is_none")]
    amendment: &'a Option<Amendment>,
}

#[derive(Deserialize)]
struct Body {
    by: Author,
    via: PlatformId,
    what: Event,
    amendment: Option<Amendment>,
}

/// The row of an entry.
pub(crate) fn row(entry: &Entry) -> Result<Vec<Value>, StoreError> {
    let body = BodyRef { by: &entry.by, via: &entry.via, what: &entry.what, amendment: &entry.amendment };
    Ok(values![
        entry.incident.0,
        entry.seq,
        entry.number,
        micros(entry.at),
        micros(entry.recorded_at),
        entry.is_removal(),
        json(&body)?,
    ])
}

fn entry(row: &Row) -> Result<Entry, StoreError> {
    let body: Body = parse("entry", row.text(5)?)?;
    Ok(Entry {
        incident: IncidentId(row.int(0)?),
        seq: row.int(1)?,
        number: row.int(2)?,
        at: moment(row.int(3)?)?,
        recorded_at: moment(row.int(4)?)?,
        by: body.by,
        via: body.via,
        what: body.what,
        amendment: body.amendment,
    })
}

/// The entries asked for, and whether there are more.
pub(crate) async fn read(
    link: &mut dyn Link,
    incident: IncidentId,
    which: Entries,
) -> Result<(Vec<Entry>, bool), StoreError> {
    match which {
        Entries::Latest { limit, before } => {
            let rows = latest(link, incident, limit, before.map(|(at, number)| (micros(at), number))).await?;
            page(&rows, limit)
        }
        Entries::One(number) => {
            let forms = history(link, incident, number).await?;
            Ok((forms.last().map(entry).transpose()?.into_iter().collect(), false))
        }
        Entries::History(number) => {
            let forms = history(link, incident, number).await?;
            Ok((forms.iter().map(entry).collect::<Result<_, _>>()?, false))
        }
    }
}

fn page(rows: &[Row], limit: i64) -> Result<(Vec<Entry>, bool), StoreError> {
    let limit = usize::try_from(limit).unwrap_or(0);
    let entries = rows.iter().take(limit).map(entry).collect::<Result<_, _>>()?;
    Ok((entries, rows.len() > limit))
}

/// The current forms: no later row restates them, and they are not a removal. One more than asked for, if there is.
async fn latest(
    link: &mut dyn Link,
    incident: IncidentId,
    limit: i64,
    before: Option<(i64, i64)>,
) -> Result<Vec<Row>, StoreError> {
    let limit = limit.saturating_add(1).max(1);
    match before {
        None => {
            let sql = "SELECT e.incident, e.seq, e.number, e.at, e.recorded_at, e.body FROM entries e
                       WHERE e.incident = $1 AND e.removed = 0
                         AND NOT EXISTS (SELECT 1 FROM entries later
                                         WHERE later.incident = e.incident AND later.number = e.number
                                           AND later.seq > e.seq AND later.seq <> later.number)
                       ORDER BY e.at DESC, e.number DESC LIMIT $2";
            link.rows(sql, values![incident.0, limit]).await
        }
        Some((at, number)) => {
            let sql = "SELECT e.incident, e.seq, e.number, e.at, e.recorded_at, e.body FROM entries e
                       WHERE e.incident = $1 AND e.removed = 0 AND (e.at, e.number) < ($2, $3)
                         AND NOT EXISTS (SELECT 1 FROM entries later
                                         WHERE later.incident = e.incident AND later.number = e.number
                                           AND later.seq > e.seq AND later.seq <> later.number)
                       ORDER BY e.at DESC, e.number DESC LIMIT $4";
            link.rows(sql, values![incident.0, at, number, limit]).await
        }
    }
}

/// Every form of one entry, oldest first.
async fn history(link: &mut dyn Link, incident: IncidentId, number: i64) -> Result<Vec<Row>, StoreError> {
    let sql = "SELECT incident, seq, number, at, recorded_at, body FROM entries
               WHERE incident = $1 AND seq = $2 AND number = $2
               UNION ALL
               SELECT incident, seq, number, at, recorded_at, body FROM entries
               WHERE incident = $1 AND number = $2 AND seq <> number
               ORDER BY seq";
    link.rows(sql, values![incident.0, number]).await
}

/// Every row of the log behind `after`, in order.
pub(crate) async fn log(
    link: &mut dyn Link,
    incident: IncidentId,
    after: i64,
    limit: i64,
) -> Result<Vec<Entry>, StoreError> {
    let sql = "SELECT incident, seq, number, at, recorded_at, body FROM entries
               WHERE incident = $1 AND seq > $2 ORDER BY seq LIMIT $3";
    let rows = link.rows(sql, values![incident.0, after, limit.max(0)]).await?;
    rows.iter().map(entry).collect()
}
