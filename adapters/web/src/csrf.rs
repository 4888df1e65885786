//! Forms of other sites cannot act for somebody who is signed in here.
//!
//! Two checks, either of which would do: a token that only our own pages know, and where the browser says the
//! request comes from.

use axum::http::{HeaderMap, header};
use subtle::ConstantTimeEq;

/// Whether a token is the one that our pages hold.
pub(crate) fn is_token(expected: &str, presented: Option<&str>) -> bool {
    let same = presented.is_some_and(|presented| bool::from(presented.as_bytes().ct_eq(expected.as_bytes())));
    same && !expected.is_empty()
}

/// Whether the browser says that the request comes from this origin: the host it was sent to, or the public URL when
/// a proxy in between changes the host. Browsers that say nothing are believed; the token remains.
pub(crate) fn is_same_origin(headers: &HeaderMap, public_url: &str) -> bool {
    let text = |name| headers.get(name).and_then(|value: &axum::http::HeaderValue| value.to_str().ok());
    if let Some(site) = text(header::HeaderName::from_static("sec-fetch-site"))
        && !matches!(site, "same-origin" | "none")
    {
        return false;
    }
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let host = text(header::HOST).unwrap_or_default();
    let authority = origin.to_str().ok().and_then(|origin| origin.split_once("://")).map(|(_, authority)| authority);
    let public = public_url.split_once("://").map_or("", |(_, rest)| rest.split('/').next().unwrap_or_default());
    let is = |own: &str| !own.is_empty() && authority.is_some_and(|authority| authority.eq_ignore_ascii_case(own));
    is(host) || is(public)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
    }

    const PUBLIC: &str = "https://muster.example/";

    #[test]
    fn a_form_of_ours_is_taken() {
        for ours in [
            &[("host", "muster.example"), ("origin", "https://muster.example"), ("sec-fetch-site", "same-origin")][..],
            &[("host", "127.0.0.1:8080"), ("origin", "http://127.0.0.1:8080")],
            &[("host", "upstream:8080"), ("origin", "https://muster.example")],
            &[("host", "muster.example")],
        ] {
            assert!(is_same_origin(&headers(ours), PUBLIC), "{ours:?}");
        }
        assert!(is_token("k", Some("k")));
    }

    #[test]
    fn a_form_without_the_token_is_not() {
        for presented in [None, Some(""), Some("x"), Some("kk")] {
            assert!(!is_token("k", presented), "{presented:?}");
        }
        assert!(!is_token("", Some("")), "no token opens nothing");
    }

    #[test]
    fn a_form_of_another_site_is_not_even_with_the_token() {
        for foreign in [
            &[("host", "muster.example"), ("origin", "https://evil.example")][..],
            &[("host", "muster.example"), ("origin", "null")],
            &[("host", "muster.example"), ("sec-fetch-site", "cross-site")],
            &[("host", "muster.example"), ("sec-fetch-site", "same-site")],
        ] {
            assert!(!is_same_origin(&headers(foreign), PUBLIC), "{foreign:?}");
        }
    }
}
