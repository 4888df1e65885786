//! A shop with two languages more than one, and templates of one file.

use chrono_tz::Tz;
use muster_core::comms::template::{Facts, Fault, File, Known, Template, read};
use muster_core::comms::{Locale, Locales, Value, Values, Window};
use muster_core::ids::SeverityKey;

pub(crate) fn locale(text: &str) -> Locale {
    text.parse().expect("a language")
}

/// English, Swedish and German.
pub(crate) fn locales() -> Locales {
    Locales::new(locale("en"), ["sv", "de"].map(locale))
}

/// English alone.
pub(crate) fn english() -> Locales {
    Locales::new(locale("en"), [])
}

pub(crate) fn known() -> Known {
    Known {
        audiences: ["public", "business", "stores", "support", "executives", "regulators", "social"]
            .map(str::to_owned)
            .to_vec(),
        severities: ["SEV1", "SEV2", "SEV3", "SEV4"].map(SeverityKey::from).to_vec(),
        locales: locales(),
    }
}

/// Card payments and the web shop, began at 14:00 in Stockholm on Black Friday.
pub(crate) fn facts() -> Facts {
    let moment = |text: &str| text.parse().expect("a moment");
    let names = |list: [&str; 2]| list.map(str::to_owned).to_vec();
    Facts {
        incident: muster_core::ids::IncidentId(7),
        earlier_at: Some(moment("2026-11-27T13:10:00Z")),
        components: [
            (locale("en"), names(["Card payments", "Web shop"])),
            (locale("sv"), names(["Kortbetalning", "Webbutiken"])),
            (locale("de"), names(["Kartenzahlung", "Online-Shop"])),
        ]
        .into(),
        sites: Vec::new(),
        next_at: Some(moment("2026-11-27T13:30:00Z")),
        began_at: moment("2026-11-27T13:00:00Z"),
        window: Some(Window { from: moment("2026-12-01T22:00:00Z"), until: moment("2026-12-02T01:00:00Z") }),
        organisation: "Nordic Retail".to_owned(),
        time_zone: Tz::Europe__Stockholm,
    }
}

/// The file `test.toml` with this in it.
pub(crate) fn file(name: &str, text: &str) -> File {
    File { name: name.to_owned(), text: text.to_owned() }
}

/// A sound template.
#[track_caller]
pub(crate) fn template(files: &[File]) -> Template {
    let (templates, faults) = read(files, &known());
    assert_eq!(faults, Vec::<Fault>::new());
    templates.into_iter().next().expect("a template")
}

pub(crate) fn same(pairs: &[(&str, &str)]) -> Values {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), Value::Same((*value).to_owned()))).collect()
}
