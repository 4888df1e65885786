//! One request of the app, as it happened.

use serde_json::Value;
use std::time::Duration;

/// One request to the REST API.
#[derive(Debug, Clone)]
pub struct Call {
    /// Method and route: `POST /channels/{}/messages`.
    pub route: String,
    /// The path, after `/api/v10`.
    pub path: String,
    /// The query.
    pub query: String,
    /// The body; null if there was none.
    pub body: Value,
    /// When it arrived, since the start of the fake.
    pub at: Duration,
    /// The HTTP status of the answer; 0 where there was none.
    pub status: u16,
    /// Discord's error code, if it was refused with one.
    pub code: Option<u32>,
    /// Whether it came although the app had been told to wait.
    pub early: bool,
    /// Whether it counts against the app's budget of invalid requests.
    pub is_invalid: bool,
}
