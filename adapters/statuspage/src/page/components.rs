//! Components in their groups, each with its state and its last 90 days.

use super::sheet::Sheet;
use super::signs::{level, state};
use super::text::lang;
use crate::atlas::{Part, State};
use crate::history::Day;
use maud::{Markup, html};
use muster_core::comms::{Component, ComponentState};

/// So many days have a bar.
const ALL: usize = 90;

/// So many days on which something was wrong are named to whoever cannot see the bars.
const NAMED: usize = 8;

/// How high the bar of a day is, of 20, from the best to the worst: trouble stands out without its colour, too.
const HEIGHTS: [u8; 5] = [10, 12, 14, 17, 20];

/// All components of a part of the world, in the order of the config.
pub(crate) fn list(sheet: Sheet<'_>, part: &Part<'_>) -> Markup {
    let grouped = sheet.edition.rules.grouped();
    let here = |all: &[&Component]| all.iter().filter_map(|one| part.state_of(one)).collect::<Vec<_>>();
    let others = here(&grouped.others);
    html! {
        @for (group, members) in &grouped.groups { (section(sheet, Some(group.name(sheet.locale(), sheet.edition.rules)), &here(members))) }
        (section(sheet, (others.len() < part.states.len()).then_some(sheet.words.status.others), &others))
        (legend(sheet, part.states.iter().any(|one| unknown(&one.days) > 0)))
    }
}

fn section(sheet: Sheet<'_>, name: Option<&str>, states: &[&State<'_>]) -> Markup {
    html! {
        @if !states.is_empty() {
            div.card {
                @if let Some(name) = name { h3 { (name) } }
                ul.components { @for one in states { (component(sheet, one)) } }
            }
        }
    }
}

fn component(sheet: Sheet<'_>, one: &State<'_>) -> Markup {
    html! {
        li {
            div.line { span.name { (sheet.name(one.component)) } (state(sheet, one.state)) }
            @if let Some((language, said)) = one.component.description(sheet.locale(), sheet.edition.rules) {
                p.what lang=[lang(language, sheet.locale())] { (said) }
            }
            (ninety(sheet, &one.days))
        }
    }
}

/// The bars: a picture with one alternative in words, not a stop of the tab key for each day. Most days are alike, so that the good ones
/// are one dashed line, and those of which nothing is known another.
fn ninety(sheet: Sheet<'_>, days: &[Day]) -> Markup {
    let words = &sheet.words.status;
    let part = days.iter().map(|day| day.up).sum::<f64>() / f64::from(u32::try_from(days.len()).unwrap_or(1));
    let up = sheet.times().per_cent(part);
    let unknown = unknown(days);
    let since = days.first().filter(|_| unknown > 0).map(|first| sheet.times().date(first.date));
    let (scale, spoken) = match &since {
        Some(since) => (
            sheet.fill(&sheet.fill(words.uptime_since, &up), since),
            sheet.fill(&sheet.fill(words.bars_since, since), &up),
        ),
        None => (sheet.fill(words.uptime, &up), sheet.fill(words.bars, &up)),
    };
    let bad = || (unknown..).zip(days).filter(|(_, day)| day.worst != ComponentState::Operational);
    html! {
        svg.bars viewBox={ "0 0 " (ALL) " 20" } preserveAspectRatio="none" role="img"
            aria-label=(alternative(sheet, spoken, bad().map(|(_, day)| day))) {
            @if unknown > 0 { path.none d={ "M0 15h" (unknown) } {} }
            path.b0 d={ "M" (unknown) " 15h" (days.len()) } {}
            @for (index, day) in bad() {
                path class={ "b" (level(day.worst)) } d={ "M" (index) ".5 20v-" (height(day.worst)) } {
                    title { (said(sheet, day)) }
                }
            }
        }
        p.scale aria-hidden="true" {
            span { (words.oldest) }
            span { (scale) }
            span { (words.today) }
        }
    }
}

/// Of how many of the days nothing is known.
fn unknown(days: &[Day]) -> usize {
    ALL.saturating_sub(days.len())
}

fn height(state: ComponentState) -> u8 {
    HEIGHTS.get(level(state)).copied().unwrap_or_default()
}

/// `5 November: Partial outage, 98.12%`.
fn said(sheet: Sheet<'_>, day: &Day) -> String {
    let (times, state) = (sheet.times(), sheet.core_words().state(day.worst));
    format!("{}: {state}, {}", times.short_date(day.date), times.per_cent(day.up))
}

/// What the bars say, in words; the latest days with trouble first.
fn alternative<'d>(sheet: Sheet<'_>, uptime: String, bad: impl Iterator<Item = &'d Day>) -> String {
    let words = &sheet.words.status;
    let bad: Vec<_> = bad.collect::<Vec<_>>().into_iter().rev().map(|day| said(sheet, day)).collect();
    let mut text = uptime;
    for day in bad.iter().take(NAMED) {
        text.push_str(&format!(" {day}."));
    }
    if bad.len() > NAMED {
        text.push_str(&format!(" {}.", sheet.fill(words.more_days, &(bad.len() - NAMED).to_string())));
    }
    text
}

/// What the bars mean.
fn legend(sheet: Sheet<'_>, with_unknown: bool) -> Markup {
    html! {
        ul.row.legend aria-label=(sheet.words.status.legend) {
            @if with_unknown {
                li {
                    svg viewBox="0 0 4 20" aria-hidden="true" { path.none.one d="M2 20v-10" {} }
                    (sheet.words.status.no_data)
                }
            }
            @for state in ComponentState::ALL {
                li {
                    svg viewBox="0 0 4 20" aria-hidden="true" {
                        path class={ "b" (level(state)) " one" } d={ "M2 20v-" (height(state)) } {}
                    }
                    (sheet.core_words().state(state))
                }
            }
        }
    }
}
