//! A call: Muster says what is wrong and waits for a digit.

use super::{Resource, Twilio, callback, reports_to, twiml};
use crate::errand::{Carrier, Errand};
use async_trait::async_trait;
use muster_core::app::answer::Response;
use muster_core::chat::fit::cut;
use muster_core::effect::About;
use muster_core::ids::PlatformId;
use muster_core::ports::chat::{DeliveryError, Receipt};
use std::sync::Arc;

/// So much of a line, and of a message, is said, in characters: what Twilio is told may have 4,000, and each may become six.
/// <https://www.twilio.com/docs/voice/api/call-resource#create-a-call-resource>
const LINE: usize = 200;
const MESSAGE: usize = 300;
/// How long it rings, in seconds.
const RINGS: &str = "40";

/// The digits, as PagerDuty has taught people. <https://support.pagerduty.com/main/docs/phone-and-sms-notifications>
pub(super) fn digit(digits: &str) -> Option<Response> {
    match digits {
        "4" => Some(Response::Acknowledge),
        "6" => Some(Response::Decline),
        _ => None,
    }
}

/// What can be pressed.
pub(super) fn question(about: &About) -> &'static str {
    match about {
        About::Page { .. } => "Press 4 to acknowledge. Press 6 if it is not for you.",
        About::Test => "Press 4 if you can hear this.",
    }
}

pub(crate) struct Voice(pub(crate) Arc<Twilio>);

#[async_trait]
impl Carrier for Voice {
    fn platform(&self) -> PlatformId {
        PlatformId::voice()
    }

    async fn carry(&self, errand: &Errand<'_>) -> Result<Receipt, DeliveryError> {
        let number = Twilio::number(errand)?;
        let (script, reports) = (script(errand), reports_to(errand));
        let from = self.0.config.from.as_str();
        let mut fields = vec![("To", number.as_str()), ("From", from), ("Twiml", &script), ("Timeout", RINGS)];
        fields.extend(reports.as_deref().map(|url| ("StatusCallback", url)));
        self.0.make(Resource::Calls, &fields).await
    }
}

fn script(errand: &Errand<'_>) -> String {
    let notice = errand.notice;
    let sentence = format!("This is Muster. {}. {}", cut(&notice.line, LINE), cut(&notice.message, MESSAGE));
    match callback(errand, "voice") {
        Some(url) => twiml::ask(&format!("{sentence} {}", question(&notice.about)), &url),
        None => twiml::say(&sentence),
    }
}
