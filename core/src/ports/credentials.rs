//! Who may come in by which secret. Only hashes are kept.

use super::store::StoreError;
use crate::clock::Timestamp;
use crate::ids::PersonId;
use crate::secret::SecretHash;
use async_trait::async_trait;

/// What a secret opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CredentialKind {
    /// A link that signs a person in to the console, once.
    LoginLink,
    /// A browser that is signed in.
    Session,
    /// A bearer token for the JSON API.
    Token,
    /// A link that answers one page, or one test of a contact, as the person who was sent it.
    Answer,
    /// The address of a calendar of somebody's shifts, or of a team's.
    Feed,
    /// The key with which a monitoring system sends its alerts.
    Integration,
    /// The key with which a runner asks for work.
    Runner,
}

/// A secret that opens something for somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// The hash of the secret; the key.
    pub hash: SecretHash,
    /// What it opens.
    pub kind: CredentialKind,
    /// For whom.
    pub person: PersonId,
    /// What its owner calls it.
    pub label: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it is good; for ever if `None`.
    pub expires_at: Option<Timestamp>,
}

/// Where credentials are kept.
#[async_trait]
pub trait Credentials: Send + Sync {
    /// Keeps a credential.
    ///
    /// # Errors
    /// When the store fails.
    async fn grant(&self, credential: &Credential) -> Result<(), StoreError>;

    /// The credential of that hash and kind, if it is good at `now`.
    ///
    /// # Errors
    /// When the store fails.
    async fn check(
        &self,
        kind: CredentialKind,
        hash: &SecretHash,
        now: Timestamp,
    ) -> Result<Option<Credential>, StoreError>;

    /// Takes the credential of that hash and kind, if it is good at `now`: of two callers at once, one gets it.
    ///
    /// # Errors
    /// When the store fails.
    async fn take(
        &self,
        kind: CredentialKind,
        hash: &SecretHash,
        now: Timestamp,
    ) -> Result<Option<Credential>, StoreError>;

    /// Every credential of that kind, good or expired, newest first.
    ///
    /// # Errors
    /// When the store fails.
    async fn list(&self, kind: CredentialKind) -> Result<Vec<Credential>, StoreError>;

    /// Forgets the credentials of that kind whose hash starts with `prefix`; tells how many.
    ///
    /// # Errors
    /// When the store fails.
    async fn revoke(&self, kind: CredentialKind, prefix: &str) -> Result<u64, StoreError>;
}
