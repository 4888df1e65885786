//! Records: documents guarded by their version. One that is gone keeps its row for a while, so that the guard holds.

use crate::codec::{self, json, micros, parse};
use crate::link::Link;
use crate::many::Many;
use crate::value::{Row, Value, values};
use muster_core::clock::Timestamp;
use muster_core::ports::store::StoreError;
use muster_core::record::{Record, RecordKey, RecordKind, Records, Wanted};

/// Writes records that are still at the version before, or not there.
pub(crate) static WRITE: Many = Many::new(
    7,
    "INSERT INTO records (kind, name, version, gone, at, body, incident) VALUES {rows}
     ON CONFLICT (kind, name) DO UPDATE SET
        version = excluded.version, gone = excluded.gone, at = excluded.at, body = excluded.body
     WHERE records.version = excluded.version - 1",
);

/// The row of a record.
pub(crate) fn row(
    key: &RecordKey,
    version: i64,
    record: Option<&Record>,
    at: Timestamp,
) -> Result<Vec<Value>, StoreError> {
    let body = record.map(json).transpose()?;
    Ok(values![
        key.kind.word(),
        key.name.as_str(),
        version,
        body.is_none(),
        micros(at),
        body,
        key.incident().map(|incident| incident.0)
    ])
}

/// The records asked for, those that are gone with nothing but their version, and not at all where none comes back.
pub(crate) async fn read(link: &mut dyn Link, wanted: &[Wanted]) -> Result<Records, StoreError> {
    let mut records = Records::default();
    for one in wanted {
        let rows = match one {
            Wanted::All(kind) if kind.is_for_once() => {
                let sql = "SELECT kind, name, version, body FROM records WHERE kind = $1 AND gone = 0";
                link.rows(sql, values![kind.word()]).await?
            }
            Wanted::All(kind) => {
                let sql = "SELECT kind, name, version, body FROM records WHERE kind = $1 ORDER BY name";
                link.rows(sql, values![kind.word()]).await?
            }
            Wanted::RunsOf(incident) => {
                let sql = "SELECT kind, name, version, body FROM records
                           WHERE kind = $1 AND incident = $2";
                link.rows(sql, values![RecordKind::Run.word(), incident.0]).await?
            }
            Wanted::JobsOf(incident) => {
                let sql = "SELECT kind, name, version, body FROM records
                           WHERE kind = $1 AND incident = $2 AND gone = 0";
                link.rows(sql, values![RecordKind::Job.word(), incident.0]).await?
            }
            Wanted::TranscriptsOf(incident, run) => {
                let sql = "SELECT kind, name, version, body FROM records
                           WHERE kind = $1 AND incident = $2 AND gone = 0 AND name LIKE $3";
                let of_run = run.map(|run| format!("{incident}/{run}/%"));
                let names = of_run.unwrap_or_else(|| "%".to_owned());
                link.rows(sql, values![RecordKind::Transcript.word(), incident.0, names]).await?
            }
            Wanted::MessagesOf(incident) => {
                let sql = "SELECT kind, name, version, body FROM records WHERE kind = $1 AND incident = $2";
                link.rows(sql, values![RecordKind::Message.word(), incident.0]).await?
            }
            Wanted::One(key) => {
                let sql = "SELECT kind, name, version, body FROM records WHERE kind = $1 AND name = $2";
                link.rows(sql, values![key.kind.word(), key.name.as_str()]).await?
            }
        };
        for row in &rows {
            add(&mut records, row)?;
        }
    }
    Ok(records)
}

fn add(records: &mut Records, row: &Row) -> Result<(), StoreError> {
    let version = row.int(2)?;
    match row.maybe_text(3)? {
        Some(body) => records.add(version, parse("record", body)?),
        None => records.add_gone(version, RecordKey::new(kind(row.text(0)?)?, row.text(1)?)),
    }
    Ok(())
}

fn kind(word: &str) -> Result<RecordKind, StoreError> {
    RecordKind::ALL.into_iter().find(|kind| kind.word() == word).ok_or_else(|| codec::unknown("kind of record"))
}

/// Forgets records that have been gone since before `before`; at most `limit`.
pub(crate) async fn sweep(link: &mut dyn Link, before: Timestamp, limit: i64) -> Result<u64, StoreError> {
    let sql = "DELETE FROM records WHERE (kind, name) IN (
                   SELECT kind, name FROM records WHERE gone = 1 AND at < $1 ORDER BY at LIMIT $2)";
    link.run(sql, values![micros(before), limit]).await
}
