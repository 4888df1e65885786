//! Signed requests to those who have subscribed with a program.

use super::{published, signed};
use crate::email::no_page;
use async_trait::async_trait;
use chrono::{DateTime, TimeDelta};
use http::{HeaderMap, HeaderValue, Request, StatusCode, header};
use muster_core::app::Muster;
use muster_core::clock::Timestamp;
use muster_core::comms::{Bulk, Channel, LinkKey, LinkUse, Parcel};
use muster_core::org::Organisation;
use muster_core::ports::courier::{Courier, CourierError};
use muster_core::ports::outside::{Outside, OutsideError};
use serde_json::{Value, json};
use standardwebhooks::Webhook;
use std::sync::Arc;
use std::time::Duration;

/// How long a receiver has to answer.
/// <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#deliverability-and-reliability>
const PATIENCE: Duration = Duration::from_secs(15);
/// However long a receiver asks to be left alone, it is tried again after this.
const LONGEST_REST: TimeDelta = TimeDelta::days(1);

/// What it takes to call those who have subscribed with a program.
#[derive(Clone)]
pub struct WebhookCourierConfig {
    /// What requests are signed with follows from it.
    pub key: LinkKey,
    /// The way out.
    pub outside: Arc<dyn Outside>,
}

/// Calls those who have subscribed with a program.
pub struct WebhookCourier {
    muster: Arc<Muster>,
    config: WebhookCourierConfig,
}

impl WebhookCourier {
    /// A courier through the guarded way out. Nothing is sent yet.
    #[must_use]
    pub fn new(muster: Arc<Muster>, config: WebhookCourierConfig) -> Self {
        Self { muster, config }
    }

    /// What is sent.
    fn payload(&self, parcel: &Parcel, bulk: &Bulk, org: &Organisation) -> Result<Value, CourierError> {
        let subscriber = &parcel.subscriber;
        Ok(match bulk {
            Bulk::Bulletin(bulletin) => published::payload(bulletin, &subscriber.locale, org),
            Bulk::Confirm { .. } => {
                let page = org.comms.page.as_ref().ok_or_else(no_page)?;
                let url = self.config.key.link(&page.url, LinkUse::Confirm, subscriber.id);
                json!({ "type": "subscription.confirm", "timestamp": subscriber.since, "data": { "confirm_url": url } })
            }
        })
    }

    fn request(&self, parcel: &Parcel, payload: &Value) -> Option<Request<Vec<u8>>> {
        let secret = self.config.key.signing_secret(parcel.subscriber.id);
        let signer = Webhook::new(secret.reveal()).ok()?;
        let body = payload.to_string().into_bytes();
        let mut request = Request::post(&parcel.subscriber.address).body(Vec::new()).ok()?;
        *request.headers_mut() = signed(&signer, (&parcel.key(), self.muster.now()), &body)?;
        *request.body_mut() = body;
        Some(request)
    }
}

#[async_trait]
impl Courier for WebhookCourier {
    fn channel(&self) -> Channel {
        Channel::Webhook
    }

    async fn carry(&self, parcel: &Parcel, bulk: &Bulk) -> Result<(), CourierError> {
        let payload = self.payload(parcel, bulk, &self.muster.org())?;
        let refused = |reason: &str| CourierError::Refused { reason: reason.to_owned() };
        let request = self.request(parcel, &payload).ok_or_else(|| refused("the address is none"))?;
        let again = |reason: String| CourierError::Again { reason, after: None };
        let answer = tokio::time::timeout(PATIENCE, self.config.outside.send(request)).await;
        match answer.map_err(|_| again("there was no answer in time".to_owned()))? {
            Ok(answer) => judge(answer.status(), answer.headers(), self.muster.now()),
            Err(OutsideError::Forbidden { reason }) => Err(refused(&reason)),
            Err(OutsideError::Unsent { reason } | OutsideError::Failed { reason }) => Err(again(reason)),
        }
    }
}

/// What an answer means. All but 2xx is a failure, a redirect too; 410 asks for nothing more to be sent.
/// <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#deliverability-and-reliability>
fn judge(status: StatusCode, headers: &HeaderMap, now: Timestamp) -> Result<(), CourierError> {
    if status.is_success() {
        return Ok(());
    }
    let reason = format!("the receiver answered {}", status.as_u16());
    if status == StatusCode::GONE {
        return Err(CourierError::Gone { reason });
    }
    let after = headers.get(header::RETRY_AFTER).and_then(|value| rest(value, now));
    Err(CourierError::Again { reason, after })
}

/// How long the receiver asks to be left alone, in seconds or until a date. <https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3>
fn rest(value: &HeaderValue, now: Timestamp) -> Option<Duration> {
    let value = value.to_str().ok()?.trim();
    let seconds = || value.parse::<u32>().ok().map(|seconds| TimeDelta::seconds(seconds.into()));
    let date = || DateTime::parse_from_rfc2822(value).ok().map(|date| date.to_utc() - now);
    seconds().or_else(date)?.clamp(TimeDelta::zero(), LONGEST_REST).to_std().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(status: u16, after: Option<&'static str>) -> Result<(), CourierError> {
        let now = DateTime::parse_from_rfc3339("2026-11-27T09:00:00Z").expect("a moment").to_utc();
        let after = after.map(|after| (header::RETRY_AFTER, HeaderValue::from_static(after)));
        judge(StatusCode::from_u16(status).expect("a status"), &HeaderMap::from_iter(after), now)
    }

    #[test]
    fn only_2xx_is_done_410_is_the_end_and_everything_else_is_tried_again() {
        for done in [200, 201, 202, 204] {
            assert_eq!(answered(done, None), Ok(()), "{done}");
        }
        assert!(matches!(answered(410, None), Err(CourierError::Gone { .. })));
        for again in [301, 302, 307, 400, 401, 404, 408, 429, 500, 502, 503] {
            assert!(matches!(answered(again, None), Err(CourierError::Again { after: None, .. })), "{again}");
        }
    }

    #[test]
    fn a_rest_is_taken_as_asked_and_never_for_ever() {
        let rest = |after| match answered(503, Some(after)) {
            Err(CourierError::Again { after, .. }) => after.map(|after| after.as_secs()),
            other => panic!("it is not tried again: {other:?}"),
        };
        assert_eq!((rest("17"), rest(" 0 "), rest("999999999")), (Some(17), Some(0), Some(86_400)));
        assert_eq!(rest("Fri, 27 Nov 2026 09:10:00 GMT"), Some(600));
        assert_eq!(rest("Fri, 27 Nov 2020 09:10:00 GMT"), Some(0), "what is past is now");
        for odd in ["", "-1", "soon", "99999999999999999999"] {
            assert_eq!(rest(odd), None, "{odd}");
        }
    }
}
