//! AWS SNS over HTTPS: subscriptions are confirmed, notifications are signals. Nothing is looked at that SNS has not signed.
//! <https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html>

mod certificates;
mod notification;
mod seal;

pub(crate) use certificates::Certificates;

use crate::config::Kind;
use crate::field;
use crate::ingest::{Feed, Ingest};
use crate::presented::presented;
use crate::receive::{Room, count, limit, metered, peer};
use crate::refusal::{Refusal, Unreadable};
use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use muster_core::ports::outside::OutsideError;
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;

/// What SNS sends.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Message {
    r#type: Type,
    message_id: String,
    topic_arn: String,
    subject: Option<String>,
    message: String,
    timestamp: String,
    token: Option<String>,
    #[serde(rename = "SubscribeURL")]
    subscribe_url: Option<String>,
    signature_version: String,
    signature: String,
    #[serde(rename = "SigningCertURL")]
    signing_cert_url: String,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
enum Type {
    Notification,
    SubscriptionConfirmation,
    UnsubscribeConfirmation,
}

pub(crate) async fn take(State(ingest): State<Arc<Ingest>>, key: Option<Path<String>>, request: Request) -> Response {
    match ingest.sns(key.map(|Path(key)| key), request).await {
        Ok(accepted) => (StatusCode::OK, Json(json!({ "accepted": accepted }))).into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

impl Ingest {
    async fn sns(&self, key: Option<String>, request: Request) -> Result<usize, Refusal> {
        let (parts, body) = request.into_parts();
        let feed = self.admit(Kind::Sns, presented(key, &parts).as_deref(), peer(&parts)).await;
        let feed = feed.inspect_err(|refusal| count("-", refusal.word()))?;
        let take = async {
            if parts.headers.contains_key("x-amz-sns-rawdelivery") {
                let sentence = "Raw messages are not signed: turn raw message delivery of the subscription off";
                return Err(Unreadable::new(sentence).into());
            }
            let room = Room { places: &self.bodies, largest: limit(Kind::Sns) };
            let held = room.read(body, &parts.headers).await?;
            self.message(&feed, field::parse(&held.bytes)?).await
        };
        metered(&feed.source.id, take.await)
    }

    async fn message(&self, feed: &Feed, message: Message) -> Result<usize, Refusal> {
        let now = self.clock.now();
        let certificate = self.certificates.of(&message.signing_cert_url, &*self.outside, now).await?;
        if !seal::is_whole(&message, &certificate, now) {
            return Err(Refusal::Unsigned);
        }
        match message.r#type {
            Type::Notification => self.keep(vec![notification::signal(&feed.source, &message)]).await,
            Type::SubscriptionConfirmation => self.confirm(feed, &message).await,
            Type::UnsubscribeConfirmation => {
                tracing::warn!(source = %feed.source.id, topic = %message.topic_arn, "a topic of SNS sends here no longer");
                Ok(0)
            }
        }
    }

    /// Says yes to a topic that wants to send here: it came with a key of ours.
    async fn confirm(&self, feed: &Feed, message: &Message) -> Result<usize, Refusal> {
        let url = message.subscribe_url.as_deref().filter(|url| certificates::is_of_sns(url));
        let url = url.ok_or_else(|| Unreadable::new("The `SubscribeURL` does not lead to SNS"))?;
        let request = axum::http::Request::get(url).body(Vec::new());
        let request = request.map_err(|_| Unreadable::new("The `SubscribeURL` is no URL"))?;
        match self.outside.send(request).await {
            Ok(answer) if answer.status().is_success() => {
                tracing::info!(source = %feed.source.id, topic = %message.topic_arn, "a topic of SNS sends here from now on");
                Ok(0)
            }
            Ok(_) | Err(OutsideError::Unsent { .. } | OutsideError::Failed { .. }) => Err(Refusal::Late),
            Err(OutsideError::Forbidden { .. }) => {
                Err(Unreadable::new("Muster may not reach the `SubscribeURL`: see the config of the way out").into())
            }
        }
    }
}
