//! A private incident does not exist for those who are not in it, whatever route they come by: for each of them, each
//! route answers about it just as it answers about an incident that was never declared.

use muster_core::command::{TABLE, find};
use muster_tests::process::{Client, Installation, http};
use reqwest::{Method, StatusCode, header};
use serde_json::{Map, Value, json};

const SECRET: &str = "INC-1";
const NOWHERE: &str = "INC-99";
/// Stands in everything that was written in the private incident, and nowhere else.
const MARK: &str = "zebrafish";

/// Those who are not in it: an operator, a responder, somebody who may only look.
const OUTSIDERS: [&str; 3] = ["alice", "carol", "frank"];

async fn scene(muster: &Installation) {
    let bob = muster.client("bob");
    bob.does(
        &format!("new sev1 --private --service checkout --summary {MARK}-summary a {MARK} in the warehouse"),
        None,
    )
    .await;
    for line in [
        "ic",
        "task count the ZEBRA",
        "followup buy a net",
        "role scribe @dave",
        "handoff @erin ZEBRA",
        "update ZEBRA --next 30m",
        "note ZEBRA",
        "note another ZEBRA --at \"20m ago\"",
    ] {
        bob.does(&line.replace("ZEBRA", MARK), Some(SECRET)).await;
    }
    muster.client("erin").does("new sev3 label printers are offline", None).await;
}

/// The same answer, whichever of the two incidents was asked about.
fn nameless(text: &str) -> String {
    text.replace(NOWHERE, "INC-?").replace(SECRET, "INC-?")
}

async fn answer(request: reqwest::RequestBuilder) -> (StatusCode, String) {
    let response = request.send().await.expect("an answer");
    (response.status(), response.text().await.expect("a body"))
}

/// Every command there is, by its path, with arguments that would do.
fn commands() -> Vec<(String, Map<String, Value>)> {
    let mut all = Vec::new();
    for spec in TABLE {
        for verb in spec.verbs {
            let path = format!("commands/{}/{}", spec.name, verb.name);
            let mut args = Map::new();
            for arg in verb.args.iter().filter(|arg| arg.required) {
                let value = match arg.name {
                    "status" => "resolved",
                    "severity" => "sev2",
                    "role" => "deputy",
                    "person" => "dave",
                    "number" => "1",
                    "into" => "INC-2",
                    "at" => "5m ago",
                    "for" => "30m",
                    _ => "something",
                };
                args.insert(arg.name.to_owned(), json!(value));
            }
            all.push((path.trim_end_matches('/').to_owned(), args));
        }
    }
    all
}

fn is_about_one(path: &str) -> bool {
    let mut words = path.split('/').skip(1);
    let spec = words.next().and_then(find).expect("it is in the table");
    let verb = spec.verb(words.next().unwrap_or_default()).expect("it is in the table");
    spec.scope.names_one_with(verb)
}

#[tokio::test]
async fn every_command_of_the_api_answers_as_if_it_did_not_exist() {
    let muster = Installation::on_sqlite();
    let server = muster.start().await;
    scene(&muster).await;
    for person in OUTSIDERS {
        let client = muster.client(person);
        for (path, args) in commands() {
            let about = async |incident: &str| {
                let mut body = args.clone();
                body.insert("incident".to_owned(), json!(incident));
                answer(client.request(Method::POST, &path).json(&body)).await
            };
            // What declares or looks at no incident in particular may well work; it must not tell of this one.
            let (status, text) = about(SECRET).await;
            assert!(!text.contains(MARK), "{person} reads at {path}: {text}");
            if !is_about_one(&path) {
                continue;
            }
            let (same_status, same_text) = about(NOWHERE).await;
            assert_eq!((status, nameless(&text)), (same_status, nameless(&same_text)), "{person} at {path}");
            assert!(status.is_client_error(), "{person} at {path}: {status}");
        }
        for line in ["INC-2 merge XXX", "XXX", "XXX note hello", "show XXX", "merge XXX INC-2", "reopen XXX why"] {
            let about = async |incident: &str| {
                let line = line.replace("XXX", incident);
                answer(client.request(Method::POST, "commands").json(&json!({ "line": line }))).await
            };
            let ((status, text), (same_status, same_text)) = (about(SECRET).await, about(NOWHERE).await);
            assert_eq!((status, nameless(&text)), (same_status, nameless(&same_text)), "{person}: {line}");
            assert!(status.is_client_error(), "{person}: {line}: {status}");
        }
    }
    assert!(server.terminate().await.success());
}

