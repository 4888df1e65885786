//! Signatures over the raw bytes: HMAC-SHA256 in hexadecimal, in a header of the vendor's own.

use crate::config::Kind;
use crate::receive::Letter;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Whether a request is signed as its source's secret asks; it asks for nothing where there is none.
///
/// <https://docs.sentry.io/organization/integrations/integration-platform/webhooks/#sentry-hook-signature>,
/// <https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/>,
/// and for others <https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries>, which many follow.
pub(crate) fn is_signed(letter: &Letter<'_>) -> bool {
    let Some(secret) = &letter.source.secret else { return true };
    let mut values = letter.headers.get_all(header(letter.source.kind)).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return false };
    let value = value.as_bytes();
    let digits = value.strip_prefix(b"sha256=").unwrap_or(value);
    let Some(given) = bytes(digits) else { return false };
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.bytes()) else { return false };
    mac.update(letter.body);
    mac.verify_slice(&given).is_ok()
}

fn header(kind: Kind) -> &'static str {
    match kind {
        Kind::Sentry => "sentry-hook-signature",
        Kind::Grafana => "x-grafana-alerting-signature",
        Kind::Alertmanager
        | Kind::Datadog
        | Kind::Sns
        | Kind::UptimeKuma
        | Kind::CloudEvents
        | Kind::Email
        | Kind::Webhook
        | Kind::PagerDuty
        | Kind::Opsgenie
        | Kind::Heartbeat => "x-hub-signature-256",
    }
}

/// The bytes of a digest in hexadecimal.
fn bytes(digits: &[u8]) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if digits.len() != 64 || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
        *byte = u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}
