//! What comes from Slack, over HTTP or Socket Mode: both ways end in [`Slack::take`], which answers in time whatever
//! happens behind it.

mod answer;
mod ask;
mod back;
mod event;
mod home;
mod http;
mod join;
mod payload;
mod press;
mod quote;
mod react;
mod shortcut;
mod slash;
mod socket;
mod submit;
mod suggest;
mod text;
mod unreadable;

use crate::Slack;
use payload::{Callback, Interaction, SlashCommand};
use serde_json::Value;
use std::collections::{HashSet, VecDeque};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio_util::task::TaskTracker;

/// How long Slack is kept waiting for an answer before it is told that there will be one. It shows its user an error
/// after 3 s, network included. <https://docs.slack.dev/interactivity/handling-user-interaction#acknowledgment_response>
const PATIENCE: Duration = Duration::from_millis(700);

/// How long what is under way may take when Muster stops.
const LAST_ORDERS: Duration = Duration::from_secs(5);

/// So many events are remembered, so that one that Slack sends again is not answered again.
const REMEMBERED: usize = 4_096;

/// Something that arrived from Slack, and that is known to be from Slack.
#[derive(Debug, Clone)]
enum Arrived {
    /// A slash command.
    Command(SlashCommand),
    /// A button, a modal, a shortcut, a select that wants its options.
    Interaction(Box<Interaction>),
    /// An event.
    Event(Box<Callback>),
}

/// What Slack is answered at once: that it arrived, and perhaps what to show.
#[derive(Debug, Clone, Default, PartialEq)]
struct Ack(Option<Value>);

impl Ack {
    /// It arrived.
    const EMPTY: Self = Self(None);

    /// It arrived, and this is to be shown.
    fn with(body: Value) -> Self {
        Self(Some(body))
    }
}

/// What is still under way.
type Pending<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Waits for `work` as long as Slack may be kept waiting; gives it back if it takes longer.
async fn soon<T>(work: impl Future<Output = T> + Send + 'static) -> Result<T, Pending<T>> {
    let mut work: Pending<T> = Box::pin(work);
    match tokio::time::timeout(PATIENCE, &mut work).await {
        Ok(done) => Ok(done),
        Err(_) => Err(work),
    }
}

/// What the door keeps in mind.
#[derive(Debug, Default)]
pub(crate) struct Inbox {
    /// What goes on after Slack has been answered.
    tasks: TaskTracker,
    events: Mutex<(HashSet<String>, VecDeque<String>)>,
}

impl Inbox {
    /// Whether the event is here for the first time, as far as this process remembers. An optimisation: what makes an
    /// event take effect once is its request id.
    fn is_new(&self, event: &str) -> bool {
        let mut events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        let (known, order) = &mut *events;
        if !known.insert(event.to_owned()) {
            return false;
        }
        order.push_back(event.to_owned());
        if order.len() > REMEMBERED
            && let Some(oldest) = order.pop_front()
        {
            known.remove(&oldest);
        }
        true
    }
}

impl Slack {
    /// Does what is asked and answers in time.
    async fn take(self: &Arc<Self>, arrived: Arrived) -> Ack {
        match arrived {
            Arrived::Command(command) => self.command(command).await,
            Arrived::Interaction(interaction) => self.interaction(*interaction).await,
            Arrived::Event(callback) => self.callback(*callback).await,
        }
    }

    async fn interaction(self: &Arc<Self>, interaction: Interaction) -> Ack {
        match interaction.kind.as_str() {
            "block_actions" => self.pressed(interaction).await,
            "view_submission" => self.submitted(interaction).await,
            "shortcut" | "message_action" => self.shortcut(interaction).await,
            "block_suggestion" => self.suggestions(interaction).await,
            // A modal was closed, or it is of an age or a kind that Muster has nothing of: dialogs, workflow steps.
            _ => Ack::EMPTY,
        }
    }

    /// Goes on with something after Slack has been answered.
    fn go_on(self: &Arc<Self>, work: impl Future<Output = ()> + Send + 'static) {
        self.inbox.tasks.spawn(work);
    }

    /// Waits for what goes on after Slack has been answered, for up to 5 s.
    pub async fn finish(&self) {
        self.inbox.tasks.close();
        if tokio::time::timeout(LAST_ORDERS, self.inbox.tasks.wait()).await.is_err() {
            tracing::warn!(left = self.inbox.tasks.len(), "some answers to people in Slack were not given any more");
        }
    }
}

/// The text, if there is any.
fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_that_comes_again_is_known_until_many_others_have_come() {
        let inbox = Inbox::default();
        assert!(inbox.is_new("Ev0") && !inbox.is_new("Ev0"));
        assert!((1..=REMEMBERED).all(|n| inbox.is_new(&format!("Ev{n}"))));
        assert!(inbox.is_new("Ev0"), "memory is bounded");
        assert!(!inbox.is_new("Ev9"));
    }
}
