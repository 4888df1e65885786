//! What Muster itself says to customers, in their languages: the words for where things stand.

use super::{ComponentState, Locale, PublicStatus};

/// The few words of Muster's own that templates, letters, feeds and the page share, in one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    statuses: [&'static str; 8],
    states: [&'static str; 5],
    retracted: &'static str,
}

const ENGLISH: Words = Words {
    statuses: [
        "Investigating",
        "Identified",
        "Monitoring",
        "Resolved",
        "Scheduled",
        "In progress",
        "Verifying",
        "Completed",
    ],
    states: ["Operational", "Under maintenance", "Degraded performance", "Partial outage", "Major outage"],
    retracted: "This message has been withdrawn",
};

const SWEDISH: Words = Words {
    statuses: ["Undersöks", "Orsak funnen", "Bevakas", "Löst", "Planerat", "Pågår", "Kontrolleras", "Klart"],
    states: ["Fungerar", "Underhåll pågår", "Nedsatt prestanda", "Delvis avbrott", "Större avbrott"],
    retracted: "Det här meddelandet har dragits tillbaka",
};

const GERMAN: Words = Words {
    statuses: [
        "In Untersuchung",
        "Ursache gefunden",
        "In Beobachtung",
        "Behoben",
        "Geplant",
        "In Arbeit",
        "In Prüfung",
        "Abgeschlossen",
    ],
    states: ["Funktioniert", "In Wartung", "Eingeschränkte Leistung", "Teilweiser Ausfall", "Größerer Ausfall"],
    retracted: "Diese Meldung wurde zurückgezogen",
};

/// The words of a language; English for those Muster does not speak.
#[must_use]
pub fn words(locale: &Locale) -> &'static Words {
    match locale.language() {
        "sv" => &SWEDISH,
        "de" => &GERMAN,
        _ => &ENGLISH,
    }
}

impl Words {
    /// Where things stand.
    #[must_use]
    pub fn status(&self, status: PublicStatus) -> &'static str {
        PublicStatus::ALL.iter().zip(self.statuses).find(|(one, _)| **one == status).map_or("", |(_, word)| word)
    }

    /// How a component does.
    #[must_use]
    pub fn state(&self, state: ComponentState) -> &'static str {
        ComponentState::ALL.iter().zip(self.states).find(|(one, _)| **one == state).map_or("", |(_, word)| word)
    }

    /// What stands in the place of what was taken back.
    #[must_use]
    pub fn retracted(&self) -> &'static str {
        self.retracted
    }
}
