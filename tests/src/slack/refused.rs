//! A call that Slack refuses: its error code and what goes with it.

use serde_json::{Map, Value, json};

/// A refusal. <https://docs.slack.dev/apis/web-api#responses>
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Refused {
    /// The code.
    pub(super) code: String,
    /// Further members of the answer.
    pub(super) with: Map<String, Value>,
}

/// What a method answers.
pub(super) type Answer = Result<Value, Refused>;

impl From<&str> for Refused {
    fn from(code: &str) -> Self {
        Self { code: code.to_owned(), with: Map::new() }
    }
}

impl Refused {
    /// With the sentences Slack puts into `response_metadata.messages`.
    pub(super) fn because(code: &str, messages: &[String]) -> Self {
        let mut refused = Self::from(code);
        refused.with.insert("response_metadata".to_owned(), json!({ "messages": messages }));
        if code == "invalid_blocks" {
            refused.with.insert("errors".to_owned(), json!(messages));
        }
        refused
    }

    /// The whole answer.
    pub(super) fn json(&self) -> Value {
        let mut answer = self.with.clone();
        answer.insert("ok".to_owned(), Value::Bool(false));
        answer.insert("error".to_owned(), Value::from(self.code.clone()));
        Value::Object(answer)
    }
}
