//! Python, where an answer from another hand is wanted.

use crate::process::tell;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

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
        let import = format!("import {}", modules.join(", "));
        let output = Command::new("python3").args(["-c", &import]).output();
        if !output.is_ok_and(|output| output.status.success()) {
            let modules = modules.join(" and ");
            let required = std::env::var("MUSTER_TEST_REQUIRE").unwrap_or_default();
            assert!(!required.contains("python"), "{test} needs Python with {modules}, which is not installed");
            tell(&format!("NOT RUN: {test}: Python with {modules} is not installed"));
            return None;
        }
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        Some(Self(path.display().to_string()))
    }

    /// What it answers to these lines.
    ///
    /// # Panics
    /// When it fails.
    #[must_use]
    pub fn answers(&self, lines: &[String]) -> Vec<String> {
        let started = Command::new("python3").arg(&self.0).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
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
