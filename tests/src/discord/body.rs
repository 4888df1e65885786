//! Bodies of requests: JSON, or several parts of which one is JSON and the others are files.
//! <https://docs.discord.com/developers/reference#uploading-files>

use super::refused::{Refused, TOO_LARGE, Wrong};
use super::server::bytes;
use axum::body::Body;
use axum::extract::{FromRequest, Multipart};
use axum::http::{HeaderMap, Request, header};
use serde_json::{Value, json};

/// The largest file. <https://docs.discord.com/developers/reference#uploading-files>
const LARGEST_FILE: usize = 10 * 1024 * 1024;

/// The body of a request; null when there is none. Files stand under `files`.
///
/// # Errors
/// Too large; not JSON; of another kind than it should be.
pub(super) async fn read(headers: &HeaderMap, body: Body) -> Result<Value, Refused> {
    let body = bytes(body).await?;
    if body.is_empty() {
        return Ok(Value::Null);
    }
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.starts_with("application/json") {
        return serde_json::from_slice(&body)
            .map_err(|_| (400, 50109, "The request body contains invalid JSON.").into());
    }
    if !kind.starts_with("multipart/form-data") {
        return Err(Refused::form(&[Wrong::at("content-type", format!("“{kind}” will not do"))]));
    }
    let request = Request::builder().header(header::CONTENT_TYPE, kind).body(Body::from(body));
    let request = request.map_err(|_| Refused::form(&[]))?;
    let parts = Multipart::from_request(request, &()).await.map_err(|_| Refused::form(&[]))?;
    several(parts).await
}

async fn several(mut parts: Multipart) -> Result<Value, Refused> {
    let broken = |_| Refused::form(&[Wrong::at("", "the parts cannot be read")]);
    let mut body = json!({});
    let mut files = Vec::new();
    while let Some(part) = parts.next_field().await.map_err(broken)? {
        let name = part.name().unwrap_or_default().to_owned();
        let file = part.file_name().map(str::to_owned);
        let content = part.bytes().await.map_err(broken)?;
        if name == "payload_json" {
            body = serde_json::from_slice(&content).map_err(|_| Refused::form(&[Wrong::at(&name, "it is no JSON")]))?;
        } else if name.starts_with("file") {
            if content.len() > LARGEST_FILE {
                return Err(TOO_LARGE.into());
            }
            files.push(json!({ "filename": file, "size": content.len() }));
        }
    }
    if files.len() > 10 {
        return Err(Refused::form(&[Wrong::at("files", "Must be 10 or fewer in length.")]));
    }
    body["files"] = json!(files);
    Ok(body)
}
