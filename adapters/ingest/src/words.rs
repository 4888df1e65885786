//! The words of many systems for how bad it is and what has become of it.

use muster_core::alert::{Action, Level};

/// The level that a word stands for, if it is known.
pub(crate) fn level(word: &str) -> Option<Level> {
    let word = word.trim().to_ascii_lowercase();
    Some(match word.as_str() {
        "critical" | "crit" | "fatal" | "page" | "emergency" | "emerg" | "disaster" | "panic" | "alert" | "blocker"
        | "highest" | "p1" | "p0" | "sev1" | "sev0" | "s1" => Level::Critical,
        "error" | "err" | "major" | "high" | "severe" | "down" | "p2" | "sev2" | "s2" => Level::Error,
        "warning" | "warn" | "minor" | "medium" | "moderate" | "average" | "p3" | "sev3" | "s3" => Level::Warning,
        "info" | "information" | "informational" | "notice" | "low" | "lowest" | "none" | "debug" | "trivial"
        | "ticket" | "p4" | "p5" | "sev4" | "sev5" | "s4" => Level::Info,
        _ => return None,
    })
}

/// What a word says that a signal does, if it is known.
pub(crate) fn action(word: &str) -> Option<Action> {
    let word = word.trim().to_ascii_lowercase();
    Some(match word.as_str() {
        "resolve" | "resolved" | "ok" | "okay" | "up" | "close" | "closed" | "clear" | "cleared" | "recover"
        | "recovered" | "recovery" | "normal" | "healthy" | "success" | "succeeded" | "passed" | "fixed"
        | "inactive" | "green" | "end" | "ended" | "finished" | "completed" | "back to normal" => Action::Resolve,
        "acknowledge" | "acknowledged" | "ack" | "acked" | "assigned" => Action::Acknowledge,
        "trigger" | "triggered" | "firing" | "fire" | "fired" | "alerting" | "alert" | "alarm" | "open" | "opened"
        | "down" | "problem" | "active" | "failed" | "failure" | "error" | "critical" | "warning" | "red" | "start"
        | "started" | "created" | "unhealthy" | "breached" => Action::Trigger,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_known_in_any_case_and_others_are_no_guess() {
        assert_eq!(level(" CRITICAL "), Some(Level::Critical));
        assert_eq!(level("P3"), Some(Level::Warning));
        assert_eq!(level("purple"), None);
        assert_eq!(action("Recovered"), Some(Action::Resolve));
        assert_eq!(action("acked"), Some(Action::Acknowledge));
        assert_eq!(action("maybe"), None);
    }

    #[test]
    fn every_level_is_known_by_its_own_word() {
        for one in Level::ALL {
            assert_eq!(level(one.word()), Some(one));
        }
    }
}
