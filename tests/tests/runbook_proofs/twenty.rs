//! A runbook of twenty steps, of every kind; and where it runs.

use crate::ledger::Ledger;
use muster_tests::process::Installation;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use tempfile::TempDir;

/// Every step that does something outside, in the order in which they do it; those that are at once stand together.
pub(crate) const DEEDS: [&[&str]; 13] = [
    &["s01"],
    &["s02"],
    &["s03"],
    &["s04"],
    &["s05"],
    &["s08"],
    &["s10"],
    &["s12", "s13"],
    &["s15"],
    &["s17"],
    &["s18"],
    &["s19"],
    &["s20"],
];
/// Those that may be done again without asking.
pub(crate) const IDEMPOTENT: [&str; 7] = ["s01", "s03", "s05", "s13", "s15", "s18/undo", "f3"];
/// What is taken back, in that order.
pub(crate) const TAKEN_BACK: [&str; 5] = ["s18/undo", "s17/undo", "s08/undo", "s04/undo", "s02/undo"];

const STEPS: &str = r#"apiVersion: muster/v1
id: twenty
name: Twenty steps
description: Every kind of step, to be killed at.
steps:
  - { id: s01, name: Look, http: { url: "http://ADDRESS/s01" }, timeout: 20s }
  - id: s02
    name: Order
    http: { method: POST, url: "http://ADDRESS/s02", json: { what: "a failover" } }
    timeout: 20s
    undo: { http: { method: POST, url: "http://ADDRESS/s02/undo" }, timeout: 20s }
  - { id: s03, name: Sweep, run: { program: deed, args: [s03] }, timeout: 20s, idempotent: true }
  - id: s04
    name: Move
    run: { program: deed, args: [s04] }
    timeout: 20s
    undo: { run: { program: deed, args: [s04/undo] }, timeout: 20s }
  - { id: s05, name: Set, http: { method: PUT, url: "http://ADDRESS/s05" }, timeout: 20s, idempotent: true }
  - { id: s06, name: Breathe, wait: 1m }
  - { id: s07, name: Choose, ask: Which one?, choices: [one, other] }
  - id: s08
    name: Switch
    http: { method: POST, url: "http://ADDRESS/s08" }
    timeout: 20s
    undo: { http: { method: POST, url: "http://ADDRESS/s08/undo" }, timeout: 20s }
  - { id: s09, name: Look yourself, manual: Look at the tills, checklist: [the first, the last] }
  - { id: s10, name: Drain, run: { program: deed, args: [s10] }, timeout: 20s }
  - id: s11
    name: At once
    parallel:
      - { id: s12, name: One, http: { method: POST, url: "http://ADDRESS/s12" }, timeout: 20s }
      - { id: s13, name: Two, run: { program: deed, args: [s13] }, timeout: 20s, idempotent: true }
  - { id: s14, name: Tell, update: Halfway }
  - id: s15
    name: It holds
    probe: { url: "http://ADDRESS/s15", holds: status == 200, every: 1s }
    timeout: 20s
  - { id: s16, name: Second person, approve: May it be?, who: [responders], within: 1h, covers: [s17, s18] }
  - id: s17
    name: Cut over
    http: { method: POST, url: "http://ADDRESS/s17" }
    timeout: 20s
    undo: { http: { method: POST, url: "http://ADDRESS/s17/undo" }, timeout: 20s }
  - id: s18
    name: Close
    run: { program: deed, args: [s18] }
    timeout: 20s
    undo: { http: { method: POST, url: "http://ADDRESS/s18/undo" }, timeout: 20s, idempotent: true }
  - { id: s19, name: Pay, http: { method: POST, url: "http://ADDRESS/s19" }, timeout: 20s }
  - { id: s20, name: Never answered, http: { method: POST, url: "http://ADDRESS/s20" }, timeout: 20s }
"#;

/// Four steps that two processes can share.
const FOUR: &str = r#"apiVersion: muster/v1
id: four
name: Four steps
description: Steps for two processes to share.
steps:
  - { id: f1, name: Order, http: { method: POST, url: "http://ADDRESS/f1" }, timeout: 60s }
  - { id: f2, name: Move, run: { program: deed, args: [f2] }, timeout: 60s }
  - { id: f3, name: Set, http: { method: PUT, url: "http://ADDRESS/f3" }, timeout: 60s, idempotent: true }
  - { id: f4, name: Switch, http: { method: POST, url: "http://ADDRESS/f4" }, timeout: 60s }
"#;

/// What a program does: it writes a line into a file, says so to the ledger, and waits for its word.
const PROGRAM: &str = r#"#!/bin/bash
exec 3<>/dev/tcp/HOST/PORT || exit 3
key="$MUSTER_INCIDENT/$MUSTER_RUN/$MUSTER_STEP"
case "$1" in */undo) key="$key/undo" ;; esac
echo "$1 $key/$MUSTER_ATTEMPT" >>FILE
printf 'POST /%s HTTP/1.1\r\nIdempotency-Key: %s\r\n\r\n' "$1" "$key/$MUSTER_ATTEMPT" >&3
read -r answer <&3 || exit 4
"#;

/// Who operates, who runs it, and who allows.
const PEOPLE: &str = r#"
[organisation]
name = "Nordic Retail"
time_zone = "UTC"
[[person]]
id = "alice"
name = "Alice Ek"
right = "admin"
[[person]]
id = "bob"
name = "Bob Lind"
"#;

/// Where programs are and what they have written: whoever they run as must get there.
pub(crate) struct Yard(TempDir);

impl Yard {
    pub(crate) fn of(ledger: &Ledger) -> Self {
        let folder = tempfile::Builder::new().prefix("muster-deeds-").tempdir().expect("a folder");
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).expect("its mode");
        let yard = Self(folder);
        let script = PROGRAM
            .replace("HOST", &ledger.address().ip().to_string())
            .replace("PORT", &ledger.address().port().to_string())
            .replace("FILE", &yard.path("deeds").display().to_string());
        fs::write(yard.path("deed"), script).expect("it is written");
        fs::set_permissions(yard.path("deed"), fs::Permissions::from_mode(0o755)).expect("its mode");
        fs::write(yard.path("deeds"), "").expect("it is written");
        fs::set_permissions(yard.path("deeds"), fs::Permissions::from_mode(0o666)).expect("its mode");
        yard
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.0.path().join(name)
    }

    /// What programs have written: a line each, the step and the attempt.
    pub(crate) fn lines(&self) -> Vec<(String, String)> {
        let text = fs::read_to_string(self.path("deeds")).expect("it can be read");
        text.lines().filter_map(|line| line.split_once(' ')).map(|(a, b)| (a.to_owned(), b.to_owned())).collect()
    }

    /// An installation with these runbooks.
    pub(crate) fn installation(&self, store: &str, ledger: &Ledger) -> Installation {
        let organisation = format!(
            "{PEOPLE}\n[runbooks]\nallow = [\"127.0.0.1\"]\nlost_after = \"10s\"\n[runbooks.program]\ndeed = \"{}\"\n",
            self.path("deed").display()
        );
        let installation = Installation::configured(store, &organisation);
        furnish(installation.folder(), ledger);
        installation
    }
}

fn furnish(folder: &Path, ledger: &Ledger) {
    let books = folder.join("runbooks");
    fs::create_dir(&books).expect("a folder");
    for (name, text) in [("twenty", STEPS), ("four", FOUR)] {
        let text = text.replace("ADDRESS", &ledger.address().to_string());
        fs::write(books.join(format!("{name}.yaml")), text).expect("it is written");
    }
}
