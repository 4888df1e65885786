//! The public API of Statuspage, second version, as files: programs and widgets made for it read this page too.
//! <https://metastatuspage.com/api>

mod component;
mod incident;

use crate::atlas::{Atlas, Shown};
use crate::edition::Edition;
use crate::files::File;
use chrono::{DateTime, SecondsFormat, Utc};
use component::Component;
use incident::Incident;
use muster_core::clock::Timestamp;
use muster_core::comms::{Impact, PublicStatus};
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
    atlas: &'a Atlas<'a>,
    page_id: String,
    /// The components and groups.
    components: Vec<Component>,
}

/// All answers, by path. There they are in one language, so they are here: the default one.
pub(crate) fn files(edition: &Edition<'_>, atlas: &Atlas<'_>) -> Vec<(String, File)> {
    let everywhere = &atlas.everywhere;
    let mut writer = Writer { edition, atlas, page_id: page_id(&edition.page.url), components: Vec::new() };
    writer.components = component::all(&writer);
    let unresolved = || writer.incidents(everywhere.open.iter());
    let planned = |is: fn(PublicStatus) -> bool| {
        writer.incidents(everywhere.planned.iter().filter(|one| is(one.incident.status())))
    };
    let upcoming = |status| status == PublicStatus::Scheduled;
    let active = |status| matches!(status, PublicStatus::InProgress | PublicStatus::Verifying);
    let status = overall(everywhere.overall.impact());
    let answers = [
        (
            "summary",
            json!({
                "components": writer.components,
                "incidents": unresolved(),
                "scheduled_maintenances": planned(|_| true),
                "status": status,
            }),
        ),
        ("status", json!({ "status": status })),
        ("components", json!({ "components": writer.components })),
        ("incidents", json!({ "incidents": writer.latest(false) })),
        ("incidents/unresolved", json!({ "incidents": unresolved() })),
        ("scheduled-maintenances", json!({ "scheduled_maintenances": writer.latest(true) })),
        ("scheduled-maintenances/upcoming", json!({ "scheduled_maintenances": planned(upcoming) })),
        ("scheduled-maintenances/active", json!({ "scheduled_maintenances": planned(active) })),
    ];
    let page = json!(writer.page());
    answers.into_iter().map(|(name, answer)| (format!("api/v2/{name}.json"), file(&page, answer))).collect()
}

fn file(page: &Value, mut answer: Value) -> File {
    answer["page"] = page.clone();
    File::new("application/json; charset=utf-8", answer.to_string())
}

/// The id of the page: it stays the same as long as its address does.
fn page_id(url: &str) -> String {
    Sha256::digest(url.as_bytes()).iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

/// How all is on the whole, in the words that programs know.
fn overall(impact: Impact) -> Value {
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
            updated_at: self.moment_or_first(self.atlas.model.changed_at()),
        }
    }

    fn incidents<'a>(&self, shown: impl Iterator<Item = &'a Shown<'a>>) -> Vec<Incident> {
        shown.map(|one| Incident::of(self, one.incident)).collect()
    }

    /// The latest incidents, or works, whether over or not. What was withdrawn has no word there, and is left out.
    fn latest(&self, maintenance: bool) -> Vec<Incident> {
        let all = self.atlas.model.incidents.iter().filter(|one| one.is_maintenance() == maintenance);
        all.filter(|one| one.standing().is_some()).take(LISTED).map(|one| Incident::of(self, one)).collect()
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
