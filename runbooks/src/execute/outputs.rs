//! What later steps may use of what came of a step.

use super::redact::Redactor;
use super::words;
use muster_core::runbook::{Output, Source};
use regex::RegexBuilder;
use serde_json::Value;
use std::collections::BTreeMap;

/// The most bytes of one output.
const LARGEST: usize = 4 * 1024;
/// The most bytes of a compiled expression.
const EXPRESSION: usize = 1 << 20;

/// What a step has said.
pub(super) struct Said<'a> {
    /// Its HTTP status, or the exit status of its program.
    pub(super) status: i64,
    /// The body of the answer, or what the program wrote to standard output.
    pub(super) text: &'a str,
    /// Whether that was longer, and cut.
    pub(super) cut: bool,
}

/// Finds every output; the sentence says which is not there. None holds a secret.
pub(super) fn find(
    outputs: &[Output],
    said: &Said<'_>,
    redactor: &Redactor,
) -> Result<BTreeMap<String, Value>, String> {
    let mut found = BTreeMap::new();
    for output in outputs {
        let name = &output.name;
        let value =
            one(&output.from, said, redactor).map_err(|why| format!("the output `{name}` is not there: {why}"))?;
        if size(&value) > LARGEST {
            return Err(format!("the output `{name}` is longer than {} KB", LARGEST / 1024));
        }
        found.insert(name.clone(), value);
    }
    Ok(found)
}

fn one(from: &Source, said: &Said<'_>, redactor: &Redactor) -> Result<Value, String> {
    let short = |why: String| if said.cut { format!("{why}, of which only the beginning was kept") } else { why };
    match from {
        Source::Status => Ok(Value::from(said.status)),
        Source::Text => Ok(Value::String(clean(said, redactor).trim().to_owned())),
        Source::Json(pointer) => {
            let json: Value =
                serde_json::from_str(said.text).map_err(|_| short("what it said is not JSON".to_owned()))?;
            let value = json.pointer(pointer).ok_or_else(|| format!("its JSON has nothing at {pointer}"))?;
            Ok(redactor.value(value.clone()))
        }
        Source::Regex(pattern) => {
            let built =
                RegexBuilder::new(pattern).size_limit(EXPRESSION).dfa_size_limit(EXPRESSION).multi_line(true).build();
            let regex = built.map_err(|_| format!("/{pattern}/ cannot be read"))?;
            // Looked for where no secret is any more, so that none can be taken out bit by bit.
            let text = clean(said, redactor);
            let found = regex.captures(&text).and_then(|found| found.get(1).or_else(|| found.get(0)));
            let found = found.ok_or_else(|| short(format!("nothing matches /{pattern}/")))?;
            Ok(Value::String(found.as_str().to_owned()))
        }
    }
}

fn clean(said: &Said<'_>, redactor: &Redactor) -> String {
    redactor.text(&words::clean(said.text.as_bytes()))
}

fn size(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string().len(),
    }
}
