//! The edges of the API and of signing in, over real HTTP: who is let in, what is refused and how, what is never given.

use muster_core::command::TABLE;
use muster_tests::process::{Client, Database, Installation, SOON, Said, Server, eventually, http, incident_of};
use reqwest::header::{self, HeaderMap, HeaderValue};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// A server of its own for each test.
async fn serving(installation: &Installation) -> Server<'_> {
    installation.start().await
}

/// A request to the API without a token.
fn bare(installation: &Installation, method: Method, path: &str) -> reqwest::RequestBuilder {
    http().request(method, format!("{}/api/v1/{path}", installation.url()))
}

/// The status, and the error in the one shape that errors have.
async fn error_of(request: reqwest::RequestBuilder) -> (StatusCode, Value) {
    let response = request.send().await.expect("an answer");
    let status = response.status();
    let kind = response.headers().get(header::CONTENT_TYPE).cloned();
    let body = response.text().await.expect("a body");
    assert_eq!(kind, Some(HeaderValue::from_static("application/json")), "{status} {body}");
    let body: Value = serde_json::from_str(&body).unwrap_or_else(|_| panic!("{status} {body}"));
    let error = &body["error"];
    let sentence = error["sentence"].as_str().unwrap_or_else(|| panic!("{status} {body}"));
    assert!(!sentence.is_empty() && !sentence.contains('\n'), "one sentence: {sentence}");
    assert!(error["reason"].is_string() && error.get("instead").is_some(), "{body}");
    (status, error.clone())
}

async fn status_of(request: reqwest::RequestBuilder) -> StatusCode {
    request.send().await.expect("an answer").status()
}

#[tokio::test]
async fn only_a_good_token_opens_the_api() {
    let installation = Installation::on_sqlite();
    let server = serving(&installation).await;
    let good = installation.token("alice");
    let paths = ["me", "incidents", "incidents/INC-1", "incidents/INC-1/timeline", "incidents/INC-1/export", "people"];
    for path in paths {
        let (status, error) = error_of(bare(&installation, Method::GET, path)).await;
        assert_eq!((status, &error["reason"]), (StatusCode::UNAUTHORIZED, &json!("unauthorized")), "{path}");
    }
    let given = json!({ "line": "new it is down" });
    let wrong = [
        String::new(),
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        format!("Basic {good}"),
        good.clone(),
        format!("Bearer {}", good.replace("mst_", "msl_")),
        format!("Bearer {}x", good),
        format!("Bearer {}", "m".repeat(5_000)),
    ];
    for authorization in wrong {
        let request = bare(&installation, Method::POST, "commands").json(&given);
        let request = request.header(header::AUTHORIZATION, &authorization);
        let response = request.try_clone().expect("a body of bytes").send().await.expect("an answer");
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "{authorization:.40}");
        assert_eq!(response.headers()[header::WWW_AUTHENTICATE], "Bearer");
        error_of(request).await;
    }
    // Whom a token stands for is nobody's business but its owner's; where it is put is.
    let in_the_address = format!("incidents?token={good}&access_token={good}");
    assert_eq!(status_of(bare(&installation, Method::GET, &in_the_address)).await, StatusCode::UNAUTHORIZED);

    let alice = Client::new(&installation.url(), &good);
    assert_eq!(alice.get("me").await["person"], "alice");
    assert_eq!(alice.get("incidents").await["incidents"], json!([]), "nothing was declared by those without a token");
    server.terminate().await;
}

#[tokio::test]
async fn a_token_ends_when_it_is_revoked_or_over() {
    let installation = Installation::on_sqlite();
    let server = serving(&installation).await;
    let (revoked, used) = (installation.client("alice"), installation.client("alice"));
    let _ = used.get("me").await;
    for client in [&revoked, &used] {
        assert!(installation.prints(&["token", "revoke", client.token()]).contains("Revoked"));
    }
    let (status, _) = error_of(revoked.request(Method::GET, "me")).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED, "at once, when it was not in use");
    eventually("a token that was in use ends within seconds", SOON, async || {
        (status_of(used.request(Method::GET, "me")).await == StatusCode::UNAUTHORIZED).then_some(())
    })
    .await;

    let expiring = installation.prints(&["token", "create", "alice", "--label", "short", "--expires", "1h"]);
    let other = installation.prints(&["token", "create", "alice", "--label", "shorter", "--expires", "1h"]);
    assert_eq!(Client::new(&installation.url(), &expiring).get("me").await["person"], "alice");
    let mut database = Database::open(&installation.database_url()).await;
    database.execute("UPDATE credentials SET expires_at = 1 WHERE label LIKE 'short%'").await;
    let client = Client::new(&installation.url(), &other);
    assert_eq!(error_of(client.request(Method::GET, "me")).await.0, StatusCode::UNAUTHORIZED);

    // Only the hash is kept, anywhere.
    server.terminate().await;
    for entry in std::fs::read_dir(installation.folder()).expect("a folder").flatten() {
        let bytes = std::fs::read(entry.path()).unwrap_or_default();
        for token in [revoked.token(), used.token(), &expiring, &other] {
            let found = bytes.windows(token.len()).any(|window| window == token.as_bytes());
            assert!(!found, "{} holds a token in the clear", entry.path().display());
        }
    }
}

