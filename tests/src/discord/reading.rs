//! What a person reads, however it looks: no marks, a label and its value in one line, a link by its words, people by
//! their names, a moment by its hour in UTC.

use super::modal::fields;
use super::picture::special;
use super::state::Id;
use super::surface::{elements, label_of};
use super::{Surface, picture};
use chrono::DateTime;
use serde_json::Value;
use std::collections::HashMap;

type Names = HashMap<Id, String>;

impl Surface {
    /// What a person reads in it.
    #[must_use]
    pub fn reading(&self) -> String {
        let (json, names) = (self.json(), self.discord.names());
        let mut lines = vec![marked(&json["title"], &names)];
        lines.extend(array(&json["embeds"]).map(|one| embed(one, &names)));
        // An embed notifies nobody, so its mentions stand above it once more.
        let content = marked(&json["content"], &names);
        let is_bell = content.split_whitespace().next().is_none_or(|first| first.starts_with('@'));
        lines.push(if is_bell { String::new() } else { content });
        lines.extend(elements(&json["components"]).into_iter().map(element));
        lines.extend(array(&json["components"]).map(|part| marked(&part["content"], &names)));
        lines.extend(fields(&json).into_iter().map(|(top, field)| format!("{} {}", label_of(top), element(field))));
        lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
    }
}

fn array(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn embed(embed: &Value, names: &Names) -> String {
    let mut lines = vec![marked(&embed["title"], names), marked(&embed["description"], names)];
    lines.extend(
        array(&embed["fields"]).map(|one| format!("{} {}", marked(&one["name"], names), marked(&one["value"], names))),
    );
    lines.push(marked(&embed["footer"]["text"], names));
    lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// What stands on a button or a select, or in a field.
fn element(element: &Value) -> String {
    let on = array(&element["options"]).filter(|option| option["default"] == true);
    let on = on.filter_map(|option| option["label"].as_str());
    let words = [picture::label(element), element["value"].as_str().unwrap_or_default()];
    words.into_iter().chain(on).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// <https://docs.discord.com/developers/reference#message-formatting>
fn marked(text: &Value, names: &Names) -> String {
    let mut read = String::new();
    let mut rest = text.as_str().unwrap_or_default();
    let mut in_code = false;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        let is_row = read.is_empty() || read.ends_with('\n');
        let token = match c {
            '`' => {
                in_code = !in_code;
                Some((String::new(), 1))
            }
            _ if in_code => None,
            '-' if is_row && after.starts_with("# ") => Some((String::new(), "-# ".len())),
            '*' => Some((String::new(), 1)),
            '\\' => after.chars().next().filter(char::is_ascii_punctuation).map(|c| (c.to_string(), 2)),
            '<' => rest.find('>').and_then(|end| Some((bracketed(&rest[1..end], names)?, end + 1))),
            '[' => link(rest, names),
            _ => None,
        };
        let (part, length) = token.unwrap_or_else(|| (c.to_string(), c.len_utf8()));
        read += &part;
        rest = &rest[length..];
    }
    read
}

/// By the hour, unless the whole date is asked for.
fn bracketed(inside: &str, names: &Names) -> Option<String> {
    let Some(time) = inside.strip_prefix("t:") else { return special(inside, names) };
    let (seconds, style) = time.split_once(':').unwrap_or((time, "f"));
    let moment = DateTime::from_timestamp(seconds.parse().ok()?, 0)?;
    let pattern = if matches!(style, "t" | "R") { "%H:%M UTC" } else { "%Y-%m-%d %H:%M UTC" };
    Some(moment.format(pattern).to_string())
}

/// `[words](https://…)`
fn link(text: &str, names: &Names) -> Option<(String, usize)> {
    let middle = text.find("](")?;
    let end = middle + text[middle..].find(')')?;
    let is_link = text[middle + 2..end].trim_start_matches('<').starts_with("http");
    is_link.then(|| (marked(&Value::from(&text[1..middle]), names), end + 1))
}
