//! Incidents and planned work: in the midst of a page, and on one of their own.

use super::frame;
use super::names::{called, stands, stood};
use super::place::Place;
use super::sheet::Sheet;
use super::signs::{level, sign, state};
use super::text::{body, lang, standing};
use crate::course::Course;
use maud::{Markup, html};
use muster_core::comms::{ComponentState, Correction, Post, PublicIncident, moment};
use muster_core::plain::one_line;

/// So many updates of one incident are shown in the midst of a page.
const UPDATES: usize = 5;

/// What it is called, marked with its language.
pub(crate) fn name(sheet: Sheet<'_>, incident: &PublicIncident) -> Markup {
    let language = sheet.edition.headline(incident).and_then(|(language, _)| lang(language, sheet.locale()));
    html! { span lang=[language] { (called(incident, &sheet.edition)) } }
}

/// The components it touches that there still are, and how each does as far as it goes; of what is over, how each did at its worst.
pub(crate) fn touched<'a>(sheet: Sheet<'a>, incident: &PublicIncident) -> Vec<(&'a str, ComponentState)> {
    let now = incident.components();
    let worst = |id: &str| incident.states.iter().filter_map(|(_, states)| states.get(id)).max().copied();
    let named = sheet.edition.rules.components.iter().filter_map(|component| {
        let state = now.get(&component.id).copied()?;
        let shown = if incident.ended_at.is_some() { worst(&component.id)? } else { state };
        Some((sheet.name(component), shown))
    });
    named.collect()
}

/// The worst of what it does now; of what is over, of what it did; nothing, of what was called off or withdrawn.
pub(crate) fn worst(sheet: Sheet<'_>, incident: &PublicIncident) -> ComponentState {
    let touched = touched(sheet, incident).into_iter().map(|(_, state)| state).max();
    let fallback =
        if incident.is_maintenance() { ComponentState::UnderMaintenance } else { ComponentState::DegradedPerformance };
    match Course::of(incident) {
        Course::CalledOff { .. } | Course::Withdrawn { .. } => ComponentState::Operational,
        Course::Underway { .. } if !incident.is_maintenance() => touched.unwrap_or(fallback),
        Course::Planned(_) | Course::Underway { .. } | Course::Over(_) => {
            touched.filter(|state| *state != ComponentState::Operational).unwrap_or(fallback)
        }
    }
}

/// Whether its name says what it touches: then that is not said once more.
pub(crate) fn names_touched(sheet: Sheet<'_>, incident: &PublicIncident) -> bool {
    let called = called(incident, &sheet.edition);
    touched(sheet, incident).iter().all(|(name, _)| called.contains(name))
}

/// The sites concerned, unless the latest word says them all itself.
pub(crate) fn unsaid_sites<'a>(sheet: Sheet<'a>, incident: &'a PublicIncident) -> Vec<&'a str> {
    let said = standing(incident).and_then(|post| sheet.said(&post.texts));
    let sites: Vec<_> = sheet.edition.rules.sites_of(&incident.sites).map(|site| site.name.as_str()).collect();
    let are_said = said.is_some_and(|(_, said)| sites.iter().all(|name| said.says(name)));
    if are_said { Vec::new() } else { sites }
}

/// The facts of it: what it affects, where, from when, until when. Of what was withdrawn there are none.
pub(crate) fn facts(sheet: Sheet<'_>, incident: &PublicIncident) -> Markup {
    let sites = unsaid_sites(sheet, incident);
    let facts = html! {
        (affected(sheet, incident))
        @if !sites.is_empty() {
            div { dt { (sheet.words.story.only_at) } @for site in sites { dd { (site) } } }
        }
        (times(sheet, incident))
    };
    match Course::of(incident) {
        Course::Withdrawn { .. } => Markup::default(),
        Course::Planned(_) | Course::Underway { .. } | Course::Over(_) | Course::CalledOff { .. } => {
            html! { dl.facts { (facts) } }
        }
    }
}

/// What it affects. How that does is said while it does so; where there is only a name to be said, its own may say that.
fn affected(sheet: Sheet<'_>, incident: &PublicIncident) -> Markup {
    let (story, touched) = (&sheet.words.story, touched(sheet, incident));
    let are_said = names_touched(sheet, incident);
    let (label, is_felt) = match Course::of(incident) {
        Course::Underway { .. } => (story.affects, true),
        Course::Planned(_) if !are_said => (story.affects, false),
        Course::Over(_) if !are_said => (story.affected, false),
        Course::Planned(_) | Course::Over(_) | Course::CalledOff { .. } | Course::Withdrawn { .. } => {
            return Markup::default();
        }
    };
    html! {
        @if !touched.is_empty() {
            div {
                dt { (label) }
                @for (name, how) in touched {
                    dd { (name) @if is_felt { " " span.how { (state(sheet, how)) } } }
                }
            }
        }
    }
}

