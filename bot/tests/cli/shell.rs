//! Local mode and `do`: an incident from a shell, and what happens when things are not as they should be.

use crate::harness::{Said, Server, folder, muster, muster_with, read_until};
use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

fn run(folder: &Path, args: &[&str]) -> Said {
    muster(folder, &[&["do"], args].concat())
}

#[track_caller]
fn done(said: &Said) -> &str {
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    &said.out
}

#[test]
fn local_mode_says_what_runs_how_to_get_in_and_what_to_type() {
    let folder = folder();
    let mut server = Server::local(folder.path());
    let link = server.say("Open");
    let address = link.split_whitespace().last().expect("a link");
    assert!(address.starts_with(&format!("{}/login/msl_", server.url)), "{link}");
    server.say("muster-data");
    server.say("alice, bob, carol, dave");
    server.say("do new sev2 checkout down");

    let path = address.strip_prefix(&server.url).expect("a link to this server");
    let answer = server.request(&format!("POST {path} HTTP/1.1"), "");
    assert!(answer.starts_with("HTTP/1.1 303") && answer.contains("set-cookie: muster="), "{answer}");
    assert!(server.request("GET /healthz HTTP/1.1", "").ends_with("ok\n"));
    assert!(server.request("GET /readyz HTTP/1.1", "").starts_with("HTTP/1.1 200"));
    assert!(server.request("GET /metrics HTTP/1.1", "").contains("muster_http_request_seconds_bucket"));
    for name in ["local-token", "local-url", "muster.db"] {
        let file = fs::metadata(folder.path().join("muster-data").join(name)).expect(name);
        assert_eq!(file.permissions().mode() & 0o077, 0, "{name} is for its owner alone");
    }
}

#[test]
fn a_whole_incident_from_a_shell() {
    let folder = folder();
    let at = folder.path();
    let _server = Server::local(at);
    assert!(
        done(&run(at, &["new", "sev2", "checkout", "down", "--service", "checkout"]))
            .starts_with("INC-1 checkout down")
    );
    assert!(done(&run(at, &["new sev3 tills are slow"])).starts_with("INC-2 tills are slow"));
    done(&run(at, &["--incident", "INC-1", "role", "commander"]));
    done(&run(at, &["INC-1", "note", "it's the \"new\" certificate"]));
    done(&run(at, &["--incident", "inc-1", "note", "--at", "1m ago", "deploy went out"]));
    done(&run(at, &["INC-1", "task", "call the bank", "@bob"]));
    done(&run(at, &["INC-1", "sev", "sev1"]));
    done(&run(at, &["INC-1", "mitigate", "rolled back"]));
    done(&run(at, &["INC-1", "resolve"]));
    assert!(done(&run(at, &["list"])).contains("INC-2"));
    assert!(done(&run(at, &["help"])).contains("handoff"));
    assert!(done(&run(at, &["help", "handoff"])).contains("handoff"));
    assert!(!done(&run(at, &[])).is_empty(), "no words are the menu");

    let shown: serde_json::Value = serde_json::from_str(done(&run(at, &["--json", "show", "INC-1"]))).expect("JSON");
    assert_eq!(shown["incident"], "INC-1");
    assert!(shown["view"].is_object() && shown["text"].is_string());

    let document = muster(at, &["export", "INC-1"]);
    assert!(done(&document).starts_with("# INC-1 checkout down"));
    assert!(document.out.contains("it's the \"new\" certificate") && document.out.contains("deploy went out"));
    let written = muster(at, &["export", "1", "--format", "json", "--out", "inc-1.json"]);
    assert_eq!((written.code, written.out.as_str(), written.err.as_str()), (0, "", "Wrote inc-1.json\n"));
    let file = fs::read_to_string(at.join("inc-1.json")).expect("written");
    assert!(serde_json::from_str::<serde_json::Value>(&file).expect("JSON").is_object());
}

#[test]
fn what_is_refused_is_told_in_a_sentence_with_what_to_type() {
    let folder = folder();
    let at = folder.path();
    let _server = Server::local(at);
    let said = run(at, &["lst"]);
    assert_eq!((said.code, said.out.as_str(), said.err.as_str()), (2, "", "“lst” is not a command\nTry: list\n"));
    let said = run(at, &["--json", "resolve", "INC-9"]);
    assert_eq!(said.code, 2);
    let error: serde_json::Value = serde_json::from_str(&said.out).expect("JSON");
    assert_eq!(error["error"]["reason"], "not_found");
    let said = muster(at, &["export", "INC-9"]);
    assert_eq!((said.code, said.out.as_str(), said.err.lines().count()), (2, "", 1));
    assert_eq!(run(at, &["--incident", "checkout", "list"]).code, 2);
}

