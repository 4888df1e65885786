//! What can go wrong with a call to a fake platform, on purpose.

use muster_core::clock::Timestamp;
use std::time::{Duration, Instant};

/// How a call fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    /// 429 with `Retry-After`; until that has passed every call of the same kind is refused again.
    /// <https://docs.slack.dev/apis/web-api/rate-limits>, <https://docs.discord.com/developers/topics/rate-limits>
    RateLimited(Duration, Scope),
    /// An HTTP status and no JSON.
    Status(u16),
    /// The call takes effect; the connection is reset without an answer.
    ResetAfterEffect,
    /// The call takes effect; the answer is `ok: true` and nothing else.
    Unparseable,
    /// The call takes effect; no answer ever comes.
    Hang,
}

/// Whose calls a rate limit is about.
/// <https://docs.discord.com/developers/topics/rate-limits#header-format-rate-limit-header-examples>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// The app's calls of that kind.
    User,
    /// All calls of the app.
    Global,
    /// Everybody's calls about that thing; they are not held against the app.
    Shared,
}

/// A failure of some calls: all, unless narrowed to a method or a channel, until healed, unless counted.
#[derive(Debug, Clone)]
pub struct Fault {
    failure: Failure,
    method: Option<String>,
    channel: Option<String>,
    times: Option<u32>,
}

impl Fault {
    fn of(failure: Failure, times: Option<u32>) -> Self {
        Self { failure, method: None, channel: None, times }
    }

    /// One 429, and one for every call that comes before `retry_after` seconds have passed.
    #[must_use]
    pub fn rate_limited(retry_after: u64) -> Self {
        Self::of(Failure::RateLimited(Duration::from_secs(retry_after), Scope::User), Some(1))
    }

    /// The same for all calls of the app, whatever their kind.
    #[must_use]
    pub fn rate_limited_globally(retry_after: u64) -> Self {
        Self::of(Failure::RateLimited(Duration::from_secs(retry_after), Scope::Global), Some(1))
    }

    /// The same because of what others do, which is not held against the app.
    #[must_use]
    pub fn rate_limited_shared(retry_after: u64) -> Self {
        Self::of(Failure::RateLimited(Duration::from_secs(retry_after), Scope::Shared), Some(1))
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
    fn hits(&self, method: &str, channel: Option<&str>) -> bool {
        self.method.as_deref().is_none_or(|wanted| wanted == method)
            && self.channel.as_deref().is_none_or(|wanted| Some(wanted) == channel)
    }
}

/// A rate limit in force.
#[derive(Debug)]
struct Limit {
    fault: Fault,
    until: Timestamp,
    told: Instant,
}

/// What a call meets before it does anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Met {
    /// It is refused, and is to wait.
    Wait {
        /// How long.
        left: Duration,
        /// Since when that is known; `None` when this call is the first to be told.
        told: Option<Instant>,
        /// Whose calls it is about.
        scope: Scope,
    },
    /// It fails in another way.
    Fails(Failure),
}

/// Everything that goes wrong on purpose now.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    faults: Vec<Fault>,
    limits: Vec<Limit>,
}

impl Faults {
    /// One more.
    pub(crate) fn add(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    /// None any more.
    pub(crate) fn heal(&mut self) {
        self.faults.clear();
        self.limits.clear();
    }

    /// What a call meets, of a method and about a channel.
    pub(crate) fn meet(&mut self, now: Timestamp, method: &str, channel: Option<&str>) -> Option<Met> {
        self.limits.retain(|limit| limit.until > now);
        if let Some(limit) = self.limits.iter().find(|limit| limit.fault.hits(method, channel)) {
            let left = (limit.until - now).to_std().unwrap_or_default();
            let Failure::RateLimited(_, scope) = limit.fault.failure else { return None };
            return Some(Met::Wait { left, told: Some(limit.told), scope });
        }
        let place = self.faults.iter().position(|fault| fault.hits(method, channel))?;
        let fault = self.take(place);
        let Failure::RateLimited(left, scope) = fault.failure else { return Some(Met::Fails(fault.failure)) };
        let (method, channel) = match scope {
            Scope::Global => (None, None),
            Scope::User | Scope::Shared => (Some(method.to_owned()), channel.map(str::to_owned)),
        };
        self.limits.push(Limit { fault: Fault { method, channel, ..fault }, until: now + left, told: Instant::now() });
        Some(Met::Wait { left, told: None, scope })
    }

    /// One use of a fault.
    fn take(&mut self, place: usize) -> Fault {
        let fault = &mut self.faults[place];
        let taken = fault.clone();
        match &mut fault.times {
            Some(times) if *times <= 1 => {
                self.faults.remove(place);
            }
            Some(times) => *times -= 1,
            None => {}
        }
        taken
    }
}
