//! CNCF CloudEvents over HTTP: structured, binary and batched.
//! <https://github.com/cloudevents/spec/blob/main/cloudevents/bindings/http-protocol-binding.md>
//!
//! A source may have a mapping, which then looks at the event in its structured form. Without one, the event's attributes and
//! the usual words in its data say what can be said.

use crate::draft::signal;
use crate::field;
use crate::receive::Letter;
use crate::refusal::Unreadable;
use crate::words;
use axum::http::{HeaderMap, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use muster_core::alert::{Action, Signal};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

pub(crate) fn read(letter: &Letter<'_>) -> Result<Vec<Signal>, Unreadable> {
    let kind = letter.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let events: Vec<Value> = if letter.headers.contains_key("ce-id") {
        vec![binary(letter.headers, letter.body)]
    } else if kind.starts_with("application/cloudevents-batch") {
        field::parse(letter.body)?
    } else {
        // A batch is taken for one without its content type too.
        match field::parse(letter.body)? {
            Value::Array(events) => events,
            event @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_)) => {
                vec![event]
            }
        }
    };
    let signals = events.iter().map(|event| event_signals(letter, event));
    Ok(signals.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

/// The structured form of an event whose attributes are headers.
fn binary(headers: &HeaderMap, body: &[u8]) -> Value {
    let attribute = |(name, value): (&header::HeaderName, &header::HeaderValue)| {
        let name = name.as_str().strip_prefix("ce-")?;
        let value = percent_decode_str(value.to_str().ok()?).decode_utf8_lossy().into_owned();
        Some((name.to_owned(), Value::String(value)))
    };
    let mut event: Map<String, Value> = headers.iter().filter_map(attribute).collect();
    let data =
        serde_json::from_slice(body).unwrap_or_else(|_| Value::String(String::from_utf8_lossy(body).into_owned()));
    event.insert("data".to_owned(), data);
    Value::Object(event)
}

fn event_signals(letter: &Letter<'_>, event: &Value) -> Result<Vec<Signal>, Unreadable> {
    let said = |name: &str| field::text(event, &format!("/{name}"));
    let (Some(id), Some(origin), Some(kind)) = (said("id"), said("source"), said("type")) else {
        return Err(Unreadable::new(
            "A CloudEvent has `id`, `source`, `type` and `specversion`; one of them is missing here",
        ));
    };
    if !said("specversion").is_some_and(|version| version.starts_with("1.")) {
        return Err(Unreadable::new("This is not a CloudEvent of version 1: see `specversion`"));
    }
    if let Some(mapping) = &letter.source.mapping {
        return mapping.signals(letter.source, event);
    }
    let data = data(event);
    let subject = said("subject");
    let key = match &subject {
        Some(subject) => format!("{origin} {subject}"),
        None => field::first(&data, &["/key", "/dedup_key", "/alert_id"]).unwrap_or_else(|| format!("{origin} {id}")),
    };
    let usual = || format!("{kind} {}", subject.as_deref().unwrap_or(&origin));
    let title = field::first(&data, &["/title", "/summary", "/message", "/name"]).unwrap_or_else(usual);
    let state = field::first(&data, &["/action", "/status", "/state"]).and_then(|word| words::action(&word));
    let last_word = kind.rsplit('.').next().and_then(words::action);
    let level = field::first(&data, &["/severity", "/level", "/priority"]).or_else(|| said("severity"));
    let mut labels = field::labels(data.get("labels"));
    labels.extend(field::labels(Some(event)).into_iter().filter(|(name, _)| !is_plumbing(name)));
    Ok(vec![Signal {
        action: state.or(last_word).unwrap_or(Action::Trigger),
        text: field::first(&data, &["/description", "/text", "/details"]).or_else(|| field::plain(&data)),
        level: level.and_then(|word| words::level(&word)),
        labels,
        links: crate::draft::links([("Source", field::first(&data, &["/url", "/link"]))]),
        at: event.get("time").and_then(field::moment),
        ..signal(letter.source, &key, title)
    }])
}

/// Attributes that say nothing of what the event is about.
fn is_plumbing(name: &str) -> bool {
    matches!(name, "id" | "specversion" | "time" | "data" | "datacontenttype" | "dataschema" | "data_base64")
}

/// The data of an event, which may be JSON in base 64.
fn data(event: &Value) -> Value {
    let encoded = event["data_base64"].as_str().and_then(|text| STANDARD.decode(text).ok());
    match encoded {
        Some(bytes) => serde_json::from_slice(&bytes)
            .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&bytes).into_owned())),
        None => event["data"].clone(),
    }
}