async fn paths_of_the_api(client: &Client) -> Vec<String> {
    let document = client.get("openapi.json").await;
    let paths = document["paths"].as_object().expect("paths");
    let readable = paths.iter().filter(|(_, methods)| methods["get"].is_object());
    readable.map(|(path, _)| path.trim_start_matches('/').to_owned()).collect()
}

#[tokio::test]
async fn nothing_that_can_be_read_tells_of_it() {
    let muster = Installation::on_sqlite();
    let server = muster.start().await;
    scene(&muster).await;
    for person in OUTSIDERS {
        let client = muster.client(person);
        let mut paths = paths_of_the_api(&client).await;
        assert!(paths.len() >= 7, "{paths:?}");
        for line in [
            "complete?line=show%20",
            "complete?line=merge%20INC",
            "complete?line=INC-1%20",
            "incidents?open=true&severity=SEV1",
            "incidents?service=checkout",
            "incidents?mine=true",
        ] {
            paths.push(line.to_owned());
        }
        for path in paths {
            let about = async |incident: &str| {
                let path = path.replace("{id}", incident).replace("{number}", "1");
                answer(client.request(Method::GET, &path)).await
            };
            let (status, text) = about(SECRET).await;
            assert!(!text.contains(MARK) && !text.contains("\"INC-1\""), "{person} reads at {path}: {text}");
            if path.contains("{id}") {
                let (same_status, same_text) = about(NOWHERE).await;
                assert_eq!((status, nameless(&text)), (same_status, nameless(&same_text)), "{person} at {path}");
                assert_eq!(status, StatusCode::NOT_FOUND, "{person} at {path}");
            }
        }
        let (cookie, _) = muster.sign_in(person).await;
        for path in [
            "/",
            "/incidents",
            "/incidents?open=all",
            "/incidents?severity=SEV1",
            "/people",
            "/help",
            "/new",
            "/complete?line=show%20",
            "/complete?line=note&here=XXX",
            "/incidents/XXX",
            "/incidents/XXX?before=1-1",
            "/incidents/XXX?reply=x",
            "/incidents/XXX/entries/1",
            "/incidents/XXX/export.md",
            "/incidents/XXX/export.json",
            "/incidents/XXX/events",
            "/incidents/XXX/runs/1",
        ] {
            let about = async |incident: &str| {
                let url = format!("{}{}", muster.url(), path.replace("XXX", incident));
                answer(http().get(url).header(header::COOKIE, &cookie)).await
            };
            let (status, text) = about(SECRET).await;
            assert!(!text.contains(MARK), "{person} reads on {path}");
            assert!(
                !text.contains("row-INC-1\"") && !text.contains("/incidents/INC-1\""),
                "{person} finds it on {path}"
            );
            if path.starts_with("/incidents/XXX") {
                assert_eq!(
                    (status, about(NOWHERE).await.0),
                    (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND),
                    "{person} on {path}"
                );
            }
        }
    }
    // The test can see: to those who are in it, it is everywhere.
    let bob = muster.client("bob");
    assert!(bob.get("incidents").await.to_string().contains(MARK));
    assert!(bob.get("incidents/INC-1/timeline").await.to_string().contains(MARK));
    let (cookie, _) = muster.sign_in("dave").await;
    let (_, board) = answer(http().get(muster.url()).header(header::COOKIE, &cookie)).await;
    assert!(board.contains(MARK), "dave was given a role, so he is in it");
    assert!(server.terminate().await.success());
}
