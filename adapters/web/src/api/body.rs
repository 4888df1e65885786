//! Bodies and queries, read with one sentence for each mistake.

use super::error::ApiError;
use axum::body::Bytes;
use axum::extract::rejection::QueryRejection;
use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

/// A body that is JSON.
pub(crate) struct JsonBody<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        if !is_json(request.headers()) {
            let sentence = "The body must be JSON, with “Content-Type: application/json”";
            return Err(ApiError::bad(StatusCode::UNSUPPORTED_MEDIA_TYPE, sentence));
        }
        let body = Bytes::from_request(request, state).await.map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => ApiError::bad(StatusCode::PAYLOAD_TOO_LARGE, "The body is too long"),
            _ => ApiError::bad(StatusCode::BAD_REQUEST, "The body could not be read"),
        })?;
        match serde_json::from_slice(&body) {
            Ok(value) => Ok(Self(value)),
            Err(error) => {
                Err(ApiError::bad(StatusCode::BAD_REQUEST, format!("The body is not what is expected: {error}")))
            }
        }
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}

/// A query that must be understood whole.
pub(super) struct Asked<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        match Query::<T>::from_request_parts(parts, state).await {
            Ok(Query(value)) => Ok(Self(value)),
            Err(QueryRejection::FailedToDeserializeQueryString(error)) => {
                Err(ApiError::invalid(format!("The query is not what is expected: {}", error.body_text())))
            }
            Err(_) => Err(ApiError::invalid("The query could not be read")),
        }
    }
}

/// The value of an argument: text, or what programs would rather send.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Value {
    /// Nothing: the same as an empty text.
    Nothing(()),
    /// A toggle.
    Toggle(bool),
    /// A number.
    Whole(i64),
    /// Text, as it would be typed.
    Text(String),
    /// Several, as of services.
    Several(Vec<String>),
}

impl Value {
    fn typed(self) -> String {
        match self {
            Self::Nothing(()) => String::new(),
            Self::Toggle(on) => if on { "yes" } else { "no" }.to_owned(),
            Self::Whole(number) => number.to_string(),
            Self::Text(text) => text,
            Self::Several(items) => items.join(","),
        }
    }
}

/// Arguments as they would be typed.
pub(super) fn typed(values: BTreeMap<String, Value>) -> BTreeMap<String, String> {
    values.into_iter().map(|(name, value)| (name, value.typed())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_may_send_what_is_natural_to_them() {
        let json = r#"{"title":"down","private":true,"number":3,"service":["a","b"],"site":null}"#;
        let args = typed(serde_json::from_str(json).expect("arguments"));
        let pairs: Vec<_> = args.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(pairs, [("number", "3"), ("private", "yes"), ("service", "a,b"), ("site", ""), ("title", "down")]);
    }

    #[test]
    fn an_argument_is_not_an_object() {
        assert!(serde_json::from_str::<BTreeMap<String, Value>>(r#"{"a":{"b":1}}"#).is_err());
        assert!(serde_json::from_str::<BTreeMap<String, Value>>(r#"{"a":[1]}"#).is_err());
    }
}
