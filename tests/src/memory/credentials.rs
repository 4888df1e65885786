//! Who may come in by which secret.

use super::MemoryStore;
use async_trait::async_trait;
use muster_core::clock::Timestamp;
use muster_core::ports::credentials::{Credential, CredentialKind, Credentials};
use muster_core::ports::store::StoreError;
use muster_core::secret::SecretHash;

fn is_good(credential: &Credential, now: Timestamp) -> bool {
    credential.expires_at.is_none_or(|until| until > now)
}

#[async_trait]
impl Credentials for MemoryStore {
    async fn grant(&self, credential: &Credential) -> Result<(), StoreError> {
        self.books().credentials.push(credential.clone());
        Ok(())
    }

    async fn check(
        &self,
        kind: CredentialKind,
        hash: &SecretHash,
        now: Timestamp,
    ) -> Result<Option<Credential>, StoreError> {
        let books = self.books();
        let found = books.credentials.iter().find(|one| one.kind == kind && one.hash == *hash);
        Ok(found.filter(|one| is_good(one, now)).cloned())
    }

    async fn take(
        &self,
        kind: CredentialKind,
        hash: &SecretHash,
        now: Timestamp,
    ) -> Result<Option<Credential>, StoreError> {
        let found = self.check(kind, hash, now).await?;
        self.books().credentials.retain(|one| Some(one) != found.as_ref());
        Ok(found)
    }

    async fn list(&self, kind: CredentialKind) -> Result<Vec<Credential>, StoreError> {
        Ok(self.books().credentials.iter().rev().filter(|one| one.kind == kind).cloned().collect())
    }

    async fn revoke(&self, kind: CredentialKind, prefix: &str) -> Result<u64, StoreError> {
        let mut books = self.books();
        let before = books.credentials.len();
        books.credentials.retain(|one| !(one.kind == kind && one.hash.as_str().starts_with(prefix)));
        Ok((before - books.credentials.len()) as u64)
    }
}
