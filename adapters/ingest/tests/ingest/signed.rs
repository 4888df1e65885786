//! Signatures of sources that have a secret.

use crate::world::{World, key_of, request, source};
use axum::http::{Method, StatusCode};
use hmac::{Hmac, KeyInit, Mac};
use muster_ingest::{IngestConfig, Kind, SignatureSecret};
use sha2::Sha256;

fn signature(body: &str, secret: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("JSON");
    mac.update(body.as_bytes());
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test]
async fn nothing_unsigned_is_taken_from_a_source_with_a_secret() {
    let mut sentry = source(Kind::Sentry);
    sentry.secret = Some(SignatureSecret::new("s3cret".to_owned()));
    let world = World::of(IngestConfig { sources: vec![sentry] });
    let body = r#"{"action":"resolved","data":{"issue":{"id":"1","title":"It broke"}}}"#;
    let good = signature(body, "s3cret");
    let mut flipped = good.clone().into_bytes();
    flipped[0] = if flipped[0] == b'0' { b'1' } else { b'0' };
    let flipped = String::from_utf8(flipped).expect("it is there");
    let cases = [
        (Some(good.clone()), StatusCode::ACCEPTED),
        (Some(flipped), StatusCode::UNAUTHORIZED),
        (Some(signature(body, "other")), StatusCode::UNAUTHORIZED),
        (Some(signature(&body.replace("resolved", "created"), "s3cret")), StatusCode::UNAUTHORIZED),
        (Some(good[..63].to_owned()), StatusCode::UNAUTHORIZED),
        (Some(String::new()), StatusCode::UNAUTHORIZED),
        (None, StatusCode::UNAUTHORIZED),
    ];
    for (header, wanted) in cases {
        let mut sent = request(Method::POST, &format!("/in/sentry/{}", key_of(Kind::Sentry)), body);
        if let Some(value) = &header {
            sent.headers_mut().insert("sentry-hook-signature", value.parse().expect("a value"));
        }
        assert_eq!(world.send(sent).await.status, wanted, "{header:?}");
    }
    assert_eq!(world.book().commits, 1);
}
