//! What Discord refuses, with its codes, and what it answers.

use serde_json::{Value, json};

/// Status, code and words.
/// <https://docs.discord.com/developers/topics/opcodes-and-status-codes#json-json-error-codes>
type Error = (u16, u32, &'static str);

pub(super) const UNAUTHORIZED: Error = (401, 0, "401: Unauthorized");
pub(super) const NOT_FOUND: Error = (404, 0, "404: Not Found");
pub(super) const UNKNOWN_CHANNEL: Error = (404, 10003, "Unknown Channel");
pub(super) const UNKNOWN_GUILD: Error = (404, 10004, "Unknown Guild");
pub(super) const UNKNOWN_MEMBER: Error = (404, 10007, "Unknown Member");
pub(super) const UNKNOWN_MESSAGE: Error = (404, 10008, "Unknown Message");
pub(super) const UNKNOWN_OVERWRITE: Error = (404, 10009, "Unknown Permission Overwrite");
pub(super) const UNKNOWN_USER: Error = (404, 10013, "Unknown User");
pub(super) const UNKNOWN_EMOJI: Error = (400, 10014, "Unknown Emoji");
pub(super) const UNKNOWN_WEBHOOK: Error = (404, 10015, "Unknown Webhook");
pub(super) const UNKNOWN_INTERACTION: Error = (404, 10062, "Unknown interaction");
pub(super) const UNKNOWN_COMMAND: Error = (404, 10063, "Unknown application command");
pub(super) const TOO_MANY_PINS: Error = (400, 30003, "Maximum number of pins reached (250)");
pub(super) const TOO_MANY_REACTIONS: Error = (400, 30010, "Maximum number of reactions reached (20)");
pub(super) const TOO_MANY_CHANNELS: Error = (400, 30013, "Maximum number of server channels reached (500)");
pub(super) const TOO_LARGE: Error = (413, 40005, "Request entity too large");
pub(super) const ACKNOWLEDGED: Error = (400, 40060, "Interaction has already been acknowledged.");
pub(super) const FORUM_MESSAGE: Error = (400, 40058, "Cannot send a message in a forum channel");
pub(super) const MISSING_ACCESS: Error = (403, 50001, "Missing Access");
pub(super) const NOT_THE_AUTHOR: Error = (403, 50005, "Cannot edit a message authored by another user");
pub(super) const EMPTY_MESSAGE: Error = (400, 50006, "Cannot send an empty message");
pub(super) const CLOSED_DIRECT: Error = (403, 50007, "Cannot send messages to this user");
pub(super) const NON_TEXT: Error = (400, 50008, "Cannot send messages in a non-text channel");
pub(super) const MISSING_PERMISSIONS: Error = (403, 50013, "Missing Permissions");
pub(super) const WRONG_KIND: Error = (400, 50024, "Cannot execute action on this channel type");
pub(super) const INVALID_TOKEN: Error = (401, 50027, "Invalid Webhook Token");
pub(super) const ARCHIVED: Error = (400, 50083, "Thread is archived");
pub(super) const HAS_THREAD: Error = (400, 160_004, "A thread has already been created for this message");
pub(super) const TOO_MANY_THREADS: Error = (400, 160_006, "Maximum number of active threads reached");

/// A refusal.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Refused {
    pub(super) status: u16,
    pub(super) code: u32,
    pub(super) message: String,
    /// What is wrong, by where it stands in the body.
    pub(super) errors: Option<Value>,
}

/// An answer that is no refusal.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Reply {
    pub(super) status: u16,
    /// Null when there is none.
    pub(super) body: Value,
}

/// What a route answers.
pub(super) type Answer = Result<Reply, Refused>;

/// 200 with that body.
pub(super) fn ok(body: Value) -> Answer {
    Ok(Reply { status: 200, body })
}

/// 201 with that body.
pub(super) fn created(body: Value) -> Answer {
    Ok(Reply { status: 201, body })
}

/// 204.
pub(super) fn done() -> Answer {
    Ok(Reply { status: 204, body: Value::Null })
}

impl From<Error> for Refused {
    fn from((status, code, message): Error) -> Self {
        Self { status, code, message: message.to_owned(), errors: None }
    }
}

impl Refused {
    /// The body is not as it must be, at these places for these reasons.
    /// <https://docs.discord.com/developers/reference#error-messages>
    pub(super) fn form(wrong: &[Wrong]) -> Self {
        let mut errors = json!({});
        for one in wrong {
            let mut place = &mut errors;
            for step in one.at.split('.').filter(|step| !step.is_empty()) {
                place = &mut place[step];
            }
            let error = json!({ "code": "BASE_TYPE_INVALID", "message": one.why });
            match place["_errors"].as_array_mut() {
                Some(known) => known.push(error),
                None => place["_errors"] = json!([error]),
            }
        }
        Self { status: 400, code: 50035, message: "Invalid Form Body".to_owned(), errors: Some(errors) }
    }

    /// The whole answer.
    pub(super) fn json(&self) -> Value {
        let mut answer = json!({ "code": self.code, "message": self.message });
        if let Some(errors) = &self.errors {
            answer["errors"] = errors.clone();
        }
        answer
    }
}

/// Something wrong in a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wrong {
    /// Where it stands: `embeds.0.title`.
    pub(super) at: String,
    /// Why it will not do.
    pub(super) why: String,
}

impl Wrong {
    /// That, there.
    pub(super) fn at(at: impl Into<String>, why: impl Into<String>) -> Self {
        Self { at: at.into(), why: why.into() }
    }
}

impl std::fmt::Display for Wrong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.at, self.why)
    }
}
