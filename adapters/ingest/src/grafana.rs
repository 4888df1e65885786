//! Grafana's webhook: unified alerting, which speaks Alertmanager's format, and legacy alerting before Grafana 11.
//! <https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/>

use crate::alertmanager;
use crate::draft::{links, signal};
use crate::field;
use crate::receive::Letter;
use crate::refusal::Unreadable;
use muster_core::alert::{Action, Level, Signal};
use serde_json::Value;

pub(crate) fn read(letter: &Letter<'_>) -> Result<Vec<Signal>, Unreadable> {
    let body: Value = field::parse(letter.body)?;
    if body.get("alerts").is_none() && body.get("ruleId").is_some() {
        return legacy(letter, &body);
    }
    let message = serde_json::from_value(body);
    let message = message.map_err(|_| Unreadable::new("The JSON is not of the shape of Grafana's webhook"))?;
    alertmanager::signals(letter, message, "Grafana")
}

/// One rule, with the state it has come to. While it is paused or pending nothing is wrong.
fn legacy(letter: &Letter<'_>, body: &Value) -> Result<Vec<Signal>, Unreadable> {
    let rule = field::text(body, "/ruleId").ok_or_else(|| Unreadable::new("There is no `ruleId`"))?;
    let state = field::text(body, "/state").unwrap_or_default();
    let (action, level) = match state.as_str() {
        "ok" => (Action::Resolve, None),
        "paused" | "pending" => return Ok(Vec::new()),
        "no_data" => (Action::Trigger, Some(Level::Warning)),
        _ => (Action::Trigger, Some(Level::Error)),
    };
    let name = field::first(body, &["/ruleName", "/title"]).unwrap_or_default();
    let mut labels = field::labels(body.get("tags"));
    labels.extend(field::named(body, &[("rule", "/ruleName"), ("state", "/state")]));
    Ok(vec![Signal {
        action,
        level,
        text: field::text(body, "/message"),
        labels,
        links: links([("Grafana", field::text(body, "/ruleUrl")), ("Image", field::text(body, "/imageUrl"))]),
        ..signal(letter.source, &format!("rule-{rule}"), name)
    }])
}
