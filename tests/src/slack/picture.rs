//! Block Kit as a person sees it, in plain text; and the mentions in it that would ping somebody.

use super::Surface;
use chrono::DateTime;
use serde_json::Value;
use std::collections::HashMap;
use std::fmt::Write;

type Names = HashMap<String, String>;

/// A message, a modal or a home tab as a person sees it.
#[must_use]
pub fn picture(surface: &Surface) -> String {
    surface.picture()
}

/// The JSON of a message, a modal or a home tab as a person sees it; people are shown by their ids.
#[must_use]
pub fn render_text(json: &Value) -> String {
    surface(json, &Names::new())
}

/// As a person sees it.
pub(super) fn surface(json: &Value, names: &Names) -> String {
    match json["type"].as_str() {
        Some("modal") => modal(json, names),
        _ => message(json, names),
    }
}

/// A message, or a home tab.
pub(super) fn message(json: &Value, names: &Names) -> String {
    let blocks = json["blocks"].as_array().filter(|blocks| !blocks.is_empty());
    match blocks {
        Some(blocks) => blocks.iter().map(|part| block(part, names)).collect::<Vec<_>>().join("\n"),
        None => mrkdwn(json["text"].as_str().unwrap_or_default(), names),
    }
}

fn modal(json: &Value, names: &Names) -> String {
    let plain = |value: &Value| value["text"].as_str().unwrap_or_default().to_owned();
    let mut text = format!("╭─ {} ─╮\n{}\n", plain(&json["title"]), message(json, names));
    let close = if json["close"].is_null() { "Cancel".to_owned() } else { plain(&json["close"]) };
    write!(text, "╰─ [ {close} ]").expect("a string takes it");
    if !json["submit"].is_null() {
        write!(text, " [ {} ]", plain(&json["submit"])).expect("a string takes it");
    }
    text + " ─╯"
}

fn block(block: &Value, names: &Names) -> String {
    match block["type"].as_str().unwrap_or_default() {
        "header" => format!("**{}**", object(&block["text"], names)),
        "section" => section(block, names),
        "context" => {
            let parts = block["elements"].as_array().into_iter().flatten();
            let parts = parts.map(|part| match part["alt_text"].as_str() {
                Some(alt) => format!("({alt})"),
                None => object(part, names),
            });
            format!("  ‹{}›", parts.collect::<Vec<_>>().join("  "))
        }
        "actions" => {
            let parts = block["elements"].as_array().into_iter().flatten();
            parts.map(element).collect::<Vec<_>>().join(" ")
        }
        "divider" => "─".repeat(40),
        "input" => {
            let optional = if block["optional"] == true { " (optional)" } else { "" };
            let mut text = format!("{}{optional}\n  {}", object(&block["label"], names), element(&block["element"]));
            if block["hint"].is_object() {
                write!(text, "\n  ‹{}›", object(&block["hint"], names)).expect("a string takes it");
            }
            text
        }
        "image" => format!("({})", block["alt_text"].as_str().unwrap_or_default()),
        "markdown" => block["text"].as_str().unwrap_or_default().to_owned(),
        "rich_text" => rich(&block["elements"], names),
        other => format!("?{other}?"),
    }
}

fn section(block: &Value, names: &Names) -> String {
    let mut lines = Vec::new();
    if block["text"].is_object() {
        lines.push(object(&block["text"], names));
    }
    let fields: Vec<_> = block["fields"].as_array().into_iter().flatten().map(|field| object(field, names)).collect();
    for pair in fields.chunks(2) {
        let cells: Vec<_> = pair.iter().map(|cell| cell.replace('\n', ": ")).collect();
        let (left, right) = (&cells[0], cells.get(1).map_or("", String::as_str));
        lines.push(format!("{left:<38} {right}").trim_end().to_owned());
    }
    let mut text = lines.join("\n");
    if block["accessory"].is_object() {
        write!(text, "   {}", element(&block["accessory"])).expect("a string takes it");
    }
    text
}

/// What an element is called: a button's text, a select's placeholder.
pub(super) fn label(element: &Value) -> &str {
    let text = element["text"]["text"].as_str();
    text.or_else(|| element["placeholder"]["text"].as_str()).unwrap_or_default()
}

fn element(element: &Value) -> String {
    let kind = element["type"].as_str().unwrap_or_default();
    let chosen = element["initial_option"]["text"]["text"].as_str();
    let value = ["initial_value", "initial_date", "initial_time", "initial_user", "initial_conversation"];
    let value = value.iter().find_map(|name| element[name].as_str());
    match kind {
        "button" => format!("[ {} ]", label(element)),
        "overflow" => "[ ⋯ ]".to_owned(),
        "image" => format!("({})", element["alt_text"].as_str().unwrap_or_default()),
        "checkboxes" | "radio_buttons" => {
            let options = element["options"].as_array().into_iter().flatten();
            let initial: Vec<_> = element["initial_options"].as_array().into_iter().flatten().collect();
            let is_on = |value: &Value| {
                initial.iter().any(|on| on["value"] == *value) || element["initial_option"]["value"] == *value
            };
            let mark = |option: &Value| if is_on(&option["value"]) { "◉" } else { "○" };
            let shown = options
                .map(|option| format!("{} {}", mark(option), option["text"]["text"].as_str().unwrap_or_default()));
            shown.collect::<Vec<_>>().join("  ")
        }
        select if select.ends_with("_select") || select.ends_with("picker") => {
            let many = element["initial_options"].as_array().into_iter().flatten();
            let many: Vec<_> = many.filter_map(|option| option["text"]["text"].as_str()).collect();
            let many = (!many.is_empty()).then(|| many.join(", "));
            let shown = many.as_deref().or(chosen).or(value).unwrap_or_else(|| label(element));
            format!("[ {shown} ▾ ]")
        }
        _ => match value {
            Some(value) => format!("│ {value} │"),
            None => format!("│ {}_ │", label(element)),
        },
    }
}

