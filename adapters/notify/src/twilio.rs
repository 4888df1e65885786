//! SMS and calls, by Twilio. <https://www.twilio.com/docs/usage/api>

mod inbound;
mod sms;
mod twiml;
mod voice;

pub(crate) use inbound::Door;
pub(crate) use sms::Sms;
pub(crate) use voice::Voice;

use crate::api::{Api, authorized};
use crate::config::TwilioConfig;
use crate::errand::{Errand, refused};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use muster_core::chat::token::Token;
use muster_core::ports::chat::{DeliveryError, Receipt};
use serde::Deserialize;

/// An account.
pub(crate) struct Twilio {
    api: Api,
    config: TwilioConfig,
}

/// What Twilio makes. There is no idempotency key: after an answer that was lost, a second attempt may arrive as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Resource {
    /// <https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource>
    Messages,
    /// <https://www.twilio.com/docs/voice/api/call-resource#create-a-call-resource>
    Calls,
}

/// What Twilio answers: what it made, or why not.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Made {
    sid: String,
    code: u32,
}

impl Twilio {
    pub(crate) fn new(api: Api, config: TwilioConfig) -> Self {
        Self { api, config }
    }

    async fn make(&self, resource: Resource, fields: &[(&str, &str)]) -> Result<Receipt, DeliveryError> {
        let TwilioConfig { account, token, api, .. } = &self.config;
        let name = match resource {
            Resource::Messages => "Messages",
            Resource::Calls => "Calls",
        };
        let url = format!("{api}/2010-04-01/Accounts/{account}/{name}.json");
        let basic = Token::new(STANDARD.encode(format!("{account}:{}", token.reveal())));
        let answer = self.api.post_form(&url, authorized("Basic", &basic), fields).await?;
        let made: Made = serde_json::from_slice(answer.body()).unwrap_or_default();
        if answer.status().is_success() {
            Ok(Receipt::of(made.sid))
        } else {
            Err(self.api.no(&answer, &why(made.code)))
        }
    }

    /// The number of a contact, as Twilio takes it.
    fn number(errand: &Errand<'_>) -> Result<String, DeliveryError> {
        let (person, address) = errand.to.person("Twilio")?;
        let number = bare(address);
        if is_number(&number) {
            return Ok(number);
        }
        Err(refused(format!("the number of {} in the config is not one in full, like +46701234567", person.id)))
    }
}

/// Where Twilio calls back about this notice; nowhere as long as nobody outside can reach us safely.
fn callback(errand: &Errand<'_>, what: &str) -> Option<String> {
    let (base, secret) = errand.link.as_deref()?.rsplit_once("/p/").filter(|(base, _)| base.starts_with("https://"))?;
    Some(format!("{base}/notify/twilio/{what}/{secret}"))
}

/// Where Twilio tells what became of it.
fn reports_to(errand: &Errand<'_>) -> Option<String> {
    let key = url::form_urlencoded::Serializer::new(String::new()).append_pair("key", errand.key.as_str()).finish();
    callback(errand, "status").map(|url| format!("{url}?{key}"))
}

/// What a code means, without what Twilio says of it: that may hold the number.
/// <https://www.twilio.com/docs/api/errors>
pub(crate) fn why(code: u32) -> String {
    match code {
        0 => String::new(),
        13_223 | 13_224 | 21_211 | 21_214 | 21_217 | 21_401 | 21_421 => "the number in the config is none".to_owned(),
        20_003 => "it does not know the account, or not this token of it".to_owned(),
        21_210 | 21_212 | 21_606 | 21_659 => "twilio.from is no number of the account that can do this".to_owned(),
        21_215 | 21_408 => "the account may not reach that country; change its geographic permissions".to_owned(),
        21_219 | 21_608 => "a trial account reaches only numbers that were verified".to_owned(),
        21_610 => "its owner has answered STOP, and must answer START first".to_owned(),
        21_612 | 21_614 | 30_006 => "the number takes no SMS".to_owned(),
        30_003 | 30_005 => "the phone is off, or the number is not in use".to_owned(),
        30_004 | 30_007 => "the carrier has blocked it".to_owned(),
        code => format!("error {code} of Twilio's"),
    }
}

/// A number without what people put between its digits.
fn bare(number: &str) -> String {
    number.chars().filter(|c| !c.is_whitespace() && !"-()./".contains(*c)).collect()
}

/// Whether it is a number in full. <https://www.twilio.com/docs/glossary/what-e164>
pub(crate) fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or_default();
    (7..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_taken_however_people_write_it_and_only_in_full() {
        assert!(is_number(&bare("+46 (70) 123-45.67")));
        for number in
            ["0701234567", "46701234567", "+0701234567", "+4670x234567", "+1", "", "+4670123456789012", "＋46701234567"]
        {
            assert!(!is_number(&bare(number)), "{number}");
        }
    }
}
