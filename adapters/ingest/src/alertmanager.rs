//! Prometheus Alertmanager's webhook, version 4.
//! <https://prometheus.io/docs/alerting/latest/configuration/#webhook_config>

use crate::draft::{digest, links, signal};
use crate::field;
use crate::receive::Letter;
use crate::refusal::Unreadable;
use crate::words;
use muster_core::alert::{Action, Signal};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Grafana's unified alerting sends the same and more, so that it is read here too.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[derive(Default)]
pub(crate) struct Message {
    alerts: Vec<Alert>,
    group_key: String,
    #[serde(rename = "externalURL")]
    external_url: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Alert {
    status: String,
    labels: BTreeMap<String, String>,
    annotations: BTreeMap<String, String>,
    starts_at: String,
    ends_at: String,
    #[serde(rename = "generatorURL")]
    generator_url: Option<String>,
    fingerprint: String,
    #[serde(rename = "dashboardURL")]
    dashboard_url: Option<String>,
    #[serde(rename = "panelURL")]
    panel_url: Option<String>,
    #[serde(rename = "silenceURL")]
    silence_url: Option<String>,
    value_string: Option<String>,
}

pub(crate) fn read(letter: &Letter<'_>) -> Result<Vec<Signal>, Unreadable> {
    signals(letter, field::parse(letter.body)?, "Alertmanager")
}

/// One signal an alert of the message; `system` is what its own pages are called.
pub(crate) fn signals(letter: &Letter<'_>, message: Message, system: &str) -> Result<Vec<Signal>, Unreadable> {
    if message.alerts.is_empty() {
        return Err(Unreadable::new("There is no alert in `alerts`"));
    }
    let Message { alerts, group_key, external_url } = message;
    let read = |alert: Alert| alert.signal(letter, &group_key, (system, external_url.as_deref()));
    Ok(alerts.into_iter().map(read).collect())
}

impl Alert {
    fn signal(mut self, letter: &Letter<'_>, group: &str, (system, home): (&str, Option<&str>)) -> Signal {
        let said = |names: &[&str], from: &BTreeMap<String, String>| {
            names.iter().find_map(|name| from.get(*name)).filter(|text| !text.trim().is_empty()).cloned()
        };
        let description = said(&["description", "message"], &self.annotations);
        let title = said(&["summary", "title"], &self.annotations)
            .or_else(|| description.clone())
            .or_else(|| self.labels.get("alertname").cloned());
        let title = title.unwrap_or_default();
        let text = description.filter(|text| *text != title).or_else(|| self.value_string.take());
        let key = match self.fingerprint.as_str() {
            "" => digest(self.labels.iter().flat_map(|(name, value)| [name.as_str(), value]).chain([group])),
            fingerprint => fingerprint.to_owned(),
        };
        let is_over = self.status == "resolved";
        let level = self.labels.get("severity").or_else(|| self.labels.get("priority"));
        Signal {
            action: if is_over { Action::Resolve } else { Action::Trigger },
            text,
            level: level.and_then(|word| words::level(word)),
            links: links([
                ("Runbook", said(&["runbook_url", "runbook"], &self.annotations)),
                ("Dashboard", self.dashboard_url.or_else(|| said(&["dashboard_url", "dashboard"], &self.annotations))),
                ("Panel", self.panel_url),
                ("Source", self.generator_url),
                ("Silence it there", self.silence_url),
                (system, home.map(str::to_owned)),
            ]),
            at: field::written(if is_over { &self.ends_at } else { &self.starts_at }),
            labels: self.labels,
            ..signal(letter.source, &key, title)
        }
    }
}
