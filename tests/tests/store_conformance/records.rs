//! Records: read and written as a whole, and never over what somebody else has changed.

use crate::home::*;
use muster_core::decide::{Change, Needs};
use muster_core::ids::IncidentId;
use muster_core::ports::store::{Committed, Store};
use muster_core::record::{Record, RecordKey, RecordKind, Records, Wanted};
use muster_tests::fixtures::{at, beat, incident, job, next, record, run, write};
use std::sync::Arc;

on_every_store! {
    a_record_is_kept_and_changed
    records_of_a_kind_are_read_together
    a_record_that_has_changed_is_not_written_over
    of_two_who_make_a_record_one_wins
    a_record_that_is_gone_comes_back_with_its_versions_going_on
    records_are_read_beside_the_incident_they_are_decided_with
    a_write_in_conflict_over_a_record_leaves_nothing_of_its_incident
    records_that_are_gone_are_forgotten_in_the_end
    the_runs_of_an_incident_are_no_other_s
    jobs_that_are_gone_are_not_among_all
}

fn cron() -> RecordKey {
    RecordKey::new(RecordKind::Beat, "cron")
}

fn gone(version: i64) -> Change {
    Change::Record { key: cron(), version, record: None }
}

async fn records(store: &Arc<dyn Store>, wanted: Wanted) -> Records {
    store.load(&Needs { records: vec![wanted], ..Needs::default() }).await.unwrap().records
}

async fn the_record(store: &Arc<dyn Store>) -> (i64, Option<Record>) {
    let records = records(store, Wanted::One(cron())).await;
    (records.version(&cron()), records.iter().next().cloned())
}

async fn a_record_is_kept_and_changed(home: Home) {
    let store = home.store;
    assert_eq!(the_record(&store).await, (0, None));
    commits(&store, write("make").change(record(1, beat("cron", at(1))))).await;
    commits(&store, write("another").change(record(1, beat("backup", at(1))))).await;
    assert_eq!(the_record(&store).await, (1, Some(beat("cron", at(1)))));
    commits(&store, write("change").change(record(2, beat("cron", at(2))))).await;
    assert_eq!(the_record(&store).await, (2, Some(beat("cron", at(2)))));
}

async fn records_of_a_kind_are_read_together(home: Home) {
    let store = home.store;
    let silences = Record::Silences(Default::default());
    let making = ["cron", "backup", "kassa “7”"]
        .iter()
        .fold(write("make"), |making, source| making.change(record(1, beat(source, at(1)))));
    commits(&store, making.change(record(1, silences.clone()))).await;
    commits(&store, write("end").change(gone(2))).await;

    let beats = records(&store, Wanted::All(RecordKind::Beat)).await;
    assert_eq!(beats.iter().cloned().collect::<Vec<_>>(), [beat("backup", at(1)), beat("kassa “7”", at(1))]);
    assert_eq!(beats.version(&cron()), 2, "of one that is gone only the version is left");
    let wanted = vec![Wanted::All(RecordKind::Silences), Wanted::One(RecordKey::new(RecordKind::Beat, "backup"))];
    let both = store.load(&Needs { records: wanted, ..Needs::default() }).await.unwrap().records;
    assert_eq!(both.iter().count(), 2);
    assert_eq!((both.silences().is_some(), both.beat("backup").is_some()), (true, true));
    assert_eq!(records(&store, Wanted::All(RecordKind::Roster)).await, Records::default());
}

async fn a_record_that_has_changed_is_not_written_over(home: Home) {
    let store = home.store;
    for version in 1..=3 {
        commits(&store, write(&format!("write {version}")).change(record(version, beat("cron", at(version))))).await;
    }
    for late in [1, 2, 3] {
        let late = write("late").change(record(late, beat("cron", at(99))));
        assert!(is_conflict(&commit(&store, late).await));
    }
    let ahead = write("ahead").change(record(5, beat("cron", at(99))));
    assert!(is_conflict(&commit(&store, ahead).await));
    assert!(is_conflict(&commit(&store, write("late end").change(gone(3))).await));
    assert_eq!(the_record(&store).await, (3, Some(beat("cron", at(3)))));
    commits(&store, write("late").change(record(4, beat("cron", at(4))))).await;
}

async fn of_two_who_make_a_record_one_wins(home: Home) {
    let other = home.opened_again().await;
    let store = home.store;
    for round in 0..10 {
        let version = the_record(&store).await.0 + 1;
        let making = |who, second| write(&format!("{who} {round}")).change(record(version, beat("cron", at(second))));
        let results = tokio::join!(commit(&store, making("one", 1)), commit(&other, making("two", 2)));
        let (winner, loser, second) = match &results {
            (Ok(_), _) => (&results.0, &results.1, 1),
            (Err(_), _) => (&results.1, &results.0, 2),
        };
        assert!(matches!(winner, Ok(Committed::Fresh)) && is_conflict(loser), "{results:?}");
        assert_eq!(the_record(&store).await, (version, Some(beat("cron", at(second)))));
    }
}

