//! A decision about alerts: signals, incident, alerts, records and facts are written together, or not at all.

use crate::home::*;
use futures::future::join_all;
use muster_core::alert::{Alert, AlertKey, AlertQuery, Group};
use muster_core::decide::{Change, Needs, PageFactKind};
use muster_core::ids::IncidentId;
use muster_core::incident::Incident;
use muster_core::ports::store::{Committed, OutboxState, Store};
use muster_core::record::{Record, RecordKey, RecordKind, Wanted};
use muster_tests::fixtures::{Making, alert, at, effect, fact, incident, next, note, record, signal, timer, write};
use std::sync::Arc;

on_every_store! {
    all_of_it_is_there
    whichever_part_is_late_nothing_is_written
    the_guilty_among_many_fail_alone
    the_same_alert_in_many_decisions_at_once_is_written_once
    who_writes_the_same_in_another_order_never_waits_for_ever
    two_sorters_lose_nothing_and_do_nothing_twice
}

/// Signals `10n + 1` and `10n + 2` declare incident `n`, of a group of its own.
fn sorting(number: i64) -> Making {
    let ids = [number * 10 + 1, number * 10 + 2].map(|id| signal(id).id);
    let group = Group { key: format!("group-{number}"), incident: IncidentId(number), since: at(1), heard_at: at(1) };
    write(&format!("sort {number}"))
        .change(Change::Sorted(ids.to_vec()))
        .incident(&incident(number))
        .change(Change::Alert(Box::new(alert(&format!("a-{number}")))))
        .change(Change::Alert(Box::new(alert(&format!("b-{number}")))))
        .change(record(1, Record::Group(group)))
        .change(Change::Fact(fact(number, 5, PageFactKind::Raised)))
        .entry(note(number, 1, "alerts"))
        .effect(effect(number, "room", 1))
        .timer(timer(number, at(60)))
}

async fn arrives(store: &Arc<dyn Store>, number: i64) {
    store.take_in(&[signal(number * 10 + 1), signal(number * 10 + 2)]).await.unwrap();
}

/// How much there is of it: incident, alerts, group, facts, entries.
async fn parts(store: &Arc<dyn Store>, number: i64) -> [usize; 5] {
    let key = |letter| AlertKey { source: "grafana".to_owned(), key: format!("{letter}-{number}") };
    let needs = Needs {
        alerts: Some(AlertQuery::Keys(vec![key("a"), key("b")])),
        records: vec![Wanted::One(RecordKey::new(RecordKind::Group, format!("group-{number}")))],
        history: Some((at(0), at(1_000))),
        ..about(number)
    };
    let state = store.load(&needs).await.unwrap();
    let facts = state.history.iter().filter(|fact| fact.incident == IncidentId(number)).count();
    let log = store.log(IncidentId(number), 0, 100).await.unwrap().len();
    [usize::from(state.incident.is_some()), state.alerts.len(), state.records.iter().count(), facts, log]
}

async fn all_of_it_is_there(home: Home) {
    let store = home.store;
    arrives(&store, 1).await;
    let unit = store.begin(&Needs { number: true, ..Needs::default() }).await.unwrap();
    assert_eq!(unit.state().number, Some(IncidentId(1)));
    assert_eq!(unit.commit(sorting(1).0).await.unwrap(), Committed::Fresh);
    assert_eq!(parts(&store, 1).await, [1, 2, 1, 1, 1]);
    assert_eq!(store.count_waiting().await.unwrap(), 0);
    assert_eq!(store.count(OutboxState::Waiting).await.unwrap(), 1);
    assert_eq!(store.pending().await.unwrap(), 1);
}

async fn whichever_part_is_late_nothing_is_written(home: Home) {
    let store = home.store;
    let group = |incident| Group { key: "group-3".to_owned(), incident, since: at(0), heard_at: at(0) };
    for number in 1..=4 {
        arrives(&store, number).await;
    }
    commits(&store, write("signal").change(Change::Sorted(vec![signal(12).id]))).await;
    commits(&store, write("alert").change(Change::Alert(Box::new(alert("b-2"))))).await;
    commits(&store, write("group").change(record(1, Record::Group(group(IncidentId(9)))))).await;
    commits(&store, write("incident").incident(&incident(4))).await;

    for (number, left) in [(1, [0; 5]), (2, [0, 1, 0, 0, 0]), (3, [0, 0, 1, 0, 0]), (4, [1, 0, 0, 0, 0])] {
        assert!(is_conflict(&commit(&store, sorting(number)).await), "{number}");
        assert_eq!(parts(&store, number).await, left, "{number}");
    }
    assert_eq!(store.count_waiting().await.unwrap(), 7);
    assert_eq!(store.count(OutboxState::Waiting).await.unwrap(), 0);
    assert_eq!(store.pending().await.unwrap(), 0);
}

