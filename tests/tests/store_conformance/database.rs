//! The database itself: shared, and brought up to date.

use crate::home::*;
use muster_core::decide::{Change, Needs};
use muster_core::ids::IncidentId;
use muster_core::ports::store::StoreError;
use muster_core::record::RecordKey;
use muster_store::{connect, connect_as_operator, migrations};
use muster_tests::fixtures::{incident, job, next, record, run, write};
use muster_tests::pg;
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};

on_both_engines! {
    the_store_answers_a_ping
    a_second_process_sees_what_the_first_wrote
    a_newer_database_is_refused
    migrations_keep_the_data
    what_is_looked_for_often_is_found_by_an_index
}

async fn the_store_answers_a_ping(home: Home) {
    home.store.ping().await.unwrap();
}

async fn a_second_process_sees_what_the_first_wrote(home: Home) {
    let other = home.opened_again().await;
    declares(&home.store, &incident(1)).await;
    assert_eq!(read(&other, 1).await, Some(incident(1)));
    commits(&other, write("change").incident(&next(&incident(1)))).await;
    assert_eq!(read(&home.store, 1).await, Some(next(&incident(1))));
}

async fn a_newer_database_is_refused(home: Home) {
    home.sql(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         SELECT 9999, description, success, checksum, execution_time FROM _sqlx_migrations WHERE version = 1",
    )
    .await;
    let Err(StoreError::Broken(why)) = connect_as_operator(&home.url).await else { panic!("it was opened") };
    let understood = why.contains("newer muster") || why.contains("another muster");
    assert!(understood, "{why}");
}

/// Rows of every table, by the migration that makes the table.
const ROWS: [(i64, &str, &str); 15] = [
    (
        1,
        "incidents",
        "INSERT INTO incidents VALUES (7, 3, 'incident', 0, 'triage', 1, 'SEV1', 'title', 'ALICE', 1, 2, '{}')",
    ),
    (1, "incident_tags", "INSERT INTO incident_tags VALUES ('person', 'alice', 7)"),
    (1, "entries", "INSERT INTO entries VALUES (7, 1, 1, 5, 5, 0, '{}')"),
    (
        2,
        "outbox",
        "INSERT INTO outbox (key, incident, lane, position, urgency, mark, due_at, state, attempts, worker,
                             leased_until, error, external, effect, created_at, finished_at)
         VALUES ('INC-7/1/0', 7, 'lane', 1, 0, NULL, 1, 'waiting', 0, NULL, NULL, NULL, NULL, '{}',
                                    1, NULL)",
    ),
    (2, "timers", "INSERT INTO timers VALUES ('INC-7/update-due', 7, 9, '{}')"),
    (2, "replies", "INSERT INTO replies VALUES ('request', '{}', 1)"),
    (3, "chat_links", "INSERT INTO chat_links VALUES ('slack', 'U1', 'alice', 1)"),
    (3, "credentials", "INSERT INTO credentials VALUES ('hash', 'token', 'alice', 'label', 1, NULL)"),
    (4, "made", "INSERT INTO made VALUES ('INC-7/slack/C1/headline', '1795770000.000200')"),
    (5, "records", "INSERT INTO records (kind, name, version, gone, at, body) VALUES ('beat', 'cron', 2, 1, 5, NULL)"),
    (5, "signals", "INSERT INTO signals VALUES ('s1', 5, '{}')"),
    (5, "alerts", "INSERT INTO alerts VALUES ('grafana', 'disk', 1, 1, 7, 'group', 5, '{}')"),
    (5, "page_facts", "INSERT INTO page_facts VALUES (5, 7, 1, NULL, 'alice', 'acked')"),
    (6, "audit", "INSERT INTO audit VALUES (1, '{}', 'seal')"),
    (3, "messages", "INSERT INTO messages VALUES ('INC-7/1/0', 7, NULL, 1, 1, '{}')"),
];

/// For each migration: a database that stopped there, with data, is brought up to date and has the data still.
async fn migrations_keep_the_data(home: Home) {
    for (n, stop) in migrations().iter().enumerate() {
        let present = || ROWS.iter().filter(|(version, _, _)| *version <= stop.version);
        let statements: Vec<_> = present().map(|(_, _, insert)| AssertSqlSafe(*insert)).collect();
        let counts = present().map(|(_, table, _)| format!("(SELECT count(*) FROM {table})")).collect::<Vec<_>>();
        let count = AssertSqlSafe(format!("SELECT {}", counts.join(" + ")));
        let rows = if home.url.starts_with("sqlite:") {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("old.db");
            let url = format!("sqlite:{}", path.display());
            std::fs::File::create(&path).unwrap();
            let mut old = SqliteConnection::connect(&url).await.unwrap();
            migrations().run_to(stop.version, &mut old).await.unwrap();
            for insert in statements {
                sqlx::query(insert).execute(&mut old).await.unwrap();
            }
            let store = connect(&url).await.unwrap();
            store.ping().await.unwrap();
            sqlx::query_scalar::<_, i64>(count).fetch_one(&mut old).await.unwrap()
        } else {
            let Some(url) = pg::database("migrations_keep_the_data").await else { return };
            let mut old = PgConnection::connect(&url).await.unwrap();
            migrations().run_to(stop.version, &mut old).await.unwrap();
            for insert in statements {
                sqlx::query(insert).execute(&mut old).await.unwrap();
            }
            let store = connect(&url).await.unwrap();
            let number = store.load(&Needs { number: true, ..Needs::default() }).await.unwrap().number;
            assert_eq!(number, Some(IncidentId(8)), "numbers go on behind those that are there");
            sqlx::query_scalar::<_, i64>(count).fetch_one(&mut old).await.unwrap()
        };
        assert_eq!(rows, i64::try_from(present().count()).unwrap(), "after migration {}", n + 1);
    }
}

/// Among many runs, and many jobs that are gone.
async fn what_is_looked_for_often_is_found_by_an_index(home: Home) {
    for incident in 1..=60 {
        let runs =
            (1..=50).fold(write(&format!("runs {incident}")), |making, n| making.change(record(1, run(incident, n))));
        commits(&home.store, runs).await;
        let ended = (1..=50).fold(write(&format!("jobs {incident}")), |making, n| {
            let key = RecordKey::job(&job(incident, "switch", n).task.id);
            making.change(Change::Record { key, version: 1, record: None })
        });
        commits(&home.store, ended).await;
    }
    home.sql("ANALYZE").await;
    for (looked_for, index) in [
        ("kind = 'run' AND incident = 7", "records_incident"),
        ("kind = 'job' AND gone = 0", "records_there"),
        ("kind = 'job' AND name = 'INC-7/1/switch/1'", "records_pkey"),
    ] {
        let plan = home.plan(&format!("SELECT kind, name, version, body FROM records WHERE {looked_for}")).await;
        let index = if home.is_sqlite() {
            index.replace("records_pkey", "sqlite_autoindex_records_1")
        } else {
            index.to_owned()
        };
        assert!(plan.contains(&index), "{looked_for}: {plan}");
    }
}
