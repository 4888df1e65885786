//! What must be true of any database that Muster has written, whatever happened to Muster meanwhile.

use super::Database;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// An effect and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    /// For which incident.
    pub incident: i64,
    /// In which lane.
    pub lane: String,
    /// Where in the lane.
    pub position: i64,
    /// Where it stands.
    pub state: String,
    /// How often it was tried.
    pub attempts: i64,
}

/// Everything in the database that matters.
#[derive(Debug, Default)]
pub struct Audit {
    /// The state of each incident.
    pub incidents: BTreeMap<i64, Value>,
    /// The log of each: place, number and body of each row.
    pub logs: BTreeMap<i64, Vec<(i64, i64, Value)>>,
    /// The outbox, by key.
    pub outbox: BTreeMap<String, Effect>,
    /// When each message of the console was kept, by the key of its effect.
    pub messages: BTreeMap<String, i64>,
    /// The kept replies, by request.
    pub replies: BTreeMap<String, Value>,
}

fn number(text: &str) -> i64 {
    text.parse().unwrap_or_else(|_| panic!("{text:?} is no number"))
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| panic!("this is no JSON: {text}"))
}

impl Audit {
    /// Reads it all.
    pub async fn of(database: &mut Database) -> Self {
        let mut audit = Self::default();
        for row in database.rows("SELECT CAST(id AS TEXT), CAST(version AS TEXT), state FROM incidents").await {
            let state = parsed(&row[2]);
            assert_eq!(state["version"], number(&row[1]), "the column and the document of INC-{} differ", row[0]);
            audit.incidents.insert(number(&row[0]), state);
        }
        let sql = "SELECT CAST(incident AS TEXT), CAST(seq AS TEXT), CAST(number AS TEXT), body FROM entries";
        for row in database.rows(sql).await {
            let log = audit.logs.entry(number(&row[0])).or_default();
            log.push((number(&row[1]), number(&row[2]), parsed(&row[3])));
        }
        for log in audit.logs.values_mut() {
            log.sort_by_key(|(seq, _, _)| *seq);
        }
        let sql = "SELECT key, CAST(incident AS TEXT), lane, CAST(position AS TEXT), state, CAST(attempts AS TEXT)
                   FROM outbox";
        for row in database.rows(sql).await {
            let effect = Effect {
                incident: number(&row[1]),
                lane: row[2].clone(),
                position: number(&row[3]),
                state: row[4].clone(),
                attempts: number(&row[5]),
            };
            assert!(audit.outbox.insert(row[0].clone(), effect).is_none(), "the effect {} is there twice", row[0]);
        }
        for row in database.rows("SELECT key, CAST(at AS TEXT) FROM messages").await {
            assert!(audit.messages.insert(row[0].clone(), number(&row[1])).is_none(), "{} was said twice", row[0]);
        }
        for row in database.rows("SELECT request, reply FROM replies").await {
            assert!(audit.replies.insert(row[0].clone(), parsed(&row[1])).is_none(), "{} has two replies", row[0]);
        }
        audit
    }

    /// Logs without gaps, that end where their incident says; effects of changes that there were.
    ///
    /// # Panics
    /// When it is not so.
    pub fn holds_together(&self) {
        for (id, log) in &self.logs {
            assert!(self.incidents.contains_key(id), "INC-{id} has a log and does not exist");
            for (place, (seq, number, _)) in (1..).zip(log) {
                assert_eq!(*seq, place, "the log of INC-{id} has a gap");
                assert!(number <= seq, "the log of INC-{id} restates what comes later");
            }
        }
        for (id, incident) in &self.incidents {
            let length = i64::try_from(self.logs.get(id).map_or(0, Vec::len)).expect("a small number");
            assert!(length > 0, "INC-{id} has no log");
            assert_eq!(incident["next_entry"], length + 1, "INC-{id} counts other rows than it has");
        }
        let mut places = BTreeSet::new();
        for (key, effect) in &self.outbox {
            let change = key.split('/').nth(1).map(number).expect("a key names a change");
            let version = self.incidents.get(&effect.incident).and_then(|incident| incident["version"].as_i64());
            assert!(version.is_some_and(|version| change <= version), "{key} is of a change that never was");
            assert!(places.insert((effect.lane.clone(), effect.position)), "two effects at one place: {key}");
        }
    }

    /// Every effect was made, recorded, and arrived once, in the order of its lane.
    ///
    /// # Panics
    /// When it is not so.
    pub fn everything_was_made_once(&self) {
        for (key, effect) in &self.outbox {
            assert_eq!(effect.state, "done", "{key}: {effect:?}");
            assert!(self.messages.contains_key(key), "{key} is recorded as made, and was not");
        }
        for key in self.messages.keys() {
            assert!(self.outbox.contains_key(key), "{key} was made, and is not recorded");
        }
        let mut lanes: BTreeMap<&str, Vec<(i64, i64)>> = BTreeMap::new();
        for (key, effect) in &self.outbox {
            lanes.entry(&effect.lane).or_default().push((effect.position, self.messages[key]));
        }
        for (lane, mut effects) in lanes {
            effects.sort_unstable();
            for pair in effects.windows(2) {
                assert!(pair[0].1 <= pair[1].1, "{lane}: {} arrived after {}", pair[0].0, pair[1].0);
            }
        }
    }

    /// The events of a sort in one log.
    #[must_use]
    pub fn events(&self, incident: i64, sort: &str) -> Vec<&Value> {
        let log = self.logs.get(&incident).into_iter().flatten();
        log.map(|(_, _, body)| &body["what"]).filter(|what| what["event"] == sort).collect()
    }

    /// Every event of every log, with its incident.
    pub fn all_events(&self) -> impl Iterator<Item = (i64, &Value)> {
        self.logs.iter().flat_map(|(id, log)| log.iter().map(|(_, _, body)| (*id, &body["what"])))
    }
}
