//! What every store promises, told as stories and run on SQLite and on PostgreSQL; then what only one of them promises.

#![expect(clippy::unwrap_used, reason = "the helpers of a test panic as the test would")]

use chrono::TimeDelta;
use futures::future::join_all;
use muster_core::clock::Timestamp;
use muster_core::decide::{Change, Entries, ListQuery, Needs, State, Tag};
use muster_core::effect::{Effect, Outgoing, Urgency};
use muster_core::ids::{EffectKey, IncidentId, PersonId, PlatformId, RequestId, SeverityKey};
use muster_core::inbound::Handle;
use muster_core::incident::entry::{Amended, Entry};
use muster_core::incident::event::Event;
use muster_core::incident::status::{Phase, Status};
use muster_core::incident::{Incident, Kind, Visibility};
use muster_core::ports::credentials::{Credential, CredentialKind};
use muster_core::ports::store::{
    Committed, Lease, Leased, Message, Of, OutboxState, Outcome, Settlement, Store, StoreError,
};
use muster_core::secret::{Secret, SecretHash};
use muster_store::{Access, PgStore, SqliteStore, connect, connect_as_operator, migrations};
use muster_tests::fixtures::{Making, at, effect, incident, next, note, reply, restated, tags, timer, view, write};
use muster_tests::pg;
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;
use tempfile::TempDir;

/// Where a store lives: it can be opened a second time, as by another process.
struct Home {
    url: String,
    store: Arc<dyn Store>,
    _folder: Option<TempDir>,
}

impl Home {
    async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}/muster.db", folder.path().display());
        Self { store: connect(&url).await.unwrap(), url, _folder: Some(folder) }
    }

    async fn postgres(test: &str) -> Option<Self> {
        let url = pg::database(test).await?;
        Some(Self { store: connect(&url).await.unwrap(), url, _folder: None })
    }

    async fn opened_again(&self) -> Arc<dyn Store> {
        connect_as_operator(&self.url).await.unwrap()
    }

    async fn sql(&self, statement: &str) {
        let statement = AssertSqlSafe(statement.to_owned());
        if let Some(path) = self.url.strip_prefix("sqlite:") {
            let mut connection = SqliteConnection::connect(path).await.unwrap();
            sqlx::query(statement).execute(&mut connection).await.unwrap();
        } else {
            let mut connection = PgConnection::connect(&self.url).await.unwrap();
            sqlx::query(statement).execute(&mut connection).await.unwrap();
        }
    }
}

macro_rules! on_both_engines {
    ($($story:ident)*) => {
        mod on_sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() {
                super::$story(super::Home::sqlite().await).await;
            })*
        }
        mod on_postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() {
                if let Some(home) = super::Home::postgres(stringify!($story)).await {
                    super::$story(home).await;
                }
            })*
        }
    };
}

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
    the_timeline_shows_the_current_form_of_each_entry
    the_timeline_is_read_in_pages
    the_log_is_read_from_where_one_stopped
    a_list_shows_what_was_asked_for
    a_list_hides_private_incidents_from_those_who_have_not_joined
    a_list_is_read_in_pages
    tags_follow_the_incident
    a_timer_is_set_moved_and_cleared
    a_fired_timer_is_gone_and_can_be_set_again
    a_timer_that_was_moved_or_cleared_is_stale
    two_who_fire_one_timer_fire_it_once
    lanes_keep_their_order
    urgent_effects_go_first
    an_effect_is_leased_once_and_again_when_the_lease_is_over
    a_late_settlement_changes_nothing
    a_failed_effect_is_tried_again_later
    a_dead_effect_frees_its_lane_and_can_be_revived
    a_later_effect_takes_the_place_of_one_that_waits
    what_was_attempted_is_not_superseded
    the_next_lease_is_that_of_the_first_in_a_lane
    each_platform_has_effects_of_its_own
    only_what_is_urgent_enough_is_leased
    what_was_made_is_told_to_the_next_with_the_same_mark
    an_incident_is_found_by_its_room
    a_pinned_message_is_found_by_its_name
    many_workers_never_share_an_effect
    a_link_code_works_once
    a_chat_identity_can_be_linked_anew
    credentials_are_good_until_they_expire_or_are_revoked
    a_login_link_is_taken_by_one
    what_was_said_is_heard_newest_first
    what_is_old_is_forgotten_in_portions
    the_store_answers_a_ping
    a_second_process_sees_what_the_first_wrote
    a_newer_database_is_refused
    migrations_keep_the_data
}

// ---- telling the stories ----

async fn commit(store: &Arc<dyn Store>, making: Making) -> Result<Committed, StoreError> {
    store.begin(&Needs::default()).await?.commit(making.0).await
}

async fn commits(store: &Arc<dyn Store>, making: Making) {
    assert_eq!(commit(store, making).await.unwrap(), Committed::Fresh);
}

fn is_conflict(result: &Result<Committed, StoreError>) -> bool {
    matches!(result, Err(StoreError::Conflict))
}

fn about(number: i64) -> Needs {
    Needs { incident: Some(IncidentId(number)), ..Needs::default() }
}

async fn read(store: &Arc<dyn Store>, number: i64) -> Option<Incident> {
    store.load(&about(number)).await.unwrap().incident
}

async fn declares(store: &Arc<dyn Store>, incident: &Incident) {
    commits(store, write(&format!("declare {}", incident.id)).incident(incident)).await;
}

fn lease(worker: &str, now: Timestamp, limit: i64) -> Lease {
    Lease {
        worker: worker.to_owned(),
        of: Of::All,
        least: Urgency::Routine,
        now,
        until: now + TimeDelta::seconds(30),
        limit,
    }
}

