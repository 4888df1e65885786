//! Messages and modals as a person sees them, in plain text.

use super::modal::fields;
use super::state::{Id, State};
use super::surface::{elements, label_of};
use chrono::DateTime;
use serde_json::Value;
use std::collections::HashMap;
use std::fmt::Write;

type Names = HashMap<Id, String>;

/// The JSON of a message or a modal as a person sees it; people are shown by their ids.
#[must_use]
pub fn render_text(json: &Value) -> String {
    surface(json, &Names::new())
}

/// As a person sees it.
pub(super) fn surface(json: &Value, names: &Names) -> String {
    if json["title"].is_string() { modal(json, names) } else { message(json, names) }
}

/// A message: content, embeds, components.
pub(super) fn message(json: &Value, names: &Names) -> String {
    let flags = json["flags"].as_u64().unwrap_or_default();
    let mut lines = Vec::new();
    if flags & super::message::LOADING != 0 {
        lines.push("… is thinking".to_owned());
    }
    if let Some(content) = json["content"].as_str().filter(|content| !content.is_empty()) {
        lines.push(markdown(content, names));
    }
    lines.extend(json["embeds"].as_array().into_iter().flatten().map(|one| embed(one, names)));
    for file in json["attachments"].as_array().into_iter().flatten() {
        lines.push(format!("📎 {}", file["filename"].as_str().unwrap_or_default()));
    }
    lines.extend(json["components"].as_array().into_iter().flatten().map(|one| component(one, names)));
    lines.join("\n")
}

/// With a stripe of its colour beside it.
fn embed(embed: &Value, names: &Names) -> String {
    let text = |value: &Value| value.as_str().map(|text| markdown(text, names));
    let mut lines = Vec::new();
    if let Some(colour) = embed["color"].as_u64() {
        lines.push(format!("#{colour:06x}"));
    }
    lines.extend(text(&embed["author"]["name"]).map(|name| format!("‹{name}›")));
    if let Some(title) = text(&embed["title"]) {
        let link = embed["url"].as_str().map(|url| format!(" <{url}>")).unwrap_or_default();
        lines.push(format!("**{title}**{link}"));
    }
    lines.extend(text(&embed["description"]));
    let mut row: Vec<String> = Vec::new();
    for field in embed["fields"].as_array().into_iter().flatten() {
        let (name, value) = (text(&field["name"]).unwrap_or_default(), text(&field["value"]).unwrap_or_default());
        let is_inline = field["inline"] == true && !value.contains('\n');
        if !is_inline || row.len() == 3 {
            lines.extend(cells(&mut row));
        }
        if is_inline {
            row.push(format!("*{name}*: {value}"));
        } else {
            lines.push(format!("*{name}*\n{value}"));
        }
    }
    lines.extend(cells(&mut row));
    let moment = embed["timestamp"].as_str().and_then(|moment| DateTime::parse_from_rfc3339(moment).ok());
    let small = [text(&embed["footer"]["text"]), moment.map(|moment| moment.format("%Y-%m-%d %H:%M").to_string())];
    let small: Vec<_> = small.into_iter().flatten().collect();
    if !small.is_empty() {
        lines.push(format!("  ‹{}›", small.join(" · ")));
    }
    let all = lines.join("\n");
    all.lines().map(|line| format!("┃ {line}").trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}

/// Fields that stand beside each other.
fn cells(row: &mut Vec<String>) -> Option<String> {
    let cells: Vec<_> = row.drain(..).map(|cell| format!("{cell:<26}")).collect();
    (!cells.is_empty()).then(|| cells.join(" ").trim_end().to_owned())
}

fn component(one: &Value, names: &Names) -> String {
    let inner = || one["components"].as_array().into_iter().flatten();
    match one["type"].as_u64() {
        Some(1) => inner().map(element).collect::<Vec<_>>().join(" "),
        Some(9) => {
            let text = inner().map(|part| component(part, names)).collect::<Vec<_>>().join("\n");
            format!("{text}   {}", element(&one["accessory"]))
        }
        Some(10) => markdown(one["content"].as_str().unwrap_or_default(), names),
        Some(14) => "─".repeat(40),
        Some(17) => {
            let text = inner().map(|part| component(part, names)).collect::<Vec<_>>().join("\n");
            text.lines().map(|line| format!("┃ {line}")).collect::<Vec<_>>().join("\n")
        }
        Some(_) | None => element(one),
    }
}

/// What an element is called: a button's label, a select's placeholder.
pub(super) fn label(element: &Value) -> &str {
    let own = element["label"].as_str().or_else(|| element["placeholder"].as_str());
    own.or_else(|| element["emoji"]["name"].as_str()).unwrap_or_default()
}

fn element(one: &Value) -> String {
    let off = if one["disabled"] == true { " (off)" } else { "" };
    match one["type"].as_u64() {
        Some(2) => {
            let emoji = one["emoji"]["name"].as_str().filter(|_| one["label"].is_string());
            let emoji = emoji.map(|emoji| format!("{emoji} ")).unwrap_or_default();
            let (open, close) = match one["style"].as_u64() {
                Some(1 | 3) => ("[[ ", " ]]"),
                Some(4) => ("[ ", " !]"),
                Some(5) => ("[ ", " ↗ ]"),
                Some(_) | None => ("[ ", " ]"),
            };
            format!("{open}{emoji}{}{off}{close}", label(one))
        }
        Some(4) => match one["value"].as_str().filter(|value| !value.is_empty()) {
            Some(value) => format!("│ {value} │"),
            None => format!("│ {}_ │", label(one)),
        },
        Some(3 | 5..=8 | 21 | 22) => {
            let on = one["options"].as_array().into_iter().flatten().filter(|option| option["default"] == true);
            let on: Vec<_> = on.filter_map(|option| option["label"].as_str()).collect();
            let shown = if on.is_empty() { label(one).to_owned() } else { on.join(", ") };
            format!("[ {shown} ▾{off} ]")
        }
        Some(23) => (if one["default"] == true { "◉" } else { "○" }).to_owned(),
        Some(other) => format!("?{other}?"),
        None => String::new(),
    }
}

fn modal(json: &Value, names: &Names) -> String {
    let mut text = format!("╭─ {} ─╮\n", json["title"].as_str().unwrap_or_default());
    for top in json["components"].as_array().into_iter().flatten() {
        if top["type"] == 10 {
            let _ = writeln!(text, "{}", component(top, names));
        }
        let one = serde_json::json!({ "components": [top] });
        for (top, field) in fields(&one) {
            let optional = if field["required"] == false { " (optional)" } else { "" };
            let _ = writeln!(text, "{}{optional}\n  {}", label_of(top), element(field));
            if let Some(description) = top["description"].as_str() {
                let _ = writeln!(text, "  ‹{description}›");
            }
        }
    }
    text + "╰─ [ Cancel ] [ Submit ] ─╯"
}

/// Discord's markup, read as Discord reads it: mentions, moments, links and escapes; stars and their like stay.
/// <https://docs.discord.com/developers/reference#message-formatting>
pub(super) fn markdown(text: &str, names: &Names) -> String {
    let mut shown = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        let special = match c {
            '\\' => after.chars().next().filter(char::is_ascii_punctuation).map(|c| (c.to_string(), 2)),
            '<' => rest.find('>').and_then(|end| Some((special(&rest[1..end], names)?, end + 1))),
            '[' => link(rest),
            _ => None,
        };
        let (part, length) = special.unwrap_or_else(|| (c.to_string(), c.len_utf8()));
        shown += &part;
        rest = &rest[length..];
    }
    shown
}

