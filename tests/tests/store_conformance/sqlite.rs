//! What only SQLite promises.

use crate::home::*;
use muster_core::decide::Needs;
use muster_core::ids::IncidentId;
use muster_core::ports::store::{Store, StoreError};
use muster_store::{Access, SqliteStore, connect};
use muster_tests::fixtures::incident;
use std::sync::Arc;

#[tokio::test]
async fn sqlite_gives_a_file_to_one_server_and_to_any_tool() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep").join("muster.db");
    let server = SqliteStore::open(&path, Access::Server).await.unwrap();
    let Err(StoreError::Broken(why)) = SqliteStore::open(&path, Access::Server).await.map(|_| ()) else {
        panic!("two servers have one file")
    };
    assert!(why.contains("another muster server is using"), "{why}");
    let tool = SqliteStore::open(&path, Access::Operator).await.unwrap();
    tool.close().await;

    server.close().await;
    SqliteStore::open(&path, Access::Server).await.unwrap();
}

#[tokio::test]
async fn sqlite_keeps_what_was_written_when_it_is_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("muster.db");
    let first = SqliteStore::open(&path, Access::Server).await.unwrap();
    let store: Arc<dyn Store> = Arc::new(first.clone());
    declares(&store, &incident(5)).await;
    first.close().await;
    assert!(matches!(store.ping().await, Err(StoreError::Unavailable(_))), "it is closed");

    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(&path, Access::Server).await.unwrap());
    assert_eq!(read(&store, 5).await, Some(incident(5)));
    let number = store.load(&Needs { number: true, ..Needs::default() }).await.unwrap().number;
    assert_eq!(number, Some(IncidentId(6)));
}

#[cfg(unix)]
#[tokio::test]
async fn sqlite_lets_nobody_else_read_the_file() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data").join("muster.db");
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(&path, Access::Server).await.unwrap());
    store.ping().await.unwrap();
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    for name in ["muster.db", "muster.db-wal", "muster.db-shm", "muster.db.lock"] {
        assert_eq!(mode(&path.with_file_name(name)), 0o600, "{name}");
    }
}

#[tokio::test]
async fn an_address_of_no_known_kind_is_refused() {
    for url in ["mysql://localhost/muster", "sqlite:", "/var/lib/muster.db", ""] {
        let Err(StoreError::Broken(why)) = connect(url).await.map(|_| ()) else { panic!("{url} was opened") };
        assert!(why.contains("sqlite:PATH"), "{why}");
    }
}
