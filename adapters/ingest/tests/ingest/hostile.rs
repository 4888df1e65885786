//! Whatever is sent, the answer is a sentence: never a panic, never our fault, never a signal out of bounds.

use crate::samples::samples;
use crate::world::{World, every_kind, key_of, request};
use axum::http::Method;
use muster_core::alert::Signal;
use muster_ingest::{IngestConfig, Kind, Rate};
use proptest::prelude::*;
use proptest::sample::Index;
use std::num::NonZeroU32;

/// What is done to a sample.
#[derive(Debug, Clone)]
enum Harm {
    Flip(Index, u8),
    Cut(Index),
    Repeat(Index, Index),
    Swap(usize),
}

/// Texts that mean something to somebody.
const TEXTS: [(&str, &str); 10] = [
    ("\"", "null"),
    ("\"", "\"\\u0000\\u202e"),
    ("{", "[{"),
    (":", ":1e999,\"x\":"),
    ("1", "99999999999999999999999999"),
    (":", ":-1.5e300,\"y\":"),
    ("https", "javascript"),
    ("a", "\u{0}\u{FEFF}ﷺ"),
    ("\r\n", "\n\n\r"),
    ("multipart", "multipart/mixed; boundary=\"\"; x=multipart"),
];

fn harm() -> impl Strategy<Value = Harm> {
    prop_oneof![
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Harm::Flip(at, byte)),
        any::<Index>().prop_map(Harm::Cut),
        (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Harm::Repeat(from, to)),
        (0..TEXTS.len()).prop_map(Harm::Swap),
    ]
}

fn harmed(mut body: Vec<u8>, harms: &[Harm]) -> Vec<u8> {
    for harm in harms {
        if body.is_empty() {
            return body;
        }
        match harm {
            Harm::Flip(at, byte) => {
                let at = at.index(body.len());
                body[at] = *byte;
            }
            Harm::Cut(at) => body.truncate(at.index(body.len())),
            Harm::Repeat(from, to) => {
                let (from, to) = (from.index(body.len()), to.index(body.len()));
                let part = body[from.min(to)..from.max(to)].to_vec();
                body.splice(from..from, part);
            }
            Harm::Swap(n) => {
                let (from, to) = TEXTS[*n];
                body = String::from_utf8_lossy(&body).replacen(from, to, 2).into_bytes();
            }
        }
    }
    body
}

/// A world where nothing is too fast.
fn world() -> World {
    let mut config: IngestConfig = every_kind();
    for source in &mut config.sources {
        source.rate = Rate { per_second: NonZeroU32::MAX, burst: NonZeroU32::MAX };
    }
    World::of(config)
}

fn is_tidy(signal: &Signal) -> bool {
    let within = |text: &str, most: usize| text.chars().count() <= most;
    !signal.key.is_empty()
        && within(&signal.key, Signal::KEY)
        && !signal.title.is_empty()
        && within(&signal.title, Signal::TITLE)
        && signal.text.as_deref().is_none_or(|text| within(text, Signal::TEXT))
        && signal.labels.len() <= Signal::LABELS
        && signal.links.iter().all(|link| link.url.starts_with("http"))
        && !signal.title.chars().any(char::is_control)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_body_does_harm(harms in prop::collection::vec(harm(), 1..6), pick in any::<Index>()) {
        let world = world();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        for kind in Kind::ALL {
            let of_kind = samples(kind);
            if of_kind.is_empty() {
                continue;
            }
            let body = harmed(of_kind[pick.index(of_kind.len())].1.clone(), &harms);
            let path = if kind == Kind::PagerDuty {
                "/v2/enqueue".to_owned()
            } else {
                format!("/in/{}/{}", kind.word(), key_of(kind))
            };
            let mut sent = request(Method::POST, &path, body);
            sent.headers_mut().insert("x-routing-key", key_of(Kind::PagerDuty).parse().expect("a value"));
            let answer = runtime.block_on(world.send(sent));
            prop_assert!(!answer.status.is_server_error(), "{kind:?}: {answer:?}");
            prop_assert!(serde_json::from_str::<serde_json::Value>(&answer.body).is_ok());
        }
        for signal in &world.book().signals {
            prop_assert!(is_tidy(signal), "{signal:?}");
        }
    }
}
