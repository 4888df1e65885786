//! Requests: what is sent, what is made of the answer, and what is known when there is none.

use crate::world::{But, World, doubt, get, http, inputs, outputs, reason};
use axum::http::StatusCode;
use muster_core::runbook::{Scope, Source};
use serde_json::json;
use std::time::Duration;
use tokio::io::AsyncReadExt;

#[tokio::test]
async fn a_request_is_sent_as_it_is_written_with_its_key_and_what_was_filled_in() {
    let world = World::new().await.with_secret("GATEWAY", "s3cret-of-the-gateway\n");
    let scope = inputs(&json!({ "region": "eu west", "count": 3, "all": true }));
    let mut call = get(&world.url("/v1/${{ inputs.region }}/switch?to=${{ inputs.region }}"));
    call["method"] = json!("POST");
    call["headers"] = json!([["Authorization", "Bearer ${{ secrets.GATEWAY }}"], ["X-Region", "${{ inputs.region }}"]]);
    call["body"] = json!({ "json": {
        "count": "${{ inputs.count }}", "all": "${{ inputs.all }}", "text": "to ${{ inputs.region }}",
        "key": "${{ secrets.GATEWAY }}", "list": ["${{ inputs.count }}", null],
    } });
    world.server.answers((StatusCode::CREATED, "{\"state\": {\"active\": \"second\"}, \"rate\": 0.5}"));
    let task = http(call, &scope)
        .finding("active", Source::Json("/state/active".to_owned()))
        .finding("rate", Source::Json("/rate".to_owned()))
        .finding("status", Source::Status)
        .finding("word", Source::Regex("\"act(\\w+)\"".to_owned()));
    let report = world.does(&task).await;
    assert_eq!(outputs(&report), json!({ "active": "second", "rate": 0.5, "status": 201, "word": "ive" }));
    assert!(report.output.starts_with("201 Created\n{\"state\""), "{}", report.output);

    let [got] = &world.server.got()[..] else { panic!("one request") };
    assert_eq!(got.method, "POST");
    assert_eq!(got.uri, "/v1/eu%20west/switch?to=eu%20west");
    assert_eq!(got.headers["authorization"], "Bearer s3cret-of-the-gateway");
    assert_eq!(got.headers["x-region"], "eu west");
    assert_eq!(got.headers["idempotency-key"], "INC-7/1/switch/2");
    assert_eq!(got.headers["content-type"], "application/json");
    assert!(got.headers["user-agent"].to_str().expect("text").starts_with("Muster/"));
    let body: serde_json::Value = serde_json::from_slice(&got.body).expect("JSON");
    let expected = json!({
        "count": 3, "all": true, "text": "to eu west", "key": "s3cret-of-the-gateway", "list": [3, null],
    });
    assert_eq!(body, expected, "types are kept");
}

#[tokio::test]
async fn a_status_that_was_not_expected_is_a_failure_with_the_first_words_of_the_answer() {
    let world = World::new().await;
    world.server.answers((StatusCode::SERVICE_UNAVAILABLE, "we are\u{1b}[31m closed\u{202e}\n\ncome back later\n"));
    let report = world.does(&http(get(&world.url("/")), &Scope::default())).await;
    assert_eq!(reason(&report), "it answered 503, not 200-299: we are closed / come back later");
    assert_eq!(report.output, "503 Service Unavailable\nwe are closed\n\ncome back later\n");

    let mut call = get(&world.url("/"));
    call["expect"] = json!([{ "from": 404, "to": 404 }, { "from": 500, "to": 599 }]);
    world.server.answers(StatusCode::BAD_GATEWAY);
    assert_eq!(outputs(&world.does(&http(call.clone(), &Scope::default())).await), json!({}));
    world.server.answers(StatusCode::OK);
    assert_eq!(reason(&world.does(&http(call, &Scope::default())).await), "it answered 200, not 404, 500-599");
}

