//! Configs: written, checked, found, refused, read again.

use crate::harness::{Server, folder, muster, muster_with};
use std::fs;
use std::path::Path;

fn write(folder: &Path, text: &str) {
    fs::write(folder.join("muster.toml"), text).expect("written");
}

const ALICE: &str = "[[person]]\nid = \"alice\"\nname = \"Alice\"\nright = \"admin\"\n";

#[test]
fn what_init_writes_is_fine_and_never_overwritten() {
    let folder = folder();
    let said = muster(folder.path(), &["init"]);
    assert_eq!(
        (said.code, said.out.lines().next()),
        (0, Some("Wrote muster.toml, a config that works as it is. Put your own people and services into it, then:"))
    );
    let said = muster(folder.path(), &["check"]);
    let fine = "muster.toml is fine: 6 people, 3 teams, 5 services, 3 sites, 4 severities, 7 roles, 1 type, 1 field, 1 schedule, 1 policy, 0 runbooks, 4 components, 35 templates\n";
    assert_eq!((said.code, said.out.as_str(), said.err.as_str()), (0, fine, ""));

    write(folder.path(), "# mine");
    let said = muster(folder.path(), &["init"]);
    assert_eq!(said.code, 1);
    assert!(said.err.contains("muster.toml exists already and stays as it is"), "{}", said.err);
    assert_eq!(fs::read_to_string(folder.path().join("muster.toml")).expect("read"), "# mine");
    assert_eq!(muster(folder.path(), &["init", "other.toml"]).code, 0);
    assert_eq!(muster(folder.path(), &["check", "other.toml"]).code, 0);
    assert_eq!(muster_with(folder.path(), &[("MUSTER_CONFIG", "other.toml")], &["check"]).code, 0);
}

#[test]
fn check_tells_every_problem_with_file_line_and_column() {
    let folder = folder();
    let text = "[server]\nlisten = \"here\"\n[[team]]\nid = \"payments\"\n[[service]]\nid = \"checkout\"\nowner = \"paymnts\"\n";
    write(folder.path(), &format!("{text}{ALICE}"));
    let said = muster(folder.path(), &["check"]);
    assert_eq!((said.code, said.out.as_str()), (1, ""));
    let lines: Vec<_> = said.err.lines().collect();
    assert!(lines[0].starts_with("muster.toml:2:10: server.listen: “here” is not an address and port"), "{lines:?}");
    assert_eq!(lines[1], "muster.toml:7:9: service.owner: team `paymnts` does not exist; did you mean `payments`?");
    assert_eq!(lines[2..], ["muster: muster.toml has 2 problems"]);
}

#[test]
fn check_without_a_config_says_how_to_get_one() {
    let folder = folder();
    let said = muster(folder.path(), &["check"]);
    assert_eq!(said.code, 1);
    assert!(said.err.contains("write one with `muster init`"), "{}", said.err);
    let said = muster(folder.path(), &["check", "nowhere.toml"]);
    assert_eq!((said.code, said.err.lines().count()), (1, 1));
    assert!(said.err.starts_with("muster: nowhere.toml cannot be read: "), "{}", said.err);
}

#[test]
fn no_server_starts_with_a_broken_config_nor_with_data_in_two_places() {
    let folder = folder();
    write(folder.path(), "[sever]\n");
    let said = muster(folder.path(), &[]);
    assert_eq!(said.code, 1);
    assert!(
        said.err.starts_with("muster.toml:1:1: person: ") && said.err.contains("did you mean `server`?"),
        "{}",
        said.err
    );
    write(folder.path(), ALICE);
    let said = muster(folder.path(), &["--data", "elsewhere"]);
    assert!(said.code == 1 && said.err.contains("--data is for local mode"), "{}", said.err);
}

