//! A session: what Discord sends from a greeting on, however many connections that takes.
//! <https://docs.discord.com/developers/events/gateway#resuming>

use super::frame::Event;

/// A session, as far as it must be known to go on with it. It prints nothing of itself: with the token, it is enough to
/// listen in.
#[derive(Default)]
pub(super) struct Session {
    /// Its id.
    pub(super) id: String,
    /// Where it goes on.
    pub(super) address: String,
    /// The number of the last event that was read. What comes after it is sent again.
    pub(super) number: Option<u64>,
}

impl Session {
    /// Whether it can be gone on with.
    pub(super) fn is_resumable(&self) -> bool {
        !self.id.is_empty() && !self.address.is_empty() && self.number.is_some()
    }

    /// Takes note of an event, whether or not it can be read.
    pub(super) fn follow(&mut self, event: &Event) {
        self.number = event.number.or(self.number);
        if event.kind == "READY" {
            let text = |field: &str| event.data[field].as_str().unwrap_or_default().to_owned();
            (self.id, self.address) = (text("session_id"), text("resume_gateway_url"));
        }
    }

    /// What names an event for ever; nothing if it has no number.
    pub(super) fn name_of(&self, event: &Event) -> Option<String> {
        event.number.map(|number| format!("{}:{number}", self.id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_session_is_followed_by_every_event_and_can_be_resumed_once_it_has_a_name() {
        let mut session = Session::default();
        assert!(!session.is_resumable());
        let data = json!({ "session_id": "s", "resume_gateway_url": "wss://resume" });
        session.follow(&Event { number: Some(1), kind: "READY".into(), data });
        session.follow(&Event { number: Some(2), kind: "WHO_KNOWS".into(), data: json!([]) });
        session.follow(&Event::default());
        assert!(session.is_resumable());
        assert_eq!((session.id.as_str(), session.address.as_str(), session.number), ("s", "wss://resume", Some(2)));
    }
}
