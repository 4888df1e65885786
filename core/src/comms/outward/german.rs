//! What Muster says to customers in German.

use super::Words;
use crate::comms::{ComponentState, PublicStatus};

pub(super) const WORDS: Words = Words {
    status: |status| match status {
        PublicStatus::Investigating => "In Untersuchung",
        PublicStatus::Identified => "Ursache gefunden",
        PublicStatus::Monitoring => "In Beobachtung",
        PublicStatus::Resolved => "Behoben",
        PublicStatus::Scheduled => "Geplant",
        PublicStatus::InProgress => "In Arbeit",
        PublicStatus::Verifying => "In Prüfung",
        PublicStatus::Completed => "Abgeschlossen",
    },
    state: |state| match state {
        ComponentState::Operational => "Funktioniert",
        ComponentState::UnderMaintenance => "In Wartung",
        ComponentState::DegradedPerformance => "Eingeschränkte Leistung",
        ComponentState::PartialOutage => "Teilweiser Ausfall",
        ComponentState::MajorOutage => "Größerer Ausfall",
    },
    and: "und",
    more: "weitere",
    units: [("Tag", "Tage"), ("Stunde", "Stunden"), ("Minute", "Minuten")],
    thousands: '.',
    moment: "%a, %-d. %b, %H:%M Uhr %Z",
    names: chrono::Locale::de_DE,
    retracted: "Diese Meldung wurde zurückgezogen",
    called_off: "Abgesagt",
    corrects: "Berichtigung einer früheren Meldung",
    retracts: "Eine frühere Meldung wird zurückgezogen",
    next: "Nächste Meldung bis",
    planned: "Geplant für",
    page: "Zur Statusseite",
};