/// A text object.
fn object(text: &Value, names: &Names) -> String {
    let content = text["text"].as_str().unwrap_or_default();
    if text["type"] == "mrkdwn" { mrkdwn(content, names) } else { content.to_owned() }
}

/// Slack's markup, read as Slack reads it. <https://docs.slack.dev/messaging/formatting-message-text>
fn mrkdwn(text: &str, names: &Names) -> String {
    let mut shown = String::new();
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        let Some(length) = rest[start..].find('>') else { break };
        shown += &rest[..start];
        shown += &special(&rest[start + 1..start + length], names);
        rest = &rest[start + length + 1..];
    }
    shown += rest;
    shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

fn special(inside: &str, names: &Names) -> String {
    let (target, label) = inside.split_once('|').map_or((inside, None), |(target, label)| (target, Some(label)));
    let name = |id: &str| names.get(id).cloned().unwrap_or_else(|| id.to_owned());
    if let Some(id) = target.strip_prefix('@') {
        return format!("@{}", name(id));
    }
    if let Some(id) = target.strip_prefix('#') {
        return format!("#{}", name(id));
    }
    if let Some(id) = target.strip_prefix("!subteam^") {
        return format!("@{}", name(id));
    }
    if let Some(date) = target.strip_prefix("!date^") {
        let seconds = date.split('^').next().and_then(|seconds| seconds.parse().ok());
        let known = seconds.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
        let otherwise = || known.map_or_else(|| inside.to_owned(), |moment| moment.to_rfc3339());
        return label.map_or_else(otherwise, str::to_owned);
    }
    if let Some(all) = target.strip_prefix('!') {
        return format!("@{all}");
    }
    label.map_or_else(|| target.to_owned(), |label| format!("{label} <{target}>"))
}

fn rich(value: &Value, names: &Names) -> String {
    let parts = value.as_array().into_iter().flatten().map(|part| match part["type"].as_str().unwrap_or_default() {
        "text" => part["text"].as_str().unwrap_or_default().to_owned(),
        "user" => special(&format!("@{}", part["user_id"].as_str().unwrap_or_default()), names),
        "channel" => special(&format!("#{}", part["channel_id"].as_str().unwrap_or_default()), names),
        "broadcast" => format!("@{}", part["range"].as_str().unwrap_or_default()),
        "usergroup" => special(&format!("!subteam^{}", part["usergroup_id"].as_str().unwrap_or_default()), names),
        "emoji" => format!(":{}:", part["name"].as_str().unwrap_or_default()),
        "link" => part["text"].as_str().or_else(|| part["url"].as_str()).unwrap_or_default().to_owned(),
        _ => rich(&part["elements"], names),
    });
    parts.collect()
}

/// Every mention in a message that would notify somebody: people, groups, `channel`, `here`, `everyone`.
/// Plain text notifies nobody; neither does text within a code span, but to be safe it is counted.
#[must_use]
pub fn live_mentions(json: &Value) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(text) = json["text"].as_str() {
        in_markup(text, &mut found);
    }
    for part in ["blocks", "attachments"] {
        walk(&json[part], &mut found);
    }
    found
}

fn walk(value: &Value, found: &mut Vec<String>) {
    if let Some(items) = value.as_array() {
        items.iter().for_each(|item| walk(item, found));
    }
    let Some(object) = value.as_object() else { return };
    match object.get("type").and_then(Value::as_str).unwrap_or_default() {
        "mrkdwn" | "markdown" => in_markup(value["text"].as_str().unwrap_or_default(), found),
        "user" => found.push(format!("<@{}>", value["user_id"].as_str().unwrap_or_default())),
        "usergroup" => found.push(format!("<!subteam^{}>", value["usergroup_id"].as_str().unwrap_or_default())),
        "broadcast" => found.push(format!("<!{}>", value["range"].as_str().unwrap_or_default())),
        _ => object.values().for_each(|inner| walk(inner, found)),
    }
}

fn in_markup(text: &str, found: &mut Vec<String>) {
    let pieces = text.split('<').skip(1).filter_map(|piece| piece.split_once('>'));
    for (inside, _) in pieces {
        let target = inside.split('|').next().unwrap_or_default();
        let everybody = ["!channel", "!here", "!everyone", "!group"].contains(&target);
        if everybody || target.starts_with("@U") || target.starts_with("@W") || target.starts_with("!subteam^") {
            found.push(format!("<{inside}>"));
        }
    }
}
