//! Jobs of Rundeck, as YAML: <https://docs.rundeck.com/docs/manual/document-format-reference/job-yaml-v12.html>.

use super::write::{Draft, DraftStep, quoted, slug};
use crate::format::fault::Faults;
use crate::format::field::Any;
use crate::format::{reader, tree};
use serde_json::Value;

/// The plugin by which Rundeck sends requests.
const HTTP: &str = "edu.ohio.ais.rundeck.HttpWorkflow";
/// How long a step may take for which the job says nothing.
const TIMEOUT: &str = "timeout: 5m";

/// Makes a runbook of a job.
///
/// # Errors
/// When the file cannot be read, or holds more than one job.
pub fn rundeck(text: &str) -> Result<String, String> {
    let faults = Faults::of("job");
    let node = tree::read(text, &faults);
    let job = node.as_ref().and_then(|node| reader::read::<Any>(node, text, &faults)).map(|any| any.0);
    let Some(job) = job else {
        return Err(faults.into_sorted().first().map_or_else(|| "it cannot be read".to_owned(), ToString::to_string));
    };
    let job = match job.as_array().map(Vec::as_slice) {
        None => job,
        Some([only]) => only.clone(),
        Some(jobs) => {
            let count = jobs.len();
            return Err(format!("there are {count} jobs in it; export one at a time: each is a runbook of its own"));
        }
    };
    let mut draft = Draft {
        name: said(&job, "name").unwrap_or_else(|| "Imported job".to_owned()),
        description: said(&job, "description").unwrap_or_default(),
        ..Draft::default()
    };
    let options: Vec<(String, Value)> = match &job["options"] {
        Value::Array(list) => list.iter().filter_map(|option| Some((said(option, "name")?, option.clone()))).collect(),
        Value::Object(map) => map.iter().map(|(name, option)| (name.clone(), option.clone())).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    };
    let secret = |option: &Value| is_true(option, "secure") || is_true(option, "valueExposed");
    draft.inputs =
        options.iter().filter(|(_, option)| !secret(option)).map(|(name, option)| input(name, option)).collect();
    let commands = job["sequence"]["commands"].as_array().cloned().unwrap_or_default();
    draft.steps = commands.iter().map(|command| step(command, &options)).collect();
    if let Some(first) = draft.steps.first_mut() {
        first.comment.splice(0..0, lost(&job, &options));
    }
    draft.finish()
}