#[tokio::test]
async fn guessing_is_slowed_down_and_those_who_are_in_stay_in() {
    let installation = Installation::on_sqlite();
    let _server = serving(&installation).await;
    let alice = installation.client("alice");
    let _ = alice.get("me").await;
    let mut seen = BTreeSet::new();
    for n in 0..40 {
        let guess = Client::new(&installation.url(), &format!("mst_guess{n}"));
        seen.insert(error_of(guess.request(Method::GET, "me")).await.0.as_u16());
    }
    assert_eq!(seen, BTreeSet::from([401, 429]));
    assert_eq!(alice.get("me").await["person"], "alice");
}

#[tokio::test]
async fn who_may_only_look_changes_nothing() {
    let installation = Installation::on_sqlite();
    let _server = serving(&installation).await;
    let (alice, frank) = (installation.client("alice"), installation.client("frank"));
    let id = incident_of(&alice.does("new sev1 checkout is down", None).await);
    let before = alice.export(&id).await;
    let calls = TABLE.iter().flat_map(|spec| spec.verbs.iter().map(move |verb| (spec, verb)));
    for (n, (spec, verb)) in calls.enumerate() {
        let writes = matches!(verb.access, muster_core::command::spec::Access::Writes);
        if !writes {
            continue;
        }
        for (example, m) in verb.examples.iter().zip(0..) {
            match frank.say(&format!("frank-{n}-{m}"), example, Some(&id)).await {
                Said::Refused(StatusCode::FORBIDDEN, body) => assert_eq!(body["error"]["reason"], "forbidden"),
                other @ (Said::Refused(..) | Said::Done(_) | Said::Later(_) | Said::Nothing(_)) => {
                    panic!("{} {}: {example}: {other:?}", spec.name, verb.name)
                }
            }
        }
    }
    assert_eq!(alice.export(&id).await, before);
    assert!(frank.does("list", None).await["text"].as_str().expect("text").contains("checkout is down"));
    assert_eq!(frank.export(&id).await, before, "looking is allowed");
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_in_one_sentence() {
    let installation = Installation::on_sqlite();
    let _server = serving(&installation).await;
    let alice = installation.client("alice");
    let json = "application/json";
    let post = |kind: &str, body: Vec<u8>| {
        alice.request(Method::POST, "commands").header(header::CONTENT_TYPE, kind).body(body)
    };
    let line = |text: &str| json!({ "line": text }).to_string().into_bytes();
    let cases: [(&str, reqwest::RequestBuilder, u16); 14] = [
        ("no JSON", post(json, b"{\"line\":".to_vec()), 400),
        ("no object", post(json, b"[1,2]".to_vec()), 400),
        ("no text", post(json, b"{\"line\":7}".to_vec()), 400),
        ("not UTF-8", post(json, b"{\"line\":\"\xff\"}".to_vec()), 400),
        ("empty", post(json, Vec::new()), 400),
        ("deep", post(json, [vec![b'['; 60_000], vec![b']'; 4_000]].concat()), 400),
        ("unknown key", post(json, b"{\"line\":\"list\",\"sudo\":true}".to_vec()), 400),
        ("neither line nor command", post(json, b"{}".to_vec()), 422),
        ("both", post(json, b"{\"line\":\"list\",\"command\":\"list\"}".to_vec()), 422),
        ("too large", post(json, line(&"x".repeat(70_000))), 413),
        ("a form", post("application/x-www-form-urlencoded", b"line=list".to_vec()), 415),
        ("text that is JSON", post("text/plain", line("list")), 415),
        ("no such incident", alice.request(Method::GET, "incidents/INC-99"), 404),
        ("no incident at all", alice.request(Method::GET, "incidents/..%2f..%2fetc"), 404),
    ];
    for (what, request, expected) in cases {
        let (status, _) = error_of(request).await;
        assert_eq!(status.as_u16(), expected, "{what}");
    }
    for key in ["", "a b", "ä", &"k".repeat(201)] {
        let request = post(json, line("new it is down"));
        let Ok(value) = HeaderValue::from_bytes(key.as_bytes()) else { continue };
        let (status, error) = error_of(request.header("Idempotency-Key", value)).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{key:.10}: {error}");
    }
    for (method, path, expected) in [
        (Method::GET, "nothing/here", 404),
        (Method::GET, "", 404),
        (Method::POST, "commands/nonsense", 404),
        (Method::POST, "commands/task/nonsense", 404),
        (Method::DELETE, "incidents/INC-1", 405),
        (Method::GET, "commands", 405),
    ] {
        let (status, error) = error_of(alice.request(method, path).json(&json!({}))).await;
        assert_eq!(status.as_u16(), expected, "{path}: {error}");
    }
    for query in ["open=maybe", "limit=0", "limit=201", "limit=-1", "kind=party", "severity=sev9", "colour=red"] {
        let (status, _) = error_of(alice.request(Method::GET, &format!("incidents?{query}"))).await;
        assert_eq!(status.as_u16(), 422, "{query}");
    }
    assert_eq!(alice.get("incidents").await["incidents"], json!([]), "nothing came of all this");
}

#[tokio::test]
async fn one_key_is_one_request_of_one_person() {
    let installation = Installation::on_sqlite();
    let _server = serving(&installation).await;
    let (alice, bob) = (installation.client("alice"), installation.client("bob"));
    let other = installation.client("alice");
    let first = alice.say("the-key", "new --private secrets are out", None).await.done();
    for client in [&alice, &other] {
        assert_eq!(client.say("the-key", "new --private secrets are out", None).await.done(), first);
        assert_eq!(client.say("the-key", "new something else", None).await.done(), first, "the key decides");
    }
    // Bob's key of the same name is his own; alice's private incident does not shine through.
    let bobs = bob.say("the-key", "new --private secrets are out", None).await.done();
    assert_ne!(bobs["incident"], first["incident"]);
    // Ids are scoped by whom a token stands for: nothing in the key can reach over.
    for forged in ["alice:the-key", ":the-key", "timer:the-key", "!timer:the-key", "../alice/the-key"] {
        let reply = bob.say(forged, "new a third thing", None).await.done();
        assert_ne!(reply["incident"], first["incident"], "{forged}");
    }
    // Many at once with one key are one.
    let many = (0..20).map(|_| alice.insist("at-once", "new once", None));
    let replies: Vec<_> = futures::future::join_all(many).await.into_iter().map(Said::done).collect();
    assert!(replies.windows(2).all(|pair| pair[0] == pair[1]));
    // A refusal is not kept: what is possible later is done later.
    let id = incident_of(&replies[0]);
    assert!(matches!(alice.say("later", "handoff @bob", Some(&id)).await, Said::Refused(StatusCode::CONFLICT, _)));
    let _ = alice.does("role commander", Some(&id)).await;
    let offered = alice.say("later", "handoff @bob", Some(&id)).await.done();
    // Asked again when it would be refused by now, it says what it said.
    let _ = bob.does("handoff accept", Some(&id)).await;
    assert_eq!(alice.say("later", "handoff @bob", Some(&id)).await.done(), offered);
    // The answer names the key it was given under, its own if none came.
    let request = alice.request(Method::POST, "commands").json(&json!({ "line": "list" }));
    let response = request.send().await.expect("an answer");
    assert!(response.headers().get("idempotency-key").is_some_and(|key| key.len() >= 20));
}

/// The token in a page of ours.
fn csrf_in(page: &str) -> String {
    let (_, rest) = page.split_once("name=\"csrf\" value=\"").expect("a form of ours");
    rest.split('"').next().expect("a value").to_owned()
}

#[tokio::test]
async fn a_link_signs_in_once_and_looking_at_it_does_not_use_it_up() {
    let installation = Installation::on_sqlite();
    let _server = serving(&installation).await;
    let link = installation.prints(&["login-link", "alice"]);
    for _ in 0..3 {
        let response = http().get(&link).send().await.expect("an answer");
        assert_eq!(response.status(), StatusCode::OK);
        assert!(response.headers().get(header::SET_COOKIE).is_none(), "previews open links, too");
        let head = http().head(&link).send().await.expect("an answer");
        assert!(head.headers().get(header::SET_COOKIE).is_none());
    }
    let foreign = http().post(&link).header(header::ORIGIN, "https://evil.example").send().await.expect("an answer");
    assert_eq!(foreign.status(), StatusCode::FORBIDDEN, "nobody is signed in by another site's form");
    let first = http().post(&link).send().await.expect("an answer");
    assert_eq!(first.status(), StatusCode::SEE_OTHER);
    let second = http().post(&link).send().await.expect("an answer");
    assert_eq!(second.status(), StatusCode::NOT_FOUND);
    assert!(second.headers().get(header::SET_COOKIE).is_none());
    // Of many at once, one is let in.
    let link = installation.prints(&["login-link", "alice"]);
    let many = futures::future::join_all((0..10).map(|_| http().post(&link).send())).await;
    let entered = many.into_iter().flatten().filter(|answer| answer.headers().contains_key(header::SET_COOKIE)).count();
    assert_eq!(entered, 1);
    let token = installation.token("alice");
    let response = http().post(format!("{}/login/{token}", installation.url())).send().await.expect("an answer");
    assert_eq!(response.status(), StatusCode::NOT_FOUND, "a token is no link");
}

#[tokio::test]
async fn a_session_is_a_cookie_that_scripts_and_other_sites_cannot_use() {
    let installation = Installation::on_sqlite();
    let _server = serving(&installation).await;
    let (cookie, header) = installation.sign_in("alice").await;
    for flag in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age="] {
        assert!(header.contains(flag), "{flag}: {header}");
    }
    assert!(!header.contains("Domain="), "{header}");
    let page = |path: &str| http().get(format!("{}{path}", installation.url())).header(header::COOKIE, &cookie);
    let board = page("/").send().await.expect("an answer");
    assert_eq!(board.status(), StatusCode::OK);
    let csrf = csrf_in(&board.text().await.expect("a page"));

    // The API does not know cookies.
    let request = bare(&installation, Method::POST, "commands").header(header::COOKIE, &cookie);
    let (status, _) = error_of(request.json(&json!({ "line": "new it is down" }))).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);

    // Nor does the console know tokens.
    let token = installation.token("alice");
    let response = http().get(installation.url() + "/").bearer_auth(&token).send().await.expect("an answer");
    assert_eq!(response.status(), StatusCode::SEE_OTHER, "signed out, so sent to sign in");

    let give = |csrf: Option<&str>, headers: &[(&'static str, &str)]| {
        let encoded = |text: &str| text.replace(' ', "+");
        let mut body = format!("ask=line&request=abc&line={}", encoded("new the console works"));
        if let Some(csrf) = csrf {
            body.push_str(&format!("&csrf={csrf}"));
        }
        let request = http().post(format!("{}/do", installation.url())).header(header::COOKIE, &cookie);
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(body);
        headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))
    };
    let refused = [
        give(None, &[]),
        give(Some(""), &[]),
        give(Some("guess"), &[]),
        give(Some(&csrf), &[("origin", "https://evil.example")]),
        give(Some(&csrf), &[("origin", "null")]),
        give(Some(&csrf), &[("sec-fetch-site", "cross-site")]),
        give(Some(&csrf), &[("sec-fetch-site", "same-site")]),
    ];
    for request in refused {
        assert_eq!(status_of(request).await, StatusCode::FORBIDDEN);
    }
    let alice = Client::new(&installation.url(), &token);
    assert_eq!(alice.get("incidents").await["incidents"], json!([]), "nothing came of forms that are not ours");
    let own = installation.url();
    let done = status_of(give(Some(&csrf), &[("origin", &own), ("sec-fetch-site", "same-origin")])).await;
    assert!(done.is_redirection() || done.is_success(), "{done}");
    assert_eq!(alice.get("incidents").await["incidents"].as_array().map(Vec::len), Some(1));
    // Pressed twice, done once.
    let _ = status_of(give(Some(&csrf), &[])).await;
    assert_eq!(alice.get("incidents").await["incidents"].as_array().map(Vec::len), Some(1));

    // Another's token of forms is of no use.
    let (bobs, _) = installation.sign_in("bob").await;
    let request = http().post(format!("{}/do", installation.url())).header(header::COOKIE, bobs);
    let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    assert_eq!(
        status_of(request.body(format!("ask=line&request=x&line=list&csrf={csrf}"))).await,
        StatusCode::FORBIDDEN
    );

    // Signed out, the session is gone, not only the cookie.
    let leave = http().post(format!("{}/logout", installation.url())).header(header::COOKIE, &cookie);
    let leave = leave.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(format!("csrf={csrf}"));
    assert_eq!(status_of(leave).await, StatusCode::SEE_OTHER);
    assert_eq!(status_of(page("/")).await, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn behind_https_the_cookie_is_secure_and_bound_to_the_host() {
    let people = "[organisation]\nname = \"Shop\"\n[[person]]\nid = \"alice\"\nname = \"Alice\"\nright = \"admin\"\n";
    let installation = Installation::configured("sqlite:muster.db", people);
    let config = std::fs::read_to_string(installation.config()).expect("a config");
    let config = config.replace("[store]", "public_url = \"https://muster.example.com\"\n[store]");
    std::fs::write(installation.config(), config).expect("written");
    let _server = serving(&installation).await;
    let (cookie, header) = installation.sign_in("alice").await;
    assert!(cookie.starts_with("__Host-muster=") && header.contains("; Secure"), "{header}");
    let link = installation.prints(&["login-link", "alice"]);
    assert!(link.starts_with("https://muster.example.com/login/"), "{link}");
}

#[tokio::test]
async fn no_other_site_may_read_or_frame_anything() {
    let installation = Installation::on_sqlite();
    let _server = serving(&installation).await;
    let alice = installation.client("alice");
    let (cookie, _) = installation.sign_in("alice").await;
    let pages = ["/", "/login", "/new", "/incidents", "/people", "/help", "/no/such/page", "/incidents/INC-404"];
    for path in pages {
        let request = http().get(format!("{}{path}", installation.url())).header(header::COOKIE, &cookie);
        let response = request.header(header::ORIGIN, "https://evil.example").send().await.expect("an answer");
        let headers = response.headers();
        let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().expect("text");
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff", "{path}");
        assert_eq!(headers[header::X_FRAME_OPTIONS], "DENY", "{path}");
        assert!(headers.contains_key(header::REFERRER_POLICY), "{path}");
        closed(headers, path);
        let page = response.text().await.expect("a page");
        // Redirects have no page; pages ask nobody else for anything, and run nothing of their own.
        for foreign in ["src=\"http", "href=\"http", "src=\"//", "style=\"", "onclick="] {
            assert!(!page.contains(foreign), "{path} has {foreign}");
        }
    }
    for path in ["me", "incidents", "openapi.json", "nothing/here"] {
        let request = alice.request(Method::GET, path).header(header::ORIGIN, "https://evil.example");
        let response = request.send().await.expect("an answer");
        assert_eq!(response.headers()[header::X_CONTENT_TYPE_OPTIONS], "nosniff", "{path}");
        assert!(response.headers().contains_key(header::CONTENT_SECURITY_POLICY), "{path}");
        closed(response.headers(), path);
    }
    let preflight = bare(&installation, Method::OPTIONS, "commands").header(header::ORIGIN, "https://evil.example");
    let preflight = preflight.header("access-control-request-method", "POST");
    let preflight = preflight.header("access-control-request-headers", "authorization,content-type");
    let response = preflight.send().await.expect("an answer");
    assert!(!response.status().is_success(), "{}", response.status());
    closed(response.headers(), "preflight");
}

fn closed(headers: &HeaderMap, path: &str) {
    let open: Vec<_> = headers.keys().filter(|name| name.as_str().starts_with("access-control-")).collect();
    assert!(open.is_empty(), "{path} is open to other sites: {open:?}");
}

#[tokio::test]
async fn metrics_are_for_this_machine_and_for_operators() {
    let installation = Installation::on_sqlite();
    let _server = serving(&installation).await;
    let (alice, bob) = (installation.token("alice"), installation.token("bob"));
    let metrics = || http().get(format!("{}/metrics", installation.url()));
    let response = metrics().send().await.expect("an answer");
    assert_eq!(response.status(), StatusCode::OK);
    let text = response.text().await.expect("text");
    assert!(text.contains("muster_http_requests_total"), "{text}");
    assert!(!text.contains(&alice) && !text.contains("/login/"), "no secret is measured");
    for proxied in ["x-forwarded-for", "forwarded", "x-real-ip", "via"] {
        let through = || metrics().header(proxied, "for=192.0.2.1");
        assert_eq!(status_of(through()).await, StatusCode::UNAUTHORIZED, "{proxied}");
        assert_eq!(status_of(through().bearer_auth(&bob)).await, StatusCode::UNAUTHORIZED, "{proxied}");
        assert_eq!(status_of(through().bearer_auth(&alice)).await, StatusCode::OK, "{proxied}");
    }
    assert_eq!(status_of(http().get(format!("{}/healthz", installation.url()))).await, StatusCode::OK);
}

/// Every `$ref` in the document, and whether it leads somewhere.
fn references(document: &Value, at: &Value) {
    match at {
        Value::Object(fields) => {
            if let Some(Value::String(reference)) = fields.get("$ref") {
                let pointer = reference.strip_prefix('#').expect("a reference into the document");
                assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
            }
            fields.values().for_each(|value| references(document, value));
        }
        Value::Array(items) => items.iter().for_each(|value| references(document, value)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[tokio::test]
async fn the_description_is_whole_and_true() {
    let installation = Installation::on_sqlite();
    let _server = serving(&installation).await;
    let alice = installation.client("alice");
    let response = bare(&installation, Method::GET, "openapi.json").send().await.expect("an answer");
    assert_eq!(response.status(), StatusCode::OK, "it says nothing about anybody, so anybody may read it");
    let document: Value = response.json().await.expect("JSON");
    assert!(document["openapi"].as_str().is_some_and(|version| version.starts_with("3.1")));
    assert!(document["info"]["title"].is_string() && document["info"]["version"].is_string());
    assert_eq!(document["servers"][0]["url"], "/api/v1");
    references(&document, &document);
    let paths = document["paths"].as_object().expect("paths");

    let id = incident_of(&alice.does("new sev3 it is slow", None).await);
    let mut ids = BTreeSet::new();
    for (path, methods) in paths {
        for (method, operation) in methods.as_object().expect("methods") {
            let operation_id = operation["operationId"].as_str().expect("an operation has an id");
            assert!(ids.insert(operation_id.to_owned()), "{operation_id} is there twice");
            assert!(
                operation["responses"].as_object().is_some_and(|responses| responses.contains_key("200")),
                "{path}"
            );
            for name in path.split('{').skip(1).filter_map(|rest| rest.split('}').next()) {
                let parameters = operation["parameters"].as_array().expect("parameters");
                let described = parameters.iter().any(|one| one["name"] == name && one["in"] == "path");
                assert!(described, "{path}: {name} is not described");
            }
            let method: Method = method.to_uppercase().parse().expect("a method");
            let address = path.trim_start_matches('/').replace("{id}", &id).replace("{number}", "1");
            let (status, _) = error_of(bare(&installation, method.clone(), &address)).await;
            assert_eq!(status, StatusCode::UNAUTHORIZED, "{path} is guarded");
            let request = alice.request(method.clone(), &address);
            let request = if method == Method::POST { request.json(&json!({})) } else { request };
            let response = request.send().await.expect("an answer");
            let (status, body) = (response.status(), response.text().await.expect("a body"));
            assert!(!body.contains("The API has no such path") && status != 405, "{path}: {status} {body}");
            let described = operation["responses"].get(status.as_str()).is_some();
            assert!(described, "{path} answers {status}, which it does not describe");
            if method == Method::GET {
                // No runbook has run there.
                let found = if path.contains("{number}") { StatusCode::NOT_FOUND } else { StatusCode::OK };
                assert_eq!(status, found, "{path}: {body}");
            }
        }
    }
    for spec in TABLE {
        for verb in spec.verbs {
            let path = if verb.name.is_empty() {
                format!("/commands/{}", spec.name)
            } else {
                format!("/commands/{}/{}", spec.name, verb.name)
            };
            let schema = &paths[&path]["post"]["requestBody"]["content"]["application/json"]["schema"];
            let required = schema["required"].as_array().expect("what is required");
            for arg in verb.args {
                assert!(schema["properties"][arg.name].is_object(), "{path}: {} is not described", arg.name);
                let is_required = required.contains(&json!(arg.name));
                assert_eq!(is_required, arg.required, "{path}: {}", arg.name);
            }
        }
    }
}
