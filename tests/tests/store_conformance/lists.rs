//! Lists of incidents, and by what they are found.

use crate::home::*;
use muster_core::decide::{Change, ListQuery, Needs, Tag};
use muster_core::ids::{IncidentId, PersonId, SeverityKey};
use muster_core::incident::status::{Phase, Status};
use muster_core::incident::{Incident, Kind, Visibility};
use muster_core::ports::store::Store;
use muster_tests::fixtures::{at, incident, next, write};
use std::collections::BTreeSet;
use std::sync::Arc;

on_both_engines! {
    a_list_shows_what_was_asked_for
    a_list_hides_private_incidents_from_those_who_have_not_joined
    a_list_is_read_in_pages
    tags_follow_the_incident
}

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
