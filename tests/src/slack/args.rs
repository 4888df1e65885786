//! The arguments of a call, whichever way they were sent.

use super::refused::Refused;
use axum::http::{HeaderMap, header};
use reqwest::Url;
use serde_json::{Map, Value};

/// How the arguments were sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sent {
    /// As a JSON object.
    Json,
    /// As a form or a query: every value is a string.
    Form,
}

/// The arguments of a call.
#[derive(Debug, Clone)]
pub(super) struct Args {
    /// By name, as sent.
    pub(super) map: Map<String, Value>,
    /// How.
    pub(super) sent: Sent,
}

/// The pairs of a form body or a query.
pub(super) fn pairs(form: &str) -> Vec<(String, String)> {
    let Ok(url) = Url::parse(&format!("http://localhost/?{form}")) else { return Vec::new() };
    url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}

/// A form body of these pairs.
pub(super) fn form(pairs: &[(&str, &str)]) -> String {
    let mut url = Url::parse("http://localhost/").expect("a fixed address");
    url.query_pairs_mut().extend_pairs(pairs);
    url.query().unwrap_or_default().to_owned()
}

impl Args {
    /// Reads a request.
    ///
    /// # Errors
    /// `invalid_json`, `json_not_object`, `invalid_form_data`, `missing_post_type`.
    pub(super) fn read(query: Option<&str>, headers: &HeaderMap, body: &[u8]) -> Result<Self, Refused> {
        let mut map: Map<String, Value> =
            query.map(pairs).into_iter().flatten().map(|(name, value)| (name, Value::from(value))).collect();
        if body.is_empty() {
            return Ok(Self { map, sent: Sent::Form });
        }
        let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if kind.starts_with("application/json") {
            let json: Value = serde_json::from_slice(body).map_err(|_| Refused::from("invalid_json"))?;
            let Value::Object(object) = json else { return Err("json_not_object".into()) };
            map.extend(object);
            return Ok(Self { map, sent: Sent::Json });
        }
        if kind.starts_with("application/x-www-form-urlencoded") {
            let text = std::str::from_utf8(body).map_err(|_| Refused::from("invalid_form_data"))?;
            map.extend(pairs(text).into_iter().map(|(name, value)| (name, Value::from(value))));
            return Ok(Self { map, sent: Sent::Form });
        }
        Err("missing_post_type".into())
    }

    /// A string; one that is empty counts as absent.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.map.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    /// A string that must be there.
    ///
    /// # Errors
    /// `otherwise`.
    pub(super) fn need(&self, name: &str, otherwise: &'static str) -> Result<&str, Refused> {
        self.text(name).ok_or_else(|| otherwise.into())
    }

    /// Whether it is switched on.
    pub(super) fn flag(&self, name: &str) -> bool {
        let value = self.map.get(name);
        value.and_then(Value::as_bool).unwrap_or(false)
            || value.and_then(Value::as_str).is_some_and(|text| text == "true" || text == "1")
    }

    /// A whole number.
    pub(super) fn number(&self, name: &str) -> Option<usize> {
        let value = self.map.get(name)?;
        value.as_u64().map(|number| number as usize).or_else(|| value.as_str()?.parse().ok())
    }

    /// A JSON value, sent as it is or as a string that holds it.
    ///
    /// # Errors
    /// `otherwise` when a string holds no JSON.
    pub(super) fn json(&self, name: &str, otherwise: &'static str) -> Result<Option<Value>, Refused> {
        let Some(value) = self.map.get(name).filter(|value| !value.is_null()) else { return Ok(None) };
        match value.as_str() {
            None => Ok(Some(value.clone())),
            Some("") => Ok(None),
            Some(text) => serde_json::from_str(text).map(Some).map_err(|_| otherwise.into()),
        }
    }

    /// A list of ids: comma-separated, or a JSON array.
    pub(super) fn list(&self, name: &str) -> Vec<String> {
        match self.map.get(name) {
            Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            Some(value) => {
                let text = value.as_str().unwrap_or_default();
                text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect()
            }
            None => Vec::new(),
        }
    }
}
