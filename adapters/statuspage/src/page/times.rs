//! Moments and spans of time as people of a language write them, in the time zone of the page.

use super::words::{Words, fill};
use crate::edition::Season;
use chrono::{DateTime, Datelike, NaiveDate, TimeDelta};
use chrono_tz::Tz;
use maud::{Markup, html};
use muster_core::clock::Timestamp;
use muster_core::comms::Window;

/// How moments are written on a page.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Times<'a> {
    pub(crate) zone: Tz,
    pub(crate) words: &'static Words,
    pub(crate) season: &'a Season,
}

impl Times<'_> {
    fn here(self, at: Timestamp) -> DateTime<Tz> {
        at.with_timezone(&self.zone)
    }

    /// The day of a moment.
    pub(crate) fn day(self, at: Timestamp) -> NaiveDate {
        self.here(at).date_naive()
    }

    /// `21 November`, with the year where it is another than now.
    pub(crate) fn date(self, day: NaiveDate) -> String {
        let short = self.short_date(day);
        if day.year() == self.season.year { short } else { format!("{short} {}", day.year()) }
    }

    /// `21 November`.
    pub(crate) fn short_date(self, day: NaiveDate) -> String {
        format!("{}{} {}", day.day(), self.words.ordinal, self.month_name(day.month()))
    }

    /// `November`, by its number from 1.
    pub(crate) fn month_name(self, month: u32) -> &'static str {
        let index = usize::try_from(month).unwrap_or(1).saturating_sub(1);
        self.words.months.get(index).copied().unwrap_or_default()
    }

    /// `21 November, 10:42 CET`.
    pub(crate) fn text(self, at: Timestamp) -> String {
        let here = self.here(at);
        format!("{}{}{}", self.date(here.date_naive()), self.words.at, here.format("%H:%M %Z"))
    }

    /// The same for people and machines: <https://html.spec.whatwg.org/#the-time-element>.
    pub(crate) fn moment(self, at: Timestamp) -> Markup {
        html! { time datetime=(self.machine(at)) { (self.text(at)) } }
    }

    /// `10:42 CET`, where the day is said already.
    pub(crate) fn hour(self, at: Timestamp) -> Markup {
        html! { time datetime=(self.machine(at)) { (self.here(at).format("%H:%M %Z")) } }
    }

    /// A phrase with a moment in its gap.
    pub(crate) fn phrase(self, phrase: &str, at: Timestamp) -> Markup {
        let (before, after) = phrase.split_once("{}").unwrap_or((phrase, ""));
        html! { (before) (self.moment(at)) (after) }
    }

    /// From when to when; the day once, if it is the same.
    pub(crate) fn span(self, window: Window) -> Markup {
        let same_day = self.day(window.from) == self.day(window.until);
        html! {
            (self.moment(window.from)) " – "
            @if same_day { (self.hour(window.until)) } @else { (self.moment(window.until)) }
        }
    }

    /// The same without the day it begins on, where that is said already; the zone once, if it is the same: `11:10–11:52 CET`.
    pub(crate) fn span_of_day(self, window: Window) -> Markup {
        let (from, until) = (self.here(window.from), self.here(window.until));
        let same_zone = from.format("%F %Z").to_string() == until.format("%F %Z").to_string();
        html! {
            @if same_zone {
                time datetime=(self.machine(window.from)) { (from.format("%H:%M")) } "–" (self.hour(window.until))
            } @else {
                (self.hour(window.from)) " – " (self.moment(window.until))
            }
        }
    }

    /// A day, or several: `17–18 November`.
    pub(crate) fn days(self, first: NaiveDate, last: NaiveDate) -> Markup {
        let same_month = (first.year(), first.month()) == (last.year(), last.month());
        let short = format!("{}{}", first.day(), self.words.ordinal);
        html! {
            @if first != last {
                time datetime=(first) { @if same_month { (short) } @else { (self.date(first)) } }
                @if same_month { "–" } @else { " – " }
            }
            time datetime=(last) { (self.date(last)) }
        }
    }

    fn machine(self, at: Timestamp) -> String {
        self.here(at).format("%Y-%m-%dT%H:%M:%S%:z").to_string()
    }

    /// `1 h 35 min`; at least a minute.
    pub(crate) fn lasted(self, span: TimeDelta) -> String {
        let minutes = span.num_minutes().max(1);
        let parts = [minutes / (24 * 60), minutes / 60 % 24, minutes % 60];
        let said = parts.into_iter().zip(self.words.units).filter(|(count, _)| *count > 0);
        said.map(|(count, unit)| format!("{count}\u{a0}{unit}")).collect::<Vec<_>>().join("\u{a0}")
    }

    /// `99.93%` of a part from 0 to 1: never rounded up to all, or down to nothing.
    pub(crate) fn per_cent(self, part: f64) -> String {
        let hundredths = part * 10_000.0;
        let rounded = if part >= 1.0 { 10_000.0 } else { hundredths.round().clamp(f64::from(part > 0.0), 9_999.0) };
        let digits = if part >= 1.0 { "100".to_owned() } else { format!("{:.2}", rounded / 100.0) };
        format!("{}{}%", digits.replace('.', &self.words.decimal.to_string()), self.words.percent)
    }

    /// What the zone is called, where one can look it up: `CET (Europe/Stockholm)`.
    pub(crate) fn zone(self) -> String {
        let (short, name) = (self.season.clock.as_str(), self.zone.name());
        let zone = if short == name { short.to_owned() } else { format!("{short} ({name})") };
        fill(self.words.frame.times, &zone)
    }
}

