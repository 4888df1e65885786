//! The vendors' own descriptions of their interfaces, which lie beside the repository, not in it.

use serde_json::Value;
use std::path::Path;

/// Where they are.
const DOCUMENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/specs");

/// A description by its file's name; `None` when it is not there, which is an error on a CI machine.
///
/// # Panics
/// When it cannot be read.
#[expect(clippy::print_stderr, reason = "who runs the tests is told that they check less")]
pub(crate) fn document(file: &str) -> Option<Value> {
    let path = Path::new(DOCUMENTS).join(file);
    if !path.exists() {
        assert!(std::env::var_os("CI").is_none(), "{file} is not in {DOCUMENTS}");
        eprintln!("NOT CHECKED: {file} is not in ../shared/specs");
        return None;
    }
    let text = std::fs::read_to_string(path).expect("a vendor's description can be read");
    Some(serde_json::from_str(&text).expect("a vendor's description is JSON"))
}
