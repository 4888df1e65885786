//! What Muster says to customers in Swedish.

use super::Words;
use crate::comms::{ComponentState, PublicStatus};

pub(super) const WORDS: Words = Words {
    status: |status| match status {
        PublicStatus::Investigating => "Undersöks",
        PublicStatus::Identified => "Orsak funnen",
        PublicStatus::Monitoring => "Bevakas",
        PublicStatus::Resolved => "Löst",
        PublicStatus::Scheduled => "Planerat",
        PublicStatus::InProgress => "Pågår",
        PublicStatus::Verifying => "Kontrolleras",
        PublicStatus::Completed => "Klart",
    },
    state: |state| match state {
        ComponentState::Operational => "Fungerar",
        ComponentState::UnderMaintenance => "Underhåll pågår",
        ComponentState::DegradedPerformance => "Nedsatt prestanda",
        ComponentState::PartialOutage => "Delvis avbrott",
        ComponentState::MajorOutage => "Större avbrott",
    },
    and: "och",
    more: "till",
    units: [("dag", "dagar"), ("timme", "timmar"), ("minut", "minuter")],
    thousands: '\u{a0}',
    moment: "%a %-d %b kl. %H:%M %Z",
    names: chrono::Locale::sv_SE,
    retracted: "Det här meddelandet har dragits tillbaka",
    called_off: "Inställt",
    corrects: "Rättelse av ett tidigare besked",
    retracts: "Ett tidigare besked tas tillbaka",
    next: "Nästa besked senast",
    planned: "Planerad tid",
    page: "Se statussidan",
};
