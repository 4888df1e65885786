//! The certificates that SNS signs with: fetched from SNS alone, and kept for a day.
//! <https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html>

use crate::refusal::Refusal;
use axum::http::{Request, StatusCode};
use chrono::TimeDelta;
use muster_core::clock::Timestamp;
use muster_core::ports::outside::{Outside, OutsideError};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use url::Url;

/// How long a certificate is kept.
const LIFE: TimeDelta = TimeDelta::hours(24);
/// How many are kept. There is one a region, changed once a year or so.
const MOST: usize = 64;

/// Certificates seen lately, by their URL.
#[derive(Default)]
pub(crate) struct Certificates(Mutex<HashMap<String, Kept>>);

/// A certificate in PEM, and when it was fetched.
struct Kept {
    pem: Arc<[u8]>,
    since: Timestamp,
}

impl Certificates {
    /// The certificate at a URL, which must be one of SNS.
    pub(super) async fn of(&self, url: &str, outside: &dyn Outside, now: Timestamp) -> Result<Arc<[u8]>, Refusal> {
        if !is_of_sns(url) {
            return Err(Refusal::Unsigned);
        }
        if let Some(kept) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(url)
            && now - kept.since < LIFE
        {
            return Ok(Arc::clone(&kept.pem));
        }
        let request = Request::get(url).body(Vec::new()).map_err(|_| Refusal::Unsigned)?;
        let pem: Arc<[u8]> = match outside.send(request).await {
            Ok(answer) if answer.status() == StatusCode::OK => answer.into_body().into(),
            Ok(_) | Err(OutsideError::Forbidden { .. }) => return Err(Refusal::Unsigned),
            Err(OutsideError::Unsent { .. } | OutsideError::Failed { .. }) => return Err(Refusal::Late),
        };
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(url.to_owned(), Kept { pem: Arc::clone(&pem), since: now });
        Ok(pem)
    }
}

/// Whether a URL leads to SNS and nowhere else: `https://sns.eu-north-1.amazonaws.com/…`.
pub(super) fn is_of_sns(url: &str) -> bool {
    let Ok(url) = Url::parse(url) else { return false };
    let is_plain =
        url.scheme() == "https" && url.port().is_none() && url.username().is_empty() && url.password().is_none();
    let host = url.host_str().unwrap_or_default();
    let region = host.strip_suffix(".amazonaws.com").or_else(|| host.strip_suffix(".amazonaws.com.cn"));
    let region = region.and_then(|rest| rest.strip_prefix("sns."));
    let is_region = |region: &str| !region.is_empty() && region.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    is_plain && region.is_some_and(is_region)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_sns_itself_is_believed_to_be_sns() {
        assert!(is_of_sns("https://sns.us-west-2.amazonaws.com/SimpleNotificationService-abc.pem"));
        assert!(is_of_sns("https://sns.cn-north-1.amazonaws.com.cn/x.pem"));
        let others = [
            "http://sns.us-west-2.amazonaws.com/x.pem",
            "https://sns.us-west-2.amazonaws.com:8443/x.pem",
            "https://sns.us-west-2.amazonaws.com@evil.example/x.pem",
            "https://user@sns.us-west-2.amazonaws.com/x.pem",
            "https://sns.us-west-2.amazonaws.com.evil.example/x.pem",
            "https://evil-sns.us-west-2.amazonaws.com/x.pem",
            "https://sns.evil.us-west-2.amazonaws.com/x.pem",
            "https://bucket.s3.amazonaws.com/sns.pem",
            "https://sns.amazonaws.com/x.pem",
            "https://169.254.169.254/x.pem",
            "",
        ];
        for other in others {
            assert!(!is_of_sns(other), "{other}");
        }
    }
}