async fn a_record_that_is_gone_comes_back_with_its_versions_going_on(home: Home) {
    let store = home.store;
    commits(&store, write("make").change(record(1, beat("cron", at(1))))).await;
    commits(&store, write("end").change(gone(2))).await;
    assert_eq!(the_record(&store).await, (2, None));

    let from_before = write("from before").change(record(2, beat("cron", at(9))));
    assert!(is_conflict(&commit(&store, from_before).await), "by somebody who read it while it was there");
    let as_if_new = write("as if new").change(record(1, beat("cron", at(9))));
    assert!(is_conflict(&commit(&store, as_if_new).await));
    commits(&store, write("again").change(record(3, beat("cron", at(3))))).await;
    assert_eq!(the_record(&store).await, (3, Some(beat("cron", at(3)))));
}

async fn records_are_read_beside_the_incident_they_are_decided_with(home: Home) {
    let store = home.store;
    declares(&store, &incident(1)).await;
    commits(&store, write("make").change(record(1, beat("cron", at(1))))).await;
    let unit = store.begin(&Needs { records: vec![Wanted::One(cron())], ..about(1) }).await.unwrap();
    assert_eq!(unit.state().records.beat("cron").map(|beat| beat.last), Some(at(1)));

    // Only the incident is held: the record may change meanwhile, and then what was decided on it does not count.
    commits(&store, write("meanwhile").change(record(2, beat("cron", at(2))))).await;
    let decided = write("decide").incident(&next(&incident(1))).change(record(2, beat("cron", at(3))));
    assert!(is_conflict(&unit.commit(decided.0).await));
    assert_eq!(read(&store, 1).await, Some(incident(1)));
    assert_eq!(the_record(&store).await, (2, Some(beat("cron", at(2)))));
}

async fn a_write_in_conflict_over_a_record_leaves_nothing_of_its_incident(home: Home) {
    let store = home.store;
    commits(&store, write("make").change(record(1, beat("cron", at(1))))).await;
    let late = write("late").incident(&incident(1)).change(record(1, beat("cron", at(9))));
    let bystander = write("bystander").incident(&incident(2)).change(record(1, beat("backup", at(1))));
    let (late, bystander) = tokio::join!(commit(&store, late), commit(&store, bystander));
    assert!(is_conflict(&late));
    assert_eq!(bystander.unwrap(), Committed::Fresh);
    assert_eq!(read(&store, 1).await, None);
    assert_eq!(read(&store, 2).await, Some(incident(2)));
    assert_eq!(the_record(&store).await, (1, Some(beat("cron", at(1)))));
}

async fn records_that_are_gone_are_forgotten_in_the_end(home: Home) {
    let store = home.store;
    commits(&store, write("make").change(record(1, beat("cron", at(1)))).at(at(1))).await;
    commits(&store, write("another").change(record(1, beat("backup", at(1)))).at(at(1))).await;
    commits(&store, write("end").change(gone(2)).at(at(50))).await;
    store.sweep(at(50), 10).await.unwrap();
    assert_eq!(the_record(&store).await, (2, None), "not yet");
    store.sweep(at(51), 10).await.unwrap();
    assert_eq!(the_record(&store).await, (0, None));
    assert_eq!(records(&store, Wanted::All(RecordKind::Beat)).await.iter().count(), 1, "what is there stays");
    commits(&store, write("again").change(record(1, beat("cron", at(60))))).await;
}

async fn the_runs_of_an_incident_are_no_other_s(home: Home) {
    let store = home.store;
    let all = [(1, 1), (1, 2), (1, 10), (10, 1), (11, 1), (2, 1), (100, 1)];
    let making = all.iter().fold(write("start"), |making, (of, number)| making.change(record(1, run(*of, *number))));
    commits(&store, making).await;
    let key = RecordKey::run(IncidentId(1), 2);
    commits(&store, write("end").change(Change::Record { key: key.clone(), version: 2, record: None })).await;
    let of = async |incident| {
        let records = records(&store, Wanted::RunsOf(IncidentId(incident))).await;
        let mut numbers: Vec<_> = records.runs().map(|run| (run.incident.0, run.number)).collect();
        numbers.sort_unstable();
        (numbers, records.version(&key))
    };
    assert_eq!(of(1).await, (vec![(1, 1), (1, 10)], 2));
    assert_eq!(of(10).await, (vec![(10, 1)], 0));
    assert_eq!(of(3).await, (Vec::new(), 0));
}

async fn jobs_that_are_gone_are_not_among_all(home: Home) {
    let store = home.store;
    let [first, second] = [1, 2].map(|attempt| Record::Job(Box::new(job(1, "switch", attempt))));
    commits(&store, write("queue").change(record(1, first.clone())).change(record(1, second.clone()))).await;
    commits(&store, write("end").change(Change::Record { key: first.key(), version: 2, record: None })).await;
    let all = records(&store, Wanted::All(RecordKind::Job)).await;
    assert_eq!(all.iter().collect::<Vec<_>>(), [&second]);
    assert_eq!(all.version(&first.key()), 0);
    let other = Record::Job(Box::new(job(11, "switch", 1)));
    commits(&store, write("another").change(record(1, other))).await;
    assert_eq!(records(&store, Wanted::JobsOf(IncidentId(1))).await, all);
    assert_eq!(records(&store, Wanted::One(first.key())).await.version(&first.key()), 2, "who asks for it meets it");
    assert!(is_conflict(&commit(&store, write("late").change(record(2, first))).await));
}
