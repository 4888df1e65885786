//! Secrets: from where they are, to where they are meant, and nowhere else.

use crate::world::{But, World, get, http, outputs, reason, run, run_with};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use muster_core::ports::executor::Executor;
use muster_core::runbook::{Scope, Source};
use muster_runbooks::execute::SecretSource;
use serde_json::json;
use std::fs;
use std::time::Duration;
use tokio::sync::watch;

const VALUE: &str = "correct-horse/battery+staple";

#[tokio::test]
async fn a_program_gets_the_value_and_nobody_else_sees_it() {
    let script = "test \"$TOKEN\" = \"$1\" || exit 9\n\
                  echo \"the token is $TOKEN\"\n\
                  printf '%s' \"$TOKEN\" | base64\n\
                  printf '%s' \"$TOKEN\" | od -An -tx1\n\
                  printf 'split '; printf 'correct-horse/'; sleep 0.1; printf 'battery+staple\\n'\n\
                  printf 'colour correct-\\033[1mhorse/battery+staple\\n'\n\
                  echo \"and $TOKEN\" >&2";
    let world = World::new().await.with("leaky", script).with_secret("TOKEN", VALUE);
    let task = run_with("leaky", &["${{ secrets.TOKEN }}"], &[("TOKEN", "${{ secrets.TOKEN }}")], &Scope::default())
        .finding("text", Source::Text)
        .finding("word", Source::Regex("token is (.*)".to_owned()))
        .finding("bit", Source::Regex("the token is (.{3})".to_owned()));
    let tail = watch::Sender::default();
    let report = world.machine().execute(&task, &tail).await;
    assert_eq!(outputs(&report)["word"], "‹secret TOKEN›", "{report:?}");
    assert_eq!(outputs(&report)["bit"], "‹se");
    let all = format!("{report:?} {:?}", tail.borrow());
    for shape in [VALUE, "battery", "horse", &STANDARD.encode(VALUE)[..12], "63 6f 72 72", "636f7272"] {
        assert!(!all.contains(shape), "{shape} is told: {all}");
    }
    assert_eq!(report.output.matches("‹secret TOKEN›").count(), 6, "{}", report.output);
}

#[tokio::test]
async fn a_reason_and_a_cut_tell_no_part_of_it() {
    let script = "head -c 65000 /dev/zero | tr '\\0' x\nfor i in 1 2 3 4 5 6 7 8 9 10; do\n\
                  for j in 1 2 3 4 5 6 7 8 9; do printf ' %s' \"$TOKEN\"; done; done\nexit 3";
    let world = World::new().await.with("leaky", script).with_secret("TOKEN", VALUE);
    let task = run_with("leaky", &[], &[("TOKEN", "${{ secrets.TOKEN }}")], &Scope::default());
    let report = world.does(&task).await;
    assert!(report.cut && reason(&report).starts_with("leaky ended with status 3"));
    assert!(!format!("{report:?}").contains("corre"), "{report:?}");
}

#[tokio::test]
async fn a_server_that_says_it_back_is_not_repeated() {
    let world = World::new().await.with_secret("TOKEN", VALUE).with_secret("OTHER", "never-used-by-this-step");
    let mut call = get(&world.url("/?key=${{ secrets.TOKEN }}"));
    call["headers"] = json!([["Authorization", "Bearer ${{ secrets.TOKEN }}"]]);
    world.server.answers(json!({ "you": VALUE, "other": "never-used-by-this-step" }).to_string());
    let task = http(call.clone(), &Scope::default())
        .finding("you", Source::Json("/you".to_owned()))
        .finding("all", Source::Json(String::new()));
    let report = world.does(&task).await;
    assert_eq!(outputs(&report)["you"], "‹secret TOKEN›");
    assert_eq!(outputs(&report)["all"]["other"], "‹secret OTHER›");
    let [got] = &world.server.got()[..] else { panic!("one request") };
    assert_eq!(got.uri, "/?key=correct-horse%2Fbattery%2Bstaple");
    world.server.answers((axum::http::StatusCode::FORBIDDEN, format!("no such key: {VALUE}")));
    let report = world.does(&http(call, &Scope::default())).await;
    assert_eq!(reason(&report), "it answered 403, not 200-299: no such key: ‹secret TOKEN›");
}