/// `[words](https://…)`
fn link(text: &str) -> Option<(String, usize)> {
    let middle = text.find("](")?;
    let end = middle + text[middle..].find(')')?;
    let (label, url) = (&text[1..middle], text[middle + 2..end].trim_matches(['<', '>']));
    let is_link = url.starts_with("http") && !label.contains(['\n', '[']);
    is_link.then(|| (format!("{} <{url}>", label.replace('\\', "")), end + 1))
}

/// What stands between `<` and `>`.
pub(super) fn special(inside: &str, names: &Names) -> Option<String> {
    let name = |id: &str| {
        let id = id.parse::<Id>().ok()?;
        Some(names.get(&id).cloned().unwrap_or_else(|| id.to_string()))
    };
    if let Some(id) = inside.strip_prefix('@') {
        return Some(format!("@{}", name(id.trim_start_matches(['&', '!']))?));
    }
    if let Some(id) = inside.strip_prefix('#') {
        return Some(format!("#{}", name(id)?));
    }
    if let Some(time) = inside.strip_prefix("t:") {
        let (seconds, style) = time.split_once(':').unwrap_or((time, "f"));
        let moment = DateTime::from_timestamp(seconds.parse().ok()?, 0)?;
        let pattern = match style {
            "t" => "%H:%M",
            "T" => "%H:%M:%S",
            "d" | "D" => "%Y-%m-%d",
            "R" => "⏱ %Y-%m-%d %H:%M",
            _ => "%Y-%m-%d %H:%M",
        };
        return Some(moment.format(pattern).to_string());
    }
    inside.starts_with("http").then(|| inside.to_owned())
}

/// What there is, for a test that failed.
pub(super) fn inventory(state: &State) -> String {
    let names = state.names();
    let mut text = String::new();
    for room in state.channels.values() {
        let _ = writeln!(text, "#{} ({} messages)", room.name, room.messages.len());
        for one in room.messages.values().rev().take(5) {
            let _ = writeln!(text, "{}", message(&one.json, &names));
        }
    }
    for whisper in state.whispers.iter().rev().take(5) {
        let who = names.get(&whisper.user).map_or("?", String::as_str);
        let _ = writeln!(text, "to @{who} alone: {}", message(&whisper.message.json, &names));
        let _ = writeln!(text, "  with {} buttons", elements(&whisper.message.json["components"]).len());
    }
    let calls = state.calls.iter().rev().take(12).map(|call| match call.code {
        Some(code) => format!("{} ({code})", call.route),
        None => format!("{} ({})", call.route, call.status),
    });
    let _ = writeln!(text, "last calls, the latest first: {}", calls.collect::<Vec<_>>().join(", "));
    let _ =
        writeln!(text, "sessions: {} of which connected: {}", state.gateway.sessions.len(), state.gateway.connected());
    let _ = writeln!(text, "violations: {:?}", state.violations);
    text
}
