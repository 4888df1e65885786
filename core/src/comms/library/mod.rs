//! The templates that Muster brings, and the audiences they are for: those of a shop, for every public status, in English, Swedish
//! and German.
//!
//! They are what there is when the config names no folder, and what to begin a folder of one's own with.

mod audiences;

pub use audiences::Usual;

use super::template::{File, Known, Template, read};
use super::{Locales, Tongue};
use crate::ids::SeverityKey;

macro_rules! files {
    ($($name:literal),+ $(,)?) => {
        [$((concat!($name, ".toml"), include_str!(concat!($name, ".toml")))),+]
    };
}

const FILES: [(&str, &str); 49] = files![
    "business-investigating",
    "business-resolved",
    "business-update",
    "executives-investigating",
    "executives-resolved",
    "executives-update",
    "public-free",
    "public-holding-sev1",
    "public-holding-sev2",
    "public-holding-sev3",
    "public-holding-sev4",
    "public-identified",
    "public-investigating",
    "public-maintenance-called-off",
    "public-maintenance-completed",
    "public-maintenance-in_progress",
    "public-maintenance-new-end",
    "public-maintenance-reminder",
    "public-maintenance-scheduled",
    "public-maintenance-verifying",
    "public-monitoring",
    "public-resolved",
    "public-retraction",
    "regulators-investigating",
    "regulators-resolved",
    "regulators-update",
    "social-investigating",
    "social-resolved",
    "social-update",
    "stores-investigating",
    "stores-resolved",
    "stores-update",
    "support-investigating",
    "support-resolved",
    "support-update",
    "choices/advice",
    "choices/business",
    "choices/impact",
    "choices/instruction",
    "choices/personal-data",
    "choices/progress",
    "choices/restored",
    "choices/stores",
    "choices/work",
    "partials/concerned",
    "partials/next",
    "partials/problem",
    "partials/window",
    "partials/work",
];

/// The severities there is a holding statement for.
const SEVERITIES: [&str; 4] = ["SEV1", "SEV2", "SEV3", "SEV4"];

/// The templates for the audiences and severities that there are.
#[must_use]
pub fn templates(known: &Known) -> Vec<Template> {
    let (all, _) = read(&files(), &own());
    all.into_iter().filter_map(|template| fitted(template, known)).collect()
}

/// The files of those templates, and of what they share.
#[must_use]
pub fn files_for(known: &Known) -> Vec<File> {
    let fitting: Vec<String> = templates(known).into_iter().map(|template| format!("{}.toml", template.id)).collect();
    files().into_iter().filter(|file| file.name.contains('/') || fitting.contains(&file.name)).collect()
}

/// All of its files.
#[must_use]
pub fn files() -> Vec<File> {
    FILES.iter().map(|(name, text)| File { name: (*name).to_owned(), text: (*text).to_owned() }).collect()
}

/// All that its files name.
#[must_use]
pub fn own() -> Known {
    let [first, others @ ..] = Tongue::ALL.map(Tongue::locale);
    Known {
        audiences: audiences::ids(),
        severities: SEVERITIES.map(SeverityKey::from).to_vec(),
        locales: Locales::new(first, others),
    }
}

/// The template with severities spelled as the config does, if the config has what it names.
fn fitted(mut template: Template, known: &Known) -> Option<Template> {
    if !known.audiences.contains(&template.audience) {
        return None;
    }
    let spelled = |severity: &SeverityKey| {
        known.severities.iter().find(|own| own.as_str().eq_ignore_ascii_case(severity.as_str())).cloned()
    };
    template.severities = template.severities.iter().map(spelled).collect::<Option<_>>()?;
    Some(template)
}
