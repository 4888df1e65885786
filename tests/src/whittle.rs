//! Payloads with something missing.

use serde_json::Value;

/// The payload, and it again without each of its fields: all of those of objects, and of the first two of each list.
///
/// # Panics
/// Never: every path that is removed is there.
#[must_use]
pub fn with_each_field_removed(payload: &Value) -> Vec<(String, Value)> {
    let mut paths = Vec::new();
    fields(payload, String::new(), &mut paths);
    let removed = paths.into_iter().map(|path| {
        let mut without = payload.clone();
        let (parent, name) = path.rsplit_once('/').expect("a path has a slash");
        let parent = without.pointer_mut(parent).and_then(Value::as_object_mut).expect("a parent");
        parent.remove(&name.replace("~1", "/").replace("~0", "~")).expect("a field");
        (path, without)
    });
    std::iter::once(("nothing".to_owned(), payload.clone())).chain(removed).collect()
}

fn fields(value: &Value, path: String, paths: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                let path = format!("{path}/{}", name.replace('~', "~0").replace('/', "~1"));
                fields(value, path.clone(), paths);
                paths.push(path);
            }
        }
        Value::Array(items) => {
            for (n, item) in items.iter().enumerate().take(2) {
                fields(item, format!("{path}/{n}"), paths);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
