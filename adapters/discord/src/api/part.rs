//! Parts of an answer that must be there. An answer without them says nothing: least of all that there is nothing.

use super::ApiError;
use crate::config::Id;
use serde_json::Value;

/// An answer that is a list.
///
/// # Errors
/// [`ApiError::Ambiguous`] when it is none.
pub(crate) fn list(answer: &Value) -> Result<&[Value], ApiError> {
    answer.as_array().map(Vec::as_slice).ok_or_else(|| lacking("a list"))
}

/// A list in an answer.
///
/// # Errors
/// [`ApiError::Ambiguous`] when it is not there.
pub(crate) fn list_in<'a>(answer: &'a Value, name: &'static str) -> Result<&'a [Value], ApiError> {
    answer[name].as_array().map(Vec::as_slice).ok_or_else(|| lacking(name))
}

/// A snowflake in an answer.
///
/// # Errors
/// [`ApiError::Ambiguous`] when it is not there.
pub(crate) fn id(answer: &Value, name: &'static str) -> Result<Id, ApiError> {
    read_id(&answer[name]).ok_or_else(|| lacking(name))
}

/// A text in an answer.
///
/// # Errors
/// [`ApiError::Ambiguous`] when it is not there.
pub(crate) fn text<'a>(answer: &'a Value, name: &'static str) -> Result<&'a str, ApiError> {
    answer[name].as_str().ok_or_else(|| lacking(name))
}

/// A snowflake as Discord writes it: a number as text. Never 0.
pub(crate) fn read_id(value: &Value) -> Option<Id> {
    value.as_str().and_then(|text| text.parse().ok()).filter(|id| *id != 0)
}

/// A set of bits, permissions for instance, as Discord writes it.
/// <https://discord.com/developers/docs/topics/permissions>
pub(crate) fn bits(value: &Value) -> u64 {
    value.as_str().and_then(|text| text.parse().ok()).unwrap_or_default()
}

fn lacking(name: &str) -> ApiError {
    ApiError::Ambiguous(format!("the answer lacks `{name}`"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_answer_that_lacks_a_part_does_not_say_that_there_is_none() {
        assert_eq!(list(&json!([])), Ok([].as_slice()));
        assert!(list(&json!({})).is_err() && list_in(&json!({ "threads": null }), "threads").is_err());
        assert_eq!(id(&json!({ "id": "7" }), "id"), Ok(7));
        for wrong in [json!({}), json!({ "id": 7 }), json!({ "id": "0" }), json!({ "id": "-1" }), json!({ "id": "x" })]
        {
            assert!(id(&wrong, "id").is_err(), "{wrong}");
        }
        assert!(text(&json!({ "url": 1 }), "url").is_err());
        assert_eq!([bits(&json!("1024")), bits(&json!(null))], [1_024, 0]);
    }
}
