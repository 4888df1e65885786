//! The API's description, from the command table. It says nothing about the organisation, so everybody may read it.

use super::schema::body;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use muster_core::command::TABLE;
use muster_core::command::spec::{Spec, Verb};
use serde_json::{Map, Value, json};
use std::sync::LazyLock;

static DOCUMENT: LazyLock<String> = LazyLock::new(|| describe().to_string());

/// `GET /openapi.json`
pub(super) async fn document() -> Response {
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "public, max-age=300")];
    (headers, DOCUMENT.as_str()).into_response()
}

/// The whole description, OpenAPI 3.1.
fn describe() -> Value {
    let mut paths = looks();
    let commands = [("/commands".to_owned(), any_command())];
    let each = TABLE.iter().flat_map(|spec| spec.verbs.iter().map(move |verb| (path(spec, verb), command(spec, verb))));
    paths.extend(commands.into_iter().chain(each));
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Muster",
            "version": "1",
            "description": "Everything that can be typed in a chat can be called here. Each command is durable when it answers 200. \
                Send an Idempotency-Key, and the same key again when you are not sure: it has no second effect.",
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": "/api/v1" }],
        "security": [{ "token": [] }],
        "paths": paths,
        "components": components(),
    })
}

fn path(spec: &Spec, verb: &Verb) -> String {
    if verb.name.is_empty() {
        format!("/commands/{}", spec.name)
    } else {
        format!("/commands/{}/{}", spec.name, verb.name)
    }
}

fn command(spec: &Spec, verb: &Verb) -> Value {
    let id = [spec.name, verb.name].join(" ");
    operation(id.trim(), verb.summary, &body(spec, verb))
}

fn any_command() -> Value {
    let line = json!({
        "type": "object",
        "properties": {
            "line": { "type": "string", "examples": ["new sev2 checkout is slow"] },
            "incident": { "type": "string", "examples": ["INC-42"], "description": "the incident in whose room it is typed" },
        },
        "required": ["line"],
        "additionalProperties": false,
    });
    let call = json!({
        "type": "object",
        "properties": {
            "command": { "type": "string" },
            "verb": { "type": "string" },
            "incident": { "type": "string" },
            "args": { "type": "object" },
        },
        "required": ["command"],
        "additionalProperties": false,
    });
    operation("any command", "A line as typed, or a command with its arguments", &json!({ "oneOf": [line, call] }))
}

fn operation(id: &str, summary: &str, schema: &Value) -> Value {
    let reference = |name: &str| json!({ "$ref": format!("#/components/responses/{name}") });
    json!({
        "post": {
            "operationId": id.replace(' ', "_"),
            "summary": summary,
            "parameters": [{ "$ref": "#/components/parameters/IdempotencyKey" }],
            "requestBody": { "required": true, "content": { "application/json": { "schema": schema } } },
            "responses": {
                "200": reference("Done"),
                "400": reference("Error"),
                "401": reference("Error"),
                "403": reference("Error"),
                "404": reference("Error"),
                "409": reference("Error"),
                "413": reference("Error"),
                "415": reference("Error"),
                "422": reference("Error"),
                "503": reference("Error"),
            },
        },
    })
}

