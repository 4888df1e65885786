//! What customers of the tests' retailer have been told.

use super::texts;
use crate::clock::moment;
use chrono::TimeDelta;
use muster_core::clock::Timestamp;
use muster_core::comms::ComponentState::{
    self, DegradedPerformance, MajorOutage, Operational, PartialOutage, UnderMaintenance,
};
use muster_core::comms::{Correction, Post, PublicIncident, PublicStatus, Texts, Window};
use muster_core::ids::IncidentId;
use std::collections::{BTreeMap, BTreeSet};

fn post(number: i64, at: Timestamp, status: PublicStatus, texts: Texts) -> Post {
    Post { number, at, status, texts, next_at: None, corrected: Vec::new(), retracted: None }
}

fn states(each: &[(&str, ComponentState)]) -> BTreeMap<String, ComponentState> {
    each.iter().map(|(id, state)| ((*id).to_owned(), *state)).collect()
}

/// Card payments fail. Of three messages the first was corrected and the second taken back.
#[must_use]
pub fn open() -> PublicIncident {
    let at = |time: &str| moment(&format!("2026-11-21T{time}:00Z"));
    let first = Post {
        corrected: vec![Correction {
            at: at("09:55"),
            was: texts([
                ("Card payments fail", "Card payments fail in all our stores and online.\n\nPlease pay in cash."),
                ("Kortbetalningar fungerar inte", "Kortbetalningar fungerar inte i någon butik eller på nätet."),
                ("Kartenzahlung gestört", "Kartenzahlungen schlagen in allen Filialen und online fehl."),
            ]),
        }],
        ..post(
            1,
            at("09:42"),
            PublicStatus::Investigating,
            texts([
                (
                    "Card payments fail",
                    "Many card payments fail online, and some in our stores.\n\nIn stores you can pay in cash or \
                     with Swish.\nNothing is drawn from your account when a payment fails.",
                ),
                (
                    "Kortbetalningar fungerar inte",
                    "Många kortbetalningar misslyckas på nätet, och några i våra butiker.\n\nI butik kan du betala \
                     kontant eller med Swish.\nInget dras från ditt konto när ett köp misslyckas.",
                ),
                (
                    "Kartenzahlung gestört",
                    "Viele Kartenzahlungen schlagen online fehl, einige auch in unseren Filialen.\n\nIn den Filialen \
                     können Sie bar bezahlen.\nBei einer fehlgeschlagenen Zahlung wird nichts abgebucht.",
                ),
            ]),
        )
    };
    let second = Post {
        retracted: Some(at("10:20")),
        ..post(
            2,
            at("10:05"),
            PublicStatus::Monitoring,
            texts([
                ("Card payments work again", "All card payments work again."),
                ("Kortbetalningar fungerar igen", "Alla kortbetalningar fungerar igen."),
                ("Kartenzahlung funktioniert wieder", "Alle Kartenzahlungen funktionieren wieder."),
            ]),
        )
    };
    let third = Post {
        next_at: Some(at("11:00")),
        ..post(
            3,
            at("10:32"),
            PublicStatus::Identified,
            texts([
                (
                    "Card payments fail online and in some stores",
                    "The fault is at the bank that handles our card payments. We are moving payments to a second \
                     bank.\n\nOrders that you have placed are safe. What to do if you were charged twice: \
                     https://shop.example.com/help/charged-twice.",
                ),
                (
                    "Kortbetalningar fungerar inte på nätet och i några butiker",
                    "Felet finns hos banken som hanterar våra kortbetalningar. Vi flyttar över betalningarna till en \
                     annan bank.\n\nBeställningar som du har gjort är säkra. Så gör du om du har debiterats två \
                     gånger: https://shop.example.com/help/charged-twice.",
                ),
                (
                    "Kartenzahlung online und in einigen Filialen gestört",
                    "Der Fehler liegt bei der Bank, die unsere Kartenzahlungen abwickelt. Wir stellen auf eine zweite \
                     Bank um.\n\nIhre Bestellungen sind sicher. Was zu tun ist, wenn doppelt abgebucht wurde: \
                     https://shop.example.com/help/charged-twice.",
                ),
            ]),
        )
    };
    PublicIncident {
        incident: IncidentId(142),
        window: None,
        sites: BTreeSet::new(),
        posts: vec![first, second, third],
        states: vec![
            (at("09:42"), states(&[("card-payments", MajorOutage), ("checkout", PartialOutage)])),
            (at("10:32"), states(&[("tills", DegradedPerformance)])),
        ],
        began_at: at("09:42"),
        ended_at: None,
    }
}

/// Gift cards are to be worked on, on Tuesday night.
#[must_use]
pub fn planned() -> PublicIncident {
    let announced = moment("2026-11-19T08:00:00Z");
    let window = Window { from: moment("2026-11-24T22:00:00Z"), until: moment("2026-11-25T02:00:00Z") };
    let said = texts([
        (
            "New system for gift cards",
            "We move gift cards to a new system. During that night gift cards cannot be bought or used, in stores or \
             online.",
        ),
        (
            "Nytt system för presentkort",
            "Vi flyttar presentkorten till ett nytt system. Under natten går det inte att köpa eller använda \
             presentkort, varken i butik eller på nätet.",
        ),
        (
            "Neues System für Geschenkkarten",
            "Wir stellen die Geschenkkarten auf ein neues System um. In dieser Nacht können Geschenkkarten weder \
             gekauft noch eingelöst werden.",
        ),
    ]);
    PublicIncident {
        incident: IncidentId(139),
        window: Some(window),
        sites: BTreeSet::new(),
        posts: vec![post(1, announced, PublicStatus::Scheduled, said)],
        states: vec![(window.from, states(&[("gift-cards", UnderMaintenance)]))],
        began_at: announced,
        ended_at: None,
    }
}