async fn the_guilty_among_many_fail_alone(home: Home) {
    let store = home.store;
    for number in 1..=30 {
        arrives(&store, number).await;
    }
    for number in (3..=30).step_by(3) {
        commits(&store, write(&format!("gone {number}")).change(Change::Sorted(vec![signal(number * 10 + 2).id])))
            .await;
    }
    for number in (5..=30).step_by(5) {
        commits(
            &store,
            write(&format!("alert {number}")).change(Change::Alert(Box::new(alert(&format!("a-{number}"))))),
        )
        .await;
    }
    let commits = (1..=30).map(|number| commit(&store, sorting(number)));
    for (number, result) in (1..).zip(join_all(commits).await) {
        let is_late = number % 3 == 0 || number % 5 == 0;
        assert_eq!(is_conflict(&result), is_late, "{number}: {result:?}");
        let before = usize::from(number % 5 == 0);
        assert_eq!(
            parts(&store, number).await,
            if is_late { [0, before, 0, 0, 0] } else { [1, 2, 1, 1, 1] },
            "{number}"
        );
    }
}

async fn the_same_alert_in_many_decisions_at_once_is_written_once(home: Home) {
    let other = home.opened_again().await;
    let store = home.store;
    let commits = (1..=20).map(|number| {
        let store = if number % 2 == 0 { &store } else { &other };
        let others = Alert { title: format!("from {number}"), ..alert("shared") };
        commit(store, write(&format!("{number}")).incident(&incident(number)).change(Change::Alert(Box::new(others))))
    });
    let results = join_all(commits).await;
    let won: Vec<_> = results.iter().filter(|result| matches!(result, Ok(Committed::Fresh))).collect();
    assert_eq!((won.len(), results.iter().filter(|result| is_conflict(result)).count()), (1, 19), "{results:?}");
    let mut there = 0;
    for number in 1..=20 {
        there += usize::from(read(&store, number).await.is_some());
    }
    assert_eq!(there, 1, "the losers have left nothing");
}

async fn who_writes_the_same_in_another_order_never_waits_for_ever(home: Home) {
    let other = home.opened_again().await;
    let store = home.store;
    for round in 1..=10 {
        let say = |who: &str, numbers: &mut dyn Iterator<Item = i64>| {
            numbers.fold(write(&format!("{who} {round}")), |making, number| {
                let alert = Alert { version: round, ..alert(&format!("disk-{number}")) };
                let group = format!("group-{number}");
                let group = Group { key: group, incident: IncidentId(number), since: at(0), heard_at: at(round) };
                let making = making.change(Change::Alert(Box::new(alert))).change(record(round, Record::Group(group)));
                making.incident(&Incident { version: round, ..incident(number) })
            })
        };
        let (rising, falling) = (say("rising", &mut (1..=40)), say("falling", &mut (1..=40).rev()));
        let results = tokio::join!(commit(&store, rising), commit(&other, falling));
        let won = |result: &Result<_, _>| matches!(result, Ok(Committed::Fresh));
        assert!(won(&results.0) != won(&results.1), "{results:?}");
        assert!(is_conflict(&results.0) || is_conflict(&results.1), "{results:?}");
    }
}

/// Each peeks at what waits, and counts every signal on the one incident it is about.
async fn two_sorters_lose_nothing_and_do_nothing_twice(home: Home) {
    let other = home.opened_again().await;
    let store = home.store;
    declares(&store, &incident(1)).await;
    for number in 1..=20 {
        store.take_in(&(0..25).map(|part| signal(number * 100 + part)).collect::<Vec<_>>()).await.unwrap();
    }
    let sorter = async |store: &Arc<dyn Store>, who: &str| {
        let mut conflicts = 0;
        for round in 0.. {
            let waiting = store.waiting(60).await.unwrap();
            if waiting.is_empty() {
                break;
            }
            let unit = store.begin(&about(1)).await.unwrap();
            let before = unit.state().incident.clone().unwrap();
            let counted = before.title.parse().unwrap_or(0) + waiting.len();
            let after = Incident { title: counted.to_string(), ..next(&before) };
            let ids = waiting.into_iter().map(|waiting| waiting.id).collect();
            let sort = write(&format!("{who} {round}")).incident(&after).change(Change::Sorted(ids));
            conflicts += i32::from(is_conflict(&unit.commit(sort.0).await));
        }
        conflicts
    };
    tokio::join!(sorter(&store, "one"), sorter(&other, "two"));
    assert_eq!(store.count_waiting().await.unwrap(), 0);
    assert_eq!(read(&store, 1).await.unwrap().title, "500");
}
