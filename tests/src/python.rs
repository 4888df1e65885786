//! Python, where an answer from another hand is wanted, and clients that others have written in it.

use crate::needed::absent;
use serde_json::Value;
use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout};

/// The Python that `MUSTER_TEST_PYTHON` names, else the one on the path.
fn program() -> OsString {
    std::env::var_os("MUSTER_TEST_PYTHON").unwrap_or_else(|| "python3".into())
}

/// Python with some modules; `None`, said aloud, where it lacks them.
///
/// # Panics
/// When it lacks them although `MUSTER_TEST_REQUIRE` names `word`.
#[must_use]
pub fn with(test: &str, modules: &[&str], word: &str) -> Option<Command> {
    let import = format!("import {}", modules.join(", "));
    let output = Command::new(program()).args(["-c", &import]).output();
    if output.is_ok_and(|output| output.status.success()) {
        return Some(Command::new(program()));
    }
    absent(test, word, &format!("Python with {}", modules.join(" and ")));
    None
}

/// Where a script of this crate's folder is.
fn script(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A script that is asked and answers, a line of JSON each. Dropped, it is killed.
#[derive(Debug)]
pub struct Talk {
    process: Child,
    input: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
}

impl Talk {
    /// Starts a script of this crate's folder, by a Python that has what it needs.
    ///
    /// # Panics
    /// When it cannot be started.
    #[must_use]
    pub fn start(mut python: Command, path: &str, args: &[&str]) -> Self {
        python.arg(script(path)).args(args).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = tokio::process::Command::from(python).kill_on_drop(true).spawn().expect("Python starts");
        let input = process.stdin.take().expect("it has an input");
        let answers = BufReader::new(process.stdout.take().expect("it has an output")).lines();
        Self { process, input, answers }
    }

    /// What it answers.
    ///
    /// # Panics
    /// When it does not.
    pub async fn asked(&mut self, call: Value) -> Value {
        self.input.write_all(format!("{call}\n").as_bytes()).await.expect("it reads");
        let Some(line) = self.answers.next_line().await.expect("it writes") else {
            panic!("asked {call}, it ended with {:?}", self.process.wait().await)
        };
        serde_json::from_str(&line).unwrap_or_else(|_| panic!("{call}: {line}"))
    }
}

/// A script that reads lines and writes lines.
#[derive(Debug)]
pub struct Script(String);

impl Script {
    /// A script of this crate's folder that needs some modules; `None`, said aloud, where Python lacks them.
    ///
    /// # Panics
    /// When it lacks them although `MUSTER_TEST_REQUIRE` names `python`.
    #[must_use]
    pub fn find(test: &str, path: &str, modules: &[&str]) -> Option<Self> {
        let _ = with(test, modules, "python")?;
        Some(Self(script(path).display().to_string()))
    }

    /// What it answers to these lines.
    ///
    /// # Panics
    /// When it fails.
    #[must_use]
    pub fn answers(&self, lines: &[String]) -> Vec<String> {
        let started = Command::new(program()).arg(&self.0).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut process = started.expect("Python starts");
        let mut stdin = process.stdin.take().expect("it has an input");
        let text = lines.join("\n");
        // It answers while it reads.
        let writer = std::thread::spawn(move || stdin.write_all(text.as_bytes()));
        let output = process.wait_with_output().expect("it ends");
        writer.join().expect("the writer ends").expect("it reads to the end");
        assert!(output.status.success(), "{} failed", self.0);
        String::from_utf8(output.stdout).expect("it writes text").lines().map(str::to_owned).collect()
    }
}
