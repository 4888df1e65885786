//! Parts of an answer that must be there. An answer without them says nothing: least of all that there is nothing.

use super::ApiError;
use serde_json::Value;

/// A list in an answer.
///
/// # Errors
/// [`ApiError::Ambiguous`] when it is not there.
pub(crate) fn list<'a>(answer: &'a Value, name: &'static str) -> Result<&'a [Value], ApiError> {
    answer[name].as_array().map(Vec::as_slice).ok_or_else(|| lacking(name))
}

/// A thing with an id in an answer.
///
/// # Errors
/// [`ApiError::Ambiguous`] when it is not there.
pub(crate) fn thing<'a>(answer: &'a Value, name: &'static str) -> Result<(&'a str, &'a Value), ApiError> {
    let thing = &answer[name];
    thing["id"].as_str().map(|id| (id, thing)).ok_or_else(|| lacking(name))
}

/// A text in an answer.
///
/// # Errors
/// [`ApiError::Ambiguous`] when it is not there.
pub(crate) fn text<'a>(answer: &'a Value, name: &'static str) -> Result<&'a str, ApiError> {
    answer[name].as_str().ok_or_else(|| lacking(name))
}

fn lacking(name: &str) -> ApiError {
    ApiError::Ambiguous(format!("the answer lacks `{name}`"))
}

/// The cursor of the next page of a list, if there is one. <https://docs.slack.dev/apis/web-api/pagination>
pub(crate) fn next(page: &Value) -> Option<&str> {
    page["response_metadata"]["next_cursor"].as_str().filter(|cursor| !cursor.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_answer_that_lacks_a_list_does_not_say_that_the_list_is_empty() {
        assert_eq!(list(&json!({ "channels": [] }), "channels"), Ok([].as_slice()));
        for answer in [json!({}), json!({ "channels": null }), json!({ "channels": {} })] {
            assert!(matches!(list(&answer, "channels"), Err(ApiError::Ambiguous(_))), "{answer}");
        }
        assert!(thing(&json!({ "user": {} }), "user").is_err() && text(&json!({ "ts": 1 }), "ts").is_err());
    }

    #[test]
    fn the_last_page_has_no_next() {
        assert_eq!(next(&json!({ "response_metadata": { "next_cursor": "a=" } })), Some("a="));
        assert_eq!(next(&json!({ "response_metadata": { "next_cursor": "" } })), None);
        assert_eq!(next(&json!({})), None);
    }
}
