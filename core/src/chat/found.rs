//! Looking people up on a platform, several at once.

use futures::StreamExt;
use std::collections::BTreeSet;

/// So many are looked up at once.
const LOOKUPS: usize = 8;

/// Those who were found, and why others could not be looked up: one who cannot be keeps nobody else out.
pub async fn found<U: Ord, E>(
    lookups: impl IntoIterator<Item = impl Future<Output = Result<Option<U>, E>>>,
) -> (BTreeSet<U>, Option<E>) {
    let answers: Vec<_> = futures::stream::iter(lookups).buffer_unordered(LOOKUPS).collect().await;
    let (mut users, mut failure) = (BTreeSet::new(), None);
    for answer in answers {
        match answer {
            Ok(user) => users.extend(user),
            Err(error) => failure = Some(error),
        }
    }
    (users, failure)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::ready;

    #[tokio::test]
    async fn those_who_are_found_are_found_whatever_becomes_of_the_others() {
        let lookups = [Ok(Some(2)), Err("no answer"), Ok(None), Ok(Some(1)), Ok(Some(2))].map(ready);
        assert_eq!(found(lookups).await, (BTreeSet::from([1, 2]), Some("no answer")));
    }
}
