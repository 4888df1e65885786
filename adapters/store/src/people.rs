//! Which chat identity is which person, and the codes with which they are linked.

use crate::codec::{micros, moment};
use crate::link::Link;
use crate::many::Many;
use crate::value::{Value, values};
use muster_core::clock::Timestamp;
use muster_core::ids::{PersonId, PlatformId};
use muster_core::inbound::Handle;
use muster_core::ports::store::StoreError;
use muster_core::secret::SecretHash;

pub(crate) static GIVE_CODES: Many = Many::new(3, "INSERT INTO link_codes (hash, person, good_until) VALUES {rows}");

/// Takes codes that are still there.
pub(crate) static TAKE_CODES: Many = Many::new(1, "DELETE FROM link_codes WHERE hash IN (VALUES {rows})");

pub(crate) static LINK: Many = Many::new(
    4,
    "INSERT INTO chat_links (platform, id, person, linked_at) VALUES {rows}
     ON CONFLICT (platform, id) DO UPDATE SET person = excluded.person, linked_at = excluded.linked_at",
);

/// The row of a code.
pub(crate) fn code_row(hash: &SecretHash, person: &PersonId, until: Timestamp) -> Vec<Value> {
    values![hash.as_str(), person.as_str(), micros(until)]
}

/// The row of a link.
pub(crate) fn link_row(handle: &Handle, person: &PersonId, at: Timestamp) -> Vec<Value> {
    values![handle.platform.as_str(), handle.id.as_str(), person.as_str(), micros(at)]
}

/// Whom a code belongs to, and until when it is good.
pub(crate) async fn code(link: &mut dyn Link, hash: &SecretHash) -> Result<Option<(PersonId, Timestamp)>, StoreError> {
    let sql = "SELECT person, good_until FROM link_codes WHERE hash = $1";
    match link.row(sql, values![hash.as_str()]).await? {
        Some(row) => Ok(Some((PersonId::from(row.text(0)?), moment(row.int(1)?)?))),
        None => Ok(None),
    }
}

/// Forgets codes that were good until before `before`; at most `limit`.
pub(crate) async fn sweep(link: &mut dyn Link, before: Timestamp, limit: i64) -> Result<u64, StoreError> {
    let sql = "DELETE FROM link_codes WHERE hash IN (
                   SELECT hash FROM link_codes WHERE good_until < $1 ORDER BY good_until LIMIT $2)";
    link.run(sql, values![micros(before), limit]).await
}

/// The chat identities that are linked to a person.
pub(crate) async fn identities(
    link: &mut dyn Link,
    person: &PersonId,
) -> Result<Vec<(PlatformId, String)>, StoreError> {
    let sql = "SELECT platform, id FROM chat_links WHERE person = $1 ORDER BY platform, linked_at DESC, id";
    let rows = link.rows(sql, values![person.as_str()]).await?;
    rows.iter().map(|row| Ok((PlatformId::from(row.text(0)?), row.text(1)?.to_owned()))).collect()
}

/// The person whom a chat identity is linked to.
pub(crate) async fn linked(
    link: &mut dyn Link,
    platform: &PlatformId,
    id: &str,
) -> Result<Option<PersonId>, StoreError> {
    let sql = "SELECT person FROM chat_links WHERE platform = $1 AND id = $2";
    match link.row(sql, values![platform.as_str(), id]).await? {
        Some(row) => Ok(Some(PersonId::from(row.text(0)?))),
        None => Ok(None),
    }
}
