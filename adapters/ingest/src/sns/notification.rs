//! What a notification says: an alarm of CloudWatch, or a text that somebody has published.
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html>

use super::Message;
use crate::config::Source;
use crate::draft::{self, links};
use crate::field;
use muster_core::alert::{Action, Level, Signal};
use serde_json::Value;
use url::Url;

pub(super) fn signal(source: &Source, message: &Message) -> Signal {
    let inner = serde_json::from_str::<Value>(&message.message).ok();
    let alarm = inner.as_ref().and_then(|inner| alarm(source, inner));
    let mut signal = alarm.unwrap_or_else(|| plain(source, message));
    signal.labels.insert("topic".to_owned(), message.topic_arn.clone());
    signal.at = signal.at.or_else(|| field::written(&message.timestamp));
    signal
}

/// An alarm that has come to another state. Too little data is not "all is well".
fn alarm(source: &Source, alarm: &Value) -> Option<Signal> {
    let name = field::text(alarm, "/AlarmName")?;
    let (action, level) = match alarm["NewStateValue"].as_str()? {
        "OK" => (Action::Resolve, None),
        "INSUFFICIENT_DATA" => (Action::Trigger, Some(Level::Warning)),
        _ => (Action::Trigger, Some(Level::Error)),
    };
    let arn = field::text(alarm, "/AlarmArn");
    let region = arn.as_deref().and_then(|arn| arn.split(':').nth(3)).filter(|region| !region.is_empty());
    let names = [
        ("alarm", "/AlarmName"),
        ("account", "/AWSAccountId"),
        ("namespace", "/Trigger/Namespace"),
        ("metric", "/Trigger/MetricName"),
    ];
    let mut labels = field::named(alarm, &names);
    let dimensions = alarm.pointer("/Trigger/Dimensions").and_then(Value::as_array).into_iter().flatten();
    labels.extend(dimensions.filter_map(|pair| Some((field::text(pair, "/name")?, field::text(pair, "/value")?))));
    labels.extend(region.map(|region| ("region".to_owned(), region.to_owned())));
    let said = [field::text(alarm, "/AlarmDescription"), field::text(alarm, "/NewStateReason")];
    Some(Signal {
        action,
        text: Some(said.into_iter().flatten().collect::<Vec<_>>().join("\n")),
        level,
        labels,
        links: links([("CloudWatch", region.and_then(|region| console(region, &name)))]),
        at: field::moment(&alarm["StateChangeTime"]),
        ..draft::signal(source, arn.as_deref().unwrap_or(&name), name.as_str())
    })
}

/// The page of an alarm in the console of AWS.
fn console(region: &str, name: &str) -> Option<String> {
    let mut url = Url::parse("https://console.aws.amazon.com/cloudwatch/home").ok()?;
    url.query_pairs_mut().append_pair("region", region);
    url.set_fragment(Some(&format!("alarmsV2:alarm/{name}")));
    Some(url.into())
}

/// A text: its subject tells it from others, and it never resolves.
fn plain(source: &Source, message: &Message) -> Signal {
    let subject = message.subject.as_deref().map(str::trim).filter(|subject| !subject.is_empty());
    let title = subject.unwrap_or_else(|| message.message.lines().next().unwrap_or_default());
    let key = format!("{} {}", message.topic_arn, subject.unwrap_or(&message.message_id));
    Signal { text: Some(message.message.clone()), ..draft::signal(source, &key, title) }
}
