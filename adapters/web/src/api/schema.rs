//! The command table as JSON schemas.

use muster_core::command::spec::{Arg, ArgKind, Spec, Verb};
use muster_core::comms::PublicStatus;
use serde_json::{Map, Value, json};

/// The body of one command.
pub(super) fn body(spec: &Spec, verb: &Verb) -> Value {
    let mut properties = Map::new();
    let mut required: Vec<&str> = verb.args.iter().filter(|arg| arg.required).map(|arg| arg.name).collect();
    if spec.scope.names_one_with(verb) {
        properties.insert("incident".to_owned(), incident("the incident it is about"));
        required.extend(spec.scope.demands_one(verb).then_some("incident"));
    }
    for arg in verb.args {
        properties.insert(arg.name.to_owned(), argument(arg));
    }
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

fn text(description: &str) -> Value {
    json!({ "type": "string", "description": description })
}

fn incident(description: &str) -> Value {
    json!({ "type": "string", "pattern": "^INC-[1-9][0-9]*$", "examples": ["INC-42"], "description": description })
}

fn one_of(words: &[&str], description: &str) -> Value {
    json!({ "type": "string", "enum": words, "description": description })
}

fn several(description: &str) -> Value {
    json!({ "type": "array", "items": { "type": "string" }, "description": description })
}

fn argument(arg: &Arg) -> Value {
    let help = arg.help;
    match arg.kind {
        ArgKind::Line(max) | ArgKind::Paragraph(max) => {
            json!({ "type": "string", "maxLength": max, "description": help })
        }
        ArgKind::Severity => text(&format!("{help}; a severity of the organisation, or none")),
        ArgKind::Status => one_of(&["investigating", "identified", "monitoring", "resolved"], help),
        ArgKind::Role => text(&format!("{help}; a role of the organisation")),
        ArgKind::Person => text(&format!("{help}; a person's id, name or e-mail address")),
        ArgKind::Incident => incident(help),
        ArgKind::Services => several(&format!("{help}; services of the organisation")),
        ArgKind::Sites => several(&format!("{help}; sites of the organisation")),
        ArgKind::Category => text(&format!("{help}; a type of incident of the organisation")),
        ArgKind::Chat => text(&format!("{help}; a chat platform that is connected")),
        ArgKind::Target => text(&format!("{help}; a person, a team or a schedule")),
        ArgKind::Duty => text(&format!("{help}; a team or a schedule")),
        ArgKind::When => {
            json!({ "type": "string", "examples": ["2026-11-27T10:42:00Z", "in 2h"], "description": help })
        }
        ArgKind::Kind => one_of(&["incident", "drill", "maintenance"], help),
        ArgKind::Moment => {
            json!({ "type": "string", "examples": ["2026-11-27T10:42:00Z", "20m ago"], "description": help })
        }
        ArgKind::Span => json!({ "type": "string", "examples": ["30m", "2h"], "description": help }),
        ArgKind::Number => json!({ "type": "integer", "minimum": 1, "description": help }),
        ArgKind::Fields => json!({ "type": "string", "examples": ["key=value"], "description": help }),
        ArgKind::Inputs => json!({ "type": "string", "examples": ["region=eu"], "description": help }),
        ArgKind::Runbook => text(&format!("{help}; a runbook of the organisation")),
        ArgKind::RunbookOrRun => text(help),
        ArgKind::Template => text(&format!("{help}; a template of messages")),
        ArgKind::Audience => text(&format!("{help}; an audience of the organisation")),
        ArgKind::Components => json!({ "type": "string", "examples": ["checkout=down"], "description": help }),
        ArgKind::PublicStatus => one_of(&PublicStatus::ALL.map(PublicStatus::word), help),
        ArgKind::Word(words) => one_of(words, help),
        ArgKind::Command => text(&format!("{help}; the name of a command")),
        ArgKind::Toggle => json!({ "type": "boolean", "description": help }),
    }
}
