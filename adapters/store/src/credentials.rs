//! Credentials: only hashes are kept.

use crate::codec::{credential_word, micros, moment};
use crate::engine::{Change, Engine};
use crate::link::Link;
use crate::many::Many;
use crate::store::SqlStore;
use crate::value::{Row, Value, values};
use async_trait::async_trait;
use muster_core::clock::Timestamp;
use muster_core::ids::PersonId;
use muster_core::ports::credentials::{Credential, CredentialKind, Credentials};
use muster_core::ports::store::StoreError;
use muster_core::secret::SecretHash;

/// Ends the addresses that these people have been given of these calendars.
pub(crate) static END_FEEDS: Many =
    Many::new(2, "DELETE FROM credentials WHERE kind = 'feed' AND (person, label) IN (VALUES {rows})");

pub(crate) static GIVE_FEEDS: Many =
    Many::new(5, "INSERT INTO credentials (hash, kind, person, label, created_at) VALUES {rows}");

/// The row of the address of a calendar.
pub(crate) fn feed_row(hash: &SecretHash, person: &PersonId, label: &str, at: Timestamp) -> Vec<Value> {
    values![hash.as_str(), credential_word(CredentialKind::Feed), person.as_str(), label, micros(at)]
}

struct Grant(Credential);

#[async_trait]
impl Change for Grant {
    type Outcome = ();

    async fn make(&self, link: &mut dyn Link) -> Result<(), StoreError> {
        let Self(credential) = self;
        let sql = "INSERT INTO credentials (hash, kind, person, label, created_at, expires_at)
                   VALUES ($1, $2, $3, $4, $5, $6)";
        let values = values![
            credential.hash.as_str(),
            credential_word(credential.kind),
            credential.person.as_str(),
            credential.label.as_str(),
            micros(credential.created_at),
            credential.expires_at.map(micros),
        ];
        link.run(sql, values).await?;
        Ok(())
    }
}

struct Take {
    kind: CredentialKind,
    hash: SecretHash,
    now: Timestamp,
}

#[async_trait]
impl Change for Take {
    type Outcome = Option<Credential>;

    async fn make(&self, link: &mut dyn Link) -> Result<Option<Credential>, StoreError> {
        let sql = "DELETE FROM credentials
                   WHERE hash = $1 AND kind = $2 AND (expires_at IS NULL OR expires_at > $3)
                   RETURNING hash, person, label, created_at, expires_at";
        let values = values![self.hash.as_str(), credential_word(self.kind), micros(self.now)];
        link.row(sql, values).await?.map(|row| credential(self.kind, &row)).transpose()
    }
}

struct Revoke {
    kind: CredentialKind,
    prefix: String,
}

#[async_trait]
impl Change for Revoke {
    type Outcome = u64;

    async fn make(&self, link: &mut dyn Link) -> Result<u64, StoreError> {
        let sql = "DELETE FROM credentials WHERE kind = $1 AND substr(hash, 1, length($2)) = $2";
        link.run(sql, values![credential_word(self.kind), self.prefix.as_str()]).await
    }
}

fn credential(kind: CredentialKind, row: &Row) -> Result<Credential, StoreError> {
    Ok(Credential {
        hash: SecretHash::stored(row.text(0)?.to_owned()),
        kind,
        person: PersonId::from(row.text(1)?),
        label: row.text(2)?.to_owned(),
        created_at: moment(row.int(3)?)?,
        expires_at: row.maybe_int(4)?.map(moment).transpose()?,
    })
}

/// Forgets credentials that expired before `before`; at most `limit`.
pub(crate) async fn sweep(link: &mut dyn Link, before: Timestamp, limit: i64) -> Result<u64, StoreError> {
    let sql = "DELETE FROM credentials WHERE hash IN (
                   SELECT hash FROM credentials WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)";
    link.run(sql, values![micros(before), limit]).await
}

#[async_trait]
impl<E: Engine> Credentials for SqlStore<E> {
    async fn grant(&self, credential: &Credential) -> Result<(), StoreError> {
        self.engine().change(Grant(credential.clone())).await
    }

    async fn check(
        &self,
        kind: CredentialKind,
        hash: &SecretHash,
        now: Timestamp,
    ) -> Result<Option<Credential>, StoreError> {
        let mut link = self.engine().look().await?;
        let sql = "SELECT hash, person, label, created_at, expires_at FROM credentials
                   WHERE hash = $1 AND kind = $2 AND (expires_at IS NULL OR expires_at > $3)";
        let values = values![hash.as_str(), credential_word(kind), micros(now)];
        link.row(sql, values).await?.map(|row| self::credential(kind, &row)).transpose()
    }

    async fn take(
        &self,
        kind: CredentialKind,
        hash: &SecretHash,
        now: Timestamp,
    ) -> Result<Option<Credential>, StoreError> {
        self.engine().change(Take { kind, hash: hash.clone(), now }).await
    }

    async fn list(&self, kind: CredentialKind) -> Result<Vec<Credential>, StoreError> {
        let mut link = self.engine().look().await?;
        let sql = "SELECT hash, person, label, created_at, expires_at FROM credentials
                   WHERE kind = $1 ORDER BY created_at DESC, hash";
        let rows = link.rows(sql, values![credential_word(kind)]).await?;
        rows.iter().map(|row| credential(kind, row)).collect()
    }

    async fn revoke(&self, kind: CredentialKind, prefix: &str) -> Result<u64, StoreError> {
        self.engine().change(Revoke { kind, prefix: prefix.to_owned() }).await
    }
}
