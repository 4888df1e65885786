//! Languages, and texts in several of them.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// A language, as `en` or `pt-BR`. <https://www.rfc-editor.org/rfc/rfc5646>
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Locale(String);

/// A language that Muster itself speaks: what it says of its own is there in all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tongue {
    /// English, which those read whose language Muster does not speak.
    English,
    /// Swedish.
    Swedish,
    /// German.
    German,
}

impl Tongue {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::English, Self::Swedish, Self::German];

    /// It as a language, of no region.
    #[must_use]
    pub fn locale(self) -> Locale {
        Locale(self.code().to_owned())
    }

    fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Swedish => "Svenska",
            Self::German => "Deutsch",
        }
    }

    fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Swedish => "sv",
            Self::German => "de",
        }
    }
}

/// The text was not the name of a language.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a language: write it as en, sv or pt-BR")]
pub struct NotALocale(pub String);

impl Locale {
    /// What the language calls itself, so that who speaks it finds it; its code, if we do not know.
    #[must_use]
    pub fn own_name(&self) -> &str {
        let spoken = self.spoken().filter(|tongue| tongue.code() == self.as_str());
        spoken.map(Tongue::own_name).unwrap_or_else(|| match self.as_str() {
            "da" => "Dansk",
            "nb" | "no" => "Norsk",
            "fi" => "Suomi",
            "fr" => "Français",
            "nl" => "Nederlands",
            "pl" => "Polski",
            "es" => "Español",
            other => other,
        })
    }

    /// English, which everything that Muster itself says to customers is known in.
    #[must_use]
    pub fn english() -> Self {
        Tongue::English.locale()
    }

    /// In which language Muster speaks to those who read this one.
    #[must_use]
    pub fn tongue(&self) -> Tongue {
        self.spoken().unwrap_or(Tongue::English)
    }

    /// The same, if it is this one that Muster speaks to them.
    #[must_use]
    pub fn spoken(&self) -> Option<Tongue> {
        Tongue::ALL.into_iter().find(|tongue| tongue.code() == self.language())
    }

    /// As in HTML and headers.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The language without the region: `pt` of `pt-BR`.
    #[must_use]
    pub fn language(&self) -> &str {
        self.0.split('-').next().unwrap_or_default()
    }
}

impl FromStr for Locale {
    type Err = NotALocale;

    fn from_str(text: &str) -> Result<Self, NotALocale> {
        let wrong = || NotALocale(text.chars().take(20).collect());
        let (language, region) = match text.split_once('-') {
            Some((language, region)) => (language, Some(region)),
            None => (text, None),
        };
        let is_word = |word: &str, lengths: &[usize]| {
            lengths.contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_alphabetic())
        };
        if !is_word(language, &[2, 3]) || !region.is_none_or(|region| is_word(region, &[2])) {
            return Err(wrong());
        }
        let language = language.to_ascii_lowercase();
        Ok(Self(
            region.map_or_else(|| language.clone(), |region| format!("{language}-{}", region.to_ascii_uppercase())),
        ))
    }
}

impl TryFrom<String> for Locale {
    type Error = NotALocale;

    fn try_from(text: String) -> Result<Self, NotALocale> {
        text.parse()
    }
}

impl From<Locale> for String {
    fn from(locale: Locale) -> Self {
        locale.0
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Languages, the default one first. There is always that one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Locales {
    first: Locale,
    others: Vec<Locale>,
}

impl Locales {
    /// The default one, and the others.
    pub fn new(first: Locale, others: impl IntoIterator<Item = Locale>) -> Self {
        Self { first, others: others.into_iter().collect() }
    }

    /// The default one.
    #[must_use]
    pub fn first(&self) -> &Locale {
        &self.first
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Locale> + Clone {
        std::iter::once(&self.first).chain(&self.others)
    }

    /// Whether there is a choice.
    #[must_use]
    pub fn are_several(&self) -> bool {
        !self.others.is_empty()
    }

    /// The place of one among them; behind them all, if it is none of them.
    #[must_use]
    pub fn place(&self, locale: &Locale) -> usize {
        self.iter().position(|one| one == locale).unwrap_or(usize::MAX)
    }

    /// Whether this is one of them.
    #[must_use]
    pub fn contains(&self, locale: &Locale) -> bool {
        self.iter().any(|one| one == locale)
    }

    /// This one, or the same language as it is spoken elsewhere.
    #[must_use]
    pub fn like(&self, wanted: &Locale) -> Option<&Locale> {
        like(self.iter(), wanted)
    }
}

/// Of what is there in several languages, what is said in the nearest to the one that is wanted, and which that is: the very one, the
/// same language as it is spoken elsewhere, the default one, any.
pub fn nearest<'a, T>(all: &'a BTreeMap<Locale, T>, wanted: &Locale, default: &Locale) -> Option<(&'a Locale, &'a T)> {
    let near = like(all.keys(), wanted).and_then(|locale| all.get_key_value(locale));
    near.or_else(|| all.get_key_value(default)).or_else(|| all.first_key_value())
}

fn like<'a>(all: impl Iterator<Item = &'a Locale> + Clone, wanted: &Locale) -> Option<&'a Locale> {
    let same_language = || all.clone().find(|one| one.language() == wanted.language());
    all.clone().find(|one| *one == wanted).or_else(same_language)
}

/// What is sent in one language, byte by byte. Plain text: whoever shows it escapes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// One line.
    pub title: String,
    /// Paragraphs, with an empty line between them.
    pub body: String,
}

impl Written {
    /// Whether it says that, in these words. What a text says itself is not said once more beside it.
    #[must_use]
    pub fn says(&self, words: &str) -> bool {
        self.title.contains(words) || self.body.contains(words)
    }
}

/// A text in several languages.
pub type Texts = BTreeMap<Locale, Written>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_written_one_way() {
        let read = |text: &str| text.parse::<Locale>().map(|locale| locale.to_string());
        assert_eq!(read("EN"), Ok("en".to_owned()));
        assert_eq!(read("pt-br"), Ok("pt-BR".to_owned()));
        for wrong in ["", "e", "english", "en_US", "en-", "en-USA", "../x", "en-U1"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
