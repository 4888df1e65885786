//! Twilio's signature: HMAC-SHA1 with the auth token over the address it was told and every field of the form.
//! <https://www.twilio.com/docs/usage/security#validating-requests>

use super::Door;
use axum::body::Bytes;
use axum::extract::{FromRequest, OriginalUri, Request};
use axum::http::{HeaderMap, StatusCode, Uri};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use std::sync::Arc;
use url::Url;

/// The header that holds it.
const HEADER: &str = "x-twilio-signature";

/// The form of a request that Twilio has signed.
pub(super) struct Signed(Vec<(String, String)>);

impl Signed {
    /// The value of a field; empty when it is not there.
    pub(super) fn field(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }
}

impl FromRequest<Arc<Door>> for Signed {
    type Rejection = StatusCode;

    async fn from_request(mut request: Request, door: &Arc<Door>) -> Result<Self, StatusCode> {
        let headers = std::mem::take(request.headers_mut());
        let uri = request.extensions().get::<OriginalUri>().map_or_else(|| request.uri().clone(), |uri| uri.0.clone());
        let body = Bytes::from_request(request, door).await.map_err(|error| error.status())?;
        let fields: Vec<_> = url::form_urlencoded::parse(&body).into_owned().collect();
        if is_signed(door.token.reveal(), &told(&door.muster.org().console_url, &uri), &fields, &headers) {
            return Ok(Self(fields));
        }
        metrics::counter!("muster_twilio_unsigned_total").increment(1);
        Err(StatusCode::FORBIDDEN)
    }
}

/// The address as Twilio was told it: what stands in front of us may have changed host and scheme since.
fn told(console: &str, uri: &Uri) -> String {
    format!("{console}{}", uri.path_and_query().map_or("/", |path| path.as_str()))
}

/// Whether it is signed, compared in constant time. Twilio leaves the port out in some requests.
fn is_signed(token: &str, url: &str, fields: &[(String, String)], headers: &HeaderMap) -> bool {
    let Some(signature) = headers.get(HEADER).and_then(|value| STANDARD.decode(value.as_bytes()).ok()) else {
        return false;
    };
    let matches = |url: &str| {
        let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(token.as_bytes()) else { return false };
        mac.update(signed_text(url, fields).as_bytes());
        mac.verify_slice(&signature).is_ok()
    };
    matches(url) || without_port(url).is_some_and(|url| matches(&url))
}

/// The address, then each field's name and value, by name.
fn signed_text(url: &str, fields: &[(String, String)]) -> String {
    let mut fields: Vec<_> = fields.iter().collect();
    fields.sort_unstable();
    fields.dedup();
    fields.into_iter().fold(url.to_owned(), |text, (name, value)| text + name + value)
}

fn without_port(url: &str) -> Option<String> {
    let mut parsed = Url::parse(url).ok()?;
    parsed.port()?;
    parsed.set_port(None).ok()?;
    Some(parsed.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};

    /// The example of Twilio's own documentation.
    const URL: &str = "https://example.com/myapp.php?foo=1&bar=2";
    const TOKEN: &str = "12345";
    const SIGNATURE: &str = "L/OH5YylLD5NRKLltdqwSvS0BnU=";

    fn fields() -> Vec<(String, String)> {
        let fields = [
            ("CallSid", "CA1234567890ABCDE"),
            ("Caller", "+14158675310"),
            ("Digits", "1234"),
            ("From", "+14158675310"),
            ("To", "+18005551212"),
        ];
        fields.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
    }

    fn headers(signature: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(HeaderName::from_static(HEADER), HeaderValue::from_static(signature))])
    }

    #[test]
    fn twilios_own_example_is_taken_in_any_order() {
        let mut shuffled = fields();
        shuffled.reverse();
        assert!(is_signed(TOKEN, URL, &shuffled, &headers(SIGNATURE)));
        let with_port = URL.replace("example.com", "example.com:8443");
        assert!(is_signed(TOKEN, &with_port, &fields(), &headers(SIGNATURE)), "signed as if there were no port");
    }

    #[test]
    fn nothing_else_is() {
        let mut forged = fields();
        forged[2].1 = "4".to_owned();
        assert!(!is_signed(TOKEN, URL, &forged, &headers(SIGNATURE)));
        let mut longer = fields();
        longer.push(("Extra".to_owned(), String::new()));
        assert!(!is_signed(TOKEN, URL, &longer, &headers(SIGNATURE)));
        assert!(!is_signed("12346", URL, &fields(), &headers(SIGNATURE)));
        assert!(!is_signed(TOKEN, "https://example.com/myapp.php?foo=1", &fields(), &headers(SIGNATURE)));
        for signature in ["", "L/OH5YylLD5NRKLltdqwSvS0BnU", "AAAA", "not base64!", "L/OH5YylLD5NRKLltdqwSvS0Bn4="] {
            assert!(!is_signed(TOKEN, URL, &fields(), &headers(signature)), "{signature}");
        }
        assert!(!is_signed(TOKEN, URL, &fields(), &HeaderMap::new()));
    }
}
