//! What is old is forgotten.

use crate::home::*;
use crate::people::{credential, given};
use muster_core::ids::RequestId;
use muster_core::ports::credentials::CredentialKind;
use muster_tests::fixtures::{at, incident, write};

on_both_engines! {
    what_is_old_is_forgotten_in_portions
}

async fn what_is_old_is_forgotten_in_portions(home: Home) {
    let store = home.store;
    for second in 0..6 {
        commits(&store, write(&format!("request {second}")).incident(&incident(second + 1)).at(at(second))).await;
    }
    commits(&store, write("give").change(given("aaaa-aaaa", "alice", at(1))).at(at(100))).await;
    assert_eq!(store.sweep(at(4), 3).await.unwrap(), 3);
    assert_eq!(store.kept(&RequestId::from("request 2")).await.unwrap(), None);
    assert!(store.kept(&RequestId::from("request 3")).await.unwrap().is_some());
    assert_eq!(store.sweep(at(4), 3).await.unwrap(), 2, "a reply and a code");
    assert_eq!(store.sweep(at(4), 3).await.unwrap(), 0);
    for (secret, expires) in [("past", Some(3)), ("future", Some(5)), ("for ever", None)] {
        store.grant(&credential(CredentialKind::Session, secret, 1, expires)).await.unwrap();
    }
    assert_eq!(store.sweep(at(4), 3).await.unwrap(), 1, "the one that has expired");
    assert_eq!(store.list(CredentialKind::Session).await.unwrap().len(), 2);
    assert!(store.kept(&RequestId::from("request 4")).await.unwrap().is_some());
    assert!(read(&store, 1).await.is_some(), "incidents are never forgotten");
}