#[tokio::test]
async fn an_output_that_is_not_there_is_a_failure_in_words() {
    let world = World::new().await;
    let table = [
        (Source::Json("/a".to_owned()), "{}", "the output `x` is not there: its JSON has nothing at /a"),
        (Source::Json("/a".to_owned()), "{", "the output `x` is not there: what it said is not JSON"),
        (Source::Regex("b+".to_owned()), "aaa", "the output `x` is not there: nothing matches /b+/"),
        (Source::Text, &"x".repeat(5_000), "the output `x` is longer than 4 KB"),
    ];
    for (source, body, expected) in table {
        world.server.answers(body.to_owned());
        let report = world.does(&http(get(&world.url("/")), &Scope::default()).finding("x", source)).await;
        assert_eq!(reason(&report), expected);
    }
}

#[tokio::test]
async fn a_long_answer_is_kept_in_part_and_says_so() {
    let world = World::new().await;
    world.server.answers("line\n".repeat(20_000));
    let report = world.does(&http(get(&world.url("/")), &Scope::default())).await;
    assert!(report.cut && report.output.ends_with("\n[cut: there was more than 64 KB]"));
    assert!(report.output.len() < 66_000, "{}", report.output.len());
}

#[tokio::test]
async fn what_was_never_sent_has_failed_and_what_was_sent_is_in_doubt() {
    let world = World::new().await;
    let mut call = get(&world.url("/"));
    call["method"] = json!("POST");
    let post = |url: String| {
        let mut call = call.clone();
        call["url"] = json!(url);
        http(call, &Scope::default()).within(Duration::from_secs(1))
    };
    // Nobody listens there.
    let closed = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let report = world.does(&post(format!("http://{closed}/"))).await;
    assert_eq!(reason(&report), "no connection could be made");
    let report = world.does(&post("http://no-such-name.invalid/".to_owned())).await;
    assert_eq!(reason(&report), "no connection could be made");
    // TLS with somebody who does not speak it.
    let report = world.does(&post(world.url("/").replace("http:", "https:"))).await;
    assert_eq!(reason(&report), "no connection could be made");
    let report = world.does(&post("http://169.254.169.254/latest/meta-data".to_owned())).await;
    assert!(reason(&report).starts_with("the address is inside"), "{report:?}");
    assert!(world.server.got().is_empty());

    // Somebody listens, hears all, and says nothing, or hangs up.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let silent = format!("http://{}/", listener.local_addr().expect("an address"));
    let report = world.does(&post(silent.clone())).await;
    assert_eq!(doubt(&report), "there was no answer within 1 s");
    let report = world.does(&http(get(&silent), &Scope::default()).within(Duration::from_millis(300))).await;
    assert_eq!(reason(&report), "there was no answer within 300 ms", "what only looks changes nothing");
    drop(listener);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let rude = format!("http://{}/", listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.read(&mut [0; 1024]).await;
        }
    });
    let report = world.does(&post(rude)).await;
    assert_eq!(doubt(&report), "the connection broke before there was an answer");
}

#[tokio::test]
async fn what_is_filled_in_cannot_change_where_a_request_goes() {
    let world = World::new().await;
    let table = [
        ("http://${{ inputs.v }}/", "evil.example", "nothing may be filled in before the path"),
        ("http://127.0.0.1${{ inputs.v }}/", ":1", "nothing may be filled in before the path"),
        ("${{ inputs.v }}", "file:///etc/passwd", "nothing may be filled in before the path"),
        ("URL/v1/${{ inputs.v }}/x", "..", "what is filled into the path of its address is empty, `.` or `..`"),
        ("URL/v1/${{ inputs.v }}", "", "what is filled into the path of its address is empty, `.` or `..`"),
        ("URL/v1/.${{ inputs.v }}/x", ".", "what is filled into the path of its address is empty, `.` or `..`"),
        ("URL/v1/%2e${{ inputs.v }}/x", ".", "what is filled into the path of its address is empty, `.` or `..`"),
    ];
    for (url, value, expected) in table {
        let url = url.replace("URL", &world.url(""));
        let report = world.does(&http(get(&url), &inputs(&json!({ "v": value })))).await;
        assert!(reason(&report).starts_with(expected), "{url} {value}: {report:?}");
    }
    for header in ["Host", "content-length", "Transfer-Encoding", "Idempotency-Key"] {
        let mut call = get(&world.url("/"));
        call["headers"] = json!([[header, "x"]]);
        let report = world.does(&http(call, &Scope::default())).await;
        assert_eq!(reason(&report), format!("the header {header} is set by Muster alone"));
    }
    assert!(world.server.got().is_empty());
}
