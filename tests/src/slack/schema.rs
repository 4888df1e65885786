//! Every call against Slack's own description of its Web API, and against a table of what is newer than that.

use super::args::{Args, Sent};
use crate::vendor;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::OnceLock;

/// The type of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Type {
    Text,
    Flag,
    Number,
    /// A JSON value, or a string that holds one.
    Json,
    /// Ids: comma-separated, or a JSON array.
    List,
}

use Type::{Flag, Json, List, Number, Text};

#[derive(Debug, Clone)]
struct Param {
    kind: Type,
    required: bool,
}

#[derive(Debug, Default, Clone)]
struct Method {
    params: HashMap<String, Param>,
    takes_json: bool,
    /// Whether parameters that are not listed will do.
    open: bool,
}

/// A method, whether it takes JSON, and parameters of it.
type Row = (&'static str, bool, &'static [(&'static str, Type)]);

/// What is newer than the document of 2020: method, whether it takes JSON, and its parameters; a `!` marks one that is
/// required. A method of the document gains these parameters. Each row is from its page,
/// `https://docs.slack.dev/reference/methods/<method>`.
const NEWER: &[Row] = &[
    // https://docs.slack.dev/reference/methods/apps.connections.open
    ("apps.connections.open", true, &[]),
    // https://docs.slack.dev/reference/methods/bookmarks.add
    (
        "bookmarks.add",
        true,
        &[
            ("channel_id!", Text),
            ("title!", Text),
            ("type!", Text),
            ("link", Text),
            ("emoji", Text),
            ("entity_id", Text),
            ("access_level", Text),
            ("parent_id", Text),
        ],
    ),
    // https://docs.slack.dev/reference/methods/bookmarks.edit
    (
        "bookmarks.edit",
        true,
        &[("bookmark_id!", Text), ("channel_id!", Text), ("title", Text), ("link", Text), ("emoji", Text)],
    ),
    // https://docs.slack.dev/reference/methods/bookmarks.list
    ("bookmarks.list", true, &[("channel_id!", Text)]),
    // https://docs.slack.dev/reference/methods/bookmarks.remove
    ("bookmarks.remove", true, &[("bookmark_id!", Text), ("channel_id!", Text), ("quip_section_id", Text)]),
    // https://docs.slack.dev/reference/methods/files.getUploadURLExternal
    (
        "files.getUploadURLExternal",
        false,
        &[("filename!", Text), ("length!", Number), ("alt_txt", Text), ("snippet_type", Text)],
    ),
    // https://docs.slack.dev/reference/methods/files.completeUploadExternal
    (
        "files.completeUploadExternal",
        true,
        &[
            ("files!", Json),
            ("channel_id", Text),
            ("channels", List),
            ("initial_comment", Text),
            ("thread_ts", Text),
            ("blocks", Json),
        ],
    ),
    // https://docs.slack.dev/reference/methods/chat.postMessage
    ("chat.postMessage", true, &[("metadata", Json), ("markdown_text", Text), ("client_msg_id", Text)]),
    // https://docs.slack.dev/reference/methods/chat.update
    (
        "chat.update",
        true,
        &[
            ("metadata", Json),
            ("markdown_text", Text),
            ("reply_broadcast", Flag),
            ("file_ids", List),
            ("unfurl_links", Flag),
            ("unfurl_media", Flag),
        ],
    ),
    // https://docs.slack.dev/reference/methods/chat.postEphemeral
    ("chat.postEphemeral", true, &[("markdown_text", Text)]),
    // https://docs.slack.dev/reference/methods/conversations.create
    ("conversations.create", true, &[("team_id", Text)]),
    // https://docs.slack.dev/reference/methods/conversations.invite
    ("conversations.invite", true, &[("force", Flag)]),
    // https://docs.slack.dev/reference/methods/conversations.open
    ("conversations.open", true, &[("prevent_creation", Flag)]),
    // https://docs.slack.dev/reference/methods/conversations.history
    ("conversations.history", false, &[("include_all_metadata", Flag)]),
    // https://docs.slack.dev/reference/methods/conversations.replies
    ("conversations.replies", false, &[("include_all_metadata", Flag)]),
    // https://docs.slack.dev/reference/methods/conversations.list
    ("conversations.list", false, &[("team_id", Text)]),
    // https://docs.slack.dev/reference/methods/users.list
    ("users.list", false, &[("team_id", Text)]),
    // https://docs.slack.dev/reference/methods/users.conversations
    ("users.conversations", false, &[("team_id", Text)]),
    // https://docs.slack.dev/reference/methods/usergroups.list
    ("usergroups.list", false, &[("team_id", Text)]),
    // https://docs.slack.dev/reference/methods/usergroups.users.list
    ("usergroups.users.list", false, &[("team_id", Text)]),
    // https://docs.slack.dev/reference/methods/views.open
    ("views.open", true, &[("interactivity_pointer", Text)]),
    // https://docs.slack.dev/reference/methods/views.push
    ("views.push", true, &[("interactivity_pointer", Text)]),
    // https://docs.slack.dev/reference/methods/team.info
    ("team.info", false, &[("domain", Text)]),
    // https://docs.slack.dev/reference/methods/api.test
    ("api.test", true, &[]),
    // https://docs.slack.dev/reference/methods/auth.test
    ("auth.test", true, &[]),
];

/// Parameters that are JSON or lists, though the document calls them strings.
const RICH: &[(&str, Type)] =
    &[("blocks", Json), ("attachments", Json), ("view", Json), ("metadata", Json), ("users", List), ("types", List)];

/// What is wrong with a call, sentence by sentence.
pub(super) fn faults(method: &str, args: &Args) -> Vec<String> {
    let Some(known) = methods().get(method) else { return vec![format!("{method} is no method that is known")] };
    let mut faults = Vec::new();
    if args.sent == Sent::Json && !args.map.is_empty() && !known.takes_json {
        faults.push(format!("{method} takes no JSON"));
    }
    for (name, value) in &args.map {
        if name == "token" {
            continue;
        }
        match known.params.get(name) {
            None if known.open => {}
            None => faults.push(format!("{method} has no parameter {name}")),
            Some(param) if !fits(param.kind, value) => faults.push(format!("{name} of {method} is of the wrong type")),
            Some(_) => {}
        }
    }
    for (name, param) in &known.params {
        let given = args.map.get(name).is_some_and(|value| !value.is_null() && value != "");
        if param.required && !given {
            faults.push(format!("{method} needs {name}"));
        }
    }
    faults
}

fn fits(kind: Type, value: &Value) -> bool {
    let text = value.as_str();
    match kind {
        Text => text.is_some(),
        Flag => value.is_boolean() || text.is_some_and(|text| ["true", "false", "1", "0"].contains(&text)),
        Number => value.is_number() || text.is_some_and(|text| text.parse::<f64>().is_ok()),
        Json => {
            value.is_array()
                || value.is_object()
                || text.is_some_and(|text| text.is_empty() || serde_json::from_str::<Value>(text).is_ok())
        }
        List => text.is_some() || value.as_array().is_some_and(|items| items.iter().all(Value::is_string)),
    }
}

fn methods() -> &'static HashMap<String, Method> {
    static METHODS: OnceLock<HashMap<String, Method>> = OnceLock::new();
    METHODS.get_or_init(|| {
        let mut methods =
            vendor::document("slack-web-openapi.json").map(|document| described(&document)).unwrap_or_else(in_short);
        for (method, takes_json, params) in NEWER {
            let known = methods.entry((*method).to_owned()).or_default();
            known.takes_json |= takes_json;
            for (name, kind) in *params {
                let (name, required) = name.strip_suffix('!').map_or((*name, false), |name| (name, true));
                known.params.entry(name.to_owned()).or_insert(Param { kind: *kind, required });
            }
        }
        methods
    })
}

/// The methods of the document.
fn described(document: &Value) -> HashMap<String, Method> {
    let mut methods = HashMap::new();
    for (path, verbs) in document["paths"].as_object().into_iter().flatten() {
        let Some(operation) = verbs.as_object().and_then(|verbs| verbs.values().next()) else { continue };
        let consumes = operation["consumes"].as_array();
        let takes_json = consumes.is_some_and(|kinds| kinds.iter().any(|kind| kind == "application/json"));
        let mut params = HashMap::new();
        for param in operation["parameters"].as_array().into_iter().flatten() {
            let name = param["name"].as_str().unwrap_or_default();
            let rich = RICH.iter().find(|(rich, _)| *rich == name).map(|(_, kind)| *kind);
            let kind = rich.unwrap_or(match param["type"].as_str() {
                Some("boolean") => Flag,
                Some("number" | "integer") => Number,
                _ => Text,
            });
            if name != "token" {
                params.insert(name.to_owned(), Param { kind, required: param["required"] == true });
            }
        }
        methods.insert(path.trim_start_matches('/').to_owned(), Method { params, takes_json, open: false });
    }
    methods
}

/// Without the document any parameter will do, except in what is wholly newer.
fn in_short() -> HashMap<String, Method> {
    let anything = Method { params: HashMap::new(), takes_json: true, open: true };
    let whole = |method: &str| ["apps.", "bookmarks.", "files."].iter().any(|family| method.starts_with(family));
    let older = super::api::METHODS.iter().map(|(method, _)| *method).filter(|method| !whole(method));
    older.map(|method| (method.to_owned(), anything.clone())).collect()
}
