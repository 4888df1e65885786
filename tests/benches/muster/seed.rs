//! Much data, fast: genuine rows, made from core's own types, written with statements of many rows.

use crate::cells::{Cell, Table, fresh, run};
use muster_core::clock::Timestamp;
use muster_core::ids::{IncidentId, SeverityKey};
use muster_core::incident::Incident;
use muster_core::incident::entry::Entry;
use muster_core::incident::event::Reminder;
use muster_core::incident::status::Status;
use muster_core::timer::Alarm;
use muster_tests::fixtures;
use serde_json::json;
use sqlx::SqliteConnection;
use std::path::Path;

/// Entries of each incident.
pub(crate) const ENTRIES: i64 = 10;
/// Incidents in one transaction.
const TOGETHER: i64 = 5_000;

const INCIDENTS: Table = Table(
    "incidents",
    "id, version, kind, private, phase, open, severity, title, commander, declared_at, changed_at, state",
);
const TAGS: Table = Table("incident_tags", "kind, value, incident");
const LOG: Table = Table("entries", "incident, seq, number, at, recorded_at, removed, body");
const TIMERS: Table = Table("timers", "key, incident, due_at, alarm");

/// An incident as most are: with a severity, a service and a commander, and in nineteen of twenty cases over.
fn incident(number: i64) -> Incident {
    let status = if number % 20 == 0 { Status::Investigating } else { Status::Resolved };
    let severity = ["SEV1", "SEV2", "SEV3", "SEV4"][usize::try_from(number % 4).expect("less than four")];
    let moment = fixtures::at(number * 60);
    Incident {
        severity: Some(SeverityKey::from(severity)),
        status,
        summary: Some("One in ten customers waits for half a minute after the payment.".to_owned()),
        services: ["checkout".to_owned()].into(),
        declared_at: moment,
        changed_at: moment,
        resolved_at: (!status.is_open()).then_some(moment),
        next_entry: ENTRIES + 1,
        ..fixtures::incident(number)
    }
}

/// The row of an incident, as the store writes it.
fn row(incident: &Incident) -> [Cell; 12] {
    let phase = incident.status.phase();
    let text = |text: Option<&str>| text.map_or(Cell::Null, Cell::from);
    [
        incident.id.0.into(),
        incident.version.into(),
        incident.kind.word().into(),
        0.into(),
        phase.word().into(),
        i64::from(phase.is_open()).into(),
        text(incident.severity.as_ref().map(SeverityKey::as_str)),
        incident.title.as_str().into(),
        text(incident.commander().map(|commander| commander.name.as_str())),
        incident.declared_at.timestamp_micros().into(),
        incident.changed_at.timestamp_micros().into(),
        serde_json::to_string(incident).expect("an incident is JSON").into(),
    ]
}

/// The row of an entry, as the store writes it.
fn log_row(entry: &Entry) -> [Cell; 7] {
    let body = json!({ "by": entry.by, "via": entry.via, "what": entry.what });
    [
        entry.incident.0.into(),
        entry.seq.into(),
        entry.number.into(),
        entry.at.timestamp_micros().into(),
        entry.recorded_at.timestamp_micros().into(),
        0.into(),
        body.to_string().into(),
    ]
}

/// The reminder that is set for an incident.
fn timer_row(incident: IncidentId, about: Reminder, due_at: Timestamp) -> [Cell; 4] {
    let alarm = Alarm::Remind { about, since: due_at };
    let json = serde_json::to_string(&alarm).expect("an alarm is JSON");
    [alarm.key(incident).as_str().into(), incident.0.into(), due_at.timestamp_micros().into(), json.into()]
}

/// Nothing here has to survive a power cut.
async fn hastily(path: &Path) -> SqliteConnection {
    let mut connection = fresh(path).await;
    for pragma in ["PRAGMA synchronous = OFF", "PRAGMA foreign_keys = OFF", "PRAGMA cache_size = -65536"] {
        run(&mut connection, pragma, Vec::new()).await;
    }
    connection
}

async fn done(mut connection: SqliteConnection) {
    run(&mut connection, "PRAGMA wal_checkpoint(TRUNCATE)", Vec::new()).await;
    sqlx::Connection::close(connection).await.expect("the file is closed");
}

/// Makes a file with that many incidents, each with ten entries.
pub(crate) async fn incidents(path: &Path, count: i64) {
    let mut connection = hastily(path).await;
    let far = fixtures::at(10 * 365 * 24 * 3_600);
    for first in (1..=count).step_by(usize::try_from(TOGETHER).expect("a small number")) {
        let [mut rows, mut tags, mut log, mut timers] = [const { Vec::new() }; 4];
        for number in first..=count.min(first + TOGETHER - 1) {
            let incident = incident(number);
            rows.extend(row(&incident));
            tags.extend(["person".into(), "alice".into(), Cell::from(number)]);
            tags.extend(["service".into(), "checkout".into(), Cell::from(number)]);
            for seq in 1..=ENTRIES {
                let words = format!("Looked at replica {seq}: it lags, and the pool of connections is exhausted.");
                log.extend(log_row(&fixtures::note(number, seq, &words)));
            }
            if incident.status.is_open() {
                timers.extend(timer_row(incident.id, Reminder::UpdateDue, far));
            }
        }
        run(&mut connection, "BEGIN", Vec::new()).await;
        for (table, cells) in [(INCIDENTS, rows), (TAGS, tags), (LOG, log), (TIMERS, timers)] {
            table.fill(&mut connection, &cells).await;
        }
        run(&mut connection, "COMMIT", Vec::new()).await;
    }
    done(connection).await;
}

/// Makes a file with an incident without a commander for each of these moments, and a reminder due then.
pub(crate) async fn reminders(path: &Path, due: &[Timestamp]) {
    let mut connection = hastily(path).await;
    let [mut rows, mut timers] = [const { Vec::new() }; 2];
    for (number, due_at) in (1..).zip(due) {
        let incident = Incident { roles: Vec::new(), next_entry: 1, ..incident(number * 20) };
        rows.extend(row(&incident));
        timers.extend(timer_row(incident.id, Reminder::NoCommander, *due_at));
    }
    run(&mut connection, "BEGIN", Vec::new()).await;
    INCIDENTS.fill(&mut connection, &rows).await;
    TIMERS.fill(&mut connection, &timers).await;
    run(&mut connection, "COMMIT", Vec::new()).await;
    done(connection).await;
}
