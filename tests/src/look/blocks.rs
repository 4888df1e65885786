//! Block Kit as a text that looks as Slack shows it: for snapshots and pages that people read.

use serde_json::Value;

/// A message.
pub(super) fn message(blocks: &Value) -> String {
    blocks_of(blocks)
}

/// A modal or a home tab.
pub(super) fn view(view: &Value) -> String {
    let title = view["title"]["text"].as_str().unwrap_or("Home");
    let mut out = format!("┌─ {title} ─┐\n{}", blocks_of(&view["blocks"]));
    let buttons = ["close", "submit"].map(|part| view[part]["text"].as_str());
    let buttons: Vec<_> = buttons.into_iter().flatten().map(|label| format!("[ {label} ]")).collect();
    out.push_str(&format!("\n└─ {} ─┘", buttons.join(" ")));
    out
}

fn array(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn blocks_of(blocks: &Value) -> String {
    array(blocks).map(block).collect::<Vec<_>>().join("\n")
}

fn block(block: &Value) -> String {
    match block["type"].as_str().unwrap_or_default() {
        "header" => format!("# {}", text(&block["text"])),
        "section" => section(block),
        "context" => array(&block["elements"]).map(|part| format!("  ‹{}›", text(part))).collect(),
        "actions" => array(&block["elements"]).map(element).collect::<Vec<_>>().join(" "),
        "rich_text" => array(&block["elements"]).map(rich).collect::<Vec<_>>().join("\n"),
        "input" => input(block),
        other => format!("({other}?)"),
    }
}

fn section(block: &Value) -> String {
    let mut out = if block["text"].is_null() { String::new() } else { text(&block["text"]) };
    if !block["accessory"].is_null() {
        out.push_str(&format!("   {}", element(&block["accessory"])));
    }
    let fields: Vec<_> = array(&block["fields"]).map(|field| text(field).replacen('\n', ": ", 1)).collect();
    let rows = fields.chunks(2).map(|row| match row {
        [left, right] => format!("{left:<38} {right}"),
        [..] => row.concat(),
    });
    out + &rows.collect::<Vec<_>>().join("\n")
}

fn input(block: &Value) -> String {
    let need = if block["optional"] == true { "" } else { " *" };
    let mut out = format!("{}{need}\n    {}", text(&block["label"]), element(&block["element"]));
    if !block["hint"].is_null() {
        out.push_str(&format!("\n    ‹{}›", text(&block["hint"])));
    }
    out
}

fn element(element: &Value) -> String {
    let label = || text(&element["text"]);
    let first = || Some(text(&element["initial_option"]["text"])).filter(|text| !text.is_empty());
    let many = || array(&element["initial_options"]).map(|option| text(&option["text"])).collect::<Vec<_>>().join(", ");
    match element["type"].as_str().unwrap_or_default() {
        "button" => {
            let asks = if element["confirm"].is_null() { "" } else { "?" };
            match element["style"].as_str() {
                Some("primary") => format!("[[ {}{asks} ]]", label()),
                Some("danger") => format!("[! {}{asks} !]", label()),
                Some(_) | None => format!("[ {}{asks} ]", label()),
            }
        }
        "static_select" if element["placeholder"].is_object() => format!("[ {} ▾ ]", text(&element["placeholder"])),
        "static_select" => format!("[ {} ▾ ] of {}", first().unwrap_or_default(), options(element)),
        "multi_static_select" => format!("[ {} ▾ ] any of {}", many(), options(element)),
        "external_select" | "multi_external_select" => {
            format!("[ {}{} ▾ ] type to search", first().unwrap_or_default(), many())
        }
        "checkboxes" => {
            let mark = if element["initial_options"].is_null() { "☐" } else { "☑" };
            format!("{mark} {}", options(element))
        }
        "plain_text_input" => {
            let lines = if element["multiline"] == true { "text" } else { "line" };
            let value = element["initial_value"].as_str().unwrap_or_default();
            format!("[{value:_<30}] {lines} of {}", element["max_length"])
        }
        other => format!("({other}?)"),
    }
}

fn options(element: &Value) -> String {
    array(&element["options"]).map(|option| text(&option["text"])).collect::<Vec<_>>().join(" | ")
}

fn rich(part: &Value) -> String {
    let inside: String = array(&part["elements"]).map(inline).collect();
    if part["type"] == "rich_text_preformatted" {
        return inside.lines().map(|line| format!("    ┊ {line}")).collect::<Vec<_>>().join("\n");
    }
    inside
}

fn inline(element: &Value) -> String {
    let word = |name: &str| element[name].as_str().unwrap_or_default();
    let shown = match element["type"].as_str().unwrap_or_default() {
        "text" => word("text").to_owned(),
        "link" => format!("{} <{}>", word("text"), word("url")),
        "user" => format!("@{}", called(word("user_id"))),
        "channel" => format!("#{}", called(word("channel_id"))),
        "date" => word("fallback").to_owned(),
        other => format!("({other}?)"),
    };
    let style = &element["style"];
    let edges = (shown.len() - shown.trim_start().len(), shown.trim_end().len());
    let mark = match (style["code"] == true, style["bold"] == true) {
        _ if edges.1 <= edges.0 => return shown,
        (true, _) => "`",
        (false, true) => "*",
        (false, false) => return shown,
    };
    format!("{}{mark}{}{mark}{}", &shown[..edges.0], &shown[edges.0..edges.1], &shown[edges.1..])
}

/// Ids of the tests are the names of what they stand for: `UALICE`, `CINC1`.
fn called(id: &str) -> String {
    id.get(1..).unwrap_or_default().to_lowercase()
}

/// A text object as it is read: what is between `<` and `>` as Slack shows it, escapes as what they stand for.
fn text(object: &Value) -> String {
    let text = object["text"].as_str().unwrap_or_default();
    if object["type"] != "mrkdwn" {
        return text.to_owned();
    }
    let mut out = String::new();
    for (n, part) in text.split('<').enumerate() {
        match part.split_once('>').filter(|_| n > 0) {
            Some((inside, after)) => out.push_str(&(angle(inside) + after)),
            None => out.push_str(part),
        }
    }
    out.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

fn angle(inside: &str) -> String {
    let (target, label) = inside.split_once('|').unwrap_or((inside, ""));
    match target.split_at_checked(1) {
        Some(("!", _)) => label.to_owned(),
        Some(("@", id)) => format!("@{}", called(id)),
        Some(("#", id)) => format!("#{}", called(id)),
        Some(_) | None => format!("{label} <{target}>"),
    }
}