#[tokio::test]
async fn a_new_value_counts_from_the_next_step_on_and_a_lost_one_is_told() {
    let world = World::new().await.with_secret("TOKEN", "the-first-value");
    let machine = world.machine();
    let mut call = get(&world.url("/"));
    call["headers"] = json!([["X-Key", "${{ secrets.TOKEN }}"]]);
    let task = http(call, &Scope::default());
    let tail = watch::Sender::default();
    outputs(&machine.execute(&task, &tail).await);
    fs::write(world.path("TOKEN.secret"), "the-second-value\n").expect("it is written");
    outputs(&machine.execute(&task, &tail).await);
    let keys: Vec<_> = world.server.got().iter().map(|got| got.headers["x-key"].clone()).collect();
    assert_eq!(keys, ["the-first-value", "the-second-value"]);
    fs::write(world.path("TOKEN.secret"), "short").expect("it is written");
    let report = machine.execute(&task, &tail).await;
    assert!(reason(&report).starts_with("the secret TOKEN cannot be had: this has fewer than 6"), "{report:?}");
    fs::remove_file(world.path("TOKEN.secret")).expect("it was there");
    let report = machine.execute(&task, &tail).await;
    assert!(reason(&report).contains("TOKEN.secret cannot be read"), "{report:?}");
    assert!(world.server.got().is_empty());
}

#[tokio::test]
async fn a_value_encrypted_with_age_is_opened_by_the_identity_of_the_machine() {
    let world = World::new().await;
    let identity = age::x25519::Identity::generate();
    let key = age::secrecy::ExposeSecret::expose_secret(&identity.to_string()).to_owned();
    fs::write(world.path("identity"), format!("# for this machine\n{key}\n")).expect("it is written");
    let sealed = age::encrypt(&identity.to_public(), b"sealed-with-age").expect("it is sealed");
    let armoured = age::encrypt_and_armor(&identity.to_public(), b"sealed-in-letters").expect("it is sealed");
    fs::write(world.path("one.age"), sealed).expect("it is written");
    fs::write(world.path("two.age"), armoured).expect("it is written");
    let sources = [("ONE", "one.age"), ("TWO", "two.age")].map(|(name, file)| (name, world.path(file)));
    let world = sources.into_iter().fold(world, |world, (name, path)| world.with_source(name, SecretSource::Age(path)));
    let mut call = get(&world.url("/"));
    call["headers"] = json!([["X-One", "${{ secrets.ONE }}"], ["X-Two", "${{ secrets.TWO }}"]]);
    let task = http(call, &Scope::default());
    let report = world.does(&task).await;
    assert!(reason(&report).contains("runbooks.age_identity is not set"), "{report:?}");
    let path = world.path("identity");
    let world = world.with_identities(path.clone());
    outputs(&world.does(&task).await);
    let [got] = &world.server.got()[..] else { panic!("one request") };
    assert_eq!(
        (&got.headers["x-one"], &got.headers["x-two"]),
        (&"sealed-with-age".parse().expect("a header"), &"sealed-in-letters".parse().expect("a header"))
    );
    let stranger = age::x25519::Identity::generate();
    let key = age::secrecy::ExposeSecret::expose_secret(&stranger.to_string()).to_owned();
    fs::write(path, key).expect("it is written");
    let report = world.does(&task).await;
    assert!(reason(&report).contains("one.age cannot be opened"), "{report:?}");
}

#[tokio::test]
async fn the_last_lines_hold_back_what_may_become_a_secret() {
    let script = "printf 'key correct-horse/'; sleep 3; printf 'battery+staple\\n'";
    let world = World::new().await.with("slow", script).with_secret("TOKEN", VALUE);
    let tail = watch::Sender::new(Vec::new());
    let mut seen = tail.subscribe();
    let (machine, task) = (world.machine(), run("slow", &[], &Scope::default()).within(Duration::from_secs(30)));
    let watched = async {
        let mut all = Vec::new();
        while seen.changed().await.is_ok() {
            all.push(seen.borrow_and_update().join("\n"));
            if all.last().is_some_and(|last| last.starts_with("key")) {
                break;
            }
        }
        all
    };
    let (_, all) = tokio::join!(machine.execute(&task, &tail), watched);
    assert!(!all.join("\n").contains("horse"), "{all:?}");
}
