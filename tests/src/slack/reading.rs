//! What a person reads, however it looks: no marks, a label and its value in one line, a link by its words, people by
//! their names, a moment by its hour in UTC.

use super::Surface;
use serde_json::Value;
use std::collections::HashMap;

type Names = HashMap<String, String>;

impl Surface {
    /// What a person reads in it.
    #[must_use]
    pub fn reading(&self) -> String {
        let json = self.json();
        let state = self.slack.lock();
        let users = state.users.values().map(|user| (user.id.clone(), user.real_name.clone()));
        let rooms = state.channels.values().map(|room| (room.id.clone(), room.name.clone()));
        let names: Names = users.chain(rooms).collect();
        let edges = [&json["title"], &json["submit"]].map(|text| object(text, &names));
        let blocks = array(&json["blocks"]).map(|part| block(part, &names));
        let [title, submit] = edges;
        let lines: Vec<_> = std::iter::once(title).chain(blocks).chain([submit]).collect();
        lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
    }
}

fn array(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn block(block: &Value, names: &Names) -> String {
    let mut lines = vec![object(&block["text"], names), object(&block["label"], names)];
    lines.extend(array(&block["fields"]).map(|field| object(field, names).replacen('\n', " ", 1)));
    let inside = array(&block["elements"]);
    match block["type"].as_str() {
        Some("rich_text") => lines.extend(inside.map(|part| rich(part, names))),
        Some("context") => lines.extend(inside.map(|part| object(part, names))),
        Some(_) | None => lines.extend(inside.map(|part| element(part, names))),
    }
    lines.extend([&block["accessory"], &block["element"]].map(|part| element(part, names)));
    lines.push(object(&block["hint"], names));
    lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// What stands on a button or a select, or in a field.
fn element(element: &Value, names: &Names) -> String {
    let chosen = array(&element["initial_options"]).chain([&element["initial_option"]]);
    let mut words = vec![object(&element["text"], names), object(&element["placeholder"], names)];
    words.extend(chosen.map(|option| object(&option["text"], names)));
    words.extend(element["initial_value"].as_str().map(str::to_owned));
    words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn object(text: &Value, names: &Names) -> String {
    let content = text["text"].as_str().unwrap_or_default();
    if text["type"] == "mrkdwn" { marked(content, names) } else { content.to_owned() }
}

/// <https://docs.slack.dev/messaging/formatting-message-text>
fn marked(text: &str, names: &Names) -> String {
    let mere = |text: &str| {
        let text = text.replace(['*', '`'], "");
        text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    };
    let mut out = String::new();
    for (n, part) in text.split('<').enumerate() {
        match part.split_once('>').filter(|_| n > 0) {
            Some((inside, after)) => out.push_str(&(special(inside, names) + &mere(after))),
            None => out.push_str(&mere(part)),
        }
    }
    out
}

fn special(inside: &str, names: &Names) -> String {
    let (target, label) = inside.split_once('|').unwrap_or((inside, inside));
    match (target.split_at_checked(1), target.strip_prefix("!date^")) {
        (_, Some(date)) => moment(date, label),
        (Some((sign @ ("@" | "#"), id)), None) => format!("{sign}{}", names.get(id).map_or(id, String::as_str)),
        (_, None) => label.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"),
    }
}

/// By the hour, unless the format asks for the whole date.
fn moment(format: &str, fallback: &str) -> String {
    match fallback.split_once(' ').filter(|_| !format.contains("{date_num}")) {
        Some((_, hour)) => hour.to_owned(),
        None => fallback.to_owned(),
    }
}

fn rich(part: &Value, names: &Names) -> String {
    let word = |name: &str| part[name].as_str().unwrap_or_default();
    match word("type") {
        "text" => word("text").to_owned(),
        "link" => if part["text"].is_null() { word("url") } else { word("text") }.to_owned(),
        "user" => special(&format!("@{}", word("user_id")), names),
        "channel" => special(&format!("#{}", word("channel_id")), names),
        "date" => moment(word("format"), word("fallback")),
        _ => array(&part["elements"]).map(|inner| rich(inner, names)).collect(),
    }
}
