//! What came of something that was asked in a chat, however late.

use crate::app::{Answer, Muster};
use crate::inbound::Inbound;
use crate::refusal::Refusal;
use crate::reply::Reply;
use std::pin::Pin;
use std::time::Duration;

/// How long a platform is kept waiting for an answer before it is told that there will be one. Slack and Discord both
/// show their user an error after 3 s, network included.
/// <https://docs.slack.dev/interactivity/handling-user-interaction#acknowledgment_response>
/// <https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-callback>
pub const PATIENCE: Duration = Duration::from_millis(700);

/// How long an answer that is late is waited for: a little longer than Muster itself tries.
const PERSISTENCE: Duration = Duration::from_secs(150);

/// What came of it.
#[derive(Debug, Clone, PartialEq)]
pub enum Told {
    /// It is done, or this is the answer.
    Done(Box<Reply>),
    /// It changes nothing, and this is why.
    Refused(Refusal),
    /// It changes nothing, through no fault of the one who asked.
    Failed(String),
    /// It was asked by a machine, who is told nothing.
    Ignored,
}

/// What is still under way.
pub type Pending<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Waits for `work` as long as a platform may be kept waiting.
///
/// # Errors
/// Gives the work back if it takes longer.
pub async fn soon<T>(work: impl Future<Output = T> + Send + 'static) -> Result<T, Pending<T>> {
    let mut work: Pending<T> = Box::pin(work);
    match tokio::time::timeout(PATIENCE, &mut work).await {
        Ok(done) => Ok(done),
        Err(_) => Err(work),
    }
}

impl Muster {
    /// Asks, and waits for the answer however late it is.
    pub async fn ask(self: &std::sync::Arc<Self>, inbound: Inbound) -> Told {
        let answer = tokio::time::timeout(PERSISTENCE, self.see_through(inbound)).await;
        match answer.unwrap_or(Answer::Late) {
            Answer::Done(reply) => Told::Done(Box::new(reply)),
            Answer::Refused(refusal) => Told::Refused(refusal),
            Answer::Failed(why) => Told::Failed(why),
            Answer::Late => Told::Failed("This takes too long: look whether it was done, then try again".to_owned()),
        }
    }
}
