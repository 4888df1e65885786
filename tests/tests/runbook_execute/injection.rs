//! A thousand payloads, wherever something is filled in: none is executed, and none leaves its place.

use crate::world::{Got, World, get, http, inputs, run, run_with};
use muster_core::runbook::{Ended, Report};
use muster_tests::dice::Dice;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

/// How many there are.
const COUNT: usize = 1_000;
/// How many arguments one program gets.
const AT_ONCE: usize = 25;

/// What has been tried elsewhere. `CANARY` is a file that must never be there.
const KNOWN: &[&str] = &[
    "; touch CANARY",
    "| touch CANARY",
    "& touch CANARY",
    "&& touch CANARY",
    "|| touch CANARY",
    "\ntouch CANARY\n",
    "$(touch CANARY)",
    "`touch CANARY`",
    "${IFS}touch${IFS}CANARY",
    "<(touch CANARY)",
    "> CANARY",
    ">> CANARY",
    "'; touch CANARY; '",
    "\"; touch CANARY; \"",
    "\\\"; touch CANARY #",
    "%0atouch CANARY",
    "%0d%0aX-Evil: 1",
    "\r\nX-Evil: 1\r\n\r\n",
    "\r\n\r\nGET /evil HTTP/1.1\r\nHost: x\r\n\r\n",
    "--help",
    "-rf",
    "--",
    "-",
    "--output=CANARY",
    "-o CANARY",
    "@CANARY",
    "file://CANARY",
    "../../../../etc/passwd",
    "..",
    ".",
    "",
    "/",
    "//",
    "..%2f",
    "%2e%2e",
    "..\\..\\",
    "?a=b",
    "#x",
    "&b=c",
    "a=b&c=d",
    "%",
    "%zz",
    "%00",
    "\0",
    "a\0b",
    "${{ secrets.TOKEN }}",
    "${{ inputs.v }}",
    "${{ 1 + 1 }}",
    "{{ x }}",
    "{{{ x }}}",
    "{{#each x}}",
    "{% x %}",
    "<%= x %>",
    "#{x}",
    "${x}",
    "$x",
    "$$",
    "!!",
    "!x",
    "~root",
    "*",
    "?",
    "[a-z]",
    "{a,b}",
    "\\",
    "\\\\",
    "\\n",
    "'",
    "\"",
    "`",
    "a b",
    " a",
    "a ",
    "\t",
    "\n",
    "\r",
    "\u{b}",
    "\u{1b}[2J",
    "\u{7f}",
    "\u{85}",
    "\u{a0}",
    "\u{200b}",
    "\u{202e}",
    "\u{2028}",
    "\u{feff}",
    "é",
    "e\u{301}",
    "日本語",
    "🔥",
    "\u{10ffff}",
    "\u{e0001}",
    "ｔｏｕｃｈ",
    "null",
    "true",
    "0",
    "-0",
    "1e999",
    "[]",
    "{}",
    "{\"$secret\": []}",
    "\",\"evil\":\"",
    "\"}",
    "\\u0022",
    "</script>",
    "' OR 1=1 --",
    "() { :; }; touch CANARY",
    "LD_PRELOAD=CANARY",
    "http://169.254.169.254/",
    "//evil.example/",
    "@evil.example",
    ":80",
    "user:pass@",
    "‹secret TOKEN›",
];

/// All of them: those that are known, put together by chance, and a few that are very long.
fn payloads(canary: &Path) -> Vec<String> {
    let mut dice = Dice::new(muster_tests::dice::from_env("MUSTER_SEED").unwrap_or(6));
    let mut payloads: Vec<String> = KNOWN.iter().map(ToString::to_string).collect();
    for length in [1_000, 10_000, 25_000] {
        payloads.push("$(touch CANARY);".repeat(length / 16));
        payloads.push("%0a".repeat(length / 3));
    }
    while payloads.len() < COUNT {
        let parts = 1 + dice.below(4);
        payloads.push((0..parts).map(|_| dice.one_of(KNOWN)).collect());
    }
    payloads.iter().map(|payload| payload.replace("CANARY", &canary.display().to_string())).collect()
}

/// The world, its canary, and the payloads.
async fn world() -> (World, std::path::PathBuf, Vec<String>) {
    let world = World::new().await.with_secret("TOKEN", "never-to-be-filled-in");
    let canary = world.path("canary");
    let payloads = payloads(&canary);
    assert_eq!(payloads.len(), COUNT);
    (world, canary, payloads)
}

fn worked(report: &Report) -> bool {
    matches!(report.ended, Ended::Well { .. })
}

#[tokio::test]
async fn in_arguments() {
    let (world, canary, payloads) = world().await;
    let heard = world.path("heard");
    let world = world.with("echo", &format!("printf '%s\\0' \"$@\" > {}", heard.display()));
    let fit: Vec<&String> = payloads.iter().filter(|payload| !payload.contains('\0')).collect();
    for some in fit.chunks(AT_ONCE) {
        let given: Value = some.iter().enumerate().map(|(n, payload)| (format!("v{n}"), json!(payload))).collect();
        let texts: Vec<String> = (0..some.len()).map(|n| format!("${{{{ inputs.v{n} }}}}")).collect();
        let args: Vec<&str> = std::iter::once("--").chain(texts.iter().map(String::as_str)).collect();
        let report = world.does(&run("echo", &args, &inputs(&given))).await;
        assert!(worked(&report), "{report:?}");
        let heard = fs::read(&heard).expect("it has run");
        let expected: Vec<u8> = std::iter::once("--")
            .chain(some.iter().map(|payload| payload.as_str()))
            .flat_map(|arg| [arg.as_bytes(), b"\0"].concat())
            .collect();
        assert!(heard == expected, "the arguments were not as given: {some:?}");
    }
    for payload in payloads.iter().filter(|payload| payload.contains('\0')) {
        let report = world.does(&run("echo", &["--", "${{ inputs.v }}"], &inputs(&json!({ "v": payload })))).await;
        assert!(!worked(&report), "a NUL would end an argument: {payload:?}");
    }
    for payload in payloads.iter().filter(|payload| payload.starts_with('-')) {
        let report = world.does(&run("echo", &["${{ inputs.v }}"], &inputs(&json!({ "v": payload })))).await;
        assert!(!worked(&report), "an option was filled in: {payload:?}");
    }
    assert!(!canary.exists(), "something was executed");
}