#[test]
fn a_wrong_token_and_no_server_are_failures() {
    let folder = folder();
    let at = folder.path();
    let said = run(at, &["list"]);
    assert!(said.code == 1 && said.err.starts_with("muster: no Muster is running in /"), "{}", said.err);
    let server = Server::local(at);
    let said = muster_with(at, &[("MUSTER_TOKEN", "mst_wrong")], &["do", "list"]);
    assert!(said.code == 1 && said.err.contains("token"), "{}", said.err);
    let said = muster(at, &["do", "--url", "http://127.0.0.1:9", "list"]);
    assert!(
        said.code == 1 && said.err.contains("there is no token"),
        "the local token goes nowhere else: {}",
        said.err
    );
    server.signal("KILL");
    drop(server);
    let said = run(at, &["list"]);
    assert_eq!(said.code, 1);
    assert!(said.err.lines().last().is_some_and(|line| line.contains("start it with `muster`")), "{}", said.err);
}

#[test]
fn every_start_has_a_token_of_its_own() {
    let folder = folder();
    let at = folder.path();
    let token = || fs::read_to_string(at.join("muster-data/local-token")).expect("a token");
    let server = Server::local(at);
    let first = token();
    server.signal("KILL");
    drop(server);
    let _server = Server::local(at);
    assert_ne!(token(), first);
    assert_eq!(muster_with(at, &[("MUSTER_TOKEN", first.trim())], &["do", "list"]).code, 1);
    assert_eq!(run(at, &["list"]).code, 0);
    let listed = muster(at, &["token", "list"]).out;
    assert_eq!(listed.lines().filter(|line| line.contains(" local ")).count(), 1, "{listed}");
}

#[test]
fn local_mode_stays_on_this_machine() {
    let folder = folder();
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:8080"] {
        let said = muster(folder.path(), &["--listen", address]);
        assert!(said.code == 1 && said.err.contains("local mode stays on this machine"), "{}", said.err);
    }
    assert!(!folder.path().join("muster-data").exists());
}

#[test]
fn a_taken_port_is_told_with_the_way_out() {
    let folder = folder();
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let said = muster(folder.path(), &["--listen", &address]);
    assert_eq!(said.code, 1);
    assert!(said.err.contains("is taken by another program; choose another with --listen"), "{}", said.err);
}

/// A server that breaks off, is late, and answers: the command is sent thrice under one key.
#[test]
fn a_command_whose_answer_was_lost_is_sent_again_under_the_same_key() {
    let folder = folder();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let server = std::thread::spawn(move || {
        let late = r#"{"error":{"reason":"late","sentence":"…","instead":null}}"#;
        let good = r#"{"incident":"INC-1","view":{},"text":"Declared."}"#;
        let answers = [None, Some(("503 Service Unavailable", late)), Some(("200 OK", good))];
        answers.map(|answer| {
            let (mut stream, _) = listener.accept().expect("a connection");
            let head = read_until(&mut stream, "\r\n\r\n");
            let length = header(&head, "content-length").parse().expect("a length");
            let mut body = vec![0; length];
            stream.read_exact(&mut body).expect("a body");
            if let Some((status, text)) = answer {
                let length = text.len();
                let answer =
                    format!("HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{text}");
                stream.write_all(answer.as_bytes()).expect("answered");
            }
            assert_eq!(header(&head, "muster-via"), "shell");
            assert_eq!(header(&head, "authorization"), "Bearer mst_x");
            let body: serde_json::Value = serde_json::from_slice(&body).expect("JSON");
            assert_eq!(body, serde_json::json!({ "line": "new sev2 checkout down" }));
            header(&head, "idempotency-key").to_owned()
        })
    });
    let said = muster_with(
        folder.path(),
        &[("MUSTER_TOKEN", "mst_x")],
        &["do", "--url", &url, "new", "sev2", "checkout", "down"],
    );
    let [first, second, third] = server.join().expect("the server saw what it should");
    assert!(first.len() >= 32 && first == second && second == third);
    assert_eq!((said.code, said.out.as_str()), (0, "Declared.\n"));
    assert!(said.err.contains("broke off; trying again for up to 30 seconds"), "{}", said.err);
}

fn header<'a>(head: &'a str, name: &str) -> &'a str {
    let mut pairs = head.lines().filter_map(|line| line.split_once(": "));
    pairs
        .find(|(key, _)| key.eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
        .unwrap_or_else(|| panic!("no {name}: {head}"))
}

#[test]
fn what_is_not_muster_is_told_apart() {
    let folder = folder();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        read_until(&mut stream, "\"line\":\"list\"");
        stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno").expect("answered");
    });
    let said = muster(folder.path(), &["do", "--token", "mst_x", "--url", &url, "list"]);
    server.join().expect("asked");
    assert!(said.code == 1 && said.err.contains("does not seem to be Muster"), "{}", said.err);
}
