//! What is over: the last two weeks by day, and the history by month.

use super::frame;
use super::incident::{name, names_touched, touched, unsaid_sites, worst};
use super::names::stands;
use super::place::{Month, Place};
use super::sheet::Sheet;
use super::signs::{level, sign};
use super::text::{body, lang, standing};
use crate::atlas::{Atlas, HISTORY, Part};
use crate::course::Course;
use chrono::{Days, NaiveDate};
use maud::{Markup, html};
use muster_core::clock::Timestamp;
use muster_core::comms::PublicIncident;

/// So many days are shown below how things are now.
const RECENT: u64 = 14;

/// A stretch of days in the past.
#[derive(Debug)]
pub(crate) enum Stretch<'a> {
    /// A day on which something began that is over.
    Day(NaiveDate, Vec<&'a PublicIncident>),
    /// Days on which there was nothing, from the latest to the earliest.
    Quiet(NaiveDate, NaiveDate),
}

/// The days from one to an earlier one. Of a day on which something was that began on another, nothing is said.
fn stretches<'a>(part: &Part<'a>, (latest, earliest): (NaiveDate, NaiveDate)) -> Vec<Stretch<'a>> {
    let mut stretches = Vec::new();
    let days = std::iter::successors(Some(latest), NaiveDate::pred_opt).take_while(|day| *day >= earliest);
    for day in days {
        let began: Vec<_> = part.past.iter().filter(|one| one.first == day).map(|one| one.incident).collect();
        if !began.is_empty() {
            stretches.push(Stretch::Day(day, began));
        } else if !part.past.iter().chain(&part.open).any(|one| one.was_on(day)) {
            match stretches.last_mut() {
                Some(Stretch::Quiet(_, earliest)) if earliest.pred_opt() == Some(day) => *earliest = day,
                Some(Stretch::Quiet(..) | Stretch::Day(..)) | None => stretches.push(Stretch::Quiet(day, day)),
            }
        }
    }
    stretches
}

/// The last two weeks in a part of the world, as far back as the page knows.
pub(crate) fn two_weeks<'a>(part: &Part<'a>, today: NaiveDate, first: NaiveDate) -> Vec<Stretch<'a>> {
    let earliest = today.checked_sub_days(Days::new(RECENT - 1)).unwrap_or(today);
    stretches(part, (today, earliest.max(first)))
}

/// The end of a page about a part of the world.
pub(crate) fn recent(sheet: Sheet<'_>, stretches: &[Stretch<'_>]) -> Markup {
    html! {
        section aria-labelledby="past" {
            h2 #past { (sheet.words.status.past) }
            (days(sheet, stretches))
            p { a href=(sheet.to(&Place::History)) { (sheet.words.frame.history) } }
        }
    }
}

fn days(sheet: Sheet<'_>, stretches: &[Stretch<'_>]) -> Markup {
    let times = sheet.times();
    html! {
        div.card.days {
            @for stretch in stretches {
                @match stretch {
                    Stretch::Day(day, incidents) => {
                        section {
                            h3 { time datetime=(day) { (times.date(*day)) } }
                            @for incident in incidents { (line(sheet, incident)) }
                        }
                    }
                    Stretch::Quiet(latest, earliest) => {
                        section.quiet {
                            h3 {
                                (times.days(*earliest, *latest))
                            }
                            p { (sheet.words.status.quiet) }
                        }
                    }
                }
            }
        }
    }
}

/// Something that is over, in short: from when to when, what it touched, and the last word.
fn line(sheet: Sheet<'_>, incident: &PublicIncident) -> Markup {
    let (times, worst) = (sheet.times(), worst(sheet, incident));
    let touched = touched(sheet, incident).into_iter().filter(|_| !names_touched(sheet, incident));
    let where_it_was = touched.map(|(name, _)| name).chain(unsaid_sites(sheet, incident));
    html! {
        article class={ "story s" (level(worst)) } {
            h4 { (sign(worst)) a href=(sheet.to(&Place::Incident(incident.incident))) { (name(sheet, incident)) } }
            p.head {
                strong { (stands(incident, sheet.locale())) } " "
                @match Course::of(incident) {
                    Course::Over(span) => {
                        (times.span_of_day(span)) " · " (times.lasted(span.until - span.from))
                        @for part in where_it_was { " · " (part) }
                    }
                    Course::CalledOff { at } | Course::Withdrawn { at } => { (times.hour(at)) }
                    Course::Planned(_) | Course::Underway { .. } => {}
                }
            }
            @if let Some((language, said)) = standing(incident).and_then(|post| sheet.said(&post.texts)) {
                div.said lang=[lang(language, sheet.locale())] { (body(&said.body)) }
            }
        }
    }
}

/// A month of the history.
pub(crate) struct Chapter<'a> {
    pub(crate) month: Month,
    stretches: Vec<Stretch<'a>>,
}

/// The history as far back as the page knows, the latest month first.
pub(crate) fn history<'a>(atlas: &Atlas<'a>) -> Vec<Chapter<'a>> {
    let day = |at: Timestamp| at.with_timezone(&atlas.model.rules.zone()).date_naive();
    let (oldest, today) = (day(atlas.model.now - HISTORY), day(atlas.model.now));
    let days: Vec<_> = oldest.max(atlas.model.first_day()).iter_days().take_while(|day| *day <= today).collect();
    let months = days.chunk_by(|one, next| Month::of(*one) == Month::of(*next)).rev();
    let chapter = |days: &[NaiveDate]| {
        let (first, last) = (*days.first()?, *days.last()?);
        Some(Chapter { month: Month::of(first), stretches: stretches(&atlas.everywhere, (last, first)) })
    };
    months.filter_map(chapter).collect()
}

/// The page of a month, which leads to the others.
pub(crate) fn page(sheet: Sheet<'_>, chapter: &Chapter<'_>, history: &[Chapter<'_>]) -> Markup {
    let called = |month: Month| format!("{} {}", sheet.times().month_name(month.month), month.year);
    let title = format!("{}: {}", sheet.words.frame.history, called(chapter.month));
    let main = html! {
        h1 { (sheet.words.frame.history) }
        nav aria-label=(sheet.words.frame.history) {
            ul.row {
                @for Chapter { month, .. } in history {
                    @let is_here = (*month == chapter.month).then_some("page");
                    li { a href=(sheet.to(&Place::Month(*month))) aria-current=[is_here] { (called(*month)) } }
                }
            }
        }
        h2 { (called(chapter.month)) }
        (days(sheet, &chapter.stretches))
    };
    frame::page(sheet, &title, &main)
}
