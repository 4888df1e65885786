//! How components do, by what is open, where and since when.

use super::*;
use crate::course::Course;
use crate::model::changed_at;
use crate::overall::Overall;
use chrono::{TimeZone, Utc};
use muster_core::clock::Timestamp;
use muster_core::comms::{
    CommsRules, Component, ComponentState as Is, Correction, Impact, Locale, Post, PublicStatus, Window,
};
use muster_core::ids::IncidentId;
use std::collections::BTreeSet;
use std::sync::Arc;

fn at(hour: u32) -> Timestamp {
    Utc.with_ymd_and_hms(2026, 11, 21, hour, 0, 0).single().expect("a moment")
}

/// One that is at these sites, or everywhere.
fn component(id: &str, sites: Option<&[&str]>) -> Component {
    let names = BTreeMap::from([(Locale::english(), id.to_owned())]);
    let sites = sites.map(|sites| sites.iter().map(|site| (*site).to_owned()).collect());
    Component { id: id.to_owned(), names, descriptions: BTreeMap::new(), group: None, services: Vec::new(), sites }
}

fn post(number: i64, hour: u32, status: PublicStatus) -> Post {
    let texts = BTreeMap::new();
    Post { number, at: at(hour), status, texts, next_at: None, corrected: Vec::new(), retracted: None }
}

/// An incident that began at that hour.
fn incident(number: i64, hour: u32, sites: &[&str], states: &[(u32, &str, Is)]) -> PublicIncident {
    PublicIncident {
        incident: IncidentId(number),
        window: None,
        sites: sites.iter().map(|site| (*site).to_owned()).collect::<BTreeSet<_>>(),
        posts: vec![post(1, hour, PublicStatus::Investigating)],
        states: states
            .iter()
            .map(|(hour, id, state)| (at(*hour), BTreeMap::from([((*id).to_owned(), *state)])))
            .collect(),
        began_at: at(hour),
        ended_at: None,
    }
}

/// Planned work, told of at 8.
fn work(number: i64, from: u32, component: &str) -> PublicIncident {
    let window = Some(Window { from: at(from), until: at(from + 1) });
    let posts = vec![post(1, 8, PublicStatus::Scheduled)];
    PublicIncident { window, posts, ..incident(number, 8, &[], &[(8, component, Is::UnderMaintenance)]) }
}

/// Tills in the two shops of the north and the one of the south; the shop itself everywhere; an app, which is online only.
fn model(incidents: Vec<PublicIncident>) -> Model {
    let site = |site: &str, region: &str| PublicSite {
        site: site.to_owned(),
        name: site.to_owned(),
        region: Some(region.to_owned()),
    };
    let rules = CommsRules {
        components: vec![
            component("shop", None),
            component("north-tills", Some(&["umea", "lulea"])),
            component("south-tills", Some(&["lund"])),
            component("app", Some(&[])),
        ],
        sites: vec![site("umea", "North"), site("lulea", "North"), site("lund", "South")],
        ..CommsRules::default()
    };
    Model::new(Arc::new(rules), incidents, at(20))
}

fn at_part(model: &Model, scope: Scope) -> Part<'_> {
    Survey::of(model).part(scope)
}

fn everywhere(model: &Model) -> Part<'_> {
    at_part(model, Scope::Everywhere)
}

fn states(part: &Part<'_>) -> Vec<(String, Is, Option<Timestamp>)> {
    part.states.iter().map(|one| (one.component.id.clone(), one.state, one.since)).collect()
}

/// How the first component does.
fn shop(model: &Model) -> (String, Is, Option<Timestamp>) {
    states(&everywhere(model)).swap_remove(0)
}

fn region(name: &str) -> Scope {
    Scope::Region(name.to_owned())
}

fn site(id: &str) -> Scope {
    Scope::Site(id.to_owned())
}