#[cfg(test)]
mod tests {
    use super::super::words::words;
    use super::*;

    fn times<'a>(language: &str, season: &'a Season) -> Times<'a> {
        Times { zone: Tz::Europe__Stockholm, words: words(&language.parse().expect("a language")), season }
    }

    fn winter() -> Season {
        Season { year: 2026, clock: "CET".to_owned() }
    }

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a moment")
    }

    #[test]
    fn a_moment_is_written_as_people_of_the_language_do_with_its_zone() {
        let now = winter();
        let text = |language, moment| times(language, &now).text(at(moment));
        assert_eq!(text("en", "2026-11-21T09:42:00Z"), "21 November, 10:42 CET");
        assert_eq!(text("sv", "2026-11-21T09:42:00Z"), "21 november kl. 10:42 CET");
        assert_eq!(text("de", "2026-07-01T09:42:00Z"), "1. Juli, 11:42 CEST");
        assert_eq!(text("en", "2025-12-31T23:30:00Z"), "1 January, 00:30 CET");
        assert_eq!(text("en", "2025-12-30T12:00:00Z"), "30 December 2025, 13:00 CET");
        let markup = times("en", &now).moment(at("2026-07-01T09:42:00Z")).into_string();
        assert_eq!(markup, r#"<time datetime="2026-07-01T11:42:00+02:00">1 July, 11:42 CEST</time>"#);
    }

    #[test]
    fn how_long_something_took_is_said_shortly() {
        let now = winter();
        let lasted =
            |language, minutes| times(language, &now).lasted(TimeDelta::minutes(minutes)).replace('\u{a0}', " ");
        assert_eq!(lasted("en", 0), "1 min");
        assert_eq!(lasted("en", 95), "1 h 35 min");
        assert_eq!(lasted("sv", 120), "2 tim");
        assert_eq!(lasted("de", 24 * 60 + 5), "1 T. 5 Min.");
    }

    #[test]
    fn a_span_says_no_more_than_it_needs() {
        let now = winter();
        let said = |from, until| {
            let markup = times("en", &now).span_of_day(Window { from: at(from), until: at(until) }).into_string();
            let parts = markup.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text));
            parts.collect::<String>()
        };
        assert_eq!(said("2026-11-21T10:10:00Z", "2026-11-21T10:52:00Z"), "11:10–11:52 CET");
        assert_eq!(said("2026-11-20T22:10:00Z", "2026-11-21T10:52:00Z"), "23:10 CET – 21 November, 11:52 CET");
        // Clocks are put back.
        assert_eq!(said("2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"), "02:30 CEST – 25 October, 02:30 CET");
    }

    #[test]
    fn days_say_their_month_once() {
        let now = winter();
        let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day).expect("a day");
        let said = |language, first, last| times(language, &now).days(first, last).into_string().replace("</time>", "");
        assert!(said("en", day(11, 3), day(11, 5)).ends_with(">3–<time datetime=\"2026-11-05\">5 November"));
        assert!(said("de", day(10, 30), day(11, 5)).contains(">30. Oktober – <time"));
        assert_eq!(said("sv", day(11, 5), day(11, 5)), "<time datetime=\"2026-11-05\">5 november");
    }

    #[test]
    fn all_is_said_of_all_only() {
        let now = winter();
        let said = |part| times("en", &now).per_cent(part);
        assert_eq!(said(1.0), "100%");
        assert_eq!(said(0.999_999), "99.99%");
        assert_eq!(said(0.9876), "98.76%");
        assert_eq!(said(0.000_001), "0.01%");
        assert_eq!(said(0.0), "0.00%");
        assert_eq!(times("sv", &now).per_cent(0.9876), "98,76\u{a0}%");
    }
}
