//! Names of things: incidents, people, rooms, requests. Each is its own type so that none can stand in for another.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// An incident's number. Shown and typed as `INC-42`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct IncidentId(pub i64);

impl fmt::Display for IncidentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "INC-{}", self.0)
    }
}

impl From<IncidentId> for String {
    fn from(id: IncidentId) -> Self {
        id.to_string()
    }
}

/// The text was not the name of an incident.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not an incident; write it as INC-42")]
pub struct NotAnIncident(pub String);

impl FromStr for IncidentId {
    type Err = NotAnIncident;

    /// Accepts `INC-42`, `inc42`, `#42` and `42`.
    fn from_str(text: &str) -> Result<Self, NotAnIncident> {
        let lower = text.trim().to_ascii_lowercase();
        let digits = match lower.strip_prefix("inc") {
            Some(rest) => rest.strip_prefix(['-', '#']).unwrap_or(rest),
            None => lower.strip_prefix('#').unwrap_or(&lower),
        };
        match digits.parse::<i64>() {
            Ok(number) if number > 0 && digits.bytes().all(|b| b.is_ascii_digit()) => Ok(Self(number)),
            Ok(_) | Err(_) => Err(NotAnIncident(text.trim().to_owned())),
        }
    }
}

impl TryFrom<String> for IncidentId {
    type Error = NotAnIncident;

    fn try_from(text: String) -> Result<Self, NotAnIncident> {
        text.parse()
    }
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes the text as it is.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The text itself.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }
    };
}

text_id! {
    /// One human. A person of the organisation has the id given in the config (`alice`);
    /// somebody known only from a chat is `platform/external-id`.
    PersonId
}
text_id! {
    /// A chat platform or other place where people work: `console`, `shell`, `api`, and one per chat adapter.
    PlatformId
}
text_id! {
    /// Names one attempt of one caller to do one thing; the same id again has no second effect.
    RequestId
}
text_id! {
    /// A severity by its configured name, such as `SEV1`. Order and meaning are the organisation's.
    SeverityKey
}
text_id! {
    /// A role by its configured key, such as `commander`.
    RoleKey
}
text_id! {
    /// Names one effect for ever: `INC-42/17/0` is the first effect of the 17th change of INC-42.
    /// It is the idempotency key (or nonce) handed to the outside.
    EffectKey
}
text_id! {
    /// Names one pending timer; setting it again moves it.
    TimerKey
}

impl PlatformId {
    /// The browser console, which is always there.
    #[must_use]
    pub fn console() -> Self {
        Self::from("console")
    }

    /// Commands typed in a shell.
    #[must_use]
    pub fn shell() -> Self {
        Self::from("shell")
    }

    /// Programs that call the JSON API.
    #[must_use]
    pub fn api() -> Self {
        Self::from("api")
    }

    /// Those who have subscribed: what is spread among them is delivered to each by a courier.
    #[must_use]
    pub fn subscribers() -> Self {
        Self::from("subscribers")
    }

    /// Letters. A contact of a person's by that name is where bulletins for them go.
    #[must_use]
    pub fn email() -> Self {
        Self::from("email")
    }

    /// Text messages to a phone.
    #[must_use]
    pub fn sms() -> Self {
        Self::from("sms")
    }

    /// Calls to a phone.
    #[must_use]
    pub fn voice() -> Self {
        Self::from("voice")
    }

    /// Push messages to a phone.
    #[must_use]
    pub fn push() -> Self {
        Self::from("push")
    }

    /// Other systems that take what is signed by us.
    #[must_use]
    pub fn webhook() -> Self {
        Self::from("webhook")
    }

    /// Services of PagerDuty.
    #[must_use]
    pub fn pagerduty() -> Self {
        Self::from("pagerduty")
    }

    /// Pages at Statuspage.
    #[must_use]
    pub fn statuspage() -> Self {
        Self::from("statuspage")
    }

    /// The id of somebody of whom only their handle on this platform is known.
    #[must_use]
    pub fn guest(&self, handle: &str) -> PersonId {
        PersonId::new(format!("{self}/{handle}"))
    }

    /// Whether that is the id of such a guest of this platform.
    #[must_use]
    pub fn has_guest(&self, person: &PersonId) -> bool {
        self.handle_of_guest(person).is_some()
    }

    /// The handle of such a guest of this platform.
    #[must_use]
    pub fn handle_of_guest<'a>(&self, person: &'a PersonId) -> Option<&'a str> {
        person.as_str().strip_prefix(self.as_str())?.strip_prefix('/')
    }

    /// Muster itself: timers and consequences.
    #[must_use]
    pub fn system() -> Self {
        Self::from("muster")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_incident_is_typed_in_any_usual_way_and_shown_in_one() {
        for text in ["INC-42", "inc-42", "Inc42", "#42", "42", " INC-42 "] {
            assert_eq!(text.parse(), Ok(IncidentId(42)), "{text}");
        }
        assert_eq!(IncidentId(42).to_string(), "INC-42");
    }

    #[test]
    fn what_is_no_incident_is_refused() {
        for text in
            ["", "INC-", "INC-0", "INC--", "INC--1", "-1", "0", "-3x", "INC-4.2", "99999999999999999999", "checkout"]
        {
            assert!(text.parse::<IncidentId>().is_err(), "{text}");
        }
    }
}
