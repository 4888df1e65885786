//! Incidents and planned work: in the midst of a page, and on one of their own.

use super::frame;
use super::place::Place;
use super::sheet::Sheet;
use super::signs::{level, sign, state};
use super::text::{body, lang, standing};
use maud::{Markup, html};
use muster_core::comms::{ComponentState, Correction, Post, PublicIncident, PublicStatus};
use muster_core::plain::one_line;

/// So many updates of one incident are shown in the midst of a page.
const UPDATES: usize = 5;

/// What it is called, marked with its language; its number, when all of it was taken back.
pub(crate) fn name(sheet: Sheet<'_>, incident: &PublicIncident) -> Markup {
    match sheet.title(incident) {
        Some((language, title)) => html! { span lang=[lang(language, sheet.locale())] { (title) } },
        None => html! { (incident.incident) },
    }
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

/// The worst of what it does now; of what is over, of what it did.
pub(crate) fn worst(sheet: Sheet<'_>, incident: &PublicIncident) -> ComponentState {
    let touched = touched(sheet, incident).into_iter().map(|(_, state)| state).max();
    let fallback =
        if incident.is_maintenance() { ComponentState::UnderMaintenance } else { ComponentState::DegradedPerformance };
    match (touched, incident.ended_at) {
        (Some(state), _) if state != ComponentState::Operational => state,
        (Some(state), None) if !incident.is_maintenance() => state,
        (Some(_) | None, Some(_) | None) => fallback,
    }
}

/// The facts of it: what it affects, where, from when, until when.
pub(crate) fn facts(sheet: Sheet<'_>, incident: &PublicIncident) -> Markup {
    let (story, times) = (&sheet.words.story, sheet.times());
    let touched = touched(sheet, incident);
    // Planned work says of components how they will be.
    let is_felt = incident.status() != PublicStatus::Scheduled;
    let sites: Vec<_> = sheet.edition.rules.sites_of(&incident.sites).collect();
    html! {
        dl.facts {
            @if !touched.is_empty() {
                div {
                    dt { (story.affects) }
                    @for (name, how) in &touched {
                        dd { (name) @if is_felt { " " span.how { (state(sheet, *how)) } } }
                    }
                }
            }
            @if !sites.is_empty() {
                div { dt { (story.only_at) } @for site in sites { dd { (site.name) } } }
            }
            @if let Some(window) = incident.window {
                div { dt { (story.window) } dd { (times.span(window)) } }
            } @else {
                div { dt { (story.began) } dd { (times.moment(incident.began_at)) } }
                @if let Some(ended) = incident.ended_at {
                    div { dt { (story.ended) } dd { (times.moment(ended)) } }
                    div { dt { (story.lasted) } dd { (times.lasted(ended - incident.began_at)) } }
                }
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
    let called = sheet.title(incident).map(|(_, title)| title);
    let latest = standing(incident).map(|post| post.number);
    html! {
        ol.posts reversed {
            @for post in incident.posts.iter().rev().take(most) {
                @let is_latest = latest == Some(post.number);
                @let kind = if is_latest { Some("latest") } else { post.retracted.map(|_| "off") };
                li class=[kind] { (one(sheet, post, called.as_deref(), is_latest && incident.ended_at.is_none())) }
            }
        }
    }
}

/// An update. Its title is left out where the incident is called the same, its promise where something was said since.
fn one(sheet: Sheet<'_>, post: &Post, called: Option<&str>, is_last_word: bool) -> Markup {
    let (story, times) = (&sheet.words.story, sheet.times());
    let promise = post.next_at.filter(|_| is_last_word);
    html! {
        p.head { strong { (sheet.core_words().status(post.status)) } " " (times.moment(post.at)) }
        @if let Some(retracted) = post.retracted {
            p.mark { (times.phrase(story.retracted, retracted)) }
            p.gone { (story.retracted_text) }
        } @else {
            @if let Some(last) = post.corrected.last() { p.mark { (times.phrase(story.corrected, last.at)) } }
            @if let Some((language, said)) = sheet.said(&post.texts) {
                div.said lang=[lang(language, sheet.locale())] {
                    @if called != Some(one_line(&said.title).as_str()) { p.title { (one_line(&said.title)) } }
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
    let status = sheet.core_words().status(incident.status());
    let called = sheet.title(incident).map_or_else(|| incident.incident.to_string(), |(_, title)| title);
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
