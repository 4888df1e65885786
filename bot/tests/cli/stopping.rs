//! Stopping: in good order, at once, and never with two servers on one file.

use crate::harness::{Server, folder, muster, read_until};
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;

/// The head of a command whose body is not yet sent; the server has read it when it says to go on.
fn half_a_command(server: &Server, folder: &Path, body: &str) -> TcpStream {
    let token = fs::read_to_string(folder.join("muster-data/local-token")).expect("a token");
    let mut stream = server.connect();
    let head = format!(
        "POST /api/v1/commands HTTP/1.1\r\nHost: muster\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n\
         Expect: 100-continue\r\nContent-Length: {}\r\n\r\n",
        token.trim(),
        body.len()
    );
    stream.write_all(head.as_bytes()).expect("sent");
    read_until(&mut stream, "HTTP/1.1 100 Continue\r\n\r\n");
    stream
}

#[test]
fn a_second_server_on_one_file_is_refused() {
    let folder = folder();
    let first = Server::local(folder.path());
    let said = muster(folder.path(), &["--listen", "127.0.0.1:0"]);
    assert_eq!((said.code, said.err.lines().count()), (1, 1));
    assert!(said.err.contains("another muster server is using muster-data/muster.db"), "{}", said.err);
    assert!(said.err.contains(&first.url), "it says where the other one is: {}", said.err);
    assert_eq!(muster(folder.path(), &["do", "list"]).code, 0, "the first is none the worse for it");
}

#[test]
fn a_request_under_way_is_answered_before_the_end() {
    let folder = folder();
    let mut server = Server::local(folder.path());
    let body = r#"{"line":"new sev2 checkout down"}"#;
    let mut stream = half_a_command(&server, folder.path(), body);
    server.signal("TERM");
    server.logged("SIGTERM: stopping");
    stream.write_all(body.as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("INC-1"), "{answer}");
    server.logged("stopped");
    assert_eq!(server.ended().code(), Some(0));
    assert!(TcpStream::connect(server.url.trim_start_matches("http://")).is_err());
    for name in ["local-token", "local-url", "muster.db-wal"] {
        assert!(!folder.path().join("muster-data").join(name).exists(), "{name} is cleaned away");
    }
    let _again = Server::local(folder.path());
    assert!(muster(folder.path(), &["do", "list"]).out.contains("INC-1"), "what was answered is there");
}

#[test]
fn a_live_page_does_not_hold_up_the_end() {
    let folder = folder();
    let mut server = Server::local(folder.path());
    let link = server.say("Open");
    let path = link.split_whitespace().last().and_then(|link| link.strip_prefix(&server.url)).expect("a link");
    let answer = server.request(&format!("POST {path} HTTP/1.1"), "");
    let cookie = answer.split("set-cookie: ").nth(1).and_then(|rest| rest.split(';').next()).expect("a cookie");
    let mut stream = server.connect();
    let head = format!("GET /events HTTP/1.1\r\nHost: muster\r\nCookie: {cookie}\r\n\r\n");
    stream.write_all(head.as_bytes()).expect("sent");
    let answer = read_until(&mut stream, "\r\n\r\n");
    assert!(answer.contains("text/event-stream"), "{answer}");
    server.signal("TERM");
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).expect("the stream ends");
    assert_eq!(server.ended().code(), Some(0));
    server.logged("stopped");
    assert!(!server.log.iter().any(|line| line.contains("cut off")), "{:?}", server.log);
}

#[test]
fn the_second_signal_ends_it_at_once() {
    let folder = folder();
    let mut server = Server::local(folder.path());
    let _stream = half_a_command(&server, folder.path(), r#"{"line":"list"}"#);
    server.signal("INT");
    server.logged("SIGINT: stopping");
    server.signal("TERM");
    server.logged("SIGTERM again: stopping at once");
    assert_eq!(server.ended().code(), Some(130));
}

#[test]
fn whatever_was_acknowledged_survives_a_kill() {
    let folder = folder();
    let mut server = Server::local(folder.path());
    for round in 1..=3 {
        let said = muster(folder.path(), &["do", "new", &format!("outage {round}")]);
        assert_eq!(said.code, 0, "{}", said.err);
        server.signal("KILL");
        server.ended();
        server = Server::local(folder.path());
        let listed = muster(folder.path(), &["do", "list"]).out;
        assert_eq!(listed.matches("outage").count(), round, "{listed}");
    }
}
