//! Platforms leave fields out, add new ones, and change their types. A payload is never lost for one of them.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// For `#[serde(deserialize_with = "lenient")]`: whatever is not of the type that is expected is empty.
///
/// # Errors
/// Only when what holds the field cannot be read at all.
pub fn lenient<'de, D: Deserializer<'de>, T: DeserializeOwned + Default>(from: D) -> Result<T, D::Error> {
    Ok(serde_json::from_value(Value::deserialize(from)?).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default)]
    struct Message {
        #[serde(deserialize_with = "lenient")]
        text: String,
        #[serde(deserialize_with = "lenient")]
        files: Vec<String>,
    }

    #[test]
    fn what_is_missing_or_of_another_type_is_empty_and_the_rest_is_read() {
        let read = |value: Value| serde_json::from_value::<Message>(value).ok();
        let said = Message { text: "hi".into(), files: Vec::new() };
        assert_eq!(read(json!({ "text": "hi" })).as_ref(), Some(&said));
        assert_eq!(read(json!({ "text": "hi", "files": 7, "new": {} })).as_ref(), Some(&said));
        assert_eq!(read(json!({ "text": null, "files": ["x"] })).map(|message| message.files), Some(vec!["x".into()]));
        assert_eq!(read(json!([])), Some(Message::default()));
        assert_eq!(read(json!(7)), None);
    }
}
