//! The raw limit of declaring: the very rows that Muster wrote, written again by nothing but SQL.

use crate::cells::{Cell, Table, fresh, open, rows, run};
use crate::report::{Times, rate};
use std::path::Path;
use std::time::{Duration, Instant};

const REPLIES: Table = Table("replies", "request, reply, at");
const INCIDENTS: Table = Table(
    "incidents",
    "id, version, kind, private, phase, open, severity, title, commander, declared_at, changed_at, state",
);
const TAGS: Table = Table("incident_tags", "kind, value, incident");
const ENTRIES: Table = Table("entries", "incident, seq, number, at, recorded_at, removed, body");
const OUTBOX: Table = Table(
    "outbox",
    "key, incident, platform, lane, position, urgency, mark, due_at, state, attempts, effect, created_at, finished_at",
);
const TIMERS: Table = Table("timers", "key, incident, due_at, alarm");

/// The tables a declaration writes, in the order of writing, and where to find the rows of an incident.
const WRITTEN: [(Table, &str); 6] = [
    (REPLIES, "SELECT request, reply, at FROM replies ORDER BY at, request"),
    (
        INCIDENTS,
        "SELECT id, version, kind, private, phase, open, severity, title, commander, declared_at, changed_at, state
         FROM incidents WHERE version = 1 ORDER BY id",
    ),
    (TAGS, "SELECT kind, value, incident FROM incident_tags ORDER BY incident, kind"),
    (
        ENTRIES,
        "SELECT incident, seq, number, at, recorded_at, removed, body FROM entries WHERE seq = 1 ORDER BY incident",
    ),
    (
        OUTBOX,
        "SELECT key, incident, platform, lane, position, urgency, mark, due_at, 'waiting', 0, effect, created_at, NULL
         FROM outbox ORDER BY incident",
    ),
    (TIMERS, "SELECT key, incident, due_at, alarm FROM timers ORDER BY incident, key"),
];

/// The rows of many declarations: for each table, those of each declaration.
pub(crate) struct Declarations {
    count: usize,
    tables: Vec<(Table, Vec<Vec<Cell>>)>,
}

impl Declarations {
    /// Reads them from a file into which nothing but the same declaration was made, again and again.
    pub(crate) async fn read(path: &Path) -> Self {
        let mut connection = open(path).await;
        let mut tables = Vec::new();
        for (table, sql) in WRITTEN {
            tables.push((table, rows(&mut connection, sql, Vec::new()).await));
        }
        let count = tables[1].1.len();
        for (Table(name, _), rows) in &tables {
            assert_eq!(rows.len() % count, 0, "every declaration writes as many {name}");
        }
        Self { count, tables }
    }

    /// How many rows each declaration writes.
    pub(crate) fn rows_each(&self) -> usize {
        self.tables.iter().map(|(_, rows)| rows.len() / self.count).sum()
    }

    /// The rows of some declarations, with a statement for each table.
    fn statements(&self, from: usize, count: usize) -> Vec<(Table, Vec<Cell>)> {
        let of = |(table, rows): &(Table, Vec<Vec<Cell>>)| {
            let each = rows.len() / self.count;
            let cells = rows[from * each..(from + count) * each].iter().flatten().cloned().collect();
            (*table, cells)
        };
        self.tables.iter().map(of).collect()
    }

    /// Writes them to a fresh file in that folder, so many in each transaction, for at most that long.
    pub(crate) async fn replay(&self, folder: &Path, together: usize, lasts: Duration) -> Replayed {
        let path = folder.join(format!("raw-{together}.db"));
        let mut connection = fresh(&path).await;
        let mut replayed = Replayed { times: Times::new(), written: 0, took: Duration::ZERO };
        let began = Instant::now();
        let mut from = 0;
        while from + together <= self.count && began.elapsed() < lasts {
            let statements = self.statements(from, together);
            let begins = Instant::now();
            run(&mut connection, "BEGIN IMMEDIATE", Vec::new()).await;
            for (table, cells) in statements {
                table.write(&mut connection, cells).await;
            }
            run(&mut connection, "COMMIT", Vec::new()).await;
            let took = begins.elapsed();
            replayed.times.add(took);
            // To put the rows together is no part of writing them.
            replayed.took += took;
            replayed.written += together as u64;
            from += together;
        }
        replayed
    }
}

/// What came of it.
pub(crate) struct Replayed {
    /// How long each transaction took.
    pub(crate) times: Times,
    written: u64,
    took: Duration,
}

impl Replayed {
    /// Declarations a second.
    pub(crate) fn rate(&self) -> f64 {
        rate(self.written, self.took)
    }
}
