//! Alerts: one row each, guarded like incidents, and found by key, by incident, or because they fire.

use crate::home::*;
use chrono::TimeDelta;
use muster_core::alert::{Alert, AlertKey, AlertQuery, AlertState};
use muster_core::decide::{Change, Needs};
use muster_core::ids::IncidentId;
use muster_core::ports::store::{ALERTS_KEPT, Store};
use muster_tests::fixtures::{alert, at, write};
use std::sync::Arc;

on_every_store! {
    an_alert_is_kept_and_changed
    alerts_are_found_by_their_keys
    the_alerts_of_an_incident_are_listed_those_that_fire_first
    those_that_fire_are_listed_the_latest_first
    an_alert_that_has_changed_is_not_written_over
    one_late_alert_of_many_keeps_all_from_being_written
    alerts_resolved_long_ago_are_forgotten
}

async fn alerts(store: &Arc<dyn Store>, query: AlertQuery) -> Vec<Alert> {
    store.load(&Needs { alerts: Some(query), ..Needs::default() }).await.unwrap().alerts
}

async fn names(store: &Arc<dyn Store>, query: AlertQuery) -> Vec<String> {
    alerts(store, query).await.into_iter().map(|alert| alert.id.key).collect()
}

fn keys(keys: &[&str]) -> AlertQuery {
    let key = |key: &&str| AlertKey { source: "grafana".to_owned(), key: (*key).to_owned() };
    AlertQuery::Keys(keys.iter().map(key).collect())
}

async fn says(store: &Arc<dyn Store>, request: &str, alerts: &[Alert]) {
    let making =
        alerts.iter().fold(write(request), |making, alert| making.change(Change::Alert(Box::new(alert.clone()))));
    commits(store, making).await;
}

/// Heard of so many seconds after the beginning.
fn heard(key: &str, seconds: i64) -> Alert {
    Alert { heard_at: at(seconds), ..alert(key) }
}

fn again(alert: &Alert, seconds: i64) -> Alert {
    Alert { version: alert.version + 1, heard_at: at(seconds), count: alert.count + 1, ..alert.clone() }
}

fn resolved(alert: &Alert, seconds: i64) -> Alert {
    Alert { state: AlertState::Resolved, since: at(seconds), ..again(alert, seconds) }
}

async fn an_alert_is_kept_and_changed(home: Home) {
    let store = home.store;
    let first = Alert { title: "„Kassa“ ist kaputt 🔥".to_owned(), silenced_by: Some(3), ..alert("disk") };
    says(&store, "fires", std::slice::from_ref(&first)).await;
    assert_eq!(alerts(&store, keys(&["disk"])).await, std::slice::from_ref(&first));
    let second = Alert { incident: Some(IncidentId(7)), group: "another".to_owned(), ..resolved(&first, 9) };
    says(&store, "is resolved", std::slice::from_ref(&second)).await;
    assert_eq!(alerts(&store, keys(&["disk"])).await, [second]);
}

async fn alerts_are_found_by_their_keys(home: Home) {
    let store = home.store;
    let all: Vec<_> = (0..70).map(|number| alert(&format!("disk-{number:02}"))).collect();
    says(&store, "fire", &all).await;
    let of_another = Alert { id: AlertKey { source: "sentry".to_owned(), key: "disk-01".to_owned() }, ..alert("") };
    says(&store, "another source", &[of_another]).await;

    assert_eq!(
        alerts(&store, keys(&["disk-05", "nothing", "disk-01", "disk-05"])).await,
        [all[1].clone(), all[5].clone()]
    );
    assert_eq!(alerts(&store, keys(&[])).await, []);
    let every: Vec<_> = all.iter().map(|alert| alert.id.key.as_str()).collect();
    assert_eq!(alerts(&store, keys(&every)).await, all);
}