/// The paths that only look.
fn looks() -> Map<String, Value> {
    let query = |name: &str, kind: &str| json!({ "name": name, "in": "query", "schema": { "type": kind } });
    let id =
        json!({ "name": "id", "in": "path", "required": true, "schema": { "type": "string", "examples": ["INC-42"] } });
    let number =
        json!({ "name": "number", "in": "path", "required": true, "schema": { "type": "integer", "minimum": 1 } });
    let look = |name: &str, summary: &str, parameters: Vec<Value>| {
        let ok = json!({ "description": "Found", "content": { "application/json": { "schema": {} } } });
        let error = json!({ "$ref": "#/components/responses/Error" });
        let responses = json!({ "200": ok, "401": error, "403": error, "404": error, "422": error, "503": error });
        json!({ "get": { "operationId": name, "summary": summary, "parameters": parameters, "responses": responses } })
    };
    let filters = [("open", "boolean"), ("mine", "boolean"), ("kind", "string"), ("severity", "string")];
    let more = [("service", "string"), ("site", "string"), ("before", "string"), ("limit", "integer")];
    let all = filters.iter().chain(&more).map(|(name, kind)| query(name, kind)).collect();
    let page = vec![id.clone(), query("before", "string"), query("limit", "integer")];
    let paths = [
        ("/incidents", look("incidents", "Incidents, newest first", all)),
        ("/incidents/{id}", look("incident", "An incident as it stands", vec![id.clone()])),
        ("/incidents/{id}/timeline", look("timeline_of", "Its timeline, newest first", page)),
        (
            "/incidents/{id}/export",
            look("export", "All of it, as json or md", vec![id.clone(), query("format", "string")]),
        ),
        ("/incidents/{id}/runs", look("runs", "The runs of runbooks in it, oldest first", vec![id.clone()])),
        ("/incidents/{id}/runs/{number}", look("run", "A run, and all that its steps have said", vec![id, number])),
        (
            "/complete",
            look(
                "complete",
                "What could come next on a line",
                vec![query("line", "string"), query("incident", "string")],
            ),
        ),
        ("/people", look("people", "Who is who", Vec::new())),
        ("/me", look("me", "Whose token this is", Vec::new())),
    ];
    paths.into_iter().map(|(path, look)| (path.to_owned(), look)).collect()
}

fn components() -> Value {
    let error = json!({
        "type": "object",
        "properties": {
            "reason": { "type": "string", "enum": ["invalid", "not_found", "forbidden", "conflict", "unauthorized", "too_many", "late", "failed"] },
            "sentence": { "type": "string", "description": "what is wrong, for people" },
            "instead": { "type": ["string", "null"], "description": "what to type instead" },
        },
        "required": ["reason", "sentence", "instead"],
    });
    let done = json!({
        "type": "object",
        "properties": {
            "incident": { "type": ["string", "null"], "examples": ["INC-42"] },
            "view": { "type": "object", "description": "the answer as title, sections and actions" },
            "text": { "type": "string", "description": "the answer as plain text" },
        },
        "required": ["incident", "view", "text"],
    });
    let json = |schema: &Value| json!({ "application/json": { "schema": schema } });
    json!({
        "securitySchemes": { "token": { "type": "http", "scheme": "bearer", "description": "A token from `muster token create`" } },
        "parameters": {
            "IdempotencyKey": {
                "name": "Idempotency-Key",
                "in": "header",
                "description": "Names this request. The same key of the same person again has no second effect and gets the same answer.",
                "schema": { "type": "string", "maxLength": 200 },
            },
        },
        "responses": {
            "Done": { "description": "It is done, and durable", "content": json(&done) },
            "Error": {
                "description": "It changed nothing; or, with the reason “late”, it is not known yet whether it will",
                "content": json(&json!({ "type": "object", "properties": { "error": error }, "required": ["error"] })),
            },
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_command_of_the_table_is_described_once() {
        let document = describe();
        let paths = document["paths"].as_object().expect("paths");
        let mut ids = BTreeSet::new();
        for spec in TABLE {
            for verb in spec.verbs {
                let post = &paths[&path(spec, verb)]["post"];
                let schema = &post["requestBody"]["content"]["application/json"]["schema"];
                for arg in verb.args {
                    assert!(schema["properties"][arg.name].is_object(), "{} {} {}", spec.name, verb.name, arg.name);
                }
            }
        }
        for (_, path) in paths {
            for (_, operation) in path.as_object().expect("methods") {
                assert!(ids.insert(operation["operationId"].as_str().expect("an id").to_owned()), "{operation}");
            }
        }
    }
}
