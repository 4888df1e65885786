//! What Statuspage knows of an incident of ours: what it is called there, and what we have written into its metadata.

use muster_core::comms::Bulletin;
use muster_core::ids::IncidentId;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

/// So much of a hash is kept, in characters: it is compared with a few others only.
const FINGERPRINT: usize = 16;

/// An incident of ours there.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Its id there.
    pub(super) id: String,
    /// The key of what was said last.
    pub(super) last: String,
    /// Where things are said to stand.
    status: String,
    /// What is said by which message, by hash: as it reads now, under the number of the first, whatever has put it right since.
    posts: Map<String, Value>,
    /// Its updates: the id and the hash of each.
    updates: Vec<(String, String)>,
}

/// What a text is known by. Statuspage may trim it.
pub(super) fn fingerprint(body: &str) -> String {
    let digest = Sha256::digest(body.replace("\r\n", "\n").trim());
    let mut hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    hex.truncate(FINGERPRINT);
    hex
}

impl Known {
    /// An incident of the list, if it is that one of ours.
    pub(super) fn read(listed: &Value, ours: IncidentId) -> Option<Self> {
        let metadata = listed.pointer("/metadata/muster")?;
        if metadata["incident"] != ours.to_string().as_str() {
            return None;
        }
        let update = |update: &Value| {
            Some((update["id"].as_str()?.to_owned(), fingerprint(update["body"].as_str().unwrap_or_default())))
        };
        Some(Self {
            id: is_id(listed["id"].as_str()?)?.to_owned(),
            last: metadata["last"].as_str().unwrap_or_default().to_owned(),
            status: listed["status"].as_str().unwrap_or_default().to_owned(),
            posts: metadata["posts"].as_object().cloned().unwrap_or_default(),
            updates: listed["incident_updates"].as_array().into_iter().flatten().filter_map(update).collect(),
        })
    }

    /// The update in which that message was said, or in which an attempt before has already put `body`.
    pub(super) fn update(&self, number: i64, body: &str) -> Option<&str> {
        let was = self.posts.get(&number.to_string()).and_then(Value::as_str)?;
        let found = |wanted: &str| self.updates.iter().find(|(_, hash)| hash == wanted);
        let (id, _) = found(was).or_else(|| found(&fingerprint(body)))?;
        is_id(id)
    }

    /// Whether nothing later was said than what a bulletin is about, so that it says where things stand.
    pub(super) fn is_latest(&self, bulletin: &Bulletin) -> bool {
        self.posts.keys().filter_map(|number| number.parse().ok()).all(|number| line(bulletin) >= number)
    }

    /// Whether things stand elsewhere than a bulletin says.
    pub(super) fn is_elsewhere(&self, bulletin: &Bulletin) -> bool {
        bulletin.status.is_some_and(|status| status.word() != self.status)
    }

    /// The metadata with what is said now. Statuspage wants objects at the top of it. What was taken back is put right no more.
    pub(super) fn metadata(&self, bulletin: &Bulletin, key: &str, hash: &str) -> Value {
        let mut posts = self.posts.clone();
        match bulletin.retracts {
            true => posts.remove(&line(bulletin).to_string()),
            false => posts.insert(line(bulletin).to_string(), json!(hash)),
        };
        let incident = bulletin.cleared.incident();
        json!({ "muster": { "incident": incident, "last": key, "posts": posts } })
    }
}

/// The number of the message that a bulletin is, puts right or takes back.
fn line(bulletin: &Bulletin) -> i64 {
    bulletin.corrects.unwrap_or(bulletin.number)
}

/// An id, which becomes part of an address.
fn is_id(id: &str) -> Option<&str> {
    (!id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric())).then_some(id)
}