#[test]
fn a_secret_value_comes_from_the_environment_or_a_file_and_is_never_shown() {
    let folder = folder();
    write(folder.path(), &format!("[store]\nurl = \"env:MUSTER_TEST_DB\"\n{ALICE}"));
    assert!(
        muster(folder.path(), &["check"])
            .err
            .contains("2:7: store.url: the environment has no variable MUSTER_TEST_DB")
    );
    assert_eq!(muster_with(folder.path(), &[("MUSTER_TEST_DB", "sqlite:x.db")], &["check"]).code, 0);
    let said = muster_with(folder.path(), &[("MUSTER_TEST_DB", "mysql://muster:hunter2@db/m")], &["check"]);
    assert!(said.code == 1 && !said.err.contains("hunter2"), "{}", said.err);
    let said = muster_with(
        folder.path(),
        &[("MUSTER_TEST_DB", "postgres://muster:hunter2@127.0.0.1:1/m")],
        &["outbox", "list"],
    );
    assert!(said.code == 1 && !said.err.contains("hunter2") && said.err.lines().count() == 1, "{}", said.err);
}

#[test]
fn plain_http_to_the_outside_is_warned_of() {
    let folder = folder();
    write(folder.path(), &format!("[server]\npublic_url = \"http://muster.example.com\"\n{ALICE}"));
    let said = muster(folder.path(), &["check"]);
    assert_eq!(said.code, 0);
    assert!(
        said.err.contains("warning: server.public_url is http://muster.example.com: without https"),
        "{}",
        said.err
    );
    let mut server = Server::configured(folder.path());
    assert!(server.log.iter().any(|line| line.contains("WARN") && line.contains("without https")), "{:?}", server.log);
    server.signal("TERM");
    assert!(server.ended().success());
}

#[test]
fn a_config_is_read_again_at_sighup_and_a_broken_one_changes_nothing() {
    let folder = folder();
    write(folder.path(), ALICE);
    let mut server = Server::configured(folder.path());
    let token = muster(folder.path(), &["token", "create", "alice", "--label", "test"]).out;
    let url = server.url.clone();
    let run =
        |line: &str| muster_with(folder.path(), &[("MUSTER_TOKEN", token.trim()), ("MUSTER_URL", &url)], &["do", line]);
    assert_eq!(run("new tills down --service tills").code, 2, "there is no such service yet");

    write(folder.path(), &format!("{ALICE}[[service]]\nid = \"tills\"\nowner = \"nobody\"\n"));
    server.signal("HUP");
    server.logged("the config stays as it was, because the new one is broken");
    server.logged("muster.toml:7:9: service.owner: team `nobody` does not exist");
    assert_eq!(run("new tills down --service tills").code, 2);

    write(folder.path(), &format!("[log]\nlevel = \"debug\"\n{ALICE}[[service]]\nid = \"tills\"\n"));
    server.signal("HUP");
    server.logged("[log] has changed, which takes effect at the next start");
    server.logged("the config was read again: 1 person, 0 teams, 1 service");
    let said = run("new tills down --service tills");
    assert_eq!(said.code, 0, "{}", said.err);
}

#[test]
fn machines_can_read_the_log() {
    let folder = folder();
    write(folder.path(), &format!("[log]\nformat = \"json\"\n{ALICE}"));
    let mut server = Server::configured(folder.path());
    server.signal("INT");
    server.logged("stopped");
    assert!(server.ended().success());
    for line in &server.log {
        let line: serde_json::Value = serde_json::from_str(line).expect("a line is a JSON object");
        assert!(line["level"].is_string() && line["message"].is_string(), "{line}");
    }
}

#[test]
fn version_and_completions_are_there() {
    let folder = folder();
    assert_eq!(muster(folder.path(), &["--version"]).out, concat!("muster ", env!("CARGO_PKG_VERSION"), "\n"));
    for shell in ["bash", "zsh", "fish"] {
        let said = muster(folder.path(), &["completions", shell]);
        assert!(said.code == 0 && said.out.contains("login-link"), "{shell}");
    }
    assert_eq!(muster(folder.path(), &["dance"]).code, 2);
    assert!(fs::read_dir(folder.path()).expect("a folder").next().is_none(), "none of these leaves anything behind");
}