async fn leases(store: &Arc<dyn Store>, worker: &str, now: Timestamp) -> Vec<Leased> {
    store.lease(&lease(worker, now, 100)).await.unwrap()
}

fn keys(leased: &[Leased]) -> Vec<&str> {
    leased.iter().map(|leased| leased.outgoing.key.as_str()).collect()
}

fn settlement(leased: &Leased, worker: &str, outcome: Outcome) -> Settlement {
    let Leased { outgoing, attempt, .. } = leased;
    Settlement {
        key: outgoing.key.clone(),
        mark: outgoing.coalesce.clone(),
        worker: worker.to_owned(),
        attempt: *attempt,
        at: at(5),
        outcome,
    }
}

fn done() -> Outcome {
    Outcome::Done { external: "ts-1".to_owned() }
}

async fn settles(store: &Arc<dyn Store>, leased: &Leased, worker: &str, outcome: Outcome) {
    assert_eq!(store.settle(&[settlement(leased, worker, outcome)]).await.unwrap(), 1);
}

fn hash(secret: &str) -> SecretHash {
    Secret::presented(secret).hash()
}

// ---- decisions ----

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

// ---- the timeline ----

async fn timeline(store: &Arc<dyn Store>, which: Entries) -> (Vec<Entry>, bool) {
    let state = store.load(&Needs { entries: Some(which), ..about(1) }).await.unwrap();
    (state.entries, state.more)
}

fn latest(limit: i64) -> Entries {
    Entries::Latest { limit, before: None }
}

async fn the_timeline_shows_the_current_form_of_each_entry(home: Home) {
    let store = home.store;
    let (one, two, three) = (note(1, 1, "one"), note(1, 2, "two"), note(1, 3, "three"));
    let edited = Entry { what: Event::Noted { text: "ONE".to_owned() }, ..restated(&one, 4, Amended::Edited) };
    let moved = Entry { at: at(-60), ..restated(&edited, 5, Amended::Moved) };
    let removed = restated(&two, 6, Amended::Removed);
    let mut making = write("declare").incident(&incident(1));
    for entry in [&one, &two, &three, &edited, &moved, &removed] {
        making = making.entry(entry.clone());
    }
    commits(&store, making).await;
    commits(&store, write("other").incident(&incident(2)).entry(note(2, 1, "of another incident"))).await;

    assert_eq!(timeline(&store, latest(10)).await, (vec![three.clone(), moved.clone()], false));
    assert_eq!(timeline(&store, Entries::One(1)).await.0, std::slice::from_ref(&moved));
    assert_eq!(timeline(&store, Entries::One(3)).await.0, [three]);
    assert_eq!(timeline(&store, Entries::One(2)).await.0, std::slice::from_ref(&removed), "even if removed");
    assert_eq!(timeline(&store, Entries::One(4)).await.0, [], "a row that restates is no entry of its own");
    assert_eq!(timeline(&store, Entries::History(1)).await.0, [one, edited, moved]);
    assert_eq!(timeline(&store, Entries::History(2)).await.0, [two, removed]);
}

async fn the_timeline_is_read_in_pages(home: Home) {
    let store = home.store;
    let mut making = write("declare").incident(&incident(1));
    for seq in 1..=7 {
        // Three at one moment: then the number decides.
        making = making.entry(Entry { at: at(seq / 3), ..note(1, seq, "note") });
    }
    commits(&store, making).await;
    let (mut pages, mut before) = (Vec::new(), None);
    loop {
        let (entries, more) = timeline(&store, Entries::Latest { limit: 2, before }).await;
        before = entries.last().map(|entry| (entry.at, entry.number));
        pages.push(entries.iter().map(|entry| entry.number).collect::<Vec<_>>());
        if !more {
            break;
        }
    }
    assert_eq!(pages, [vec![7, 6], vec![5, 4], vec![3, 2], vec![1]]);
}

async fn the_log_is_read_from_where_one_stopped(home: Home) {
    let store = home.store;
    let mut making = write("declare").incident(&incident(1));
    for seq in 1..=5 {
        making = making.entry(note(1, seq, "note"));
    }
    commits(&store, making.entry(restated(&note(1, 2, "note"), 6, Amended::Removed))).await;
    let seqs = async |after, limit| -> Vec<i64> {
        let rows = store.log(IncidentId(1), after, limit).await.unwrap();
        rows.iter().map(|entry| entry.seq).collect()
    };
    assert_eq!(seqs(0, 3).await, [1, 2, 3]);
    assert_eq!(seqs(3, 9).await, [4, 5, 6]);
    assert_eq!(seqs(6, 9).await, [] as [i64; 0]);
}

// ---- lists ----

fn everything() -> ListQuery {
    ListQuery {
        viewer: PersonId::from("alice"),
        open: None,
        mine: false,
        kind: None,
        severity: None,
        service: None,
        site: None,
        before: None,
        limit: 100,
    }
}

async fn list(store: &Arc<dyn Store>, query: ListQuery) -> (Vec<i64>, bool) {
    let state = store.load(&Needs { list: Some(query), ..Needs::default() }).await.unwrap();
    (state.list.iter().map(|summary| summary.id.0).collect(), state.more)
}

async fn listed(store: &Arc<dyn Store>, query: ListQuery) -> Vec<i64> {
    list(store, query).await.0
}