/// Something that was wrong: on which day of the past, at which minute of it, for how many minutes, of what kind, and where.
type Trouble = (i64, i64, i64, usize, Option<&'static str>);

const TROUBLES: [Trouble; 20] = [
    (2, 610, 42, 0, None),
    (5, 1_020, 18, 1, Some("malmo-emporia")),
    (5, 480, 95, 2, None),
    (11, 555, 27, 3, None),
    (16, 700, 260, 4, None),
    (19, 830, 12, 0, None),
    (23, 1_100, 75, 1, Some("stockholm-sickla")),
    (27, 400, 33, 2, None),
    (31, 960, 48, 3, None),
    (34, 615, 21, 0, None),
    (38, 720, 140, 4, Some("malmo-emporia")),
    (43, 530, 9, 1, Some("vasteras-erikslund")),
    (47, 900, 64, 2, None),
    (52, 1_250, 190, 3, None),
    (58, 470, 15, 0, None),
    (63, 840, 38, 1, Some("malmo-emporia")),
    (69, 660, 52, 2, None),
    (74, 1_005, 120, 4, None),
    (80, 590, 24, 3, None),
    (87, 770, 36, 0, None),
];

/// What it was and that it was over, in each language, and how each component did.
type Kind = ([(&'static str, &'static str, &'static str); 3], &'static [(&'static str, ComponentState)]);

const KINDS: [Kind; 5] = [
    (
        [
            ("Slow web shop", "Pages of the web shop open slowly.", "The web shop is as fast as usual again."),
            ("Långsam webbutik", "Webbutikens sidor öppnas långsamt.", "Webbutiken är lika snabb som vanligt igen."),
            ("Langsamer Onlineshop", "Seiten des Onlineshops laden langsam.", "Der Onlineshop ist wieder schnell."),
        ],
        &[("web-shop", DegradedPerformance)],
    ),
    (
        [
            ("Tills down in a store", "The tills of one store do not work.", "All tills work again."),
            ("Kassor nere i en butik", "Kassorna i en butik fungerar inte.", "Alla kassor fungerar igen."),
            ("Kassen einer Filiale gestört", "Die Kassen einer Filiale sind gestört.", "Alle Kassen gehen wieder."),
        ],
        &[("tills", MajorOutage)],
    ),
    (
        [
            ("Signing in to the app fails", "Some cannot sign in to the app.", "Everybody can sign in again."),
            ("Inloggning i appen", "Vissa kan inte logga in i appen.", "Alla kan logga in igen."),
            ("Anmeldung in der App", "Einige können sich nicht anmelden.", "Alle können sich wieder anmelden."),
        ],
        &[("app", PartialOutage)],
    ),
    (
        [
            ("Card payments are slow", "Card payments take long.", "Card payments are as fast as usual again."),
            ("Långsamma kortbetalningar", "Kortbetalningar tar lång tid.", "Kortbetalningar går fort igen."),
            ("Kartenzahlung langsam", "Kartenzahlungen dauern lange.", "Kartenzahlungen sind wieder schnell."),
        ],
        &[("card-payments", DegradedPerformance), ("checkout", DegradedPerformance)],
    ),
    (
        [
            ("Deliveries are late", "Deliveries of today come late.", "Deliveries are on time again."),
            ("Försenade leveranser", "Dagens leveranser är försenade.", "Leveranserna är i tid igen."),
            ("Verspätete Lieferungen", "Heutige Lieferungen verspäten sich.", "Lieferungen sind wieder pünktlich."),
        ],
        &[("home-delivery", PartialOutage)],
    ),
];

/// Twenty incidents of the last 90 days, the latest first.
#[must_use]
pub fn past() -> Vec<PublicIncident> {
    let midnight = moment("2026-11-21T00:00:00Z");
    let numbers = (119..139).rev();
    TROUBLES.into_iter().zip(numbers).map(|(trouble, number)| over(midnight, trouble, number)).collect()
}

fn over(midnight: Timestamp, (days, minute, length, kind, site): Trouble, number: i64) -> PublicIncident {
    let (said, touched) = &KINDS[kind];
    let began_at = midnight - TimeDelta::days(days) + TimeDelta::minutes(minute);
    let ended_at = began_at + TimeDelta::minutes(length);
    let began = texts(said.map(|(title, trouble, _)| (title, trouble)));
    let ended = texts(said.map(|(title, _, end)| (title, end)));
    let well: Vec<_> = touched.iter().map(|(id, _)| (*id, Operational)).collect();
    PublicIncident {
        incident: IncidentId(number),
        window: None,
        sites: site.map(str::to_owned).into_iter().collect(),
        posts: vec![
            post(1, began_at, PublicStatus::Investigating, began),
            post(2, ended_at, PublicStatus::Resolved, ended),
        ],
        states: vec![(began_at, states(touched)), (ended_at, states(&well))],
        began_at,
        ended_at: Some(ended_at),
    }
}
