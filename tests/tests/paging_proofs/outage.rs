//! Ten minutes without any process: what was due is done after the start, each step once, none left out.

use crate::late::{self, escalating};
use chrono::TimeDelta;
use muster_core::clock::Clock;
use muster_core::incident::page::PageState;
use muster_core::ports::store::Store;
use muster_tests::clock::moment;
use muster_tests::pg;
use muster_tests::world::{MORNING, World};
use std::sync::Arc;

/// So long nobody is there.
const OUTAGE: TimeDelta = TimeDelta::minutes(10);

/// Muster over a store that has been there before, at a moment.
fn at(store: &Arc<dyn Store>, after: TimeDelta) -> World {
    let world = World::over(Arc::clone(store), escalating(), Box::new(()));
    world.clock.begin(moment(MORNING) + after);
    world
}

async fn called(world: &World) -> Vec<String> {
    let log = world.muster.store().log(muster_core::ids::IncidentId(1), 0, 1_000).await.expect("a log can be read");
    late::called(log).into_iter().map(|(name, _)| name).collect()
}

async fn nothing_is_skipped_and_nothing_done_twice(store: Arc<dyn Store>) {
    let before = at(&store, TimeDelta::zero());
    before.person("carol").types("new sev3 checkout is down").await.ok();
    before.person("carol").types("INC-1 page payments cards are declined").await.ok();
    before.settle().await;
    assert_eq!(called(&before).await, ["Alice Ek"]);
    drop(before);

    // Bob was due after five minutes, Dave would have been after ten.
    let after = at(&store, OUTAGE);
    after.settle().await;
    assert_eq!(called(&after).await, ["Alice Ek", "Bob Lind"]);
    after.settle().await;
    drop(after);

    let again = at(&store, OUTAGE + TimeDelta::seconds(1));
    again.settle().await;
    assert_eq!(called(&again).await, ["Alice Ek", "Bob Lind"], "a restart calls nobody again");
    again.until(again.clock.now() + TimeDelta::minutes(3)).await;
    assert_eq!(called(&again).await, ["Alice Ek", "Bob Lind", "Dave Holm"], "each step, in order");
    drop(again);

    let end = at(&store, OUTAGE * 3);
    end.settle().await;
    let pages = end.person("carol").types("INC-1 page list").await.text();
    assert!(pages.contains("nobody has answered"), "{pages}");
    assert_eq!(called(&end).await.len(), 3);
    let needs = muster_core::decide::Needs { incident: Some(muster_core::ids::IncidentId(1)), ..Default::default() };
    let incident = store.load(&needs).await.expect("it can be read").incident.expect("it is there");
    assert_eq!(incident.pages[0].state, PageState::Unanswered);
    assert!(store.due(end.clock.now(), 10).await.expect("timers can be read").is_empty(), "nothing is left to do");
}

#[tokio::test]
async fn ten_minutes_without_a_process_on_sqlite() {
    let home = tempfile::tempdir().expect("there is a place for a database");
    let url = format!("sqlite:{}", home.path().join("muster.db").display());
    nothing_is_skipped_and_nothing_done_twice(muster_store::connect(&url).await.expect("it can be opened")).await;
}

#[tokio::test]
async fn ten_minutes_without_a_process_on_postgres() {
    let Some(url) = pg::database("ten minutes without a process").await else { return };
    nothing_is_skipped_and_nothing_done_twice(muster_store::connect(&url).await.expect("it can be opened")).await;
}
