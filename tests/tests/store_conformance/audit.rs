//! The audit log: every entry in its place, sealed after the one before, and there exactly if what it is about is.

use crate::home::*;
use futures::future::join_all;
use muster_core::audit::{Broken, Check, Head, Sealed, check};
use muster_core::decide::Change;
use muster_core::ports::store::{Committed, Store};
use muster_tests::fixtures::{at, deed, incident, next, write};
use std::sync::Arc;

on_every_store! {
    the_log_begins_empty_and_is_read_in_order
    what_is_not_written_leaves_nothing_on_the_log
    those_who_write_at_once_make_one_chain
}

pub(crate) async fn log(store: &Arc<dyn Store>) -> Vec<Sealed> {
    store.audit(i64::MIN, 10_000).await.unwrap()
}

/// The head of the log if it is whole.
pub(crate) async fn checked(store: &Arc<dyn Store>) -> Result<Head, Broken> {
    check(&**store, Check::new(None, Vec::new())).await.unwrap()
}

pub(crate) async fn does(store: &Arc<dyn Store>, whats: impl IntoIterator<Item = i64>) {
    for n in whats {
        commits(store, write(&format!("do {n}")).change(deed(&format!("step.{n}")))).await;
    }
}

async fn the_log_begins_empty_and_is_read_in_order(home: Home) {
    let store = home.store;
    assert_eq!(checked(&store).await, Ok(Head::genesis()));
    let many = (1..=40).fold(write("many"), |making, n| making.change(deed(&format!("“{n}” \u{0} 🔥"))));
    commits(&store, many).await;
    does(&store, 41..=45).await;
    let log = log(&store).await;
    assert_eq!(log.iter().map(|sealed| sealed.seq).collect::<Vec<_>>(), (1..=45).collect::<Vec<_>>());
    let Change::Audit(written) = deed("“7” \u{0} 🔥") else { panic!("it is a deed") };
    assert_eq!(serde_json::from_str::<muster_core::audit::Deed>(&log[6].body).unwrap(), written);
    assert_eq!(store.audit(3, 2).await.unwrap(), log[3..5]);
    assert_eq!(checked(&store).await.unwrap(), Head { seq: 45, seal: log[44].seal.clone() });
}

async fn what_is_not_written_leaves_nothing_on_the_log(home: Home) {
    let store = home.store;
    declares(&store, &incident(1)).await;
    let late = write("late").incident(&incident(1)).change(deed("late"));
    let good = write("good").incident(&incident(2)).change(deed("good"));
    let (late, good) = tokio::join!(commit(&store, late), commit(&store, good));
    assert!(is_conflict(&late));
    assert_eq!(good.unwrap(), Committed::Fresh);
    let again = commit(&store, write("good").change(deed("again"))).await;
    assert!(matches!(again, Ok(Committed::Repeated(_))));
    assert_eq!(log(&store).await.len(), 1);
    assert_eq!(checked(&store).await.unwrap().seq, 1);
    store.sweep(at(1_000_000_000), 1_000).await.unwrap();
    assert_eq!(log(&store).await.len(), 1, "it is never forgotten");
}

/// Half of them from another process, half about one incident.
async fn those_who_write_at_once_make_one_chain(home: Home) {
    let other = home.opened_again().await;
    let store = home.store;
    let first = incident(1);
    declares(&store, &first).await;
    let writes = (0..200).map(|n| {
        let store = if n % 2 == 0 { &store } else { &other };
        let making = write(&format!("write {n}")).change(deed(&format!("{n}.a"))).change(deed(&format!("{n}.b")));
        let making = if n % 4 < 2 { making.incident(&next(&first)) } else { making };
        commit(store, making)
    });
    let written = join_all(writes).await.into_iter().filter(|result| matches!(result, Ok(Committed::Fresh))).count();
    assert_eq!(written, 101, "all but those who came late to the incident");
    assert_eq!(checked(&store).await.unwrap().seq, 202);
    let log = log(&store).await;
    let pairs = log.chunks(2).all(|pair| pair[0].body.replace(".a", ".b") == pair[1].body);
    assert!(pairs, "those of one decision stand together");
}
