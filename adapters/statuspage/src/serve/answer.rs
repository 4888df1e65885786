//! Answering with a file: whole, packed, or not at all if the asker has it already.

use super::Statuspage;
use crate::shelf::{FRESH, Ready, Shelf};
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use maud::Markup;
use std::sync::Arc;

/// Beside what each page says of itself: a page is in nobody's frame, where clicks could be stolen.
const POLICY: &str = "frame-ancestors 'none'";

/// Answers with the file of that path, whatever the query.
pub(super) async fn file(
    State(page): State<Arc<Statuspage>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response();
    }
    let shelf = Arc::clone(&page.shelf.borrow());
    if shelf.is_empty() {
        return (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "5")]).into_response();
    }
    let path = uri.path().trim_start_matches('/');
    let folder = path.is_empty() || path.ends_with('/');
    let found = if folder { shelf.get(&format!("{path}index.html")) } else { shelf.get(path) };
    match found {
        Some(found) => answered(found, path, &method, &headers),
        None if !folder && shelf.get(&format!("{path}/index.html")).is_some() => into_folder(path),
        None => missing(&shelf, path),
    }
}

/// Answers with a page that is made for the one who asks.
pub(super) fn page(status: StatusCode, page: Markup) -> Response {
    (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], page.into_string()).into_response()
}

/// Links in a page are relative, so that a folder is asked for by a name that ends in a slash.
fn into_folder(path: &str) -> Response {
    let name = path.rsplit('/').next().unwrap_or(path);
    (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, format!("./{name}/"))]).into_response()
}

fn missing(shelf: &Shelf, path: &str) -> Response {
    let language = path.split('/').next().and_then(|first| shelf.get(&format!("{first}/404.html")));
    match language.or_else(|| shelf.get("404.html")) {
        Some(page) => {
            let headers = [(header::CONTENT_TYPE, page.media_type), (header::CACHE_CONTROL, "public, max-age=15")];
            (StatusCode::NOT_FOUND, headers, page.bytes.clone()).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn answered(file: &Ready, path: &str, method: &Method, headers: &HeaderMap) -> Response {
    let packed = file.packed.as_ref().filter(|_| takes_gzip(headers));
    // The packed one is another representation, and has another tag: <https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3.3>
    let tags = [format!("\"{}\"", file.hash), format!("\"{}-gzip\"", file.hash)];
    let [plain_tag, packed_tag] = &tags;
    let tag = if packed.is_some() { packed_tag } else { plain_tag };
    let response = Response::builder()
        .header(header::ETAG, tag)
        .header(header::CACHE_CONTROL, FRESH)
        .header(header::VARY, "accept-encoding");
    let response = if is_for_all_sites(path) {
        response
            .header(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")
            .header(HeaderName::from_static("cross-origin-resource-policy"), "cross-origin")
    } else {
        response
    };
    if has_one_of(headers, &tags) {
        return response.status(StatusCode::NOT_MODIFIED).body(Body::empty()).unwrap_or_default();
    }
    let bytes = packed.unwrap_or(&file.bytes);
    let response = response.header(header::CONTENT_TYPE, file.media_type).header(header::CONTENT_LENGTH, bytes.len());
    let response = if packed.is_some() { response.header(header::CONTENT_ENCODING, "gzip") } else { response };
    let body = if method == Method::HEAD { Body::empty() } else { Body::from(bytes.clone()) };
    response.body(body).unwrap_or_default()
}

/// Whether other sites' scripts may read it, and other sites show it: whatever is no page.
fn is_for_all_sites(path: &str) -> bool {
    [".json", ".atom", ".rss", ".ics", ".svg"].iter().any(|ending| path.ends_with(ending))
}

/// <https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3>
fn takes_gzip(headers: &HeaderMap) -> bool {
    let values = headers.get_all(header::ACCEPT_ENCODING).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|coding| {
        let (name, parameters) = coding.split_once(';').unwrap_or((coding, ""));
        let weight = parameters.trim().strip_prefix("q=").and_then(|weight| weight.trim().parse::<f32>().ok());
        name.trim().eq_ignore_ascii_case("gzip") && weight.is_none_or(|weight| weight > 0.0)
    })
}

/// <https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2>
fn has_one_of(headers: &HeaderMap, tags: &[String]) -> bool {
    let values = headers.get_all(header::IF_NONE_MATCH).into_iter().filter_map(|value| value.to_str().ok());
    let mut known = values.flat_map(|value| value.split(',')).map(str::trim);
    known.any(|known| known == "*" || tags.iter().any(|tag| known.trim_start_matches("W/") == tag))
}

/// What a browser may do with any answer: nothing but show it.
pub(super) fn with_headers(router: Router) -> Router {
    router.layer(from_fn(async |request: Request, next: Next| {
        let mut response = next.run(request).await;
        let headers = response.headers_mut();
        let mut set = |name: HeaderName, value| {
            headers.entry(name).or_insert(HeaderValue::from_static(value));
        };
        set(header::CONTENT_SECURITY_POLICY, POLICY);
        set(header::X_FRAME_OPTIONS, "DENY");
        set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
        // The address of a page may hold the proof of a link.
        set(header::REFERRER_POLICY, "no-referrer");
        set(header::CACHE_CONTROL, "no-store");
        response
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    #[test]
    fn whoever_takes_gzip_says_so() {
        for (value, takes) in [
            ("gzip", true),
            ("br, GZIP;q=0.5", true),
            ("deflate, gzip ; q=1.0", true),
            ("gzip;q=0", false),
            ("br", false),
            ("x-gzip-like", false),
            ("", false),
        ] {
            assert_eq!(takes_gzip(&headers(header::ACCEPT_ENCODING, value)), takes, "{value}");
        }
    }

    #[test]
    fn whoever_has_a_file_names_its_tag() {
        let tags = ["\"a\"".to_owned(), "\"a-gzip\"".to_owned()];
        for (value, has) in
            [("\"a\"", true), ("\"b\", W/\"a-gzip\"", true), ("*", true), ("\"b\"", false), ("a", false), ("", false)]
        {
            assert_eq!(has_one_of(&headers(header::IF_NONE_MATCH, value), &tags), has, "{value}");
        }
    }
}