fn numbers(shown: &[Shown<'_>]) -> Vec<i64> {
    shown.iter().map(|one| one.incident.incident.0).collect()
}

#[test]
fn what_names_no_site_is_everywhere_and_the_rest_where_it_is() {
    let model = model(vec![
        incident(1, 9, &[], &[(9, "shop", Is::PartialOutage)]),
        incident(2, 10, &["umea"], &[(10, "north-tills", Is::MajorOutage)]),
        incident(3, 11, &["lund"], &[]),
    ]);
    let open = |scope| numbers(&at_part(&model, scope).open);
    assert_eq!(open(Scope::Everywhere), [3, 2, 1]);
    assert_eq!(open(region("North")), [2, 1]);
    assert_eq!(open(site("lulea")), [1]);
    assert_eq!(open(region("Nowhere")), [1]);

    let shop = || ("shop".to_owned(), Is::PartialOutage, Some(at(9)));
    let states = |scope| states(&at_part(&model, scope));
    assert_eq!(states(region("South")), [shop(), ("south-tills".to_owned(), Is::Operational, None)]);
    assert_eq!(states(site("umea")), [shop(), ("north-tills".to_owned(), Is::MajorOutage, Some(at(10)))]);
    // The tills are down in Umeå only.
    assert_eq!(states(site("lulea")), [shop(), ("north-tills".to_owned(), Is::Operational, None)]);
}

#[test]
fn what_is_online_only_is_at_no_site_and_so_is_an_incident_that_touches_nothing_else() {
    let model = model(vec![
        incident(1, 9, &[], &[(9, "app", Is::MajorOutage)]),
        incident(2, 10, &[], &[(10, "app", Is::MajorOutage), (11, "south-tills", Is::PartialOutage)]),
    ]);
    assert_eq!(everywhere(&model).overall, Overall::As(Is::MajorOutage));
    assert_eq!(at_part(&model, region("North")).overall, Overall::Calm);
    assert_eq!(at_part(&model, site("lund")).overall, Overall::As(Is::PartialOutage));
    let open = |scope| numbers(&at_part(&model, scope).open);
    assert_eq!((open(region("North")), open(region("South"))), (vec![], vec![2]));
    let ids = |scope| states(&at_part(&model, scope)).into_iter().map(|(id, ..)| id).collect::<Vec<_>>();
    assert_eq!(ids(site("lund")), ["shop", "south-tills"]);
    assert_eq!(ids(Scope::Everywhere), ["shop", "north-tills", "south-tills", "app"]);
}

#[test]
fn a_component_does_as_badly_as_the_worst_that_is_open() {
    let mut over = incident(1, 8, &[], &[(8, "shop", Is::MajorOutage)]);
    over.ended_at = Some(at(9));
    let slow = incident(2, 10, &[], &[(10, "shop", Is::MajorOutage), (11, "shop", Is::DegradedPerformance)]);
    let partial = incident(3, 12, &[], &[(12, "shop", Is::PartialOutage)]);
    let shop = |incidents| shop(&model(incidents));
    let expected = |state, since| ("shop".to_owned(), state, Some(at(since)));
    assert_eq!(shop(vec![over.clone()]), expected(Is::Operational, 9));
    assert_eq!(shop(vec![over.clone(), slow.clone()]), expected(Is::DegradedPerformance, 11));
    assert_eq!(shop(vec![over, slow, partial]), expected(Is::PartialOutage, 12));
}

#[test]
fn planned_work_touches_nothing_until_it_has_begun() {
    let shop = |work: &PublicIncident| shop(&model(vec![work.clone()]));
    let mut work = work(1, 12, "shop");
    assert_eq!(shop(&work), ("shop".to_owned(), Is::Operational, None));

    work.posts.push(post(2, 12, PublicStatus::InProgress));
    assert_eq!(shop(&work), ("shop".to_owned(), Is::UnderMaintenance, Some(at(12))));
    assert_eq!(everywhere(&model(vec![work.clone()])).overall, Overall::As(Is::UnderMaintenance));

    work.posts.push(post(3, 13, PublicStatus::Completed));
    work.ended_at = Some(at(13));
    assert_eq!(shop(&work), ("shop".to_owned(), Is::Operational, Some(at(13))));
    let span = Span { from: at(12), until: Some(at(13)), state: Is::UnderMaintenance };
    assert_eq!(spans_of(&work)["shop"], [span]);
}

#[test]
fn what_the_first_word_says_is_so_since_it_began_and_later_ones_since_they_are_said() {
    let mut declared = incident(1, 10, &[], &[(10, "shop", Is::MajorOutage), (12, "shop", Is::PartialOutage)]);
    declared.began_at = at(9);
    declared.ended_at = Some(at(13));
    let span = |from, until, state| Span { from: at(from), until: Some(at(until)), state };
    assert_eq!(spans_of(&declared)["shop"], [span(9, 12, Is::MajorOutage), span(12, 13, Is::PartialOutage)]);
}

#[test]
fn what_never_was_is_past_on_the_day_that_was_said_and_touches_nothing() {
    let mut withdrawn = incident(1, 9, &[], &[(9, "shop", Is::MajorOutage)]);
    withdrawn.posts[0].retracted = Some(at(10));
    let mut off = work(2, 15, "shop");
    off.posts.push(post(2, 12, PublicStatus::Completed));
    off.ended_at = Some(at(12));
    let model = model(vec![withdrawn, off]);
    let part = everywhere(&model);
    assert_eq!((numbers(&part.open), numbers(&part.planned), numbers(&part.past)), (vec![], vec![], vec![1, 2]));
    assert_eq!(
        part.past.iter().map(|one| one.course).collect::<Vec<_>>(),
        [Course::Withdrawn { at: at(10) }, Course::CalledOff { at: at(12) },]
    );
    assert_eq!((part.overall, shop(&model).2), (Overall::Calm, None));
}

#[test]
fn work_of_which_nobody_said_that_it_began_was_done_when_it_was_planned() {
    let mut done = work(1, 12, "shop");
    done.posts.push(post(2, 13, PublicStatus::Completed));
    done.ended_at = Some(at(13));
    assert_eq!(Course::of(&done), Course::Over(Window { from: at(12), until: at(13) }));
}

#[test]
fn planned_work_is_shown_in_the_order_in_which_it_comes() {
    let model = model(vec![work(1, 15, "shop"), work(2, 12, "shop"), incident(3, 9, &[], &[])]);
    let part = everywhere(&model);
    assert_eq!((numbers(&part.planned), numbers(&part.open)), (vec![2, 1], vec![3]));
}

#[test]
fn what_was_over_ninety_days_ago_is_forgotten() {
    let ended = |number, at| PublicIncident { ended_at: Some(at), ..incident(number, 8, &[], &[]) };
    let model = model(vec![ended(1, at(20) - HISTORY), ended(2, at(20) - HISTORY - TimeDelta::seconds(1))]);
    assert_eq!(numbers(&everywhere(&model).past), [1]);
}

#[test]
fn an_incident_that_names_no_component_is_still_something() {
    let overall = |incidents| everywhere(&model(incidents)).overall;
    assert_eq!(overall(Vec::new()), Overall::Calm);
    assert_eq!(overall(vec![incident(1, 9, &[], &[])]), Overall::Noticed);
    assert_eq!(overall(vec![incident(1, 9, &[], &[(10, "shop", Is::Operational)])]), Overall::Noticed);
    assert_eq!(overall(vec![incident(1, 9, &[], &[(10, "shop", Is::MajorOutage)])]), Overall::As(Is::MajorOutage));
    assert_eq!(Overall::Noticed.impact(), Impact::Minor);
}

#[test]
fn what_is_watched_is_well_unless_there_is_work() {
    let mut watched = incident(1, 9, &[], &[(9, "shop", Is::MajorOutage), (10, "shop", Is::Operational)]);
    watched.posts.push(post(2, 10, PublicStatus::Monitoring));
    let mut work = work(2, 11, "south-tills");
    work.posts.push(post(2, 11, PublicStatus::InProgress));
    let overall = |incidents| everywhere(&model(incidents)).overall;
    assert_eq!(overall(vec![watched.clone()]), Overall::Watching);
    assert_eq!(overall(vec![watched, work]), Overall::As(Is::UnderMaintenance));
}

#[test]
fn a_correction_and_a_retraction_are_changes() {
    let mut one = incident(1, 9, &[], &[]);
    assert_eq!(changed_at(&one), at(9));
    one.posts[0].corrected.push(Correction { at: at(10), was: BTreeMap::new() });
    assert_eq!(changed_at(&one), at(10));
    one.posts[0].retracted = Some(at(11));
    assert_eq!(changed_at(&one), at(11));
}
