//! Messages: content, embeds, mentions, flags.

use super::super::message::{EPHEMERAL, IS_COMPONENTS_V2, SUPPRESS_EMBEDS, SUPPRESS_NOTIFICATIONS};
use super::super::refused::Wrong;
use super::{below, components, items, length, needed};
use serde_json::Value;

/// <https://docs.discord.com/developers/resources/message#create-message-jsonform-params>
const CONTENT: usize = 2000;
/// <https://docs.discord.com/developers/resources/message#embed-object-embed-limits>
const EMBEDS: usize = 10;
/// Of all embeds of a message together. <https://docs.discord.com/developers/resources/message#embed-object-embed-limits>
const EMBED_TEXT: usize = 6000;

pub(super) fn faults(body: &Value, at: &str) -> Vec<Wrong> {
    let mut wrong = Vec::new();
    length(&body["content"], (0, CONTENT), &below(at, "content"), &mut wrong);
    let embeds = items(&body["embeds"], &below(at, "embeds"));
    if embeds.len() > EMBEDS {
        wrong.push(Wrong::at(below(at, "embeds"), "Must be 10 or fewer in length."));
    }
    for (one, at) in &embeds {
        embed(one, at, &mut wrong);
    }
    if text_length(body) > EMBED_TEXT {
        wrong.push(Wrong::at(below(at, "embeds"), "Embed size exceeds maximum size of 6000"));
    }
    let flags = body["flags"].as_u64().unwrap_or_default();
    let known = SUPPRESS_EMBEDS | EPHEMERAL | SUPPRESS_NOTIFICATIONS | IS_COMPONENTS_V2;
    if flags & !known != 0 {
        wrong.push(Wrong::at(below(at, "flags"), "a flag that apps do not set"));
    }
    let is_v2 = flags & IS_COMPONENTS_V2 != 0;
    if is_v2 && (!embeds.is_empty() || body["content"].as_str().is_some_and(|content| !content.is_empty())) {
        wrong.push(Wrong::at(below(at, "flags"), "content and embeds cannot be used with IS_COMPONENTS_V2"));
    }
    components::faults(&body["components"], is_v2, &below(at, "components"), &mut wrong);
    mentions(&body["allowed_mentions"], &below(at, "allowed_mentions"), &mut wrong);
    wrong
}

/// The characters of all embeds that count together.
fn text_length(body: &Value) -> usize {
    let count = |text: &Value| text.as_str().map_or(0, |text| text.trim().chars().count());
    let embeds = body["embeds"].as_array().into_iter().flatten();
    let of_one = |embed: &Value| {
        let fields = embed["fields"].as_array().into_iter().flatten();
        let fields: usize = fields.map(|field| count(&field["name"]) + count(&field["value"])).sum();
        let alone = [&embed["title"], &embed["description"], &embed["footer"]["text"], &embed["author"]["name"]];
        fields + alone.into_iter().map(count).sum::<usize>()
    };
    embeds.map(of_one).sum()
}

/// <https://docs.discord.com/developers/resources/message#embed-object-embed-limits>
fn embed(embed: &Value, at: &str, wrong: &mut Vec<Wrong>) {
    length(&embed["title"], (0, 256), &below(at, "title"), wrong);
    length(&embed["description"], (0, 4096), &below(at, "description"), wrong);
    length(&embed["footer"]["text"], (0, 2048), &below(at, "footer.text"), wrong);
    length(&embed["author"]["name"], (0, 256), &below(at, "author.name"), wrong);
    let fields = items(&embed["fields"], &below(at, "fields"));
    if fields.len() > 25 {
        wrong.push(Wrong::at(below(at, "fields"), "Must be 25 or fewer in length."));
    }
    for (field, at) in fields {
        needed(&field["name"], (1, 256), &below(&at, "name"), wrong);
        needed(&field["value"], (1, 1024), &below(&at, "value"), wrong);
    }
    for link in [&embed["url"], &embed["author"]["url"]] {
        let is_web = |link: &str| link.starts_with("http://") || link.starts_with("https://");
        if link.as_str().is_some_and(|link| !is_web(link)) {
            wrong.push(Wrong::at(below(at, "url"), "Scheme must be one of ('http', 'https')."));
        }
    }
    if embed["color"].as_i64().is_some_and(|colour| !(0..=0xff_ffff).contains(&colour)) {
        wrong.push(Wrong::at(below(at, "color"), "int value should be between 0 and 16777215"));
    }
}

/// <https://docs.discord.com/developers/resources/message#allowed-mentions-object>
fn mentions(allowed: &Value, at: &str, wrong: &mut Vec<Wrong>) {
    for kind in ["users", "roles"] {
        let listed = allowed[kind].as_array().map_or(0, Vec::len);
        if listed > 100 {
            wrong.push(Wrong::at(below(at, kind), "Must be 100 or fewer in length."));
        }
        let is_parsed = allowed["parse"].as_array().is_some_and(|kinds| kinds.iter().any(|known| known == kind));
        if is_parsed && listed > 0 {
            wrong.push(Wrong::at(at, format!("parse:[\"{kind}\"] and {kind}: [ids...] are mutually exclusive.")));
        }
    }
}
