//! Block Kit as a page that looks much as Slack does: for a picture in the docs. Nobody's judge but the eye's.

use serde_json::Value;

const STYLE: &str = "
body { margin: 0; background: #fff; color: #1d1c1d; font: 15px/1.46 Lato, 'Helvetica Neue', Arial, 'Noto Color Emoji', sans-serif; }
header { padding: 14px 24px; border-bottom: 1px solid #ddd; font-weight: 900; font-size: 18px; }
header small { display: block; font-weight: 400; font-size: 13px; color: #616061; }
article { display: grid; grid-template-columns: 36px 1fr; gap: 10px; padding: 9px 24px; max-width: 1160px; }
.face { width: 36px; height: 36px; border-radius: 6px; background: #3f2a56; color: #fff; text-align: center; line-height: 36px; font-weight: 900; }
.who { font-weight: 900; } .who small { font-weight: 400; color: #616061; font-size: 12px; }
.who i { font: 700 10px Arial; background: #ddd; color: #616061; border-radius: 2px; padding: 1px 3px; margin: 0 4px; }
h1 { font-size: 18px; margin: 4px 0; } p { margin: 4px 0; white-space: pre-wrap; }
.fields { display: grid; grid-template-columns: 1fr 1fr; gap: 6px 24px; margin: 6px 0; max-width: 620px; white-space: pre-wrap; }
.beside { display: flex; justify-content: space-between; gap: 16px; align-items: flex-start; margin: 4px 0; }
.row { display: flex; flex-wrap: wrap; gap: 8px; margin: 8px 0; }
button { font: 700 13px Lato, Arial; padding: 5px 12px; border: 1px solid #bbb; border-radius: 4px; background: #fff; color: #1d1c1d; }
button.primary { background: #007a5a; border-color: #007a5a; color: #fff; } button.danger { color: #e01e5a; border-color: #e01e5a; }
button.select { font-weight: 400; color: #454447; } .small { font-size: 13px; color: #616061; }
a { color: #1264a3; text-decoration: none; } code { font: 12px Menlo, monospace; color: #e01e5a; background: #f6f6f6; border: 1px solid #ddd; border-radius: 3px; padding: 1px 3px; }
.at { background: #e8f5fa; color: #1264a3; border-radius: 3px; padding: 0 2px; }
pre { background: #f6f6f6; border: 1px solid #ddd; border-radius: 4px; padding: 8px; }
";

/// A channel with its topic and messages.
pub(crate) fn channel(name: &str, topic: &str, messages: &[Value]) -> String {
    let who = "<div class=who>Muster<i>APP</i><small>10:31</small></div>";
    let article = |blocks: &Value| {
        let inside: String = array(blocks).map(block).collect();
        format!("<article><div class=face>M</div><div>{who}{inside}</div></article>")
    };
    let messages: String = messages.iter().map(article).collect();
    let head = format!("<header># {}<small>{topic}</small></header>", escape(name));
    format!("<!doctype html><meta charset=utf-8><style>{STYLE}</style>{head}{messages}")
}

fn array(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// Not every machine that makes the picture has letters for signs.
fn escape(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let dots = [("🔴", "#dd2e44"), ("🟠", "#f4900c"), ("🟢", "#78b159"), ("🟣", "#aa8ed6"), ("⚪", "#ccd6dd")];
    dots.iter().fold(text, |text, (sign, colour)| text.replace(sign, &format!("<span style='color:{colour}'>⬤</span>")))
}

fn block(block: &Value) -> String {
    let elements = |one: fn(&Value) -> String| array(&block["elements"]).map(one).collect::<String>();
    match block["type"].as_str().unwrap_or_default() {
        "header" => format!("<h1>{}</h1>", text(&block["text"])),
        "context" => format!("<p class=small>{}</p>", elements(text)),
        "actions" => format!("<div class=row>{}</div>", elements(element)),
        "rich_text" => elements(rich),
        "section" if block["fields"].is_array() => {
            let fields: String = array(&block["fields"]).map(|field| format!("<div>{}</div>", text(field))).collect();
            format!("<div class=fields>{fields}</div>")
        }
        _ => format!("<div class=beside><span>{}</span>{}</div>", text(&block["text"]), element(&block["accessory"])),
    }
}

fn element(element: &Value) -> String {
    match element["type"].as_str() {
        Some("button") => {
            let style = element["style"].as_str().unwrap_or_default();
            format!("<button class=\"{style}\">{}</button>", text(&element["text"]))
        }
        Some(_) => format!("<button class=select>{} ▾</button>", text(&element["placeholder"])),
        None => String::new(),
    }
}

fn rich(part: &Value) -> String {
    let inside: String = array(&part["elements"]).map(inline).collect();
    if part["type"] == "rich_text_preformatted" { format!("<pre>{inside}</pre>") } else { format!("<p>{inside}</p>") }
}

fn inline(element: &Value) -> String {
    let word = |name: &str| escape(element[name].as_str().unwrap_or_default());
    let shown = match element["type"].as_str().unwrap_or_default() {
        "link" => format!("<a href=#>{}</a>", word("text")),
        "user" => "<span class=at>@Bob Lind</span>".to_owned(),
        "date" => today(&word("fallback")),
        _ => word("text"),
    };
    let style = &element["style"];
    match (style["code"] == true, style["bold"] == true) {
        (true, _) => format!("<code>{shown}</code>"),
        (false, true) => format!("<b>{shown}</b>"),
        (false, false) => shown,
    }
}

/// A date of the one day there is in the picture.
fn today(fallback: &str) -> String {
    let time = fallback.split(' ').nth(1).unwrap_or_default();
    format!("Today at {time}")
}

fn text(object: &Value) -> String {
    let text = object["text"].as_str().unwrap_or_default();
    if object["type"] != "mrkdwn" {
        return escape(text);
    }
    let mut out = String::new();
    for (n, part) in text.split('<').enumerate() {
        match part.split_once('>').filter(|_| n > 0) {
            Some((inside, after)) => {
                let (target, label) = inside.split_once('|').unwrap_or((inside, inside));
                let label = if target.starts_with('!') { today(label) } else { format!("<a href=#>{label}</a>") };
                out.push_str(&(label + &bold(after)));
            }
            None => out.push_str(&bold(part)),
        }
    }
    out
}

fn bold(text: &str) -> String {
    let part = |(n, part): (usize, &str)| if n % 2 == 1 { format!("<b>{part}</b>") } else { part.to_owned() };
    text.split('*').enumerate().map(part).collect()
}