/// INC-1 to INC-8: the even ones are resolved, 3 and 4 are drills, 5 and 6 are SEV1,
/// 6 to 8 touch the service `web`, 7 and 8 the site `berlin`; bob has joined 1 and 8.
async fn eight_incidents(store: &Arc<dyn Store>) {
    for number in 1..=8 {
        let mut incident = incident(number);
        incident.status = if number % 2 == 0 { Status::Resolved } else { Status::Investigating };
        incident.kind = if number == 3 || number == 4 { Kind::Drill } else { Kind::Incident };
        incident.severity = (number == 5 || number == 6).then(|| SeverityKey::from("SEV1"));
        incident.services = BTreeSet::from_iter((number >= 6).then(|| "web".to_owned()));
        incident.sites = BTreeSet::from_iter((number >= 7).then(|| "berlin".to_owned()));
        if number != 1 && number != 8 {
            incident.participants.clear();
        }
        for participant in &mut incident.participants {
            participant.person = PersonId::from("bob");
        }
        declares(store, &incident).await;
    }
}

async fn a_list_shows_what_was_asked_for(home: Home) {
    let store = home.store;
    eight_incidents(&store).await;
    let bob = || ListQuery { viewer: PersonId::from("bob"), ..everything() };
    let web = || Some("web".to_owned());
    let berlin = || Some("berlin".to_owned());
    let sev1 = || Some(SeverityKey::from("SEV1"));
    let open = Some(true);
    let ended = Some(false);

    assert_eq!(list(&store, everything()).await, (vec![8, 7, 6, 5, 4, 3, 2, 1], false));
    assert_eq!(listed(&store, ListQuery { open, ..everything() }).await, [7, 5, 3, 1]);
    assert_eq!(listed(&store, ListQuery { open: ended, ..everything() }).await, [8, 6, 4, 2]);
    assert_eq!(listed(&store, ListQuery { kind: Some(Kind::Drill), ..everything() }).await, [4, 3]);
    assert_eq!(listed(&store, ListQuery { kind: Some(Kind::Incident), open, ..everything() }).await, [7, 5, 1]);
    assert_eq!(listed(&store, ListQuery { kind: Some(Kind::Maintenance), ..everything() }).await, [] as [i64; 0]);
    assert_eq!(listed(&store, ListQuery { severity: sev1(), ..everything() }).await, [6, 5]);
    assert_eq!(listed(&store, ListQuery { severity: sev1(), open, ..everything() }).await, [5]);
    assert_eq!(listed(&store, ListQuery { service: web(), ..everything() }).await, [8, 7, 6]);
    assert_eq!(listed(&store, ListQuery { service: web(), open, ..everything() }).await, [7]);
    assert_eq!(listed(&store, ListQuery { service: web(), site: berlin(), ..everything() }).await, [8, 7]);
    assert_eq!(listed(&store, ListQuery { site: berlin(), open: ended, ..everything() }).await, [8]);
    assert_eq!(listed(&store, ListQuery { mine: true, ..bob() }).await, [8, 1]);
    assert_eq!(listed(&store, ListQuery { mine: true, open, ..bob() }).await, [1]);
    assert_eq!(listed(&store, ListQuery { mine: true, service: web(), site: berlin(), ..bob() }).await, [8]);
    assert_eq!(listed(&store, ListQuery { mine: true, severity: sev1(), ..bob() }).await, [] as [i64; 0]);
    assert_eq!(listed(&store, ListQuery { severity: sev1(), service: web(), ..everything() }).await, [6]);
    assert_eq!(listed(&store, ListQuery { severity: sev1(), site: berlin(), ..everything() }).await, [] as [i64; 0]);
    let drill = Some(Kind::Drill);
    assert_eq!(listed(&store, ListQuery { kind: drill, service: web(), ..everything() }).await, [] as [i64; 0]);
    assert_eq!(listed(&store, ListQuery { kind: drill, open, severity: sev1(), ..everything() }).await, [] as [i64; 0]);
    assert_eq!(listed(&store, ListQuery { kind: drill, open, ..everything() }).await, [3]);

    let query = ListQuery { limit: 1, kind: Some(Kind::Drill), ..everything() };
    let state = store.load(&Needs { list: Some(query), ..Needs::default() }).await.unwrap();
    let [summary] = state.list.as_slice() else { panic!("{:?}", state.list) };
    assert_eq!((summary.phase, summary.kind), (Phase::Resolved, Kind::Drill));
    assert_eq!(summary.commander.as_deref(), Some("ALICE"));
    assert_eq!((summary.title.as_str(), summary.severity.as_ref()), ("Checkout is down (4)", None));
    assert_eq!((summary.declared_at, summary.changed_at), (at(0), at(0)));
    assert!(state.more);
}

async fn a_list_hides_private_incidents_from_those_who_have_not_joined(home: Home) {
    let store = home.store;
    declares(&store, &incident(1)).await;
    let private = Incident { visibility: Visibility::Private, ..incident(2) };
    declares(&store, &private).await;
    let by = |viewer: &str| ListQuery { viewer: PersonId::from(viewer), ..everything() };
    assert_eq!(listed(&store, by("alice")).await, [2, 1]);
    assert_eq!(listed(&store, by("mallory")).await, [1]);
    assert_eq!(listed(&store, ListQuery { open: Some(true), ..by("mallory") }).await, [1]);

    commits(&store, write("publish").incident(&Incident { visibility: Visibility::Public, ..next(&private) })).await;
    assert_eq!(listed(&store, by("mallory")).await, [2, 1]);
}

async fn a_list_is_read_in_pages(home: Home) {
    let store = home.store;
    eight_incidents(&store).await;
    let page = |before: Option<i64>, query| ListQuery { before: before.map(IncidentId), limit: 3, ..query };
    assert_eq!(list(&store, page(None, everything())).await, (vec![8, 7, 6], true));
    assert_eq!(list(&store, page(Some(6), everything())).await, (vec![5, 4, 3], true));
    assert_eq!(list(&store, page(Some(3), everything())).await, (vec![2, 1], false));
    let web = ListQuery { service: Some("web".to_owned()), ..everything() };
    assert_eq!(list(&store, page(None, web.clone())).await, (vec![8, 7, 6], false));
    assert_eq!(list(&store, page(Some(8), web)).await, (vec![7, 6], false));
}

