//! A new alert, or the same again.
//! <https://docs.opsgenie.com/docs/alert-api#create-alert>

use super::Asked;
use super::ticket::Ticket;
use crate::config::Source;
use crate::draft::{signal, tags};
use crate::field;
use crate::ingest::Ingest;
use crate::receive::metered;
use crate::refusal::{Refusal, Unreadable};
use crate::words;
use axum::extract::{Request, State};
use axum::response::Response;
use muster_core::alert::{Link, Signal};
use serde_json::Value;
use std::sync::Arc;

/// The longest alias, in characters.
const LONGEST_ALIAS: usize = 512;

pub(super) async fn create(State(ingest): State<Arc<Ingest>>, request: Request) -> Response {
    match ingest.create(request).await {
        Ok(ticket) => ingest.will_be_processed(&ticket),
        Err(refusal) => ingest.not_shown(&refusal),
    }
}

impl Ingest {
    async fn create(&self, request: Request) -> Result<Ticket, Refusal> {
        let Asked { feed, body } = self.asked(request).await?;
        let take = async {
            let signal = read(&feed.source, &body, self.fresh_name())?;
            let ticket = Ticket { action: "Create".to_owned(), alias: signal.key.clone() };
            self.keep(vec![signal]).await?;
            Ok(ticket)
        };
        metered(&feed.source.id, take.await)
    }
}

/// The signal of an alert. `fresh` is its alias if it has none.
fn read(source: &Source, body: &Value, fresh: String) -> Result<Signal, Unreadable> {
    let message = field::text(body, "/message").ok_or_else(|| Unreadable::new("Message can not be empty."))?;
    let alias = field::text(body, "/alias").unwrap_or(fresh);
    if alias.chars().count() > LONGEST_ALIAS {
        return Err(Unreadable(format!("Alias can not be longer than {LONGEST_ALIAS} characters.")));
    }
    let mut labels = field::labels(body.get("details"));
    labels.extend(tags(body["tags"].as_array().into_iter().flatten().filter_map(Value::as_str)));
    labels.extend(field::named(body, &[("entity", "/entity"), ("source", "/source")]));
    let note = field::text(body, "/note");
    let link = body["source"].as_str().filter(|source| source.starts_with("http"));
    Ok(Signal {
        text: field::text(body, "/description").or(note),
        level: field::text(body, "/priority").and_then(|word| words::level(&word)),
        labels,
        links: link.map(|url| Link { label: "Source".to_owned(), url: url.to_owned() }).into_iter().collect(),
        ..signal(source, &alias, message)
    })
}