#[tokio::test]
async fn in_the_environment() {
    let (world, canary, payloads) = world().await;
    let heard = world.path("heard");
    let world = world.with("echo", &format!("cat /proc/$$/environ > {}", heard.display()));
    let fit: Vec<&String> = payloads.iter().filter(|payload| !payload.contains('\0')).collect();
    for some in fit.chunks(AT_ONCE) {
        let given: Value = some.iter().enumerate().map(|(n, payload)| (format!("v{n}"), json!(payload))).collect();
        let env: Vec<(String, String)> =
            (0..some.len()).map(|n| (format!("V{n}"), format!("${{{{ inputs.v{n} }}}}"))).collect();
        let env: Vec<(&str, &str)> = env.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        let report = world.does(&run_with("echo", &[], &env, &inputs(&given))).await;
        assert!(worked(&report), "{report:?}");
        let heard = fs::read(&heard).expect("it has run");
        let variables: Vec<&[u8]> = heard.split(|&byte| byte == 0).filter(|one| !one.is_empty()).collect();
        // PATH, LANG, TZ, HOME and the four of Muster are there besides.
        assert_eq!(variables.len(), some.len() + 8, "{some:?}");
        for (n, payload) in some.iter().enumerate() {
            let expected = format!("V{n}={payload}");
            assert!(variables.contains(&expected.as_bytes()), "{payload:?} did not arrive as it was");
        }
    }
    assert!(!canary.exists(), "something was executed");
}

#[tokio::test]
async fn in_addresses_headers_and_bodies() {
    let (world, canary, payloads) = world().await;
    let mut call = get(&world.url("/v1/${{ inputs.v }}/health?q=${{ inputs.v }}&z=1"));
    call["method"] = json!("POST");
    call["body"] = json!({ "json": { "v": "${{ inputs.v }}", "in": "a ${{ inputs.v }} b", "last": 1 } });
    let machine = world.machine();
    let mut arrived = 0;
    for payload in &payloads {
        let scope = inputs(&json!({ "v": payload }));
        let tail = tokio::sync::watch::Sender::default();
        let report =
            muster_core::ports::executor::Executor::execute(&machine, &http(call.clone(), &scope), &tail).await;
        let is_no_segment = matches!(payload.as_str(), "" | "." | "..");
        let is_too_long = payload.len() > 5_000;
        match &world.server.got()[..] {
            [] => assert!(is_no_segment || is_too_long, "{payload:?} was refused: {report:?}"),
            [got] => {
                assert!(!is_no_segment && worked(&report), "{payload:?}: {report:?}");
                is_in_its_place(got, payload);
                arrived += 1;
            }
            more => panic!("{payload:?} became {} requests", more.len()),
        }
    }
    assert!(arrived > 950, "only {arrived} arrived");

    let mut call = get(&world.url("/"));
    call["headers"] = json!([["X-First", "${{ inputs.v }}"], ["X-Last", "last"]]);
    let mut arrived = 0;
    for payload in &payloads {
        let scope = inputs(&json!({ "v": payload }));
        let tail = tokio::sync::watch::Sender::default();
        let report =
            muster_core::ports::executor::Executor::execute(&machine, &http(call.clone(), &scope), &tail).await;
        let is_unfit = payload.bytes().any(|byte| byte < b' ' && byte != b'\t' || byte == 0x7f);
        match &world.server.got()[..] {
            [] if is_unfit => assert!(!worked(&report)),
            [] => assert!(payload.len() > 5_000, "{payload:?} was refused: {report:?}"),
            [got] => {
                assert!(!is_unfit, "{payload:?}");
                let fit = payload.trim_matches([' ', '\t']);
                assert_eq!(got.headers["x-first"].as_bytes(), fit.as_bytes(), "{payload:?}");
                assert_eq!(got.headers["x-last"], "last");
                assert!(!got.headers.contains_key("x-evil"), "{payload:?}");
                arrived += 1;
            }
            more => panic!("{payload:?} became {} requests", more.len()),
        }
    }
    assert!(arrived > 500, "only {arrived} arrived");
    assert!(!canary.exists(), "something was executed");
}

/// The request is what it was meant to be, and the payload is in it, byte for byte.
fn is_in_its_place(got: &Got, payload: &str) {
    let segments: Vec<&str> = got.uri.path().split('/').collect();
    let ["", "v1", filled, "health"] = segments[..] else { panic!("{payload:?} changed the path: {}", got.uri) };
    assert_eq!(percent_decode_str(filled).collect::<Vec<u8>>(), payload.as_bytes());
    let query = got.uri.query().expect("a query");
    let [q, "z=1"] = query.split('&').collect::<Vec<_>>()[..] else { panic!("{payload:?} changed the query: {query}") };
    let (_, filled) = q.split_once('=').expect("a value");
    assert_eq!(percent_decode_str(filled).collect::<Vec<u8>>(), payload.as_bytes());
    let body: Value = serde_json::from_slice(&got.body).expect("JSON");
    assert_eq!(body, json!({ "v": payload, "in": format!("a {payload} b"), "last": 1 }));
}
