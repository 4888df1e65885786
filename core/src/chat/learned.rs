//! What a platform is asked once and is known from then on: who we are there, for instance.

use std::sync::{Arc, PoisonError, RwLock};

/// Asked for until it is known.
#[derive(Debug)]
pub struct Learned<T>(RwLock<Option<Arc<T>>>);

impl<T> Default for Learned<T> {
    fn default() -> Self {
        Self(RwLock::default())
    }
}

impl<T> Learned<T> {
    /// What is known.
    pub fn known(&self) -> Option<Arc<T>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What is known, or else what this gives.
    ///
    /// # Errors
    /// Those of the question.
    pub async fn or_ask<E>(&self, question: impl Future<Output = Result<T, E>>) -> Result<Arc<T>, E> {
        match self.known() {
            Some(known) => Ok(known),
            None => self.ask(question).await,
        }
    }

    /// What this gives now, whatever was known.
    ///
    /// # Errors
    /// Those of the question: then what was known still is.
    pub async fn ask<E>(&self, question: impl Future<Output = Result<T, E>>) -> Result<Arc<T>, E> {
        let answer = Arc::new(question.await?);
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&answer));
        Ok(answer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_question_is_asked_until_it_is_answered_and_not_again() {
        let (learned, gone) = (Learned::default(), || async { Err("gone") });
        let says = |name: &'static str| async move { Ok::<_, &str>(name) };
        assert_eq!(learned.or_ask(gone()).await, Err("gone"));
        assert_eq!(learned.or_ask(says("muster")).await, Ok(Arc::new("muster")));
        assert_eq!(learned.or_ask(says("another")).await, Ok(Arc::new("muster")));
        assert_eq!(learned.ask(gone()).await, Err("gone"));
        assert_eq!(learned.known(), Some(Arc::new("muster")));
        assert_eq!(learned.ask(says("another")).await, Ok(Arc::new("another")));
    }
}
