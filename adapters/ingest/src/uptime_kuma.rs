//! Uptime Kuma's webhook: a monitor, its latest heartbeat, and a line that says it all.
//! <https://github.com/louislam/uptime-kuma/blob/master/server/notification-providers/webhook.js>

use crate::draft::{links, signal};
use crate::field;
use crate::receive::Letter;
use crate::refusal::Unreadable;
use muster_core::alert::{Action, Level, Signal};
use serde_json::Value;

pub(crate) fn read(letter: &Letter<'_>) -> Result<Vec<Signal>, Unreadable> {
    let body: Value = field::parse(letter.body)?;
    let (monitor, beat) = (&body["monitor"], &body["heartbeat"]);
    let Some(id) = field::text(monitor, "/id").or_else(|| field::text(beat, "/monitorID")) else {
        return message(letter, &body);
    };
    let action = match beat["status"].as_i64() {
        Some(0) => Action::Trigger,
        Some(1) => Action::Resolve,
        // Pending and under maintenance: neither up nor down.
        Some(_) => return Ok(Vec::new()),
        None => return Err(Unreadable::new("There is no `heartbeat.status`")),
    };
    let name = field::first(monitor, &["/pathName", "/name"]).unwrap_or_else(|| format!("Monitor {id}"));
    let names = [("monitor", "/name"), ("type", "/type"), ("hostname", "/hostname"), ("url", "/url")];
    let mut labels = field::named(monitor, &names);
    labels.extend(monitor["tags"].as_array().into_iter().flatten().filter_map(tag));
    Ok(vec![Signal {
        action,
        text: field::text(beat, "/msg").or_else(|| field::text(&body, "/msg")),
        level: Some(Level::Critical),
        labels,
        links: links([("Monitored", field::text(monitor, "/url"))]),
        at: at(beat),
        ..signal(letter.source, &format!("monitor-{id}"), format!("{name} is down"))
    }])
}

/// Its tags have a name and may have a value.
fn tag(tag: &Value) -> Option<(String, String)> {
    Some((field::text(tag, "/name")?, field::text(tag, "/value").unwrap_or_default()))
}

/// `2026-11-27 10:42:00.123`, in UTC.
fn at(beat: &Value) -> Option<muster_core::clock::Timestamp> {
    field::written(&format!("{}Z", beat["time"].as_str()?.replacen(' ', "T", 1)))
}

/// A test of the webhook, or a certificate that runs out: a line about no monitor, which never resolves.
fn message(letter: &Letter<'_>, body: &Value) -> Result<Vec<Signal>, Unreadable> {
    let line = field::text(body, "/msg").ok_or_else(|| Unreadable::new("There is neither a `monitor` nor a `msg`"))?;
    Ok(vec![Signal { level: Some(Level::Info), ..signal(letter.source, &line, line.as_str()) }])
}
