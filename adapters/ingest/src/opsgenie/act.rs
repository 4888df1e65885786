//! What is done with an alert: closed, acknowledged, noted, put in other words.
//! <https://docs.opsgenie.com/docs/alert-api>

use super::Asked;
use super::ticket::Ticket;
use crate::draft::{name, signal};
use crate::field;
use crate::ingest::{Feed, Ingest};
use crate::receive::metered;
use crate::refusal::{Refusal, Unreadable};
use crate::words;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use muster_core::alert::{Action, Alert, AlertKey, AlertState, Signal};
use serde_json::Value;
use std::sync::Arc;

/// What can be done.
#[derive(Debug, Clone, Copy)]
enum Deed {
    Close,
    Acknowledge,
    Note,
    Message,
    Description,
    Priority,
}

/// Said of everything else that Opsgenie can do.
const UNKNOWN: &str =
    "Muster does not know this action: there are close, acknowledge, notes, message, description and priority";

impl Deed {
    fn of(word: &str) -> Option<Self> {
        Some(match word {
            "close" => Self::Close,
            "acknowledge" => Self::Acknowledge,
            "notes" | "note" => Self::Note,
            "message" => Self::Message,
            "description" => Self::Description,
            "priority" => Self::Priority,
            _ => return None,
        })
    }

    /// Opsgenie's word for it.
    fn word(self) -> &'static str {
        match self {
            Self::Close => "Close",
            Self::Acknowledge => "Acknowledge",
            Self::Note => "AddNote",
            Self::Message => "UpdateMessage",
            Self::Description => "UpdateDescription",
            Self::Priority => "UpdatePriority",
        }
    }
}

pub(super) async fn act(
    State(ingest): State<Arc<Ingest>>,
    Path((alert, what)): Path<(String, String)>,
    request: Request,
) -> Response {
    ingest.done(&alert, &what, request).await
}

pub(super) async fn delete(State(ingest): State<Arc<Ingest>>, Path(alert): Path<String>, request: Request) -> Response {
    ingest.done(&alert, "close", request).await
}

impl Ingest {
    async fn done(&self, alias: &str, what: &str, request: Request) -> Response {
        let outcome = async {
            let Asked { feed, body } = self.asked(request).await?;
            let take = async {
                let deed = Deed::of(what).ok_or_else(|| Unreadable::new(UNKNOWN))?;
                self.act_on(&feed, &name(alias), deed, &body).await?;
                Ok(Ticket { action: deed.word().to_owned(), alias: name(alias) })
            };
            metered(&feed.source.id, take.await)
        };
        match outcome.await {
            Ok(ticket) => self.will_be_processed(&ticket),
            Err(refusal) => self.not_shown(&refusal),
        }
    }

    /// Does it. An alert that is not there is left alone, as Opsgenie does it: the request's status says so.
    async fn act_on(&self, feed: &Feed, alias: &str, deed: Deed, body: &Value) -> Result<usize, Refusal> {
        let said = |pointer: &str| field::text(body, pointer);
        let ends = |action, text| Signal { action, text, ..signal(&feed.source, alias, alias) };
        let signal = match deed {
            Deed::Close => Some(ends(Action::Resolve, said("/note"))),
            Deed::Acknowledge => Some(ends(Action::Acknowledge, said("/note"))),
            Deed::Note | Deed::Message | Deed::Description | Deed::Priority => {
                let id = AlertKey { source: feed.source.id.clone(), key: alias.to_owned() };
                let alert = self.desk.alert(&id).await.map_err(|_| Refusal::Late)?;
                alert.map(|alert| again(alert, deed, body))
            }
        };
        self.keep(signal.into_iter().collect()).await
    }
}

/// What the alert says, once more, with what is to be different.
fn again(alert: Alert, deed: Deed, body: &Value) -> Signal {
    let said = |pointer: &str| field::text(body, pointer);
    let Alert { id, state, title, text, level, labels, links, .. } = alert;
    let action = match state {
        AlertState::Firing => Action::Trigger,
        AlertState::Resolved => Action::Resolve,
    };
    let mut signal = Signal { source: id.source, key: id.key, action, title, text, level, labels, links, at: None };
    match deed {
        Deed::Note => signal.text = said("/note").or(signal.text),
        Deed::Message => signal.title = said("/message").unwrap_or(signal.title),
        Deed::Description => signal.text = said("/description").or(signal.text),
        Deed::Priority => {
            signal.level = said("/priority").and_then(|word| words::level(&word)).or(signal.level);
        }
        Deed::Close | Deed::Acknowledge => {}
    }
    signal
}
