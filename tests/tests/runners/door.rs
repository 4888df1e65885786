//! The way in for runners, over HTTP: only with a key, only for who has it, and nothing that is too long.

use muster_core::clock::SystemEntropy;
use muster_core::ids::PersonId;
use muster_core::org::Runner;
use muster_core::ports::credentials::{Credential, CredentialKind};
use muster_core::ports::signer::Signer;
use muster_core::runbook::{Order, Taken};
use muster_core::secret::Secret;
use muster_runbooks::remote::{SigningKey, Trusted};
use muster_tests::process::http;
use muster_tests::world::World;
use muster_web::WebConfig;
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::Arc;

struct Door {
    world: World,
    url: String,
    key: SigningKey,
}

impl Door {
    async fn over(world: World) -> Self {
        let key = SigningKey::generate(&SystemEntropy);
        let config = WebConfig {
            public_url: "https://muster.example.com".to_owned(),
            version: "0",
            metrics: Arc::new(String::new),
            signer: Some(Arc::new(key.clone()) as Arc<dyn Signer>),
        };
        let router = muster_web::router(Arc::clone(&world.muster), config);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/runner/v1", listener.local_addr().unwrap());
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await });
        Self { world, url, key }
    }

    async fn key_of(&self, name: &str, kind: CredentialKind) -> String {
        let secret = Secret::generate("mrk_", &SystemEntropy);
        let key = Credential {
            hash: secret.hash(),
            kind,
            person: PersonId::from("alice"),
            label: name.to_owned(),
            created_at: self.world.muster.now(),
            expires_at: None,
        };
        self.world.muster.store().grant(&key).await.unwrap();
        secret.reveal().to_owned()
    }

    async fn post(&self, path: &str, key: &str, body: &Value) -> Response {
        http().post(format!("{}/{path}", self.url)).bearer_auth(key).json(body).send().await.unwrap()
    }
}

async fn open() -> Door {
    let world = crate::through::started(1).await;
    let mut org = (*world.muster.org()).clone();
    org.runbooks.runners = vec![Runner { name: "warehouse-1".to_owned(), labels: vec!["warehouse".to_owned()] }];
    world.muster.reconfigure(org);
    Door::over(world).await
}

fn take() -> Value {
    json!({ "life": "0123456789", "at": [] })
}

#[tokio::test]
async fn who_has_a_key_gets_what_is_signed_for_them() {
    let door = open().await;
    let key = door.key_of("warehouse-1", CredentialKind::Runner).await;
    let taken: Taken = door.post("take", &key, &take()).await.json().await.unwrap();
    let signed = taken.order.unwrap();
    let mut trusted = Trusted::default();
    trusted.add(&door.key.public()).unwrap();
    assert!(trusted.has_signed(&signed.order, &signed.signature));
    let order: Order = serde_json::from_str(&signed.order).unwrap();
    assert_eq!((order.runner.as_str(), order.label.as_str()), ("warehouse-1", "warehouse"));
    assert_eq!(order.task.id.to_string(), "INC-1/1/step-1/1");
    let job = serde_json::to_value(&order.task.id).unwrap();
    let kept = door.post("keep", &key, &json!({ "life": "0123456789", "job": job, "tail": ["a\u{1b}[2J"] })).await;
    assert_eq!(kept.json::<Value>().await.unwrap(), json!({ "go_on": true }));
    let another = door.post("keep", &key, &json!({ "life": "9876543210", "job": job, "tail": null })).await;
    assert_eq!(another.json::<Value>().await.unwrap(), json!({ "go_on": false }), "another life is another worker");
    let report = json!({ "ended": { "ended": "well", "outputs": {} }, "output": "", "cut": false });
    let ended = door.post("end", &key, &json!({ "life": "0123456789", "job": job, "report": report })).await;
    assert_eq!(ended.status(), StatusCode::NO_CONTENT);
    crate::through::becomes(&door.world.muster, muster_core::runbook::RunState::Done).await;
}

#[tokio::test]
async fn nobody_else_comes_in() {
    let door = open().await;
    let token = door.key_of("alice", CredentialKind::Token).await;
    let gone = door.key_of("warehouse-9", CredentialKind::Runner).await;
    for key in ["", "mrk_nonsense", &token, &gone, &"x".repeat(5_000)] {
        for path in ["take", "keep", "end"] {
            assert_eq!(door.post(path, key, &take()).await.status(), StatusCode::UNAUTHORIZED, "{path} {key}");
        }
    }
    let good = door.key_of("warehouse-1", CredentialKind::Runner).await;
    let is_known = door.post("keep", &good, &take()).await.status();
    assert_ne!(is_known, StatusCode::UNAUTHORIZED);
    for _ in 0..40 {
        door.post("take", "mrk_nonsense", &take()).await;
    }
    assert_eq!(door.post("take", "mrk_nonsense", &take()).await.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_ne!(door.post("keep", &good, &take()).await.status(), StatusCode::TOO_MANY_REQUESTS, "it was good before");
    assert_eq!(door.world.muster.store().revoke(CredentialKind::Runner, "").await.unwrap(), 2);
    assert_ne!(door.post("take", &good, &take()).await.status(), StatusCode::OK, "revoked, at once");
    let outside = http().post(format!("{}/../../api/v1/me", door.url)).bearer_auth(&good).send().await.unwrap();
    assert!(outside.status().is_client_error(), "it opens nothing else");
}

#[tokio::test]
async fn what_makes_no_sense_or_is_too_long_is_refused() {
    let door = open().await;
    let key = door.key_of("warehouse-1", CredentialKind::Runner).await;
    for (path, body, status) in [
        ("take", json!({ "life": "x", "at": [] }), StatusCode::BAD_REQUEST),
        ("take", json!({ "life": "../../../etc", "at": [] }), StatusCode::BAD_REQUEST),
        ("take", json!({ "life": "0123456789", "at": [], "labels": ["payments"] }), StatusCode::BAD_REQUEST),
        ("take", json!([]), StatusCode::BAD_REQUEST),
        ("keep", json!({ "life": "0123456789", "tail": ["x".repeat(100_000)] }), StatusCode::PAYLOAD_TOO_LARGE),
        ("end", json!({ "life": "0123456789", "report": "x".repeat(3_000_000) }), StatusCode::PAYLOAD_TOO_LARGE),
        ("give", json!({}), StatusCode::NOT_FOUND),
    ] {
        assert_eq!(door.post(path, &key, &body).await.status(), status, "{path}");
    }
    let nobody = json!({ "incident": "INC-99", "run": 1, "step": "x", "undo": false, "attempt": 1 });
    let report = json!({ "ended": { "ended": "well", "outputs": {} }, "output": "", "cut": false });
    let ended = door.post("end", &key, &json!({ "life": "0123456789", "job": nobody, "report": report })).await;
    assert_eq!(ended.status(), StatusCode::NO_CONTENT, "of a job that is not there nothing becomes");
}