async fn tags_follow_the_incident(home: Home) {
    let store = home.store;
    declares(&store, &incident(1)).await;
    let retag = |incident: &Incident, added: &[Tag], removed: &[Tag]| Change::Incident {
        incident: Box::new(next(incident)),
        added: added.to_vec(),
        removed: removed.to_vec(),
    };
    let (alice, bob) = (Tag::Person(PersonId::from("alice")), Tag::Person(PersonId::from("bob")));
    let all = [Tag::Service("web".to_owned()), Tag::Site("berlin".to_owned()), bob.clone(), alice.clone()];
    commits(&store, write("add").change(retag(&incident(1), &all, &[]))).await;
    commits(&store, write("remove").change(retag(&next(&incident(1)), &[], &[alice, all[0].clone()]))).await;
    let mine = |viewer: &str| ListQuery { viewer: PersonId::from(viewer), mine: true, ..everything() };
    assert_eq!(listed(&store, mine("bob")).await, [1]);
    assert_eq!(listed(&store, mine("alice")).await, [] as [i64; 0]);
    assert_eq!(listed(&store, ListQuery { service: Some("web".to_owned()), ..everything() }).await, [] as [i64; 0]);
    assert_eq!(listed(&store, ListQuery { site: Some("berlin".to_owned()), ..everything() }).await, [1]);
}

// ---- timers ----

async fn a_timer_is_set_moved_and_cleared(home: Home) {
    let store = home.store;
    assert_eq!(store.next_due().await.unwrap(), None);
    commits(&store, write("set").timer(timer(1, at(100))).timer(timer(2, at(50))).timer(timer(3, at(200)))).await;
    assert_eq!(store.next_due().await.unwrap(), Some(at(50)));
    assert_eq!(store.due(at(49), 10).await.unwrap(), []);
    assert_eq!(store.due(at(100), 10).await.unwrap(), [timer(2, at(50)), timer(1, at(100))]);
    assert_eq!(store.due(at(100), 1).await.unwrap(), [timer(2, at(50))]);

    commits(&store, write("move").timer(timer(2, at(300))).clear(&timer(1, at(0)))).await;
    assert_eq!(store.due(at(999), 10).await.unwrap(), [timer(3, at(200)), timer(2, at(300))]);
    commits(&store, write("last word").timer(timer(2, at(1))).clear(&timer(2, at(0))).timer(timer(2, at(2)))).await;
    assert_eq!(store.next_due().await.unwrap(), Some(at(2)));
    assert_eq!(store.pending().await.unwrap(), 2);
}

async fn a_fired_timer_is_gone_and_can_be_set_again(home: Home) {
    let store = home.store;
    commits(&store, write("set").incident(&incident(1)).timer(timer(1, at(10))).timer(timer(2, at(20)))).await;
    let fire = write("fire").fired(timer(1, at(10))).incident(&next(&incident(1))).timer(timer(1, at(30)));
    commits(&store, fire).await;
    assert_eq!(store.due(at(99), 10).await.unwrap(), [timer(2, at(20)), timer(1, at(30))]);

    commits(&store, write("moot").fired(timer(2, at(20)))).await;
    assert_eq!(store.due(at(99), 10).await.unwrap(), [timer(1, at(30))], "gone though there was nothing to do");
    assert_eq!(store.kept(&RequestId::from("moot")).await.unwrap(), None);
}

async fn a_timer_that_was_moved_or_cleared_is_stale(home: Home) {
    let store = home.store;
    commits(&store, write("set").timer(timer(1, at(10)))).await;
    commits(&store, write("move").timer(timer(1, at(20)))).await;
    let fire = |due| write("fire").fired(timer(1, due)).incident(&incident(1)).effect(effect(1, "room", 1));
    assert_eq!(commit(&store, fire(at(10))).await.unwrap(), Committed::Stale);
    assert_eq!(read(&store, 1).await, None);
    assert_eq!(store.kept(&RequestId::from("fire")).await.unwrap(), None);
    assert_eq!(store.pending().await.unwrap(), 1);

    commits(&store, fire(at(20))).await;
    assert_eq!(commit(&store, write("again").fired(timer(1, at(20)))).await.unwrap(), Committed::Stale);
}

async fn two_who_fire_one_timer_fire_it_once(home: Home) {
    let other = home.opened_again().await;
    let store = home.store;
    for round in 1..=10 {
        commits(&store, write(&format!("set {round}")).timer(timer(1, at(round)))).await;
        let fire = |who: i64| {
            let number = round * 2 + who;
            write(&format!("fire {number}")).fired(timer(1, at(round))).incident(&incident(number))
        };
        let (first, second) = tokio::join!(commit(&store, fire(0)), commit(&other, fire(1)));
        let results = [first.unwrap(), second.unwrap()];
        assert!(results.contains(&Committed::Fresh) && results.contains(&Committed::Stale), "{results:?}");
    }
}

// ---- the outbox ----

async fn puts(store: &Arc<dyn Store>, request: &str, effects: impl IntoIterator<Item = Outgoing>) {
    let making = effects.into_iter().fold(write(request), Making::effect);
    commits(store, making).await;
}

