//! Gates: what Slack has asked us not to call for a while, we do not call.

use muster_core::clock::Timestamp;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// So many gates are remembered before those that are open again are forgotten.
const MANY: usize = 256;

/// A method, and the channel it is called for where limits are kept by channel.
type Gate = (&'static str, Option<String>);

/// The gates that are closed. <https://docs.slack.dev/apis/web-api/rate-limits>
#[derive(Debug, Default)]
pub(crate) struct Gates(Mutex<HashMap<Gate, Timestamp>>);

impl Gates {
    /// How long the gate stays closed; `None` when it is open.
    pub(crate) fn closed(&self, method: &'static str, channel: Option<&str>, now: Timestamp) -> Option<Duration> {
        let gates = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if gates.is_empty() {
            return None;
        }
        let until = [None, channel].into_iter().filter_map(|channel| gates.get(&(method, channel.map(str::to_owned))));
        let wait = until.map(|until| *until - now).max()?;
        wait.to_std().ok().filter(|wait| !wait.is_zero())
    }

    /// Closes the gate for as long as Slack asked.
    pub(crate) fn close(&self, method: &'static str, channel: Option<&str>, until: Timestamp, now: Timestamp) {
        let mut gates = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if gates.len() >= MANY {
            gates.retain(|_, until| *until > now);
        }
        let gate = gates.entry((method, channel.map(str::to_owned))).or_insert(until);
        *gate = until.max(*gate);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    const SAY: &str = "chat.postMessage";

    #[test]
    fn a_channel_that_is_held_holds_nobody_else() {
        let (gates, now) = (Gates::default(), Timestamp::UNIX_EPOCH);
        gates.close(SAY, Some("C1"), now + TimeDelta::seconds(30), now);
        assert_eq!(gates.closed(SAY, Some("C1"), now), Some(Duration::from_secs(30)));
        assert_eq!(gates.closed(SAY, Some("C2"), now), None);
        assert_eq!(gates.closed("chat.update", Some("C1"), now), None);
    }

    #[test]
    fn a_method_that_is_held_is_held_for_every_channel() {
        let (gates, now) = (Gates::default(), Timestamp::UNIX_EPOCH);
        gates.close(SAY, None, now + TimeDelta::seconds(30), now);
        assert_eq!(gates.closed(SAY, Some("C1"), now + TimeDelta::seconds(20)), Some(Duration::from_secs(10)));
    }

    #[test]
    fn a_gate_opens_when_its_time_has_come_and_never_sooner_than_last_asked() {
        let (gates, now) = (Gates::default(), Timestamp::UNIX_EPOCH);
        gates.close(SAY, Some("C1"), now + TimeDelta::seconds(30), now);
        gates.close(SAY, Some("C1"), now + TimeDelta::seconds(5), now);
        assert!(gates.closed(SAY, Some("C1"), now + TimeDelta::seconds(29)).is_some());
        assert_eq!(gates.closed(SAY, Some("C1"), now + TimeDelta::seconds(30)), None);
    }

    #[test]
    fn gates_that_are_open_again_are_forgotten() {
        let (gates, now) = (Gates::default(), Timestamp::UNIX_EPOCH);
        for n in 0..10_000 {
            let now = now + TimeDelta::seconds(n);
            gates.close(SAY, Some(&format!("C{n}")), now + TimeDelta::seconds(1), now);
        }
        assert!(gates.0.lock().expect("no panic").len() <= MANY);
    }
}
