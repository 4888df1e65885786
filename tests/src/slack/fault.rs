//! What can go wrong with a call, on purpose.

use std::time::Duration;

/// How a call fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failure {
    /// 429 with `Retry-After`; until that has passed every call of the same kind is refused again.
    /// <https://docs.slack.dev/apis/web-api/rate-limits>
    RateLimited(Duration),
    /// An HTTP status and no JSON.
    Status(u16),
    /// The call takes effect; the connection is reset without an answer.
    ResetAfterEffect,
    /// The call takes effect; the answer is `ok: true` and nothing else.
    Unparseable,
    /// The call takes effect; no answer ever comes.
    Hang,
}

/// A failure of some calls: all, unless narrowed to a method or a channel, until healed, unless counted.
#[derive(Debug, Clone)]
pub struct Fault {
    pub(super) failure: Failure,
    pub(super) method: Option<String>,
    pub(super) channel: Option<String>,
    pub(super) times: Option<u32>,
}

impl Fault {
    fn of(failure: Failure, times: Option<u32>) -> Self {
        Self { failure, method: None, channel: None, times }
    }

    /// One 429, and one for every call that comes before `retry_after` seconds have passed.
    #[must_use]
    pub fn rate_limited(retry_after: u64) -> Self {
        Self::of(Failure::RateLimited(Duration::from_secs(retry_after)), Some(1))
    }

    /// Every call is answered with this HTTP status.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self::of(Failure::Status(status), None)
    }

    /// One call takes effect, and its connection is reset without an answer.
    #[must_use]
    pub fn reset_after_effect() -> Self {
        Self::of(Failure::ResetAfterEffect, Some(1))
    }

    /// One call takes effect, and its answer lacks what it should hold.
    #[must_use]
    pub fn unparseable() -> Self {
        Self::of(Failure::Unparseable, Some(1))
    }

    /// One call takes effect, and is never answered.
    #[must_use]
    pub fn hang() -> Self {
        Self::of(Failure::Hang, Some(1))
    }

    /// Only calls of this method.
    #[must_use]
    pub fn on(mut self, method: &str) -> Self {
        self.method = Some(method.to_owned());
        self
    }

    /// Only calls about the channel of this id.
    #[must_use]
    pub fn in_channel(mut self, channel: &str) -> Self {
        self.channel = Some(channel.to_owned());
        self
    }

    /// So many calls.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    /// Every call until it is healed.
    #[must_use]
    pub fn until_healed(mut self) -> Self {
        self.times = None;
        self
    }

    /// Whether it is about that call.
    pub(super) fn hits(&self, method: &str, channel: Option<&str>) -> bool {
        self.method.as_deref().is_none_or(|wanted| wanted == method)
            && self.channel.as_deref().is_none_or(|wanted| Some(wanted) == channel)
    }
}