async fn lanes_keep_their_order(home: Home) {
    let store = home.store;
    puts(&store, "put", [effect(1, "b", 2), effect(1, "a", 1), effect(1, "a", 3), effect(1, "b", 4)]).await;
    let first = leases(&store, "w", at(0)).await;
    assert_eq!(keys(&first), ["INC-1/a/1", "INC-1/b/2"]);
    assert_eq!(first[0].outgoing, effect(1, "a", 1));
    assert_eq!(keys(&leases(&store, "w", at(1)).await), [] as [&str; 0], "the lanes are busy");

    settles(&store, &first[1], "w", done()).await;
    let second = leases(&store, "w", at(1)).await;
    assert_eq!(keys(&second), ["INC-1/b/4"]);
    let both = [settlement(&first[0], "w", done()), settlement(&second[0], "w", done())];
    assert_eq!(store.settle(&both).await.unwrap(), 2);
    assert_eq!(keys(&leases(&store, "w", at(1)).await), ["INC-1/a/3"]);
    let made = store.effects(OutboxState::Done, 10).await.unwrap();
    assert_eq!(made.len(), 3);
    assert!(made.iter().all(|row| row.external.as_deref() == Some("ts-1") && row.attempts == 1));
    assert_eq!(store.settle(&[]).await.unwrap(), 0);
}

async fn urgent_effects_go_first(home: Home) {
    let store = home.store;
    let urgent = |urgency, lane: &str, due: i64| Outgoing { urgency, due_at: at(due), ..effect(1, lane, 1) };
    puts(
        &store,
        "put",
        [
            urgent(Urgency::Routine, "card", 0),
            urgent(Urgency::Prompt, "post", 2),
            urgent(Urgency::Prompt, "older post", 1),
            urgent(Urgency::Page, "page", 3),
            urgent(Urgency::Page, "later page", 9),
        ],
    )
    .await;
    let two = store.lease(&lease("w", at(5), 2)).await.unwrap();
    assert_eq!(keys(&two), ["INC-1/page/1", "INC-1/older post/1"]);
    assert_eq!(keys(&leases(&store, "w", at(5)).await), ["INC-1/post/1", "INC-1/card/1"]);
    assert_eq!(store.next_lease(&Of::All).await.unwrap(), Some(at(9)));
}

async fn an_effect_is_leased_once_and_again_when_the_lease_is_over(home: Home) {
    let store = home.store;
    puts(&store, "put", [effect(1, "room", 1)]).await;
    assert_eq!(leases(&store, "one", at(0)).await[0].attempt, 1);
    assert_eq!(leases(&store, "two", at(29)).await, []);
    assert_eq!(store.next_lease(&Of::All).await.unwrap(), Some(at(30)));
    let again = leases(&store, "two", at(30)).await;
    assert_eq!(again[0].attempt, 2);
    settles(&store, &again[0], "two", done()).await;
    assert_eq!(store.next_lease(&Of::All).await.unwrap(), None);
}

async fn a_late_settlement_changes_nothing(home: Home) {
    let store = home.store;
    puts(&store, "put", [effect(1, "room", 1)]).await;
    let late = leases(&store, "one", at(0)).await;
    let held = leases(&store, "two", at(60)).await;
    let late = [settlement(&late[0], "one", Outcome::Dead { error: "late".to_owned() })];
    assert_eq!(store.settle(&late).await.unwrap(), 0);
    assert_eq!(store.settle(&[settlement(&held[0], "one", done())]).await.unwrap(), 0, "of somebody else");
    assert_eq!(store.count(OutboxState::Waiting).await.unwrap(), 1);
    settles(&store, &held[0], "two", done()).await;
    assert_eq!(store.settle(&[settlement(&held[0], "two", done())]).await.unwrap(), 0, "a second time");
    assert_eq!(store.count(OutboxState::Done).await.unwrap(), 1);
}

async fn a_failed_effect_is_tried_again_later(home: Home) {
    let store = home.store;
    puts(&store, "put", [effect(1, "room", 1), effect(1, "room", 2)]).await;
    let first = leases(&store, "w", at(0)).await;
    settles(&store, &first[0], "w", Outcome::Retry { at: at(20), error: "busy".to_owned() }).await;
    assert_eq!(leases(&store, "w", at(19)).await, [], "the second waits for the first");
    let waiting = store.effects(OutboxState::Waiting, 10).await.unwrap();
    assert_eq!(waiting.len(), 2);
    assert_eq!((waiting[0].error.as_deref(), waiting[0].attempts), (Some("busy"), 1));
    let again = leases(&store, "w", at(20)).await;
    assert_eq!((keys(&again), again[0].attempt), (vec!["INC-1/room/1"], 2));
}

async fn a_dead_effect_frees_its_lane_and_can_be_revived(home: Home) {
    let store = home.store;
    puts(&store, "put", [effect(1, "room", 1), effect(1, "room", 2)]).await;
    let first = leases(&store, "w", at(0)).await;
    settles(&store, &first[0], "w", Outcome::Dead { error: "no such room".to_owned() }).await;
    let dead = store.effects(OutboxState::Dead, 10).await.unwrap();
    assert_eq!((dead.len(), dead[0].state, dead[0].error.as_deref()), (1, OutboxState::Dead, Some("no such room")));
    let second = leases(&store, "w", at(1)).await;
    assert_eq!(keys(&second), ["INC-1/room/2"]);
    settles(&store, &second[0], "w", done()).await;

    let key = EffectKey::from("INC-1/room/1");
    assert!(store.revive(&key, at(50)).await.unwrap());
    assert!(!store.revive(&key, at(50)).await.unwrap(), "it is not dead any more");
    assert!(!store.revive(&EffectKey::from("INC-1/room/2"), at(50)).await.unwrap(), "it is done");
    assert_eq!(store.next_lease(&Of::All).await.unwrap(), Some(at(50)));
    let revived = leases(&store, "w", at(50)).await;
    assert_eq!((keys(&revived), revived[0].attempt), (vec!["INC-1/room/1"], 1));
    assert_eq!(store.count(OutboxState::Dead).await.unwrap(), 0);
}

