//! What every letter begins with: headers in which nothing that anybody typed can end a line.

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MessageBuilder};
use muster_core::chat::fit::cut;
use muster_core::clock::Timestamp;
use muster_core::plain::one_line;

/// The longest subject, in characters.
const SUBJECT: usize = 200;

/// What a letter begins with.
pub(super) struct Opening<'a> {
    /// The idempotency key.
    pub(super) key: &'a str,
    /// When it is sent.
    pub(super) now: Timestamp,
    /// What it is about.
    pub(super) subject: &'a str,
}

impl Opening<'_> {
    /// The headers every letter has, each once.
    pub(super) fn of(&self, from: Mailbox, to: Mailbox) -> MessageBuilder {
        let id = message_id(self.key, from.email.domain());
        Message::builder()
            .message_id(Some(id))
            .date(self.now.into())
            .from(from)
            .to(to)
            .subject(cut(&one_line(self.subject), SUBJECT))
            // No machine answers it. <https://www.rfc-editor.org/rfc/rfc3834#section-5>
            .raw_header(fixed("Auto-Submitted", "auto-generated"))
            .raw_header(fixed("X-Auto-Response-Suppress", "All"))
    }
}

/// What a receiver knows a repeated attempt by: `<INC-7.12.0@example.com>`.
fn message_id(key: &str, domain: &str) -> String {
    format!("<{}@{domain}>", word(key))
}

/// As the left side of a message id takes it.
pub(super) fn word(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '.' }).collect()
}

/// A header whose value nobody has typed.
pub(super) fn fixed(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}
