//! One request as a route sees it.

use super::refused::{NOT_FOUND, Refused, Wrong};
use super::state::Id;
use reqwest::Url;
use serde_json::Value;
use std::collections::BTreeMap;

/// A request whose route is known and whose body has been checked.
#[derive(Debug, Clone, Default)]
pub(super) struct Ask {
    /// What stands in the places of the route: `channel_id`.
    pub(super) places: BTreeMap<&'static str, String>,
    pub(super) query: BTreeMap<String, String>,
    /// The body; of a multipart one the `payload_json`, with the files' names and sizes under `files`.
    pub(super) body: Value,
}

impl Ask {
    /// A place of the route, which the checks have seen.
    pub(super) fn place(&self, name: &str) -> &str {
        self.places.get(name).map_or("", String::as_str)
    }

    /// The snowflake in a place of the route.
    ///
    /// # Errors
    /// When there is none.
    pub(super) fn id(&self, name: &str) -> Result<Id, Refused> {
        self.place(name).parse().map_err(|_| NOT_FOUND.into())
    }

    /// A number of the query.
    pub(super) fn number(&self, name: &str) -> Option<u64> {
        self.query.get(name).and_then(|value| value.parse().ok())
    }

    /// Whether a switch of the query is on.
    pub(super) fn flag(&self, name: &str) -> bool {
        self.query.get(name).is_some_and(|value| value == "true" || value == "1" || value == "True")
    }

    /// A snowflake in the body.
    ///
    /// # Errors
    /// When it is none.
    pub(super) fn snowflake(&self, name: &str) -> Result<Option<Id>, Refused> {
        let value = &self.body[name];
        let id = snowflake(value);
        if id.is_none() && !value.is_null() {
            return Err(Refused::form(&[Wrong::at(name, "Value is not snowflake.")]));
        }
        Ok(id)
    }
}

/// A snowflake as it stands in JSON.
pub(super) fn snowflake(value: &Value) -> Option<Id> {
    value.as_str().and_then(|text| text.parse().ok()).or_else(|| value.as_u64())
}

/// The pairs of a query.
pub(super) fn query(text: Option<&str>) -> BTreeMap<String, String> {
    let url = Url::parse(&format!("http://localhost/?{}", text.unwrap_or_default()));
    let pairs = url.map(|url| url.query_pairs().into_owned().filter(|(name, _)| !name.is_empty()).collect());
    pairs.unwrap_or_default()
}
