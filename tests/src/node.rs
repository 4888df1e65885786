//! Packages of npm that judge what we make. `npm ci` puts them beside a copy of `tests/package.json`; `MUSTER_TEST_NODE` says where.

use crate::needed::absent;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A file of a package; `None`, said aloud, where it is not installed.
///
/// # Panics
/// When it is not installed although `MUSTER_TEST_REQUIRE` names the package.
#[must_use]
pub fn file(test: &str, package: &str, path: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("MUSTER_TEST_NODE").map(PathBuf::from);
    let file = folder.map(|folder| folder.join("node_modules").join(package).join(path)).filter(|file| file.is_file());
    if file.is_none() {
        absent(test, package, &format!("{package} of npm"));
    }
    file
}

/// The Nu HTML checker, <https://validator.github.io/validator/>: what is wrong with the pages in a folder, a line each. `None`, said
/// aloud, where it or Java is not installed.
///
/// # Panics
/// When either is missing although `MUSTER_TEST_REQUIRE` names `vnu-jar`, or the checker does not come to an end.
#[must_use]
pub fn html_errors(test: &str, folder: &Path) -> Option<Vec<String>> {
    let checker = file(test, "vnu-jar", "build/dist/vnu.jar")?;
    if !Command::new("java").arg("-version").output().is_ok_and(|output| output.status.success()) {
        absent(test, "vnu-jar", "Java");
        return None;
    }
    // Its warnings are left out: it takes no hash for what it is in a content security policy.
    let checker = Command::new("java")
        .arg("-jar")
        .arg(checker)
        .args(["--errors-only", "--exit-zero-always"])
        .arg(folder)
        .output();
    let output = checker.expect("the checker starts");
    assert!(output.status.success(), "the checker ends with {}", output.status);
    Some(String::from_utf8_lossy(&output.stderr).lines().map(str::to_owned).collect())
}
