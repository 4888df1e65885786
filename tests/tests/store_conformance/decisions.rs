//! Decisions: all or nothing, once, and never over what somebody else has changed.

use crate::home::*;
use futures::future::join_all;
use muster_core::decide::{Change, Needs, State};
use muster_core::ids::{IncidentId, RequestId, SeverityKey};
use muster_core::incident::Incident;
use muster_core::ports::store::{Committed, OutboxState, StoreError};
use muster_tests::fixtures::{Making, at, effect, incident, next, note, reply, tags, timer, write};
use std::collections::HashSet;

on_both_engines! {
    what_is_committed_is_there
    a_repeated_request_gets_the_kept_reply_and_changes_nothing
    the_same_request_twice_at_once_is_done_once
    a_write_to_an_incident_that_has_changed_is_in_conflict_and_leaves_nothing
    of_two_who_read_the_same_one_wins
    two_who_declare_under_one_number_are_in_conflict
    a_merge_is_all_or_nothing
    numbers_are_never_given_twice
    a_number_goes_on_behind_what_somebody_else_wrote
    a_guilty_write_fails_alone
    many_writes_at_once_are_all_there
    an_answer_that_changes_nothing_is_not_kept
    a_secret_shown_once_is_not_kept
}

async fn what_is_committed_is_there(home: Home) {
    let store = home.store;
    let needs = Needs { number: true, ..Needs::default() };
    let unit = store.begin(&needs).await.unwrap();
    let number = unit.state().number.unwrap();
    let declared = Incident { severity: Some(SeverityKey::from("SEV1")), ..incident(number.0) };
    let entry = note(number.0, 1, "“checkout” ist kaputt 🔥");
    let making = write("declare").incident(&declared).entry(entry.clone()).effect(effect(number.0, "room", 1));
    let making = making.timer(timer(number.0, at(300)));
    assert_eq!(unit.commit(making.0).await.unwrap(), Committed::Fresh);

    assert_eq!(read(&store, number.0).await, Some(declared));
    assert_eq!(store.log(number, 0, 10).await.unwrap(), [entry]);
    assert_eq!(store.kept(&RequestId::from("declare")).await.unwrap(), Some(reply("declare")));
    assert_eq!(store.kept(&RequestId::from("another")).await.unwrap(), None);
    assert_eq!(store.pending().await.unwrap(), 1);
    assert_eq!(store.count(OutboxState::Waiting).await.unwrap(), 1);
    assert_eq!(read(&store, number.0 + 1).await, None);
}

async fn a_repeated_request_gets_the_kept_reply_and_changes_nothing(home: Home) {
    let store = home.store;
    declares(&store, &incident(1)).await;
    let again = write("declare INC-1").incident(&incident(2)).effect(effect(2, "room", 1));
    let kept = Committed::Repeated(Box::new(reply("declare INC-1")));
    assert_eq!(commit(&store, again).await.unwrap(), kept);
    assert_eq!(read(&store, 2).await, None);
    assert_eq!(store.count(OutboxState::Waiting).await.unwrap(), 0);

    let nothing = write("declare INC-1");
    assert_eq!(commit(&store, nothing).await.unwrap(), kept, "also when there is nothing left to do");
    let unit = store.begin(&about(1)).await.unwrap();
    assert_eq!(unit.commit(write("declare INC-1").0).await.unwrap(), kept, "also when an incident is held");
}

async fn the_same_request_twice_at_once_is_done_once(home: Home) {
    let other = home.opened_again().await;
    let store = home.store;
    for round in 0..10 {
        let making = |number| write(&format!("request {round}")).incident(&incident(number));
        let (one, two) = (round * 2 + 1, round * 2 + 2);
        let (first, second) = tokio::join!(commit(&store, making(one)), commit(&other, making(two)));
        let repeated = |result: &Committed| matches!(result, Committed::Repeated(_));
        let (first, second) = (first.unwrap(), second.unwrap());
        assert!(repeated(&first) != repeated(&second), "{first:?} and {second:?}");
        assert_eq!(read(&store, one).await.is_some(), !repeated(&first));
        assert_eq!(read(&store, two).await.is_some(), !repeated(&second));
    }
}

