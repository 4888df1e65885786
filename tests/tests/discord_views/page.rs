//! Messages as a page that looks much as Discord does: for a picture in the docs. Nobody's judge but the eye's.

use chrono::DateTime;
use serde_json::Value;

/// When the picture is looked at: four minutes after all that happens in it.
const NOW: i64 = 1_795_770_240;

const STYLE: &str = "
body { zoom: .74; margin: 0; background: #313338; color: #dbdee1; font: 16px/1.375 'gg sans', 'Noto Sans', 'Helvetica Neue', Arial, sans-serif; }
header { padding: 12px 16px; border-bottom: 1px solid #26272b; font-weight: 600; color: #f2f3f5; }
header small { font-weight: 400; font-size: 14px; color: #b5bac1; border-left: 1px solid #4e5058; margin-left: 12px; padding-left: 12px; }
article { display: grid; grid-template-columns: 40px 1fr; gap: 16px; padding: 10px 16px; }
article.pinged { background: #444037; box-shadow: inset 2px 0 #f0b232; }
.face { width: 40px; height: 40px; border-radius: 50%; background: #5865f2; color: #fff; text-align: center; line-height: 40px; font-weight: 600; }
.who { color: #f2f3f5; font-weight: 500; } .who small { color: #949ba4; font-size: 12px; font-weight: 400; }
.who i { font: 500 10px 'Noto Sans', Arial; background: #5865f2; color: #fff; border-radius: 3px; padding: 1px 4px; margin: 0 6px 0 4px; vertical-align: 2px; }
.embed { background: #2b2d31; border-left: 4px solid; border-radius: 4px; padding: 8px 16px 14px 12px; max-width: 490px; margin: 4px 0; font-size: 14px; line-height: 18px; }
.embed h1 { font-size: 16px; line-height: 22px; margin: 8px 0 0; font-weight: 600; } .embed h1 a { color: #00a8fc; }
.text { white-space: pre-wrap; margin-top: 8px; } .text small { font-size: 12px; color: #949ba4; }
.fields { display: grid; grid-template-columns: 1fr 1fr 1fr; gap: 8px; margin-top: 8px; }
.fields b.name { display: block; font-size: 14px; color: #f2f3f5; font-weight: 600; } .fields .wide { grid-column: 1 / -1; }
footer { font-size: 12px; margin-top: 8px; color: #dbdee1; }
.row { display: flex; gap: 8px; margin: 8px 0 0; max-width: 500px; flex-wrap: wrap; }
button { font: 500 14px 'gg sans', 'Noto Sans', Arial; padding: 2px 16px; height: 32px; border: 0; border-radius: 3px; background: #4e5058; color: #fff; }
button.s1 { background: #5865f2; } button.s4 { background: #da373c; }
.select { width: 400px; background: #1e1f22; border-radius: 4px; padding: 9px 12px; color: #87898c; display: flex; justify-content: space-between; }
a { color: #00a8fc; text-decoration: none; } code { font: 14px/18px Consolas, 'DejaVu Sans Mono', monospace; background: #1e1f22; padding: 0 3px; border-radius: 3px; font-size: 85%; }
.at { background: #3c4270; color: #c9cdfb; border-radius: 3px; padding: 0 2px; font-weight: 500; } .time { background: #3f4147; border-radius: 3px; padding: 0 2px; }
";

/// A channel with its topic and messages.
pub(crate) fn channel(name: &str, topic: &str, messages: &[Value]) -> String {
    let messages: String = messages.iter().map(message).collect();
    let head = format!("<header># {}<small>{}</small></header>", escape(name), markdown(topic));
    format!("<!doctype html><meta charset=utf-8><style>{STYLE}</style>{head}{messages}")
}

fn array(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn word(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Not every machine that makes the picture has letters for signs.
fn escape(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let dots = [("🔴", "#dd2e44"), ("🟠", "#f4900c"), ("🟢", "#78b159"), ("🟣", "#aa8ed6"), ("⚪", "#e6e7e8")];
    dots.iter().fold(text, |text, (sign, colour)| text.replace(sign, &format!("<span style='color:{colour}'>⬤</span>")))
}

fn message(message: &Value) -> String {
    let pinged = if word(&message["content"]).is_empty() { "" } else { " class=pinged" };
    let who = "<div class=who>Muster<i>APP</i><small>Today at 09:00</small></div>";
    let embeds: String = array(&message["embeds"]).map(embed).collect();
    let rows: String = array(&message["components"]).map(row).collect();
    let content = markdown(word(&message["content"]));
    format!("<article{pinged}><div class=face>M</div><div>{who}{content}{embeds}{rows}</div></article>")
}

fn embed(embed: &Value) -> String {
    let part = |name: &str, inside: String| if inside.is_empty() { inside } else { format!("<{name}>{inside}</div>") };
    let field = |field: &Value| {
        let wide = if field["inline"] == true { "" } else { " class=wide" };
        let (name, value) = (markdown(word(&field["name"])), markdown(word(&field["value"])));
        format!("<div{wide}><b class=name>{name}</b>{value}</div>")
    };
    let title = markdown(word(&embed["title"]));
    let title = if embed["url"].is_string() { format!("<a href=#>{title}</a>") } else { title };
    let fields: String = array(&embed["fields"]).map(field).collect();
    let text = part("div class=text", markdown(word(&embed["description"])));
    let fields = part("div class=fields", fields);
    let footer = escape(word(&embed["footer"]["text"]));
    let colour = embed["color"].as_u64().unwrap_or_default();
    format!(
        "<div class=embed style='border-color:#{colour:06x}'><h1>{title}</h1>{text}{fields}<footer>{footer}</footer></div>"
    )
}

fn row(row: &Value) -> String {
    let element = |one: &Value| match one["placeholder"].as_str() {
        Some(placeholder) => format!("<div class=select>{}<span>⌄</span></div>", escape(placeholder)),
        None => format!("<button class=s{}>{}</button>", one["style"], escape(word(&one["label"]))),
    };
    format!("<div class=row>{}</div>", array(&row["components"]).map(element).collect::<String>())
}

/// As much of Discord's markdown as a room shows.
fn markdown(text: &str) -> String {
    let rows = text.lines().map(|row| match row.strip_prefix("-# ") {
        Some(small) => format!("<small>{}</small>", inline(small)),
        None => inline(row),
    });
    rows.collect::<Vec<_>>().join("\n")
}

fn inline(row: &str) -> String {
    let mut out = String::new();
    let mut rest = row;
    let mut is_bold = false;
    while let Some(c) = rest.chars().next() {
        let (part, length) = match c {
            '\\' => (rest[1..].chars().next().map(|c| escape(&c.to_string())).unwrap_or_default(), 2),
            '*' if rest.starts_with("**") => {
                is_bold = !is_bold;
                ((if is_bold { "<b>" } else { "</b>" }).to_owned(), 2)
            }
            '`' => {
                let end = rest[1..].find('`').unwrap_or(rest.len() - 1);
                (format!("<code>{}</code>", escape(&rest[1..=end])), end + 2)
            }
            '<' => {
                let end = rest.find('>').unwrap_or(rest.len() - 1);
                (bracketed(&rest[1..end]), end + 1)
            }
            '[' => {
                let (close, end) = (rest.find("](").unwrap_or(1), rest.find(')').unwrap_or(rest.len() - 1));
                (format!("<a href=#>{}</a>", escape(&rest[1..close])), end + 1)
            }
            _ => (escape(&c.to_string()), c.len_utf8()),
        };
        out.push_str(&part);
        rest = rest.get(length..).unwrap_or_default();
    }
    out
}

fn bracketed(inside: &str) -> String {
    let Some(time) = inside.strip_prefix("t:") else { return "<span class=at>@Bob Lind</span>".to_owned() };
    let (seconds, style) = time.split_once(':').unwrap_or((time, "f"));
    let moment = DateTime::from_timestamp(seconds.parse().unwrap_or_default(), 0).unwrap_or_default();
    let shown = match style {
        "R" => relative(moment.timestamp() - NOW),
        "t" => moment.format("%H:%M").to_string(),
        _ => moment.format("%-d %B %Y %H:%M").to_string(),
    };
    format!("<span class=time>{shown}</span>")
}

fn relative(seconds: i64) -> String {
    let minutes = seconds.abs() / 60;
    if seconds < 0 { format!("{minutes} minutes ago") } else { format!("in {minutes} minutes") }
}
