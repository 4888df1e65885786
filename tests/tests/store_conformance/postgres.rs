//! What only PostgreSQL promises.

use crate::home::*;
use futures::future::join_all;
use muster_core::ports::store::{Committed, Store, StoreError};
use muster_store::{PgStore, connect};
use muster_tests::fixtures::{incident, next, write};
use std::sync::Arc;

#[tokio::test]
async fn an_unreachable_postgres_is_told_without_its_password() {
    let Err(error) = PgStore::connect("postgres://muster:hunter2@127.0.0.1:1/muster", 1).await.map(|_| ()) else {
        panic!("somebody listens on port 1")
    };
    assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
    assert!(!format!("{error} {error:?}").contains("hunter2"));
    let Err(error) = connect("postgres://muster:hunter2@[::nonsense/muster").await.map(|_| ()) else {
        panic!("that is no address")
    };
    assert!(!format!("{error} {error:?}").contains("hunter2"));
}

#[tokio::test]
async fn postgres_may_come_back_and_must_be_writable_then() {
    let Some(home) = Home::postgres("postgres_may_come_back_and_must_be_writable_then").await else { return };
    let loses_its_connections = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                                 WHERE datname = current_database() AND pid <> pg_backend_pid()";
    home.store.ping().await.unwrap();
    home.sql(loses_its_connections).await;
    home.store.ping().await.unwrap();
    declares(&home.store, &incident(1)).await;

    let becomes_read_only = "DO $$ BEGIN
        EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on', current_database());
    END $$";
    home.sql(becomes_read_only).await;
    home.sql(loses_its_connections).await;
    let Err(StoreError::Unavailable(why)) = home.store.ping().await else { panic!("it cannot write") };
    assert!(why.contains("read-only"), "{why}");
    assert_eq!(read(&home.store, 1).await, Some(incident(1)), "one can still look");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_lets_an_incident_go_when_nothing_is_decided() {
    let Some(home) = Home::postgres("postgres_lets_an_incident_go_when_nothing_is_decided").await else { return };
    let other = home.opened_again().await;
    declares(&home.store, &incident(1)).await;
    let unit = home.store.begin(&about(1)).await.unwrap();
    let waiting = tokio::spawn(async move {
        let unit = other.begin(&about(1)).await.unwrap();
        unit.state().incident.clone()
    });
    drop(unit);
    assert_eq!(waiting.await.unwrap(), Some(incident(1)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_lets_two_who_hold_an_incident_take_turns() {
    let Some(home) = Home::postgres("postgres_lets_two_who_hold_an_incident_take_turns").await else { return };
    let other = home.opened_again().await;
    declares(&home.store, &incident(1)).await;
    let change = |store: Arc<dyn Store>, request: String| async move {
        let unit = store.begin(&about(1)).await.unwrap();
        let incident = next(unit.state().incident.as_ref().unwrap());
        unit.commit(write(&request).incident(&incident).0).await.unwrap()
    };
    let changes = (0..40).map(|n| {
        let store = if n % 2 == 0 { &home.store } else { &other };
        change(Arc::clone(store), format!("change {n}"))
    });
    assert!(join_all(changes).await.iter().all(|committed| *committed == Committed::Fresh));
    assert_eq!(read(&home.store, 1).await.unwrap().version, 41);
}