async fn a_write_to_an_incident_that_has_changed_is_in_conflict_and_leaves_nothing(home: Home) {
    let store = home.store;
    let first = incident(1);
    declares(&store, &first).await;
    let second = Incident { title: "Checkout is slow".to_owned(), ..next(&first) };
    commits(&store, write("rename").incident(&second)).await;

    let late = next(&first);
    let late = write("late").incident(&late).entry(note(1, 1, "late")).effect(effect(1, "room", 1));
    let late = late.timer(timer(1, at(1))).change(Change::Incident {
        incident: Box::new(incident(2)),
        added: tags(&incident(2)),
        removed: Vec::new(),
    });
    assert!(is_conflict(&commit(&store, late.clone()).await));
    let Making(mut lone) = late;
    lone.decision.changes.pop();
    assert!(is_conflict(&commit(&store, Making(lone)).await));

    assert_eq!(read(&store, 1).await, Some(second.clone()));
    assert_eq!(read(&store, 2).await, None);
    assert_eq!(store.log(IncidentId(1), 0, 10).await.unwrap(), []);
    assert_eq!(store.pending().await.unwrap(), 0);
    assert_eq!(store.count(OutboxState::Waiting).await.unwrap(), 0);
    assert_eq!(store.kept(&RequestId::from("late")).await.unwrap(), None);
    commits(&store, write("late").incident(&next(&second))).await;
}

async fn of_two_who_read_the_same_one_wins(home: Home) {
    let other = home.opened_again().await;
    let store = home.store;
    declares(&store, &incident(1)).await;
    for round in 0..10 {
        let before = read(&store, 1).await.unwrap();
        let change = |who| write(&format!("{who} {round}")).incident(&next(&before));
        let (first, second) = tokio::join!(commit(&store, change("one")), commit(&other, change("two")));
        let results = [first, second];
        assert_eq!(results.iter().filter(|result| is_conflict(result)).count(), 1, "{results:?}");
        assert_eq!(results.iter().filter(|result| matches!(result, Ok(Committed::Fresh))).count(), 1);
        assert_eq!(read(&store, 1).await.unwrap().version, before.version + 1);
    }
}

async fn two_who_declare_under_one_number_are_in_conflict(home: Home) {
    let store = home.store;
    declares(&store, &incident(1)).await;
    let other = Incident { title: "Something else".to_owned(), ..incident(1) };
    assert!(is_conflict(&commit(&store, write("other").incident(&other)).await));
    assert_eq!(read(&store, 1).await, Some(incident(1)));
}

async fn a_merge_is_all_or_nothing(home: Home) {
    let store = home.store;
    for number in [1, 2] {
        declares(&store, &incident(number)).await;
    }
    let (one, two) = (next(&incident(1)), next(&incident(2)));
    commits(&store, write("change").incident(&two)).await;

    // The reader of INC-2 came too late; meanwhile others write too.
    let merge = write("merge").incident(&one).incident(&two).entry(note(1, 1, "merged")).entry(note(2, 1, "merged"));
    let bystander = write("bystander").incident(&incident(3));
    let (merged, stood_by) = tokio::join!(commit(&store, merge), commit(&store, bystander));
    assert!(is_conflict(&merged));
    assert_eq!(stood_by.unwrap(), Committed::Fresh);
    assert_eq!(read(&store, 1).await, Some(incident(1)));
    assert_eq!(store.log(IncidentId(2), 0, 10).await.unwrap(), []);

    let needs = Needs { other: Some(IncidentId(1)), ..about(2) };
    let unit = store.begin(&needs).await.unwrap();
    let State { incident: Some(two), other: Some(one), .. } = unit.state().clone() else { panic!("both are there") };
    assert_eq!((one.id, two.id), (IncidentId(1), IncidentId(2)));
    let merge = write("merge").incident(&next(&one)).incident(&next(&two));
    assert_eq!(unit.commit(merge.0).await.unwrap(), Committed::Fresh);
    assert_eq!(read(&store, 1).await, Some(next(&one)));
    assert_eq!(read(&store, 2).await, Some(next(&two)));
}

