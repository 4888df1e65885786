//! What is over: the last two weeks by day, and the history by month.

use super::frame;
use super::incident::{name, touched, worst};
use super::place::{Month, Place};
use super::sheet::Sheet;
use super::signs::{level, sign};
use super::text::{body, lang, standing};
use crate::model::{HISTORY, Model, Scope};
use chrono::{Days, NaiveDate};
use chrono_tz::Tz;
use maud::{Markup, html};
use muster_core::clock::Timestamp;
use muster_core::comms::{PublicIncident, Window};

/// So many days are shown below how things are now.
const RECENT: u64 = 14;

/// A stretch of days in the past.
#[derive(Debug)]
enum Stretch<'a> {
    /// A day on which something began that is over.
    Day(NaiveDate, Vec<&'a PublicIncident>),
    /// Days on which there was nothing, from the latest to the earliest.
    Quiet(NaiveDate, NaiveDate),
}

/// On which day it is shown: the one it began on; planned work, the one it was planned for.
fn day_of(sheet: Sheet<'_>, incident: &PublicIncident) -> NaiveDate {
    sheet.times().day(incident.window.map_or(incident.began_at, |window| window.from))
}

/// Whether anything of it was on that day.
fn was_on(sheet: Sheet<'_>, incident: &PublicIncident, day: NaiveDate) -> bool {
    let ended = incident.ended_at.map(|at| sheet.times().day(at));
    day_of(sheet, incident) <= day && ended.is_none_or(|ended| day <= ended)
}

/// The days from one to an earlier one. Of a day on which something was that began on another, nothing is said.
fn stretches<'a>(sheet: Sheet<'a>, scope: &Scope, (latest, earliest): (NaiveDate, NaiveDate)) -> Vec<Stretch<'a>> {
    let past: Vec<_> = sheet.model.past(scope).collect();
    let open: Vec<_> = sheet.model.open(scope).collect();
    let mut stretches: Vec<Stretch<'a>> = Vec::new();
    let days = std::iter::successors(Some(latest), NaiveDate::pred_opt).take_while(|day| *day >= earliest);
    for day in days {
        let began: Vec<_> = past.iter().copied().filter(|one| day_of(sheet, one) == day).collect();
        if !began.is_empty() {
            stretches.push(Stretch::Day(day, began));
        } else if !past.iter().chain(&open).any(|one| was_on(sheet, one, day)) {
            match stretches.last_mut() {
                Some(Stretch::Quiet(_, earliest)) if earliest.pred_opt() == Some(day) => *earliest = day,
                Some(Stretch::Quiet(..) | Stretch::Day(..)) | None => stretches.push(Stretch::Quiet(day, day)),
            }
        }
    }
    stretches
}

/// The last two weeks.
pub(crate) fn recent(sheet: Sheet<'_>, scope: &Scope) -> Markup {
    let today = sheet.times().day(sheet.model.now);
    let earliest = today.checked_sub_days(Days::new(RECENT - 1)).unwrap_or(today);
    html! {
        section aria-labelledby="past" {
            h2 #past { (sheet.words.status.past) }
            (days(sheet, &stretches(sheet, scope, (today, earliest))))
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
    let touched: Vec<_> = touched(sheet, incident).into_iter().map(|(name, _)| name).collect();
    let sites = sheet.model.rules.sites.iter().filter(|site| incident.sites.contains(&site.site));
    let where_it_was: Vec<_> = touched.into_iter().chain(sites.map(|site| site.name.as_str())).collect();
    let ended = incident.ended_at.unwrap_or(incident.began_at);
    let span = incident.window.unwrap_or(Window { from: incident.began_at, until: ended });
    html! {
        article class={ "story s" (level(worst)) } {
            h4 { (sign(worst)) a href=(sheet.to(&Place::Incident(incident.incident))) { (name(sheet, incident)) } }
            p.head {
                strong { (sheet.core_words().status(incident.status())) }
                " " (times.span_of_day(span)) " · " (times.lasted(span.until - span.from))
                @for part in where_it_was { " · " (part) }
            }
            @if let Some((language, said)) = standing(incident).and_then(|post| sheet.said(&post.texts)) {
                div.said lang=[lang(language, sheet.locale)] { (body(&said.body)) }
            }
        }
    }
}

/// The months there is a history of, the latest first.
pub(crate) fn months(model: &Model, zone: Tz) -> Vec<Month> {
    let day = |at: Timestamp| at.with_timezone(&zone).date_naive();
    let (earliest, today) = (day(model.now - HISTORY), day(model.now));
    let mut months: Vec<_> = earliest.iter_days().take_while(|day| *day <= today).map(Month::of).collect();
    months.dedup();
    months.reverse();
    months
}

/// The page of a month.
pub(crate) fn page(sheet: Sheet<'_>, month: Month) -> Markup {
    let times = sheet.times();
    let first = NaiveDate::from_ymd_opt(month.year, month.month, 1).unwrap_or_default();
    let (today, oldest) = (times.day(sheet.model.now), times.day(sheet.model.now - HISTORY));
    let days_of_it = || first.iter_days().take_while(|day| Month::of(*day) == month && *day <= today);
    let latest = days_of_it().last().unwrap_or(first);
    let called = |month: Month| format!("{} {}", times.month_name(month.month), month.year);
    let title = format!("{}: {}", sheet.words.frame.history, called(month));
    let main = html! {
        h1 { (sheet.words.frame.history) }
        nav aria-label=(sheet.words.frame.history) {
            ul.row {
                @for other in months(sheet.model, sheet.page.time_zone) {
                    @let is_here = (other == month).then_some("page");
                    li { a href=(sheet.to(&Place::Month(other))) aria-current=[is_here] { (called(other)) } }
                }
            }
        }
        h2 { (called(month)) }
        (days(sheet, &stretches(sheet, &Scope::Everywhere, (latest, first.max(oldest)))))
    };
    frame::page(sheet, &title, &main)
}
