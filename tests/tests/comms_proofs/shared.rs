//! Two processes on one PostgreSQL share what is on its way to subscribers: each gets it once.

use crate::house::{Outside, house};
use muster_core::comms::Tally;
use muster_core::ids::IncidentId;
use muster_tests::pg;
use muster_tests::process::{Database, SOON, eventually, tell};
use std::collections::BTreeSet;
use std::time::Duration;

const PEOPLE: usize = 300;
const MESSAGES: i64 = 2;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_tell_everybody_once() {
    let test = "two processes, subscribers";
    let Some(url) = pg::database(test).await else { return };
    let Some(outside) = Outside::open(test).await else { return };
    let (one, other) = (house(&url, &outside), house(&url, &outside));
    let (first, second) = (one.start().await, other.start().await);
    let alice = one.client("alice");
    let there = alice.at(&other.url());
    let store = muster_store::connect_as_operator(&url).await.unwrap();
    let names = outside.subscribe(&store, PEOPLE).await;

    alice.does("new sev3 the web shop is slow --service checkout", None).await;
    for (number, client) in (1..=MESSAGES).zip([&alice, &there]) {
        client.does("comms draft public-free headline=Slow words=\"It takes long.\"", Some("INC-1")).await;
        client.does(&format!("comms publish {number}"), Some("INC-1")).await;
    }
    let all = Tally { done: PEOPLE as i64, ..Tally::default() };
    eventually("everybody is told", SOON * 4, async || {
        tokio::time::sleep(Duration::from_millis(50)).await;
        let mut done = true;
        for number in 1..=MESSAGES {
            done &= store.tally(IncidentId(1), number).await.unwrap() == all;
        }
        done.then_some(())
    })
    .await;

    let arrived = outside.arrived();
    assert_eq!(arrived.keys().cloned().collect::<BTreeSet<_>>(), names);
    for (whom, ids) in &arrived {
        let each: BTreeSet<_> = ids.iter().collect();
        assert_eq!((ids.len(), each.len()), (2, 2), "{whom}: each of the two once, each with an id of its own");
    }
    let mut database = Database::open(&url).await;
    let again = database.number("SELECT CAST(count(*) AS TEXT) FROM parcels WHERE attempts <> 1").await;
    assert_eq!(again, 0, "nothing was leased twice");
    first.terminate().await;
    second.terminate().await;
    tell(&format!("{test}: {} arrived, each once", outside.count()));
}
