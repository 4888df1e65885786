//! The whole log of a store is walked through, with no more than a page of it in memory.

use super::{Broken, Check, Head};
use crate::ports::audit::AuditLog;
use crate::ports::store::StoreError;

/// Entries that are read at a time.
const PAGE: i64 = 500;

/// Checks the log, also while it is written to.
///
/// # Errors
/// When the store fails; what is broken in the log is the answer.
pub async fn check<S: AuditLog + ?Sized>(store: &S, mut check: Check) -> Result<Result<Head, Broken>, StoreError> {
    // Whoever tampers may give an entry any place.
    let (mut after, mut told) = (i64::MIN, None);
    loop {
        let page = store.audit(after, PAGE).await?;
        if page.is_empty() {
            let head = store.audit_head().await?;
            // Entries and head are written together: if the head is ahead, there is more to read, but only once.
            if head.seq > after && told.as_ref() != Some(&head) {
                told = Some(head);
                continue;
            }
            return Ok(check.end(&head));
        }
        for sealed in page {
            after = sealed.seq;
            if let Err(broken) = check.add(sealed) {
                return Ok(Err(broken));
            }
        }
    }
}
