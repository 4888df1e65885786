//! The documented limits, where Discord's own description of its API is laxer.

mod commands;
mod components;
mod message;
mod modal;

use super::refused::Wrong;
use serde_json::Value;

/// What is wrong with a message's body, sentence by sentence.
#[must_use]
pub fn check_message(body: &Value) -> Vec<String> {
    told(message::faults(body, ""))
}

/// What is wrong with a modal: the data of a callback of type 9.
#[must_use]
pub fn check_modal(data: &Value) -> Vec<String> {
    told(modal::faults(data, ""))
}

/// What is wrong with a list of commands, as it is registered.
#[must_use]
pub fn check_commands(commands: &Value) -> Vec<String> {
    told(commands::faults(commands))
}

fn told(wrong: Vec<Wrong>) -> Vec<String> {
    wrong.iter().map(Wrong::to_string).collect()
}

/// What is wrong with the body of a request.
pub(super) fn faults(route: &str, body: &Value) -> Vec<Wrong> {
    match route {
        "POST /channels/{}/messages" | "PATCH /channels/{}/messages/{}" => message::faults(body, ""),
        "POST /webhooks/{}/{}" | "PATCH /webhooks/{}/{}/messages/@original" | "PATCH /webhooks/{}/{}/messages/{}" => {
            message::faults(body, "")
        }
        "POST /interactions/{}/{}/callback" => callback(body),
        "POST /channels/{}/threads" if body["message"].is_object() => message::faults(&body["message"], "message"),
        "POST /guilds/{}/channels" | "PATCH /channels/{}" => channel(body),
        "PUT /applications/{}/commands" | "PUT /applications/{}/guilds/{}/commands" => commands::faults(body),
        "POST /applications/{}/commands" | "POST /applications/{}/guilds/{}/commands" => {
            commands::faults(&Value::Array(vec![body.clone()]))
        }
        _ => Vec::new(),
    }
}

/// The first answer to an interaction.
pub(super) fn callback(body: &Value) -> Vec<Wrong> {
    let data = &body["data"];
    match body["type"].as_u64() {
        Some(4 | 7) => message::faults(data, "data"),
        // https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object-messages
        Some(5) if data["flags"].as_u64().unwrap_or_default() & !super::message::EPHEMERAL != 0 => {
            vec![Wrong::at("data.flags", "a deferred answer is ephemeral or nothing")]
        }
        Some(8) => commands::choices(&data["choices"], "data.choices"),
        Some(9) => modal::faults(data, "data"),
        Some(_) | None => Vec::new(),
    }
}

/// <https://docs.discord.com/developers/resources/channel#modify-channel-json-params-guild-channel>
fn channel(body: &Value) -> Vec<Wrong> {
    let mut wrong = Vec::new();
    length(&body["name"], (1, 100), "name", &mut wrong);
    let most = if body["type"] == 15 { 4096 } else { 1024 };
    length(&body["topic"], (0, most), "topic", &mut wrong);
    wrong
}

/// A text of so many characters, of those that are left when the white space around them is trimmed.
/// <https://docs.discord.com/developers/resources/message#embed-object-embed-limits>
fn length(text: &Value, (least, most): (usize, usize), at: &str, wrong: &mut Vec<Wrong>) {
    let Some(text) = text.as_str() else { return };
    let count = text.trim().chars().count();
    if count < least || count > most {
        wrong.push(Wrong::at(at, format!("Must be between {least} and {most} in length, and is {count}")));
    }
}

/// The same of a text that must be there.
fn needed(text: &Value, bounds: (usize, usize), at: &str, wrong: &mut Vec<Wrong>) {
    if !text.is_string() {
        wrong.push(Wrong::at(at, "This field is required"));
    }
    length(text, bounds, at, wrong);
}

/// A place below another.
fn below(at: &str, name: impl std::fmt::Display) -> String {
    if at.is_empty() { name.to_string() } else { format!("{at}.{name}") }
}

/// The items of a list, with where each stands.
fn items<'v>(list: &'v Value, at: &str) -> Vec<(&'v Value, String)> {
    let items = list.as_array().into_iter().flatten().enumerate();
    items.map(|(n, item)| (item, below(at, n))).collect()
}
