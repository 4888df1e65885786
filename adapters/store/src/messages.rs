//! What was said in the console.

use crate::codec::{self, json, micros, moment, parse};
use crate::engine::Engine;
use crate::many::Many;
use crate::store::SqlStore;
use crate::value::{Row, Value, values};
use async_trait::async_trait;
use muster_core::ids::{EffectKey, IncidentId, PersonId};
use muster_core::ports::store::{Message, Messages, StoreError};

static KEEP: Many = Many::new(
    6,
    "INSERT INTO messages (key, incident, to_person, at, place, view) VALUES {rows} ON CONFLICT (key) DO NOTHING",
);

/// The row of a message.
fn row(message: &Message) -> Result<Vec<Value>, StoreError> {
    Ok(values![
        message.key.as_str(),
        codec::of_incident(message.incident),
        message.to.as_ref().map(PersonId::as_str),
        micros(message.at),
        place(&message.key),
        json(&message.view)?,
    ])
}

/// Orders what was said at the same moment: the change and the effect that a key such as `INC-42/17/0` names.
fn place(key: &EffectKey) -> i64 {
    let mut parts = key.as_str().rsplit('/').map(|part| part.parse::<i64>().unwrap_or(0));
    let effect = parts.next().unwrap_or(0);
    let change = parts.next().unwrap_or(0);
    change.saturating_mul(1 << 20).saturating_add(effect)
}

fn message(row: &Row) -> Result<Message, StoreError> {
    Ok(Message {
        key: EffectKey::from(row.text(0)?),
        incident: codec::incident(row.int(1)?),
        to: row.maybe_text(2)?.map(PersonId::from),
        at: moment(row.int(3)?)?,
        view: parse("message", row.text(4)?)?,
    })
}

#[async_trait]
impl<E: Engine> Messages for SqlStore<E> {
    async fn keep(&self, message: &Message) -> Result<(), StoreError> {
        self.engine().add(&KEEP, row(message)?).await
    }

    async fn said(&self, incident: IncidentId, limit: i64) -> Result<Vec<Message>, StoreError> {
        let mut link = self.engine().look().await?;
        let sql = "SELECT key, incident, to_person, at, view FROM messages
                   WHERE incident = $1 AND to_person IS NULL ORDER BY at DESC, place DESC LIMIT $2";
        link.rows(sql, values![incident.0, limit.max(0)]).await?.iter().map(message).collect()
    }

    async fn told(&self, person: &PersonId, limit: i64) -> Result<Vec<Message>, StoreError> {
        let mut link = self.engine().look().await?;
        let sql = "SELECT key, incident, to_person, at, view FROM messages
                   WHERE to_person = $1 ORDER BY at DESC, place DESC LIMIT $2";
        link.rows(sql, values![person.as_str(), limit.max(0)]).await?.iter().map(message).collect()
    }
}