/// When it was or is to be: once something has begun, when it did counts.
fn times(sheet: Sheet<'_>, incident: &PublicIncident) -> Markup {
    let (story, times) = (&sheet.words.story, sheet.times());
    let course = Course::of(incident);
    let planned = incident.window.filter(|_| !matches!(course, Course::Over(_) | Course::Withdrawn { .. }));
    html! {
        @if let Some(window) = planned {
            div { dt { (story.window) } dd { (times.span(window)) } }
        }
        @if let Some((began, ended)) = course.felt() {
            div { dt { (story.began) } dd { (times.moment(began)) } }
            @if let Some(ended) = ended {
                div { dt { (story.ended) } dd { (times.moment(ended)) } }
                div { dt { (story.lasted) } dd { (times.lasted(ended - began)) } }
            }
        }
    }
}

/// An incident that is open, or planned work to come, in the midst of a page: the latest word first.
pub(crate) fn card(sheet: Sheet<'_>, incident: &PublicIncident) -> Markup {
    let place = Place::Incident(incident.incident);
    let worst = worst(sheet, incident);
    let count = incident.posts.len();
    html! {
        article class={ "card story s" (level(worst)) } aria-labelledby=(incident.incident) {
            h3 #(incident.incident) { (sign(worst)) a href=(sheet.to(&place)) { (name(sheet, incident)) } }
            (facts(sheet, incident))
            (posts(sheet, incident, UPDATES))
            @if count > UPDATES {
                p { a href=(sheet.to(&place)) { (sheet.fill(sheet.words.story.all_updates, &count.to_string())) } }
            }
        }
    }
}

/// Its updates, the latest first, at most so many.
fn posts(sheet: Sheet<'_>, incident: &PublicIncident, most: usize) -> Markup {
    let called = called(incident, &sheet.edition);
    let latest = standing(incident).map(|post| post.number);
    let is_over = Course::of(incident).ended().is_some();
    html! {
        ol.posts reversed {
            @for post in incident.posts.iter().rev().take(most) {
                @let is_latest = latest == Some(post.number);
                @let kind = if is_latest { Some("latest") } else { post.retracted.map(|_| "off") };
                li class=[kind] {
                    p.head { strong { (stood(incident, post, sheet.locale())) } " " (sheet.times().moment(post.at)) }
                    (one(sheet, post, &called, is_latest && !is_over))
                }
            }
        }
    }
}

/// An update. Its title is left out where the incident is called the same, its promise where it says so itself, or something was said
/// since.
fn one(sheet: Sheet<'_>, post: &Post, called: &str, is_last_word: bool) -> Markup {
    let (story, times) = (&sheet.words.story, sheet.times());
    let said = sheet.said(&post.texts);
    let says = |at| said.is_some_and(|(language, said)| said.says(&moment(language, at, sheet.edition.page.time_zone)));
    let promise = post.next_at.filter(|at| is_last_word && !says(*at));
    html! {
        @if let Some(retracted) = post.retracted {
            p.mark { (times.phrase(story.retracted, retracted)) }
            p.gone { (story.retracted_text) }
        } @else {
            @if let Some(last) = post.corrected.last() { p.mark { (times.phrase(story.corrected, last.at)) } }
            @if let Some((language, said)) = said {
                div.said lang=[lang(language, sheet.locale())] {
                    @if called != one_line(&said.title) { p.title { (one_line(&said.title)) } }
                    (body(&said.body))
                }
            }
            @if let Some(next) = promise { p.next { (times.phrase(story.next_at, next)) } }
            @if !post.corrected.is_empty() {
                details {
                    summary { (story.before) }
                    @for correction in post.corrected.iter().rev() { (before(sheet, correction)) }
                }
            }
        }
    }
}

fn before(sheet: Sheet<'_>, correction: &Correction) -> Markup {
    html! {
        p.head { (sheet.times().phrase(sheet.words.story.until, correction.at)) }
        @if let Some((language, was)) = sheet.said(&correction.was) {
            div.said lang=[lang(language, sheet.locale())] { p.title { (one_line(&was.title)) } (body(&was.body)) }
        }
    }
}

/// The page of an incident: the whole story.
pub(crate) fn page(sheet: Sheet<'_>, incident: &PublicIncident) -> Markup {
    let worst = worst(sheet, incident);
    let story = &sheet.words.story;
    let (called, status) = (called(incident, &sheet.edition), stands(incident, sheet.locale()));
    let main = html! {
        article class={ "story s" (level(worst)) } {
            p.kind {
                @if incident.is_maintenance() { (story.maintenance) " · " }
                (incident.incident) " · " strong { (status) }
            }
            h1 { (sign(worst)) (name(sheet, incident)) }
            (facts(sheet, incident))
            h2 { (story.updates) }
            div.card { (posts(sheet, incident, usize::MAX)) }
        }
    };
    frame::page(sheet, &format!("{called} – {status}"), &main)
}
