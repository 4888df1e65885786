//! What Muster itself says to customers, in their languages: the words for where things stand, lists, numbers and times.

use super::{ComponentState, Locale, PublicStatus, Tongue};
use crate::clock::Timestamp;
use chrono::TimeDelta;
use chrono_tz::Tz;

mod english;
mod german;
mod swedish;

/// What Muster itself says in templates, letters, chats, feeds and on the page, in one language.
#[derive(Debug, Clone, Copy)]
pub struct Words {
    status: fn(PublicStatus) -> &'static str,
    state: fn(ComponentState) -> &'static str,
    and: &'static str,
    /// Behind the number of those that are not named.
    more: &'static str,
    /// One and several of a day, an hour and a minute.
    units: [(&'static str, &'static str); 3],
    /// What stands between the thousands of a number.
    thousands: char,
    /// How a moment is written: <https://docs.rs/chrono/latest/chrono/format/strftime/>.
    moment: &'static str,
    /// Where the names of days and months come from.
    names: chrono::Locale,
    /// What stands in the place of what was taken back.
    pub retracted: &'static str,
    /// Where planned work stands that will not be done.
    pub called_off: &'static str,
    /// Before what puts an earlier word right.
    pub corrects: &'static str,
    /// Before what takes an earlier word back.
    pub retracts: &'static str,
    /// Before the moment of the promised next word.
    pub next: &'static str,
    /// Before the time that work is planned for.
    pub planned: &'static str,
    /// What the link to the page says.
    pub page: &'static str,
}

/// The words of a language; English for those Muster does not speak.
#[must_use]
pub fn words(locale: &Locale) -> &'static Words {
    match locale.tongue() {
        Tongue::English => &english::WORDS,
        Tongue::Swedish => &swedish::WORDS,
        Tongue::German => &german::WORDS,
    }
}

impl Words {
    /// Where things stand.
    #[must_use]
    pub fn status(&self, status: PublicStatus) -> &'static str {
        (self.status)(status)
    }

    /// How a component does.
    #[must_use]
    pub fn state(&self, state: ComponentState) -> &'static str {
        (self.state)(state)
    }

    /// A list in a sentence: `A, B and C`.
    #[must_use]
    pub fn list(&self, items: &[String]) -> String {
        match items {
            [] => String::new(),
            [one] => one.clone(),
            [first @ .., last] => format!("{} {} {last}", first.join(", "), self.and),
        }
    }

    /// A list in a heading: as many as fit into so many characters, and how many there are beside: `A, B and 3 more`.
    #[must_use]
    pub fn list_within(&self, items: &[String], most: usize) -> String {
        let named = |count: usize| {
            let mut named: Vec<String> = items.iter().take(count).cloned().collect();
            if count < items.len() {
                named.push(format!("{} {}", items.len() - count, self.more));
            }
            self.list(&named)
        };
        let fitting = (1..=items.len()).rev().map(named).find(|said| said.chars().count() <= most);
        fitting.unwrap_or_else(|| named(1))
    }

    /// A stretch of time, to the minute: `1 hour 30 minutes`.
    #[must_use]
    pub fn span(&self, span: TimeDelta) -> String {
        let minutes = span.num_minutes();
        let counts = [minutes / 1_440, minutes / 60 % 24, minutes % 60];
        let said = counts.iter().zip(self.units).filter(|(count, _)| **count > 0);
        let said: Vec<String> = said
            .map(|(count, (one, several))| format!("{count} {}", if *count == 1 { one } else { several }))
            .collect();
        if said.is_empty() { format!("0 {}", self.units[2].1) } else { said.join(" ") }
    }

    /// A whole number, its thousands apart: `12,000`.
    #[must_use]
    pub fn number(&self, number: i64) -> String {
        let digits = number.unsigned_abs().to_string();
        let mut said = String::from(if number < 0 { "−" } else { "" });
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                said.push(self.thousands);
            }
            said.push(digit);
        }
        said
    }
}

/// A moment where the clock of customers is, as their language writes it: `Fri 27 Nov, 14:30 CET`.
#[must_use]
pub fn moment(locale: &Locale, at: Timestamp, zone: Tz) -> String {
    at.with_timezone(&zone).format_localized(words(locale).moment, names(locale)).to_string()
}

/// The names of days and months in a language; in English where they are not known. The parts of the country are those of glibc.
fn names(locale: &Locale) -> chrono::Locale {
    let (tag, usual) = (locale.as_str(), words(locale).names);
    let tag = match tag {
        "da" => "da_DK".to_owned(),
        "et" => "et_EE".to_owned(),
        "no" | "nb" => "nb_NO".to_owned(),
        _ if tag.contains('-') => tag.replace('-', "_"),
        _ if locale.spoken().is_some() => return usual,
        _ => format!("{tag}_{}", tag.to_ascii_uppercase()),
    };
    chrono::Locale::try_from(tag.as_str()).unwrap_or(usual)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn locale(text: &str) -> Locale {
        text.parse().expect("a language")
    }

    #[test]
    fn a_list_is_joined_as_its_language_does() {
        let items = ["Kassor", "Webb", "App"].map(str::to_owned);
        assert_eq!(words(&locale("en")).list(&items), "Kassor, Webb and App");
        assert_eq!(words(&locale("sv")).list(&items[..2]), "Kassor och Webb");
        assert_eq!(words(&locale("de")).list(&items[..1]), "Kassor");
        assert_eq!(words(&locale("en")).list(&[]), "");
        assert_eq!(words(&locale("en")).list_within(&items, 22), "Kassor, Webb and App");
        assert_eq!(words(&locale("de")).list_within(&items, 3), "Kassor und 2 weitere");
        assert_eq!(words(&locale("sv")).list_within(&[], 10), "");
    }

    #[test]
    fn a_moment_is_told_where_the_clock_of_customers_is() {
        let at = "2026-11-27T13:30:00Z".parse().expect("a moment");
        let told = |text: &str| moment(&locale(text), at, Tz::Europe__Stockholm);
        assert_eq!(told("en"), "Fri 27 Nov, 14:30 CET");
        assert_eq!(told("sv"), "fre 27 nov kl. 14:30 CET");
        assert_eq!(told("de"), "Fr, 27. Nov, 14:30 Uhr CET");
        assert_eq!(told("fi"), "pe 27 marras, 14:30 CET");
        assert_eq!(told("xx"), "Fri 27 Nov, 14:30 CET", "English where nothing is known");
    }

    #[test]
    fn spans_and_numbers_are_told_in_words() {
        let (english, swedish, german) = (words(&locale("en")), words(&locale("sv")), words(&locale("de")));
        assert_eq!(english.span(TimeDelta::minutes(61)), "1 hour 1 minute");
        assert_eq!(swedish.span(TimeDelta::minutes(2 * 1_440 + 30)), "2 dagar 30 minuter");
        assert_eq!(german.span(TimeDelta::minutes(120)), "2 Stunden");
        assert_eq!(
            (english.number(1_234_567), german.number(-1_200), english.number(0)),
            ("1,234,567".into(), "−1.200".into(), "0".into())
        );
    }
}
