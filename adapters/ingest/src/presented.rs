//! The key that a request presents: in its path, its `Authorization`, or its query. It is never logged.

use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The key of a request. `path` is what its path holds in that place.
pub(crate) fn presented(path: Option<String>, parts: &Parts) -> Option<String> {
    path.or_else(|| of_header(&parts.headers)).or_else(|| of_query(parts.uri.query()?))
}

/// `Bearer KEY`, Opsgenie's `GenieKey KEY`, or HTTP Basic with the key as password, or as user without one.
fn of_header(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, key) = value.split_once(' ')?;
    let key = key.trim();
    if scheme.eq_ignore_ascii_case("bearer") || scheme.eq_ignore_ascii_case("geniekey") {
        return Some(key.to_owned());
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(key).ok()?).ok()?;
    let (user, password) = decoded.split_once(':')?;
    Some(if password.is_empty() { user } else { password }.to_owned())
}

fn of_query(query: &str) -> Option<String> {
    let mut pairs = url::form_urlencoded::parse(query.as_bytes());
    pairs.find(|(name, _)| name == "key").map(|(_, key)| key.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    fn found(uri: &str, authorization: Option<&str>) -> Option<String> {
        let mut request = Request::builder().uri(uri);
        if let Some(value) = authorization {
            request = request.header(header::AUTHORIZATION, value);
        }
        presented(None, &request.body(()).expect("a request").into_parts().0)
    }

    #[test]
    fn a_key_is_found_wherever_a_monitoring_system_can_put_one() {
        assert_eq!(found("/in/x", Some("Bearer k1")).as_deref(), Some("k1"));
        assert_eq!(found("/in/x", Some("GenieKey  k1 ")).as_deref(), Some("k1"));
        assert_eq!(found("/in/x", Some("Basic bXVzdGVyOmsx")).as_deref(), Some("k1"), "muster:k1");
        assert_eq!(found("/in/x", Some("Basic azE6")).as_deref(), Some("k1"), "k1:");
        assert_eq!(found("/in/x?a=b&key=k1", None).as_deref(), Some("k1"));
        for (uri, header) in [("/in/x", None), ("/in/x?keys=k1", None), ("/in/x", Some("Basic ???"))] {
            assert_eq!(found(uri, header), None, "{uri} {header:?}");
        }
    }
}
