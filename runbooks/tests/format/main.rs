//! The format of runbooks: what is fine, what is not, and what it says then.

mod broken;
mod brought;
mod hostile;
mod schema;

use muster_runbooks::{Source, read};
use std::path::Path;

/// Good files, by name: our own, and the library.
fn good() -> Vec<(String, String)> {
    let files = ["tests/format/good", "library"].into_iter().flat_map(|folder| {
        muster_runbooks::sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).expect("files")
    });
    let name = |file: &str| file.rsplit('/').next().unwrap_or_default().trim_end_matches(".yaml").to_owned();
    let mut seen = std::collections::BTreeSet::new();
    // The library has one of a name of ours too.
    files.map(|source| (name(&source.file), source.text)).filter(|(name, _)| seen.insert(name.clone())).collect()
}

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

/// What the documentation shows is fine, and speaks of every key there is.
#[test]
fn the_documentation_is_right() {
    let page = include_str!("../../../docs/runbooks.md");
    let examples: Vec<_> = page.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(!examples.is_empty());
    for example in examples {
        let source = Source { file: "docs/runbooks.md".to_owned(), text: example.to_owned() };
        let faults = read(&[source], None).err().unwrap_or_default();
        assert!(faults.is_empty(), "{faults:#?}");
    }
    let schema = muster_runbooks::schema();
    let keys = |of: &serde_json::Value| {
        of["properties"].as_object().into_iter().flatten().map(|(key, _)| key.clone()).collect::<Vec<_>>()
    };
    let missing: Vec<_> = [keys(&schema), keys(&schema["$defs"]["RawStep"])].concat();
    let missing: Vec<_> = missing.into_iter().filter(|key| !page.contains(&format!("`{key}`"))).collect();
    assert_eq!(missing, Vec::<String>::new());
}
