//! How moments, structures and words become numbers and text, and back.

use chrono::DateTime;
use muster_core::clock::Timestamp;
use muster_core::effect::Urgency;
use muster_core::ids::IncidentId;
use muster_core::incident::{Kind, Visibility};
use muster_core::ports::credentials::CredentialKind;
use muster_core::ports::store::{OutboxState, StoreError};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::sync::Arc;

/// A moment as microseconds since 1970.
pub(crate) fn micros(moment: Timestamp) -> i64 {
    moment.timestamp_micros()
}

/// The moment of those microseconds.
pub(crate) fn moment(micros: i64) -> Result<Timestamp, StoreError> {
    DateTime::from_timestamp_micros(micros)
        .ok_or_else(|| StoreError::Broken("a stored time is out of range".to_owned()))
}

/// A structure as JSON.
pub(crate) fn json(value: &impl Serialize) -> Result<Arc<str>, StoreError> {
    match serde_json::to_string(value) {
        Ok(text) => Ok(text.into()),
        Err(_) => Err(StoreError::Broken("something could not be written as JSON".to_owned())),
    }
}

/// The structure of that JSON. The error tells `what` it should have been and never what it is.
pub(crate) fn parse<T: DeserializeOwned>(what: &str, text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        StoreError::Broken(format!("the stored {what} is not understood, at line {line}, column {column}"))
    })
}

/// What was read is no word that is ever written.
pub(crate) fn unknown(what: &str) -> StoreError {
    StoreError::Broken(format!("a stored {what} is not known"))
}

/// Incidents are counted from 1; what is about none has 0 in its place.
pub(crate) fn of_incident(incident: Option<IncidentId>) -> i64 {
    incident.map_or(0, |incident| incident.0)
}

/// The incident of such a column.
pub(crate) fn incident(number: i64) -> Option<IncidentId> {
    (number != 0).then_some(IncidentId(number))
}

pub(crate) fn kind(word: &str) -> Result<Kind, StoreError> {
    Kind::ALL.into_iter().find(|kind| kind.word() == word).ok_or_else(|| unknown("kind of incident"))
}

pub(crate) fn is_private(visibility: Visibility) -> bool {
    match visibility {
        Visibility::Public => false,
        Visibility::Private => true,
    }
}

pub(crate) fn visibility(private: i64) -> Visibility {
    if private == 0 { Visibility::Public } else { Visibility::Private }
}

pub(crate) fn urgency(rank: i64) -> Result<Urgency, StoreError> {
    let all = [Urgency::Page, Urgency::Prompt, Urgency::Routine];
    all.into_iter().find(|urgency| urgency.rank() == rank).ok_or_else(|| unknown("urgency"))
}

pub(crate) fn outbox_word(state: OutboxState) -> &'static str {
    match state {
        OutboxState::Waiting => "waiting",
        OutboxState::Done => "done",
        OutboxState::Superseded => "superseded",
        OutboxState::Dead => "dead",
    }
}

pub(crate) fn credential_word(kind: CredentialKind) -> &'static str {
    match kind {
        CredentialKind::LoginLink => "login_link",
        CredentialKind::Session => "session",
        CredentialKind::Token => "token",
        CredentialKind::Answer => "answer",
        CredentialKind::Feed => "feed",
        CredentialKind::Integration => "integration",
        CredentialKind::Runner => "runner",
    }
}
