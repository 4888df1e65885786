//! Sentry's integration platform: issues, issue alerts and metric alerts.
//! <https://docs.sentry.io/organization/integrations/integration-platform/webhooks/>

use crate::draft::{links, signal};
use crate::field;
use crate::receive::Letter;
use crate::refusal::Unreadable;
use crate::words;
use muster_core::alert::{Action, Level, Signal};
use serde_json::Value;

pub(crate) fn read(letter: &Letter<'_>) -> Result<Vec<Signal>, Unreadable> {
    let body: Value = field::parse(letter.body)?;
    let action = field::text(&body, "/action").unwrap_or_default();
    let said = letter.headers.get("sentry-hook-resource").and_then(|value| value.to_str().ok());
    let found = ["metric_alert", "event", "issue"].into_iter().find(|name| body["data"].get(name).is_some());
    let signal = match said.or(found) {
        Some("metric_alert") => metric_alert(letter, &body["data"], &action),
        Some("event_alert" | "event") => issue_alert(letter, &body["data"]),
        Some("issue") => issue(letter, &body["data"]["issue"], &action),
        // Installations, comments and whatever else a hook may be subscribed to are no alerts.
        Some(_) => return Ok(Vec::new()),
        None => None,
    };
    signal
        .map(|signal| vec![signal])
        .ok_or_else(|| Unreadable::new("There is no issue or metric alert with an id in `data`"))
}

/// An issue alert names its issue, so that the issue's own resolution ends it.
fn issue_alert(letter: &Letter<'_>, data: &Value) -> Option<Signal> {
    let event = &data["event"];
    let issue = field::text(event, "/issue_id")?;
    let title = field::first(event, &["/title", "/message"]).unwrap_or_default();
    let mut labels = field::named(
        event,
        &[
            ("platform", "/platform"),
            ("culprit", "/culprit"),
            ("environment", "/environment"),
            ("project_id", "/project"),
        ],
    );
    labels.extend(field::named(data, &[("rule", "/triggered_rule")]));
    labels.extend(event["tags"].as_array().into_iter().flatten().filter_map(tag));
    Some(Signal {
        text: field::first(event, &["/metadata/value", "/culprit"]),
        level: field::text(event, "/level").and_then(|word| words::level(&word)),
        labels,
        links: links([("Sentry", field::text(event, "/web_url"))]),
        at: ["datetime", "timestamp"].iter().find_map(|name| field::moment(&event[*name])),
        ..signal(letter.source, &format!("issue-{issue}"), title)
    })
}

/// `["environment", "prod"]`.
fn tag(pair: &Value) -> Option<(String, String)> {
    Some((field::text(pair, "/0")?, field::text(pair, "/1")?))
}

fn issue(letter: &Letter<'_>, issue: &Value, action: &str) -> Option<Signal> {
    let id = field::text(issue, "/id")?;
    let what = match action {
        "resolved" | "ignored" | "archived" => Action::Resolve,
        "assigned" => Action::Acknowledge,
        _ => Action::Trigger,
    };
    let names = [
        ("project", "/project/slug"),
        ("platform", "/platform"),
        ("culprit", "/culprit"),
        ("type", "/type"),
        ("short_id", "/shortId"),
    ];
    Some(Signal {
        action: what,
        text: field::first(issue, &["/metadata/value", "/culprit"]),
        level: field::text(issue, "/level").and_then(|word| words::level(&word)),
        labels: field::named(issue, &names),
        links: links([("Sentry", field::first(issue, &["/web_url", "/permalink"]))]),
        at: field::moment(&issue["lastSeen"]),
        ..signal(letter.source, &format!("issue-{id}"), field::text(issue, "/title").unwrap_or_default())
    })
}

fn metric_alert(letter: &Letter<'_>, data: &Value, action: &str) -> Option<Signal> {
    let alert = &data["metric_alert"];
    let id = field::text(alert, "/id")?;
    let title = field::text(data, "/description_title").or_else(|| field::text(alert, "/title")).unwrap_or_default();
    let (what, level) = match action {
        "resolved" => (Action::Resolve, None),
        "warning" => (Action::Trigger, Some(Level::Warning)),
        _ => (Action::Trigger, Some(Level::Critical)),
    };
    let names = [
        ("rule", "/alert_rule/name"),
        ("environment", "/alert_rule/environment"),
        ("project", "/projects/0"),
        ("aggregate", "/alert_rule/aggregate"),
    ];
    Some(Signal {
        action: what,
        text: field::text(data, "/description_text"),
        level,
        labels: field::named(alert, &names),
        links: links([("Sentry", field::text(data, "/web_url"))]),
        at: ["date_closed", "date_started"].iter().find_map(|name| field::moment(&alert[*name])),
        ..signal(letter.source, &format!("metric-alert-{id}"), title)
    })
}
