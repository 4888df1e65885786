//! A change on its way to the writer, and the answer on its way back.

use crate::engine::Change;
use crate::link::Link;
use async_trait::async_trait;
use muster_core::ports::store::StoreError;
use tokio::sync::oneshot;

/// A change whose outcome somebody waits for.
#[async_trait]
pub(super) trait Errand: Send {
    /// Makes the change and remembers what came of it. Only the last time counts.
    async fn run(&mut self, link: &mut dyn Link) -> Result<(), StoreError>;

    /// Tells the one who waits: what came of it if it is durable, else why it is not.
    fn answer(self: Box<Self>, durable: Result<(), StoreError>);
}

/// Where the outcome of a change will be told.
pub(super) type Outcome<T> = oneshot::Receiver<Result<T, StoreError>>;

/// Wraps a change, and returns where its outcome will be told.
pub(super) fn errand<C: Change>(change: C) -> (Box<dyn Errand>, Outcome<C::Outcome>) {
    let (answer, answered) = oneshot::channel();
    (Box::new(Waiting { change, outcome: None, answer }), answered)
}

struct Waiting<C: Change> {
    change: C,
    outcome: Option<C::Outcome>,
    answer: oneshot::Sender<Result<C::Outcome, StoreError>>,
}

#[async_trait]
impl<C: Change> Errand for Waiting<C> {
    async fn run(&mut self, link: &mut dyn Link) -> Result<(), StoreError> {
        self.outcome = Some(self.change.make(link).await?);
        Ok(())
    }

    fn answer(self: Box<Self>, durable: Result<(), StoreError>) {
        let Self { outcome, answer, .. } = *self;
        let undone = || StoreError::Unavailable("it was not done".to_owned());
        let _ = answer.send(durable.and_then(|()| outcome.ok_or_else(undone)));
    }
}
