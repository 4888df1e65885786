//! What Muster itself adds to a bulletin, in the language of those who read it.

use super::Locale;

/// The few phrases around a bulletin, in one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Phrases {
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

const ENGLISH: Phrases = Phrases {
    corrects: "Correction of an earlier update",
    retracts: "An earlier update is withdrawn",
    next: "Next update by",
    planned: "Planned for",
    page: "See the status page",
};

const SWEDISH: Phrases = Phrases {
    corrects: "Rättelse av ett tidigare besked",
    retracts: "Ett tidigare besked tas tillbaka",
    next: "Nästa besked senast",
    planned: "Planerad tid",
    page: "Se statussidan",
};

const GERMAN: Phrases = Phrases {
    corrects: "Berichtigung einer früheren Meldung",
    retracts: "Eine frühere Meldung wird zurückgezogen",
    next: "Nächste Meldung bis",
    planned: "Geplant für",
    page: "Zur Statusseite",
};

/// The phrases of a language; English for those Muster does not speak.
#[must_use]
pub fn phrases(locale: &Locale) -> &'static Phrases {
    match locale.language() {
        "sv" => &SWEDISH,
        "de" => &GERMAN,
        _ => &ENGLISH,
    }
}