async fn a_later_effect_takes_the_place_of_one_that_waits(home: Home) {
    let store = home.store;
    let card = |position| Outgoing { coalesce: Some("card INC-1".to_owned()), ..effect(1, "room", position) };
    puts(&store, "first", [card(1)]).await;
    let held = leases(&store, "w", at(0)).await;
    puts(&store, "second", [card(2), effect(1, "room", 3), card(4)]).await;
    puts(&store, "third", [card(5), Outgoing { coalesce: Some("card INC-2".to_owned()), ..effect(2, "room", 6) }])
        .await;
    settles(&store, &held[0], "w", done()).await;

    let superseded = store.effects(OutboxState::Superseded, 10).await.unwrap();
    let superseded: Vec<_> = superseded.iter().map(|row| row.outgoing.key.as_str()).collect();
    assert_eq!(superseded, ["INC-1/room/2", "INC-1/room/4"], "what was under way is finished");
    assert_eq!(store.count(OutboxState::Done).await.unwrap(), 1);
    let waiting = leases(&store, "w", at(1)).await;
    assert_eq!(keys(&waiting), ["INC-1/room/3"]);
    settles(&store, &waiting[0], "w", done()).await;
    assert_eq!(keys(&leases(&store, "w", at(1)).await), ["INC-1/room/5"]);
}

async fn what_was_attempted_is_not_superseded(home: Home) {
    let store = home.store;
    let card = |position| Outgoing { coalesce: Some("card INC-1".to_owned()), ..effect(1, "room", position) };
    puts(&store, "first", [card(1)]).await;
    let attempted = leases(&store, "w", at(0)).await;
    settles(&store, &attempted[0], "w", Outcome::Retry { at: at(9), error: "no answer".to_owned() }).await;
    puts(&store, "second", [card(2)]).await;
    puts(&store, "third", [card(3)]).await;
    assert_eq!(store.count(OutboxState::Superseded).await.unwrap(), 1, "only the one that nobody has tried");
    let again = leases(&store, "w", at(9)).await;
    assert_eq!(keys(&again), ["INC-1/room/1"], "it may have arrived, and the next one must know");
    settles(&store, &again[0], "w", Outcome::Done { external: "1.2".to_owned() }).await;
    let next = leases(&store, "w", at(9)).await;
    assert_eq!((keys(&next), next[0].made.as_deref()), (vec!["INC-1/room/3"], Some("1.2")));
}

async fn the_next_lease_is_that_of_the_first_in_a_lane(home: Home) {
    let store = home.store;
    let due = |lane: &str, position, seconds| Outgoing { due_at: at(seconds), ..effect(1, lane, position) };
    puts(&store, "put", [due("a", 1, 40), due("a", 2, 10), due("b", 1, 70)]).await;
    assert_eq!(store.next_lease(&Of::All).await.unwrap(), Some(at(40)), "a/2 is due before and has to wait for a/1");
    assert_eq!(leases(&store, "w", at(39)).await, []);
    assert_eq!(keys(&leases(&store, "w", at(40)).await), ["INC-1/a/1"]);
    assert_eq!(store.next_lease(&Of::All).await.unwrap(), Some(at(70)), "both the lease and b/1 are over then");
}

async fn each_platform_has_effects_of_its_own(home: Home) {
    let store = home.store;
    let on = |platform: &str, position, seconds| {
        let platform = PlatformId::from(platform);
        let told = Effect::Tell { platform, person: PersonId::from("alice"), view: Box::new(view("told")) };
        Outgoing { effect: told, due_at: at(seconds), ..effect(1, &format!("lane {position}"), position) }
    };
    puts(&store, "put", [on("slack", 1, 5), on("discord", 2, 3), on("console", 3, 1)]).await;
    let (slack, discord) = (PlatformId::from("slack"), PlatformId::from("discord"));
    let others = Of::NoneOf(vec![slack.clone(), discord]);
    assert_eq!(store.next_lease(&Of::Only(slack.clone())).await.unwrap(), Some(at(5)));
    assert_eq!(store.next_lease(&others).await.unwrap(), Some(at(1)));
    assert_eq!(store.next_lease(&Of::NoneOf(Vec::new())).await.unwrap(), Some(at(1)));
    let of = |of: Of| Lease { of, ..lease("w", at(9), 10) };
    let leased = store.lease(&of(Of::Only(slack))).await.unwrap();
    assert_eq!(keys(&leased), ["INC-1/lane 1/1"]);
    let leased = store.lease(&of(others)).await.unwrap();
    assert_eq!(keys(&leased), ["INC-1/lane 3/3"]);
    assert_eq!(keys(&leases(&store, "w", at(9)).await), ["INC-1/lane 2/2"]);
}

async fn only_what_is_urgent_enough_is_leased(home: Home) {
    let store = home.store;
    let urgent = |urgency, position| Outgoing { urgency, ..effect(1, &format!("lane {position}"), position) };
    puts(&store, "put", [urgent(Urgency::Routine, 1), urgent(Urgency::Page, 2), urgent(Urgency::Prompt, 3)]).await;
    let least = |least| Lease { least, ..lease("w", at(0), 10) };
    assert_eq!(keys(&store.lease(&least(Urgency::Page)).await.unwrap()), ["INC-1/lane 2/2"]);
    assert_eq!(keys(&store.lease(&least(Urgency::Prompt)).await.unwrap()), ["INC-1/lane 3/3"]);
    assert_eq!(keys(&store.lease(&least(Urgency::Routine)).await.unwrap()), ["INC-1/lane 1/1"]);
}