fn said(value: &Value, key: &str) -> Option<String> {
    match &value[key] {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(yes) => Some(yes.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn is_true(value: &Value, key: &str) -> bool {
    value[key] == true || value[key] == "true"
}

/// What of the job as a whole has no place in a runbook.
fn lost(job: &Value, options: &[(String, Value)]) -> Vec<String> {
    let keys = [
        ("schedule", "runs by itself at times; here a trigger or a person starts it"),
        ("nodefilters", "chooses the nodes it runs on; here a step says `runner: LABEL`"),
        ("notification", "tells others; here the room of the incident does"),
        ("retry", "is tried again as a whole; here a step says `retry`"),
    ];
    let lost =
        keys.iter().filter(|(key, _)| !job[*key].is_null()).map(|(key, why)| format!("The job's `{key}` {why}."));
    let secrets = options.iter().filter(|(_, option)| is_true(option, "secure") || is_true(option, "valueExposed"));
    let secrets = secrets.map(|(name, _)| {
        format!("The option `{name}` is a secret: keep it in [runbooks.secret], and use it in `env`.")
    });
    lost.chain(secrets).collect()
}

fn input_id(name: &str) -> String {
    let id = slug(name, '_');
    if id.starts_with(|c: char| c.is_ascii_lowercase()) { id } else { format!("input_{id}") }
}

fn input(name: &str, option: &Value) -> (String, Vec<(&'static str, Value)>) {
    let mut lines = Vec::new();
    lines.push(("label", Value::from(said(option, "label").unwrap_or_else(|| name.to_owned()))));
    lines.extend(said(option, "description").map(|text| ("description", Value::from(text))));
    let values: Vec<String> = match &option["values"] {
        Value::Array(values) => values.iter().filter_map(|value| value.as_str().map(ToOwned::to_owned)).collect(),
        Value::String(values) => values.split(',').map(|value| value.trim().to_owned()).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => Vec::new(),
    };
    let is_choice = is_true(option, "enforced") && (1..=25).contains(&values.len());
    lines.push(("type", Value::from(if is_choice { "choice" } else { "text" })));
    if is_choice {
        lines.push(("options", Value::from(values.clone())));
    }
    let pattern = said(option, "regex").filter(|pattern| !is_choice && regex::Regex::new(pattern).is_ok());
    let default = said(option, "value").filter(|value| match (&pattern, is_choice) {
        (_, true) => values.contains(value),
        (Some(pattern), false) => regex::Regex::new(&format!(r"\A(?:{pattern})\z")).is_ok_and(|it| it.is_match(value)),
        (None, false) => value.chars().count() <= 500,
    });
    lines.extend(pattern.map(|pattern| ("pattern", Value::from(pattern))));
    match default {
        Some(default) => lines.push(("default", Value::from(default))),
        // What nobody must say is empty there, and would not be there here.
        None if !is_true(option, "required") && !is_choice => lines.push(("required", Value::from(true))),
        None => {}
    }
    (input_id(name), lines)
}

fn step(command: &Value, options: &[(String, Value)]) -> DraftStep {
    let described = said(command, "description");
    let named = |usual: &str| described.clone().unwrap_or_else(|| usual.to_owned());
    let mut comment = Vec::new();
    if !command["errorhandler"].is_null() {
        comment.push("The job has an error handler here; here a step says `on_failure` and `undo`.".to_owned());
    }
    let plugin = said(command, "type").unwrap_or_default();
    if let Some(line) = said(command, "exec") {
        let machine = run(&line, options);
        if machine.is_none() {
            comment.push("By hand: a shell would read this line, and Muster gives nothing to a shell.".to_owned());
        }
        return DraftStep {
            name: named(&line),
            comment,
            machine,
            text: format!("Run:\n\n    {line}"),
            ..DraftStep::default()
        };
    }
    if let Some(script) = said(command, "script") {
        comment.push(
            "By hand: put the script into a file of its own, allow it in [runbooks.program], and say `run`.".to_owned(),
        );
        let text =
            format!("Run this script:\n\n{}", script.lines().map(|line| format!("    {line}\n")).collect::<String>());
        return DraftStep { name: named("Run a script"), comment, text, ..DraftStep::default() };
    }
    if !command["jobref"].is_null() {
        let job = said(&command["jobref"], "name").unwrap_or_default();
        comment.push(format!("By hand: once that job is a runbook too, say `runbook: {{ id: {} }}`.", slug(&job, '-')));
        let args = said(&command["jobref"], "args").map(|args| format!(" with {args}")).unwrap_or_default();
        return DraftStep {
            name: named(&format!("Run {job}")),
            comment,
            text: format!("Run the job “{job}”{args}."),
            ..DraftStep::default()
        };
    }
    if plugin.starts_with(HTTP) {
        let machine = http(&command["configuration"], options);
        let url = said(&command["configuration"], "remoteUrl").unwrap_or_default();
        return DraftStep {
            name: named(&format!("Ask {url}")),
            comment,
            machine,
            text: format!("Send a request to {url}"),
            ..DraftStep::default()
        };
    }
    comment.push(format!(
        "By hand: Muster has nothing like `{}`.",
        if plugin.is_empty() { "this command" } else { &plugin }
    ));
    let text = serde_json::to_string_pretty(command).unwrap_or_default();
    DraftStep { name: named("A step of Rundeck"), comment, text, ..DraftStep::default() }
}

/// A line without anything that only a shell understands, as a program with its arguments.
fn run(line: &str, options: &[(String, Value)]) -> Option<Vec<String>> {
    let filled = filled_in(line, options)?;
    let bare = line.replace("${option.", "").replace('}', "");
    if bare.contains(|c: char| "|&;<>$()`\\\"'*?[]{}~#!%\n".contains(c)) || line.contains("${{") {
        return None;
    }
    let mut words = filled.split('\u{1}').map(|word| word.replace('\u{2}', " "));
    let program = words.next()?;
    let program = program.rsplit('/').next().unwrap_or_default().to_owned();
    let args: Vec<_> = words.map(|word| quoted(&word)).collect();
    Some(vec![
        "run:".to_owned(),
        format!("  program: {}", quoted(&program)),
        format!("  args: [{}]", args.join(", ")),
        TIMEOUT.to_owned(),
    ])
}

/// The words of a line, apart by one mark; spaces within what is filled in by another.
fn filled_in(line: &str, options: &[(String, Value)]) -> Option<String> {
    let mut out = line.split_whitespace().collect::<Vec<_>>().join("\u{1}");
    for (name, option) in options {
        let reference = format!("${{option.{name}}}");
        if out.contains(&reference) && is_true(option, "secure") {
            return None;
        }
        out = out.replace(&reference, &format!("${{{{\u{2}inputs.{}\u{2}}}}}", input_id(name)));
    }
    (!out.contains("${option.") && !out.contains("@option.")).then_some(out)
}

fn http(configuration: &Value, options: &[(String, Value)]) -> Option<Vec<String>> {
    let fill = |text: String| filled_in(&text, options).map(|text| text.replace(['\u{1}', '\u{2}'], " "));
    let url = fill(said(configuration, "remoteUrl")?)?;
    let mut lines = vec!["http:".to_owned()];
    lines.extend(said(configuration, "method").map(|method| format!("  method: {}", quoted(&method.to_uppercase()))));
    lines.push(format!("  url: {}", quoted(&url)));
    if let Some(body) = said(configuration, "body") {
        lines.push(format!("  body: {}", quoted(&fill(body)?)));
    }
    if said(configuration, "headers").is_some()
        || said(configuration, "authentication").is_some_and(|how| how != "None")
    {
        // They may hold a password, which belongs into a secret.
        return None;
    }
    lines.push(TIMEOUT.to_owned());
    Some(lines)
}
