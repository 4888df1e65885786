//! Sending a request.

use super::address::address;
use super::outputs::{self, Said};
use super::redact::Redactor;
use super::text::Filling;
use super::words;
use http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use http::{Method, Request, Response};
use muster_core::ports::outside::{Outside, OutsideError};
use muster_core::runbook::{CallWork, Ended, Payload, Report, StatusRange, Task};
use std::time::Duration;

/// Bytes of an answer that are kept for people and outputs, of the 1 MiB that is read.
const KEPT: usize = 64 * 1024;
/// <https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/>
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Headers that say where a message goes and where it ends (RFC 9112): these are nobody's to set.
const OURS: [&str; 7] =
    ["host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "idempotency-key"];

/// Makes the request; the sentence says why it cannot be.
pub(super) fn request(work: &CallWork, key: &str, filling: &Filling<'_>) -> Result<Request<Vec<u8>>, String> {
    let method = Method::from_bytes(work.method.as_bytes()).map_err(|_| format!("{} is no method", work.method))?;
    let url = address(&filling.parts(&work.url)?)?;
    let mut headers = HeaderMap::new();
    for (name, text) in &work.headers {
        if OURS.iter().any(|ours| name.eq_ignore_ascii_case(ours)) {
            return Err(format!("the header {name} is set by Muster alone"));
        }
        let known = HeaderName::from_bytes(name.as_bytes()).map_err(|_| format!("“{name}” is no name of a header"))?;
        let value = filling.text(text)?;
        let value = HeaderValue::from_bytes(value.as_bytes());
        let mut value =
            value.map_err(|_| format!("the value of the header {name} has a line end or a control character"))?;
        value.set_sensitive(true);
        headers.append(known, value);
    }
    let (body, kind) = match &work.body {
        Some(Payload::Json(value)) => (filling.json(value)?.to_string().into_bytes(), Some("application/json")),
        Some(Payload::Text(text)) => (filling.text(text)?.into_bytes(), Some("text/plain; charset=utf-8")),
        None => (Vec::new(), None),
    };
    if let Some(kind) = kind.filter(|_| !headers.contains_key(CONTENT_TYPE)) {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    }
    headers.insert(IDEMPOTENCY_KEY, HeaderValue::from_str(key).map_err(|_| "its key cannot be sent".to_owned())?);
    let mut request = Request::builder().method(method).uri(url.as_str()).body(body);
    if let Ok(request) = &mut request {
        *request.headers_mut() = headers;
    }
    request.map_err(|_| "its address cannot be used".to_owned())
}

/// Why a request has no answer that can be read.
pub(super) struct NoAnswer {
    /// Why, in one sentence.
    pub(super) reason: String,
    /// Whether it may have taken effect.
    pub(super) may_have_worked: bool,
}

/// Sends it, and waits for the answer as long as that.
pub(super) async fn send(
    outside: &dyn Outside,
    request: Request<Vec<u8>>,
    patience: Duration,
) -> Result<Response<Vec<u8>>, NoAnswer> {
    // What is safe changes nothing, however far it came: RFC 9110, section 9.2.1.
    let may_have_worked = !request.method().is_safe();
    match tokio::time::timeout(patience, outside.send(request)).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(OutsideError::Forbidden { reason } | OutsideError::Unsent { reason })) => {
            Err(NoAnswer { reason, may_have_worked: false })
        }
        Ok(Err(OutsideError::Failed { reason })) => Err(NoAnswer { reason, may_have_worked }),
        Err(_) => {
            let reason = format!("there was no answer within {}", words::span(patience));
            Err(NoAnswer { reason, may_have_worked })
        }
    }
}

/// Whether a status is one of those.
pub(super) fn is_expected(status: u16, expect: &[StatusRange]) -> bool {
    expect.iter().any(|range| (range.from..=range.to).contains(&status))
}

/// The statuses as they are written, `200-299, 404`.
pub(super) fn in_words(expect: &[StatusRange]) -> String {
    let range = |range: &StatusRange| match range {
        StatusRange { from, to } if from == to => from.to_string(),
        StatusRange { from, to } => format!("{from}-{to}"),
    };
    expect.iter().map(range).collect::<Vec<_>>().join(", ")
}

/// Sends the request of a step.
pub(super) async fn call(
    work: &CallWork,
    task: &Task,
    (outside, filling, redactor): (&dyn Outside, &Filling<'_>, &Redactor),
) -> Report {
    let nothing = |ended| Report { ended, output: String::new(), cut: false };
    let request = match request(work, &task.id.to_string(), filling) {
        Ok(request) => request,
        Err(reason) => return nothing(Ended::Badly { reason }),
    };
    let answer = match send(outside, request, task.timeout).await {
        Ok(answer) => answer,
        Err(NoAnswer { reason, may_have_worked: true }) => return nothing(Ended::Unclear { reason }),
        Err(NoAnswer { reason, may_have_worked: false }) => return nothing(Ended::Badly { reason }),
    };
    let status = answer.status().as_u16();
    let body = answer.body();
    let cut = body.len() > KEPT;
    let shown = redactor.text(&words::clean(&body[..body.len().min(KEPT)]));
    let ended = if is_expected(status, &work.expect) {
        let text = String::from_utf8_lossy(body);
        let said = Said { status: i64::from(status), text: &text, cut: false };
        match outputs::find(&task.outputs, &said, redactor) {
            Ok(outputs) => Ended::Well { outputs },
            Err(reason) => Ended::Badly { reason },
        }
    } else {
        let expected = in_words(&work.expect);
        let reason = format!("it answered {status}, not {expected}{}", words::first_words(&shown));
        Ended::Badly { reason }
    };
    let output = words::noted(format!("{}\n{shown}", answer.status()), cut, KEPT as u64);
    Report { ended, output, cut }
}

/// What would be sent, for people.
pub(super) fn shown(work: &CallWork, filling: &Filling<'_>) -> Result<String, String> {
    let mut lines = vec![format!("{} {}", work.method, work.url.shown())];
    lines.extend(work.headers.iter().map(|(name, value)| format!("{name}: {}", value.shown())));
    match &work.body {
        Some(Payload::Json(value)) => lines.push(filling.json(value)?.to_string()),
        Some(Payload::Text(text)) => lines.push(text.shown()),
        None => {}
    }
    Ok(lines.join("\n"))
}