async fn what_was_made_is_told_to_the_next_with_the_same_mark(home: Home) {
    let store = home.store;
    let card = |mark: &str, position| Outgoing { coalesce: Some(mark.to_owned()), ..effect(1, mark, position) };
    let made = |external: &str| Outcome::Done { external: external.to_owned() };
    for (position, before, now) in [(1, None, "first"), (2, Some("first"), "anew"), (3, Some("anew"), "anew")] {
        puts(&store, &format!("put {position}"), [card("a", position), card("b", position)]).await;
        let mut leased = leases(&store, "w", at(0)).await;
        leased.sort_by(|one, other| one.outgoing.lane.cmp(&other.outgoing.lane));
        assert_eq!(leased.iter().map(|one| one.made.as_deref()).collect::<Vec<_>>(), [before, None]);
        settles(&store, &leased[0], "w", made(now)).await;
        settles(&store, &leased[1], "w", Outcome::Moot { error: "its room is gone".to_owned() }).await;
    }
    assert_eq!(store.count(OutboxState::Superseded).await.unwrap(), 3, "what is moot was never made");
}

async fn an_incident_is_found_by_its_room(home: Home) {
    let store = home.store;
    let slack = PlatformId::from("slack");
    declares(&store, &incident(1)).await;
    assert_eq!(store.incident_at(&slack, "C1").await.unwrap(), None);
    let room = Tag::Room { platform: slack.clone(), address: "C1".to_owned() };
    let opened = Change::Incident { incident: Box::new(next(&incident(1))), added: vec![room], removed: Vec::new() };
    commits(&store, write("open").change(opened)).await;
    assert_eq!(store.incident_at(&slack, "C1").await.unwrap(), Some(IncidentId(1)));
    assert_eq!(store.incident_at(&slack, "C2").await.unwrap(), None);
    assert_eq!(store.incident_at(&PlatformId::from("discord"), "C1").await.unwrap(), None);
}

async fn a_pinned_message_is_found_by_its_name(home: Home) {
    let store = home.store;
    let pins = BTreeMap::from([("C1/1.2".to_owned(), 2)]);
    let incident = Incident { pins, ..incident(1) };
    let making = write("declare").incident(&incident).entry(note(1, 1, "one")).entry(note(1, 2, "two"));
    commits(&store, making).await;
    let pinned = |message: &str| Needs { pinned: Some(message.to_owned()), ..about(1) };
    assert_eq!(store.load(&pinned("C1/1.2")).await.unwrap().entries, [note(1, 2, "two")]);
    assert_eq!(store.load(&pinned("C1/9.9")).await.unwrap().entries, []);
}

async fn many_workers_never_share_an_effect(home: Home) {
    let other = home.opened_again().await;
    let store = home.store;
    for lane in 0..20 {
        puts(
            &store,
            &format!("put {lane}"),
            (1..=5)
                .map(|position| effect(lane + 1, "room", position))
                .map(|outgoing| Outgoing { lane: format!("lane {lane}"), ..outgoing }),
        )
        .await;
    }
    let work = |worker: String, store: Arc<dyn Store>| async move {
        let mut made = Vec::new();
        while store.count(OutboxState::Waiting).await.unwrap() > 0 {
            for leased in store.lease(&lease(&worker, at(0), 3)).await.unwrap() {
                assert_eq!(leased.attempt, 1);
                settles(&store, &leased, &worker, done()).await;
                made.push((leased.outgoing.lane.clone(), leased.outgoing.position));
            }
        }
        made
    };
    let stores = [&store, &other, &store, &other];
    let workers = stores.iter().enumerate().map(|(n, store)| tokio::spawn(work(format!("w{n}"), Arc::clone(store))));
    let mut times: BTreeMap<(String, i64), u32> = BTreeMap::new();
    for made in join_all(workers).await {
        for effect in made.unwrap() {
            *times.entry(effect).or_default() += 1;
        }
    }
    assert_eq!(times.len(), 100);
    assert!(times.values().all(|times| *times == 1), "{times:?}");
}

// ---- people ----

fn handle(id: &str) -> Handle {
    Handle {
        platform: PlatformId::from("slack"),
        id: id.to_owned(),
        name: id.to_lowercase(),
        email: None,
        groups: Vec::new(),
    }
}

fn given(code: &str, person: &str, until: Timestamp) -> Change {
    Change::CodeGiven { hash: hash(code), person: PersonId::from(person), until }
}

fn used(code: &str, id: &str, person: &str) -> Change {
    Change::Linked { hash: hash(code), handle: handle(id), person: PersonId::from(person) }
}

async fn a_link_code_works_once(home: Home) {
    let other = home.opened_again().await;
    let store = home.store;
    let slack = PlatformId::from("slack");
    commits(&store, write("give").change(given("k3fm-9ta2", "alice", at(600)))).await;
    let needs = |code| Needs { code: Some(hash(code)), ..Needs::default() };
    let owner = store.load(&needs("K3FM-9TA2")).await.unwrap().code;
    assert_eq!(owner, Some((PersonId::from("alice"), at(600))));
    assert_eq!(store.load(&needs("aaaa-aaaa")).await.unwrap().code, None);
    assert_eq!(store.linked(&slack, "U1").await.unwrap(), None);

    let link = |request, id| write(request).change(used("k3fm-9ta2", id, "alice"));
    let (first, second) = tokio::join!(commit(&store, link("one", "U1")), commit(&other, link("two", "U2")));
    assert!(is_conflict(&first) != is_conflict(&second), "{first:?} and {second:?}");
    let (winner, loser) = if is_conflict(&second) { ("U1", "U2") } else { ("U2", "U1") };
    assert_eq!(store.linked(&slack, winner).await.unwrap(), Some(PersonId::from("alice")));
    assert_eq!(store.linked(&slack, loser).await.unwrap(), None);
    assert_eq!(store.linked(&PlatformId::from("discord"), winner).await.unwrap(), None);
    assert_eq!(store.load(&needs("k3fm-9ta2")).await.unwrap().code, None);
}