async fn the_alerts_of_an_incident_are_listed_those_that_fire_first(home: Home) {
    let store = home.store;
    let of = |number, alert| Alert { incident: Some(IncidentId(number)), ..alert };
    let ended = of(1, heard("ended", 1));
    says(&store, "fire", &[ended.clone(), of(1, heard("old", 2)), of(1, heard("new", 5)), of(2, heard("other", 6))])
        .await;
    says(&store, "of no incident", &[heard("alone", 3)]).await;
    says(&store, "is resolved", &[resolved(&ended, 9)]).await;
    assert_eq!(names(&store, AlertQuery::OfIncident(IncidentId(1), 10)).await, ["new", "old", "ended"]);
    assert_eq!(names(&store, AlertQuery::OfIncident(IncidentId(1), 2)).await, ["new", "old"]);
    assert_eq!(names(&store, AlertQuery::OfIncident(IncidentId(2), 2)).await, ["other"]);
    assert_eq!(names(&store, AlertQuery::OfIncident(IncidentId(3), 2)).await, [""; 0]);
}

async fn those_that_fire_are_listed_the_latest_first(home: Home) {
    let store = home.store;
    let [a, b, c] = [heard("a", 1), heard("b", 2), heard("c", 2)];
    says(&store, "fire", &[a.clone(), c.clone(), b.clone()]).await;
    assert_eq!(names(&store, AlertQuery::Firing(10)).await, ["b", "c", "a"]);
    assert_eq!(names(&store, AlertQuery::Firing(1)).await, ["b"]);
    says(&store, "on and off", &[again(&a, 3), resolved(&b, 4)]).await;
    assert_eq!(names(&store, AlertQuery::Firing(10)).await, ["a", "c"]);
}

async fn an_alert_that_has_changed_is_not_written_over(home: Home) {
    let store = home.store;
    let first = alert("disk");
    let second = again(&first, 2);
    says(&store, "fires", std::slice::from_ref(&first)).await;
    says(&store, "again", std::slice::from_ref(&second)).await;
    for (request, late) in [("new", &first), ("late", &resolved(&first, 3)), ("ahead", &again(&again(&second, 3), 4))] {
        let late = write(request).change(Change::Alert(Box::new(late.clone())));
        assert!(is_conflict(&commit(&store, late).await), "{request}");
    }
    assert_eq!(alerts(&store, keys(&["disk"])).await, [second]);
}

async fn one_late_alert_of_many_keeps_all_from_being_written(home: Home) {
    let store = home.store;
    says(&store, "fires", &[alert("disk-40")]).await;
    let all = (0..70).map(|number| alert(&format!("disk-{number:02}")));
    let all = all.fold(write("all"), |making, alert| making.change(Change::Alert(Box::new(alert))));
    assert!(is_conflict(&commit(&store, all).await));
    assert_eq!(names(&store, AlertQuery::Firing(100)).await, ["disk-40"]);
}

async fn alerts_resolved_long_ago_are_forgotten(home: Home) {
    let store = home.store;
    let [old, recent, firing] = [heard("old", 0), heard("recent", 0), heard("firing", 0)];
    says(&store, "fire", &[old.clone(), recent.clone(), firing.clone()]).await;
    says(&store, "are resolved", &[resolved(&old, 10), resolved(&recent, 20)]).await;
    let left = async || names(&store, keys(&["old", "recent", "firing"])).await;
    store.sweep(at(10) + ALERTS_KEPT, 10).await.unwrap();
    assert_eq!(left().await, ["firing", "old", "recent"]);
    store.sweep(at(11) + ALERTS_KEPT, 10).await.unwrap();
    assert_eq!(left().await, ["firing", "recent"]);
    store.sweep(at(21) + ALERTS_KEPT + TimeDelta::days(1_000), 10).await.unwrap();
    assert_eq!(left().await, ["firing"], "what fires is never forgotten");
    says(&store, "goes on", &[again(&resolved(&recent, 20), 30)]).await;
    assert_eq!(left().await, ["firing", "recent"], "somebody who has read it may write it again");
}
