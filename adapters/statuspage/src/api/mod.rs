//! The public API of Statuspage, second version, as files: programs and widgets made for it read this page too.
//! <https://metastatuspage.com/api>

mod component;
mod incident;

use crate::edition::Edition;
use crate::files::File;
use crate::model::{Model, Scope};
use chrono::{DateTime, SecondsFormat, Utc};
use component::Component;
use incident::Incident;
use muster_core::clock::Timestamp;
use muster_core::comms::{Impact, PublicIncident, PublicStatus};
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// So many incidents a list has at most, as there.
const LISTED: usize = 50;

/// The page, as every answer names it.
#[derive(Debug, Serialize)]
struct Page {
    id: String,
    name: String,
    url: String,
    time_zone: String,
    updated_at: String,
}

/// What the parts of an answer are made with.
struct Writer<'a> {
    edition: &'a Edition<'a>,
    page_id: String,
    /// The components and groups.
    components: Vec<Component>,
}

/// All answers, by path. There they are in one language, so they are here: the default one.
pub(crate) fn files(edition: &Edition<'_>) -> Vec<(String, File)> {
    let model = edition.model;
    let everywhere = &Scope::Everywhere;
    let mut writer = Writer { edition, page_id: page_id(&edition.page.url), components: Vec::new() };
    writer.components = component::all(&writer);
    let is = |wanted: fn(PublicStatus) -> bool| move |one: &&PublicIncident| wanted(one.status());
    let unresolved = || writer.incidents(model.open(everywhere));
    let upcoming = |status| status == PublicStatus::Scheduled;
    let active = |status| matches!(status, PublicStatus::InProgress | PublicStatus::Verifying);
    let answers = [
        (
            "summary",
            json!({
                "components": writer.components,
                "incidents": unresolved(),
                "scheduled_maintenances": writer.incidents(model.planned(everywhere)),
                "status": overall(model),
            }),
        ),
        ("status", json!({ "status": overall(model) })),
        ("components", json!({ "components": writer.components })),
        ("incidents", json!({ "incidents": writer.incidents(latest(model, false)) })),
        ("incidents/unresolved", json!({ "incidents": unresolved() })),
        ("scheduled-maintenances", json!({ "scheduled_maintenances": writer.incidents(latest(model, true)) })),
        (
            "scheduled-maintenances/upcoming",
            json!({ "scheduled_maintenances": writer.incidents(model.planned(everywhere).filter(is(upcoming))) }),
        ),
        (
            "scheduled-maintenances/active",
            json!({ "scheduled_maintenances": writer.incidents(model.planned(everywhere).filter(is(active))) }),
        ),
    ];
    let page = json!(writer.page());
    answers.into_iter().map(|(name, answer)| (format!("api/v2/{name}.json"), file(&page, answer))).collect()
}

fn file(page: &Value, mut answer: Value) -> File {
    answer["page"] = page.clone();
    File { media_type: "application/json; charset=utf-8", bytes: answer.to_string().into_bytes() }
}

/// The id of the page: it stays the same as long as its address does.
fn page_id(url: &str) -> String {
    Sha256::digest(url.as_bytes()).iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

/// The latest incidents, or works, whether over or not. What was withdrawn has no word there, and is left out.
fn latest(model: &Model, maintenance: bool) -> impl Iterator<Item = &PublicIncident> {
    let of_kind = model.incidents.iter().filter(move |one| one.is_maintenance() == maintenance);
    of_kind.filter(|one| one.standing().is_some()).take(LISTED)
}

/// How all is on the whole, in the words that programs know.
fn overall(model: &Model) -> Value {
    let impact = model.impact(&Scope::Everywhere);
    let description = match impact {
        Impact::None => "All Systems Operational",
        Impact::Maintenance => "Service Under Maintenance",
        Impact::Minor => "Partially Degraded Service",
        Impact::Major => "Partial System Outage",
        Impact::Critical => "Major Service Outage",
    };
    json!({ "indicator": impact.word(), "description": description })
}

impl Writer<'_> {
    fn page(&self) -> Page {
        let page = self.edition.page;
        Page {
            id: self.page_id.clone(),
            name: page.name.clone(),
            url: page.url.clone(),
            time_zone: page.time_zone.name().to_owned(),
            updated_at: self.moment_or_first(self.edition.model.changed_at()),
        }
    }

    fn incidents<'a>(&self, incidents: impl Iterator<Item = &'a PublicIncident>) -> Vec<Incident> {
        incidents.map(|one| Incident::of(self, one)).collect()
    }

    /// A moment as there: to the millisecond, in the time zone of the page.
    fn moment(&self, at: Timestamp) -> String {
        at.with_timezone(&self.edition.page.time_zone).to_rfc3339_opts(SecondsFormat::Millis, true)
    }

    /// The same where there must be one, and may be none: then the first of all.
    fn moment_or_first(&self, at: Option<Timestamp>) -> String {
        let first = || DateTime::<Utc>::UNIX_EPOCH.to_rfc3339_opts(SecondsFormat::Millis, true);
        at.map_or_else(first, |at| self.moment(at))
    }
}
