//! What cannot be read is counted and logged by its shape: keys and types, bounded, never what they hold.

use crate::ids::PlatformId;
use serde_json::Value;

/// So much of a shape is logged, in characters.
const LONGEST: usize = 400;
/// So deep a shape is looked into.
const DEEPEST: usize = 4;

/// Counts and logs something that could not be read.
pub fn unreadable(platform: &PlatformId, way: &'static str, why: &str, payload: &Value) {
    let name = platform.as_str().to_owned();
    metrics::counter!("muster_chat_unreadable_total", "platform" => name, "way" => way).increment(1);
    tracing::warn!(%platform, way, why, shape = %shape(payload), "something arrived that could not be read");
}

/// The shape of a payload: `{event:{type:text,user:text},type:text}`.
fn shape(payload: &Value) -> String {
    let mut out = String::new();
    write(payload, 0, &mut out);
    if out.len() > LONGEST {
        let end = (0..=LONGEST).rev().find(|at| out.is_char_boundary(*at)).unwrap_or(0);
        out.truncate(end);
        out.push('…');
    }
    out
}

fn write(value: &Value, depth: usize, out: &mut String) {
    if out.len() > LONGEST {
        return;
    }
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(_) => out.push_str("bool"),
        Value::Number(_) => out.push_str("number"),
        Value::String(text) if text.is_empty() => out.push_str("empty"),
        Value::String(_) => out.push_str("text"),
        Value::Array(_) | Value::Object(_) if depth >= DEEPEST => out.push('…'),
        Value::Array(items) => {
            out.push('[');
            if let Some(first) = items.first() {
                write(first, depth + 1, out);
                out.push_str(&format!("×{}", items.len()));
            }
            out.push(']');
        }
        Value::Object(fields) => {
            out.push('{');
            for (n, (key, value)) in fields.iter().enumerate() {
                if n > 0 {
                    out.push(',');
                }
                out.push_str(if is_name(key) { key } else { "?" });
                out.push(':');
                write(value, depth + 1, out);
            }
            out.push('}');
        }
    }
}

/// Whether a key is one of the platform's own: others may hold what somebody wrote.
fn is_name(key: &str) -> bool {
    key.len() <= 40
        && key.starts_with(|c: char| c.is_ascii_lowercase())
        && key.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_shape_tells_keys_and_types_and_nothing_that_was_said() {
        let payload =
            json!({"type": "secret", "n": 7, "list": [{"a": "secret"}, 1], "My Secret": null, "ok": true, "e": ""});
        assert_eq!(shape(&payload), "{?:null,e:empty,list:[{a:text}×2],n:number,ok:bool,type:text}");
    }

    #[test]
    fn a_shape_is_bounded_however_large_or_deep_the_payload() {
        let wide: serde_json::Map<_, _> = (0..10_000).map(|n| ("k".repeat(1 + n % 30), json!([[[[[[n]]]]]]))).collect();
        let mut deep = json!(1);
        for _ in 0..100 {
            deep = json!({ "deep": deep });
        }
        for payload in [Value::Object(wide), deep] {
            assert!(shape(&payload).chars().count() <= LONGEST + 1);
        }
    }
}
