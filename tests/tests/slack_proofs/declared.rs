//! Declarations: typed until an incident comes back, and looked for afterwards.

use crate::office::incident_in;
use muster_tests::process::Audit;
use muster_tests::slack::{Hand, Room, render_text};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// How long a person who was promised an answer waits for it.
const WAIT: Duration = Duration::from_secs(3);

/// An incident that somebody wanted to declare.
#[derive(Debug)]
pub(crate) struct Declared {
    words: String,
    by: &'static str,
    /// How often it was typed: as often as nothing came back.
    pub(crate) typed: usize,
    /// The incident that came back.
    incident: i64,
}

/// Types until an incident comes back, as a person does who sees no answer, or a promise that is not kept.
pub(crate) async fn declares(hand: Hand, by: &'static str, general: Room, words: String) -> Declared {
    let line = format!("new sev2 {words}");
    for typed in 1.. {
        let heard = hand.tries(&general, "/inc", &line).await;
        let mut picture = render_text(&heard.body);
        if picture.contains("Working on it…") {
            let kept = tokio::time::timeout(WAIT, hand.hears(&words)).await;
            picture = kept.map(|answer| answer.picture()).unwrap_or_default();
        }
        if let Some(incident) = incident_in(&picture) {
            assert!(picture.contains(&words), "{line}: {picture}");
            return Declared { words, by, typed, incident };
        }
        assert!(picture.is_empty(), "{line}: {picture}");
        // Nobody types faster.
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    unreachable!("somebody gave up")
}

/// What was acknowledged is there, by its number; and there are no more of it than were typed.
pub(crate) fn each_is_there(declared: &[Declared], audit: &Audit) {
    let mut acknowledged = BTreeSet::new();
    let mut titles: BTreeMap<&str, usize> = BTreeMap::new();
    for incident in audit.incidents.values() {
        *titles.entry(incident["title"].as_str().expect("a title")).or_default() += 1;
    }
    for one in declared {
        let incident = audit.incidents.get(&one.incident).unwrap_or_else(|| panic!("acknowledged and lost: {one:?}"));
        assert_eq!(incident["title"], one.words, "{one:?}");
        assert_eq!(incident["declared_by"]["person"], one.by, "{one:?}");
        assert!(acknowledged.insert(one.incident), "acknowledged to two: {one:?}");
        let there = titles.remove(one.words.as_str()).unwrap_or_default();
        assert!((1..=one.typed).contains(&there), "there {there} times: {one:?}");
    }
    assert!(titles.is_empty(), "nobody declared these: {titles:?}");
}
