//! Declarations: asked for until an incident comes back, and looked for afterwards.

use crate::chat::Chat;
use crate::office::{incident_in, is_private};
use muster_tests::process::Audit;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// How long a person who was promised an answer waits for it.
const WAIT: Duration = Duration::from_secs(3);

/// An incident that somebody wanted to declare.
#[derive(Debug)]
pub(crate) struct Declared {
    pub(crate) words: String,
    pub(crate) by: &'static str,
    pub(crate) is_private: bool,
    /// How often it was asked for: as often as nothing came back.
    pub(crate) asked: usize,
    /// The incident that came back.
    pub(crate) incident: i64,
}

/// Who declares something.
pub(crate) struct Author<C: Chat> {
    /// By the id of the organisation.
    pub(crate) name: &'static str,
    pub(crate) hand: C::Hand,
    /// Where they type.
    pub(crate) at: C::Room,
}

/// Types until an incident comes back, as a person does who sees no answer, or a promise that is not kept.
pub(crate) async fn declares<C: Chat>(by: Author<C>, words: String, is_private: bool) -> Declared {
    let line = format!("new sev2 {words}{}", if is_private { " --private" } else { "" });
    for asked in 1.. {
        let heard = C::tries(&by.hand, &by.at, &line).await;
        let picture = match (heard.acked, heard.answer) {
            (Some(_), None) => tokio::time::timeout(WAIT, C::hears(&by.hand, &words)).await.unwrap_or_default(),
            (_, answer) => answer.unwrap_or_default(),
        };
        if let Some(incident) = incident_in(&picture) {
            assert!(picture.contains(&words), "{line}: {picture}");
            return Declared { words, by: by.name, is_private, asked, incident };
        }
        assert!(picture.is_empty(), "{line}: {picture}");
        // Nobody types faster.
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    unreachable!("somebody gave up")
}

/// What was acknowledged is there, by its number; and there are no more of it than were asked for.
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
        assert_eq!(is_private(incident), one.is_private, "{one:?}");
        assert!(acknowledged.insert(one.incident), "acknowledged to two: {one:?}");
        let there = titles.remove(one.words.as_str()).unwrap_or_default();
        assert!((1..=one.asked).contains(&there), "there {there} times: {one:?}");
    }
    assert!(titles.is_empty(), "nobody declared these: {titles:?}");
}