async fn numbers_are_never_given_twice(home: Home) {
    let store = home.store;
    let needs = Needs { number: true, ..Needs::default() };
    let mut given = HashSet::new();
    for state in join_all((0..50).map(|_| store.load(&needs))).await {
        assert!(given.insert(state.unwrap().number.unwrap()));
    }
    let number = store.load(&Needs { number: true, ..about(1) }).await.unwrap().number.unwrap();
    assert!(given.insert(number));
    let unit = store.begin(&Needs { number: true, ..about(1) }).await.unwrap();
    assert!(given.insert(unit.state().number.unwrap()));
    assert_eq!(given.iter().map(|number| number.0).min(), Some(1));
}

async fn a_number_goes_on_behind_what_somebody_else_wrote(home: Home) {
    let other = home.opened_again().await;
    let needs = Needs { number: true, ..Needs::default() };
    for round in 0..20 {
        for (who, store) in [("one", &home.store), ("two", &other)] {
            // Whoever meets the number of somebody else asks again, as core does.
            let declared = async || {
                let unit = store.begin(&needs).await.unwrap();
                let number = unit.state().number.unwrap();
                let declare = write(&format!("{who} declares in round {round}")).incident(&incident(number.0));
                unit.commit(declare.0).await
            };
            let committed = match declared().await {
                Err(StoreError::Conflict) => declared().await,
                committed => committed,
            };
            assert_eq!(committed.unwrap(), Committed::Fresh);
        }
    }
    assert!(read(&home.store, 40).await.is_some());
}

async fn a_guilty_write_fails_alone(home: Home) {
    let store = home.store;
    commits(&store, write("first").incident(&incident(1)).effect(effect(1, "room", 1))).await;
    let all = (2..42).map(|number| {
        // The 20th says what the first has said under the same key, which cannot be.
        let outgoing = effect(if number == 20 { 1 } else { number }, "room", 1);
        commit(&store, write(&format!("request {number}")).incident(&incident(number)).effect(outgoing))
    });
    for (result, number) in join_all(all).await.into_iter().zip(2..) {
        if number == 20 {
            let Err(StoreError::Broken(why)) = result else { panic!("{result:?}") };
            assert!(!why.contains("INC-1"), "what is in a row stays out of errors: {why}");
            assert_eq!(read(&store, number).await, None);
        } else {
            assert_eq!(result.unwrap(), Committed::Fresh, "{number}");
            assert!(read(&store, number).await.is_some());
        }
    }
}

async fn many_writes_at_once_are_all_there(home: Home) {
    let store = home.store;
    let declare = |number: i64| {
        let making = write(&format!("declare {number}")).incident(&incident(number)).entry(note(number, 1, "declared"));
        commit(&store, making.effect(effect(number, "room", 1)).timer(timer(number, at(number))))
    };
    for result in join_all((1..=200).map(declare)).await {
        assert_eq!(result.unwrap(), Committed::Fresh);
    }
    let change = |number: i64| {
        let making = write(&format!("change {number}")).incident(&next(&incident(number)));
        commit(&store, making.entry(note(number, 2, "changed")).clear(&timer(number, at(number))))
    };
    for result in join_all((1..=200).map(change)).await {
        assert_eq!(result.unwrap(), Committed::Fresh);
    }
    for number in 1..=200 {
        assert_eq!(read(&store, number).await.unwrap().version, 2);
        assert_eq!(store.log(IncidentId(number), 0, 10).await.unwrap().len(), 2);
        assert!(store.kept(&RequestId::new(format!("change {number}"))).await.unwrap().is_some());
    }
    assert_eq!(store.count(OutboxState::Waiting).await.unwrap(), 200);
    assert_eq!(store.pending().await.unwrap(), 0);
}

async fn an_answer_that_changes_nothing_is_not_kept(home: Home) {
    let store = home.store;
    commits(&store, write("show")).await;
    assert_eq!(store.kept(&RequestId::from("show")).await.unwrap(), None);
    commits(&store, write("show")).await;
}

async fn a_secret_shown_once_is_not_kept(home: Home) {
    let store = home.store;
    let Making(mut write) = write("code").incident(&incident(1));
    write.decision.reply = reply("your code is k3fm-9ta2").once();
    commits(&store, Making(write)).await;
    let kept = store.kept(&RequestId::from("code")).await.unwrap().unwrap();
    assert!(!serde_json::to_string(&kept).unwrap().contains("k3fm"));
}
