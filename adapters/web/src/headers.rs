//! Headers that say what a browser may do with our answers: nothing but show them.

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::{Next, from_fn};
use axum::response::Response;

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// For answers that people look at.
pub(crate) fn for_pages(router: Router) -> Router {
    router.layer(from_fn(async |request: Request, next: Next| {
        let mut response = next.run(request).await;
        let headers = response.headers_mut();
        set(headers, header::CONTENT_SECURITY_POLICY, POLICY);
        set(headers, header::REFERRER_POLICY, "same-origin");
        set(headers, header::X_FRAME_OPTIONS, "DENY");
        set(headers, HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
        set(headers, HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
        set(headers, HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()");
        common(headers);
        response
    }))
}

/// For answers that programs read.
pub(crate) fn for_data(router: Router) -> Router {
    router.layer(from_fn(async |request: Request, next: Next| -> Response {
        let mut response = next.run(request).await;
        let headers = response.headers_mut();
        set(headers, header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'");
        common(headers);
        response
    }))
}

fn common(headers: &mut HeaderMap) {
    set(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(headers, header::CACHE_CONTROL, "no-store");
}

/// A handler may say it better.
fn set(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.entry(name).or_insert(HeaderValue::from_static(value));
}
