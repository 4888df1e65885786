//! `[subscribers]`: how those outside are reached who have asked to be told.

use super::super::section::Section;
use super::super::value;
use muster_core::comms::LinkKey;
use muster_notify::EmailCourierConfig;
use std::num::NonZeroU32;

/// How many may be told within a second.
const PER_SECOND: std::ops::RangeInclusive<i64> = 1..=10_000;

/// What `[subscribers]` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Subscribing {
    /// The key of their links. Without one nobody can subscribe.
    pub(crate) key: Option<LinkKey>,
    /// So many letters go out within a second.
    pub(crate) mails_per_second: NonZeroU32,
    /// So many requests to webhooks.
    pub(crate) webhooks_per_second: NonZeroU32,
    /// Where letters come back to that cannot be delivered: each with a sign of its own before the `@`.
    pub(crate) bounces: Option<String>,
}

impl Default for Subscribing {
    fn default() -> Self {
        Self { key: None, mails_per_second: rate(20), webhooks_per_second: rate(50), bounces: None }
    }
}

/// A rate of at least one.
fn rate(per_second: u32) -> NonZeroU32 {
    NonZeroU32::MIN.saturating_add(per_second.saturating_sub(1))
}

/// Reads `[subscribers]`.
pub(super) fn read(root: &Section<'_, '_>) -> Subscribing {
    let usual = Subscribing::default();
    let Some(section) = root.table("subscribers") else { return usual };
    let typed = section.required("key", "env:MUSTER_SUBSCRIBERS_KEY");
    let key = typed.and_then(|typed| {
        let key = value::resolve(&section, "key", &typed)?;
        let short = "a key has at least 32 characters; make one with `openssl rand -base64 32`".to_owned();
        section.taken("key", &typed, LinkKey::new(&key).ok_or(short))
    });
    let per_second =
        |key| section.number(key, PER_SECOND).and_then(|rate| NonZeroU32::try_from(u32::try_from(rate).ok()?).ok());
    let bounces = section.text("bounces").and_then(|typed| {
        let has_room = EmailCourierConfig::has_room(typed.get_ref()).map(|()| typed.get_ref().clone());
        section.taken("bounces", &typed, has_room.map_err(|wrong| wrong.to_string()))
    });
    let read = Subscribing {
        mails_per_second: per_second("mails_per_second").unwrap_or(usual.mails_per_second),
        webhooks_per_second: per_second("webhooks_per_second").unwrap_or(usual.webhooks_per_second),
        key,
        bounces,
    };
    section.finish();
    read
}