async fn a_chat_identity_can_be_linked_anew(home: Home) {
    let store = home.store;
    for (code, person) in [("aaaa-aaaa", "alice"), ("bbbb-bbbb", "bob")] {
        commits(&store, write(&format!("give {person}")).change(given(code, person, at(600)))).await;
        commits(&store, write(&format!("link {person}")).change(used(code, "U1", person))).await;
    }
    assert_eq!(store.linked(&PlatformId::from("slack"), "U1").await.unwrap(), Some(PersonId::from("bob")));
    let theirs = [(PlatformId::from("slack"), "U1".to_owned())];
    assert_eq!(store.identities(&PersonId::from("bob")).await.unwrap(), theirs);
    assert_eq!(store.identities(&PersonId::from("alice")).await.unwrap(), []);
}

fn credential(kind: CredentialKind, secret: &str, created: i64, expires: Option<i64>) -> Credential {
    Credential {
        hash: hash(secret),
        kind,
        person: PersonId::from("alice"),
        label: format!("{secret}'s"),
        created_at: at(created),
        expires_at: expires.map(at),
    }
}

async fn credentials_are_good_until_they_expire_or_are_revoked(home: Home) {
    let store = home.store;
    use CredentialKind::{Session, Token};
    let token = credential(Token, "token", 1, None);
    let other = credential(Token, "other", 2, Some(9));
    let session = credential(Session, "session", 3, Some(10));
    for credential in [&token, &other, &session] {
        store.grant(credential).await.unwrap();
    }
    assert!(store.grant(&token).await.is_err(), "a hash is kept once");
    assert_eq!(store.check(Token, &token.hash, at(9999)).await.unwrap().as_ref(), Some(&token));
    assert_eq!(store.check(Session, &token.hash, at(5)).await.unwrap(), None, "of another kind");
    assert_eq!(store.check(Session, &session.hash, at(9)).await.unwrap().as_ref(), Some(&session));
    assert_eq!(store.check(Session, &session.hash, at(10)).await.unwrap(), None, "expired");
    assert_eq!(store.check(Token, &hash("guess"), at(5)).await.unwrap(), None);
    assert_eq!(store.list(Token).await.unwrap(), [other.clone(), token.clone()], "newest first, expired or not");

    assert_eq!(store.revoke(Session, &token.hash.as_str()[..8]).await.unwrap(), 0);
    assert_eq!(store.revoke(Token, "%").await.unwrap(), 0, "a prefix is no pattern");
    assert_eq!(store.revoke(Token, &token.hash.as_str()[..8]).await.unwrap(), 1);
    assert_eq!(store.check(Token, &token.hash, at(5)).await.unwrap(), None);
    assert_eq!(store.list(Token).await.unwrap(), [other]);
}

async fn a_login_link_is_taken_by_one(home: Home) {
    let other = home.opened_again().await;
    let store = home.store;
    use CredentialKind::{LoginLink, Session};
    let link = credential(LoginLink, "link", 0, Some(10));
    store.grant(&link).await.unwrap();
    assert_eq!(store.take(Session, &link.hash, at(1)).await.unwrap(), None);
    assert_eq!(store.take(LoginLink, &link.hash, at(10)).await.unwrap(), None, "too late");
    let takes = [&store, &other, &store, &other].map(|store| store.take(LoginLink, &link.hash, at(1)));
    let taken: Vec<_> = join_all(takes).await.into_iter().filter_map(Result::unwrap).collect();
    assert_eq!(taken, [link]);
}

async fn what_was_said_is_heard_newest_first(home: Home) {
    let store = home.store;
    let message = |key: &str, to: Option<&str>, seconds| Message {
        key: EffectKey::from(key),
        incident: Some(IncidentId(1)),
        to: to.map(PersonId::from),
        at: at(seconds),
        view: view(key),
    };
    let first = message("INC-1/9/10", None, 5);
    let second = message("INC-1/10/2", None, 5);
    let third = message("INC-1/10/11", None, 5);
    let whisper = message("INC-1/11/0", Some("alice"), 6);
    for message in [&first, &second, &third, &whisper, &first] {
        store.keep(message).await.unwrap();
    }
    store.keep(&Message { view: view("changed"), ..first.clone() }).await.unwrap();
    let said = store.said(IncidentId(1), 10).await.unwrap();
    assert_eq!(said, [third.clone(), second, first], "at the same moment, in the order of the effects");
    assert_eq!(store.said(IncidentId(1), 1).await.unwrap(), [third]);
    assert_eq!(store.said(IncidentId(2), 10).await.unwrap(), []);
    assert_eq!(store.told(&PersonId::from("alice"), 10).await.unwrap(), [whisper]);
    assert_eq!(store.told(&PersonId::from("bob"), 10).await.unwrap(), []);
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

// ---- migrations ----

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
const ROWS: [(i64, &str, &str); 14] = [
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
    (5, "records", "INSERT INTO records VALUES ('beat', 'cron', 2, 1, 5, NULL)"),
    (5, "signals", "INSERT INTO signals VALUES ('s1', 5, '{}')"),
    (5, "alerts", "INSERT INTO alerts VALUES ('grafana', 'disk', 1, 1, 7, 'group', 5, '{}')"),
    (5, "page_facts", "INSERT INTO page_facts VALUES (5, 7, 1, NULL, 'alice', 'acked')"),
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

// ---- SQLite only ----

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

// ---- PostgreSQL only ----

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
