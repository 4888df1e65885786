//! Languages, and texts in several of them.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// A language, as `en` or `pt-BR`. <https://www.rfc-editor.org/rfc/rfc5646>
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Locale(String);

/// The text was not the name of a language.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a language: write it as en, sv or pt-BR")]
pub struct NotALocale(pub String);

impl Locale {
    /// What the language calls itself, so that who speaks it finds it; its code, if we do not know.
    #[must_use]
    pub fn own_name(&self) -> &str {
        match self.as_str() {
            "en" => "English",
            "sv" => "Svenska",
            "de" => "Deutsch",
            "da" => "Dansk",
            "nb" | "no" => "Norsk",
            "fi" => "Suomi",
            "fr" => "Français",
            "nl" => "Nederlands",
            "pl" => "Polski",
            "es" => "Español",
            other => other,
        }
    }

    /// English, which everything that Muster itself says to customers is known in.
    #[must_use]
    pub fn english() -> Self {
        Self("en".to_owned())
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
