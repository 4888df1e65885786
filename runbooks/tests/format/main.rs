//! The format of runbooks: what is fine, what is not, and what it says then.

use muster_runbooks::{Source, read};
use std::path::Path;

fn faults_of(path: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let sources = muster_runbooks::sources(&path).expect("files");
    assert!(!sources.is_empty());
    let told = |source: &Source| Source {
        file: source.file.rsplit('/').next().unwrap_or_default().to_owned(),
        ..source.clone()
    };
    let sources: Vec<_> = sources.iter().map(told).collect();
    read(&sources, None).err().into_iter().flatten().map(|fault| fault.to_string()).collect()
}

#[test]
fn a_good_runbook_is_read() {
    assert_eq!(faults_of("tests/format/good"), Vec::<String>::new());
}

#[test]
fn the_library_is_fine() {
    let faults = faults_of("library");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
