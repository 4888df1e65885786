//! What steps of runbooks may run, and where their secrets are.

use super::{ALICE, each_is_told};
use crate::config::Config;
use std::time::Duration;

#[test]
fn runbooks_say_what_steps_may_run_and_where_their_secrets_are() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("token"), "s3cret-in-a-file\n").expect("it is written");
    let text = format!(
        "[runbooks]\nfolder = \"books\"\nlost_after = \"45s\"\nallow = [\"10.0.0.0/8\"]\n\
         [runbooks.program]\nsh = \"/bin/sh\"\n[runbooks.secret]\nTOKEN = {{ file = \"token\" }}\n\
         HOME_OF = {{ env = \"CARGO_MANIFEST_DIR\" }}\n{ALICE}"
    );
    let config = Config::parse(&text, folder.path()).unwrap_or_else(|problems| panic!("{problems:?}"));
    assert_eq!(config.org.runbooks.programs, ["sh"]);
    assert_eq!(config.org.runbooks.secrets, ["HOME_OF", "TOKEN"]);
    assert_eq!(config.org.runbooks.lost_after, Duration::from_secs(45));
    assert!(!config.runbooks.settings.user.is_root(), "no step runs as root");
    assert_eq!(config.warnings().len(), 1, "the folder is not there: {:?}", config.warnings());
    assert!(!format!("{config:?}").contains("s3cret-in-a-file"));
}

#[test]
fn mistakes_about_runbooks_have_their_place_and_their_remedy() {
    each_is_told(&[
        (
            "[runbooks]\nlost_after = \"1s\"",
            "2:14: runbooks.lost_after: “1s” is not a time between 10 s and 10 min; write it as \"30s\"",
        ),
        (
            "[runbooks]\nrun_as = \"root\"",
            "2:10: runbooks.run_as: programs of runbooks never run as root; name a user who may do no more than they must",
        ),
        ("[runbooks]\nrun_as = \"no-such-user\"", "2:10: runbooks.run_as: this machine has no user “no-such-user”"),
        (
            "[runbooks.program]\npayctl = \"payctl\"",
            "2:10: runbooks.program.payctl: “payctl” must be the whole path; for example \"/usr/local/bin/payctl\"",
        ),
        (
            "[runbooks.program]\npayctl = \"/no/such\"",
            "2:10: runbooks.program.payctl: /no/such cannot be found: No such file or directory (os error 2)",
        ),
        (
            "[runbooks.program]\npayctl = \"/etc/passwd\"",
            "2:10: runbooks.program.payctl: /etc/passwd is not executable",
        ),
        ("[runbooks.program]\npayctl = \"/tmp\"", "2:10: runbooks.program.payctl: /tmp is not a file"),
        ("[runbooks.secret]\nA = \"x\"", "2:5: runbooks.secret.A: this is a text; it must be a table: { … = \"…\" }"),
        (
            "[runbooks.secret]\nA = { env = \"X\", file = \"x\" }",
            "2:5: runbooks.secret.A: this must say where the secret is, in one way: { env = \"NAME\" }, \
             { file = \"PATH\" } or { age = \"PATH\" }",
        ),
        (
            "[runbooks.secret]\nA = { env = \"MUSTER_NO_SUCH\" }",
            "2:13: runbooks.secret.A.env: the environment has no variable MUSTER_NO_SUCH, or it is no text",
        ),
        (
            "[runbooks.secret]\n\"1A\" = { file = \"/etc/passwd\" }",
            "2:1: runbooks.secret.1A: runbooks cannot name this: letters, digits and _ only, and no digit first",
        ),
        (
            "[runbooks.secret]\nA = { age = \"/etc/passwd\" }",
            "2:13: runbooks.secret.A.age: runbooks.age_identity is not set, which would open it",
        ),
        (
            "[runbooks]\nallow = [\"10/8\"]",
            "2:10: runbooks.allow: “10/8” is neither a network nor a name; write it as 10.1.0.0/16, 10.1.2.3 or \
             alerts.internal",
        ),
    ]);
}
