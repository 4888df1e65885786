//! A Twilio that takes what the real one takes, and nothing else.

use super::server::{Book, Fault, serve};
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Response, StatusCode, header};
use axum::routing::post;
use axum::{Json, Router, response::IntoResponse};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha1::Sha1;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The account.
pub const ACCOUNT: &str = "AC0123456789abcdef0123456789abcdef";
/// Its auth token.
pub const TOKEN: &str = "c0ffee00c0ffee00c0ffee00c0ffee00";
/// Its number.
pub const FROM: &str = "+46812345678";

/// The fields of a form.
pub type Form = BTreeMap<String, String>;

#[derive(Debug, Default)]
struct Made {
    messages: Vec<Form>,
    calls: Vec<Form>,
}

/// Twilio.
pub struct FakeTwilio {
    /// Where it is.
    pub url: String,
    book: Arc<Book<Made>>,
}

impl FakeTwilio {
    /// Starts one.
    pub async fn start() -> Self {
        let book = Book::new();
        let router =
            Router::new().route("/2010-04-01/Accounts/{account}/{resource}", post(make)).with_state(Arc::clone(&book));
        Self { url: serve(router).await, book }
    }

    /// Puts an answer in the way of the next request.
    pub fn next(&self, fault: Fault) {
        self.book.next(fault);
    }

    /// The SMS it has sent.
    #[must_use]
    pub fn messages(&self) -> Vec<Form> {
        self.book.kept().messages.clone()
    }

    /// The calls it has made.
    #[must_use]
    pub fn calls(&self) -> Vec<Form> {
        self.book.kept().calls.clone()
    }
}

async fn make(
    State(book): State<Arc<Book<Made>>>,
    Path((account, resource)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    if let Some(fault) = book.fault() {
        return fault;
    }
    let basic = format!("Basic {}", STANDARD.encode(format!("{ACCOUNT}:{TOKEN}")));
    if account != ACCOUNT || headers.get(header::AUTHORIZATION).is_none_or(|given| given != basic.as_str()) {
        return no(StatusCode::UNAUTHORIZED, 20003, "Authenticate");
    }
    if headers.get(header::CONTENT_TYPE).is_none_or(|kind| kind != "application/x-www-form-urlencoded") {
        return no(StatusCode::UNSUPPORTED_MEDIA_TYPE, 20000, "Unsupported media type");
    }
    let form: Form = url_decoded(&body);
    let (known, text, longest): (&[&str], _, _) = match resource.as_str() {
        "Messages.json" => (&["To", "From", "Body", "StatusCallback"], "Body", 1_600),
        "Calls.json" => (&["To", "From", "Twiml", "Timeout", "StatusCallback"], "Twiml", 4_000),
        _ => return no(StatusCode::NOT_FOUND, 20404, "no such resource"),
    };
    if let Some(unknown) = form.keys().find(|name| !known.contains(&name.as_str())) {
        return no(StatusCode::BAD_REQUEST, 20001, &format!("unknown field {unknown}"));
    }
    let field = |name: &str| form.get(name).map_or("", String::as_str);
    if field("From") != FROM {
        return no(StatusCode::BAD_REQUEST, 21606, &format!("{} is not yours", field("From")));
    }
    // One of Twilio's own magic numbers. <https://www.twilio.com/docs/iam/test-credentials>
    if !field("To").starts_with('+') || field("To") == "+15005550001" {
        return no(
            StatusCode::BAD_REQUEST,
            21211,
            &format!("The 'To' number {} is not a valid phone number.", field("To")),
        );
    }
    if field(text).is_empty() || field(text).chars().count() > longest {
        return no(StatusCode::BAD_REQUEST, 21617, "the text is empty or too long");
    }
    if form.get("StatusCallback").is_some_and(|url| !url.starts_with("https://")) {
        return no(StatusCode::BAD_REQUEST, 21609, "Invalid 'StatusCallback' URL");
    }
    let mut made = book.kept();
    let (list, prefix) = if text == "Body" { (&mut made.messages, "SM") } else { (&mut made.calls, "CA") };
    list.push(form);
    (StatusCode::CREATED, Json(json!({ "sid": format!("{prefix}{:032}", list.len()) }))).into_response()
}

fn no(status: StatusCode, code: u32, message: &str) -> Response<Body> {
    (status, Json(json!({ "code": code, "message": message, "status": status.as_u16() }))).into_response()
}

fn url_decoded(body: &[u8]) -> Form {
    let text = String::from_utf8_lossy(body).replace('+', " ");
    text.split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()).filter(|_| first == b'%') {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).expect("UTF-8")
}

/// How Twilio signs a request. <https://www.twilio.com/docs/usage/security#validating-requests>
///
/// # Panics
/// Never.
#[must_use]
pub fn signature(token: &str, url: &str, form: &Form) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(token.as_bytes()).expect("any key will do");
    mac.update(url.as_bytes());
    for (name, value) in form {
        mac.update(name.as_bytes());
        mac.update(value.as_bytes());
    }
    STANDARD.encode(mac.finalize().into_bytes())
}
