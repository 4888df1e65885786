//! What Slack would refuse, by its documented limits, written apart from the renderer; and who would be pinged.

use serde_json::Value;
use std::collections::HashSet;

/// What Slack would refuse in the blocks of a message.
pub(crate) fn message(blocks: &Value) -> Vec<String> {
    let mut check = Check::default();
    check.blocks(blocks, 50, false);
    let size = blocks.to_string().chars().count();
    check.that(size <= 13_200, || format!("the message is of {size} characters"));
    check.wrong
}

/// What Slack would refuse in a modal or a home tab.
pub(crate) fn view(view: &Value) -> Vec<String> {
    let mut check = Check::default();
    let is_modal = view["type"] == "modal";
    check.that(is_modal || view["type"] == "home", || format!("no view is a {}", view["type"]));
    check.blocks(&view["blocks"], 100, is_modal);
    if is_modal {
        check.plain(&view["title"], 24, "the title");
    }
    for button in ["submit", "close"] {
        if !view[button].is_null() {
            check.plain(&view[button], 24, button);
        }
    }
    let has_input = array(&view["blocks"]).any(|block| block["type"] == "input");
    check.that(!has_input || !view["submit"].is_null(), || "there are inputs and no submit".to_owned());
    check.at_most(&view["private_metadata"], 3_000, "private_metadata");
    check.at_most(&view["callback_id"], 255, "callback_id");
    check.that(view.to_string().len() < 250_000, || "the view is too large".to_owned());
    check.wrong
}

/// Everything in a message or view that would notify somebody.
pub(crate) fn live_mentions(value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    walk(value, &mut |object| match object["type"].as_str() {
        Some("mrkdwn") => found.extend(pings(object["text"].as_str().unwrap_or_default())),
        Some("user") => found.push(format!("<@{}>", object["user_id"].as_str().unwrap_or_default())),
        Some("usergroup" | "broadcast" | "team") => found.push(object.to_string()),
        Some(_) | None => {}
    });
    found
}

/// Everything in a text that Slack reads as markup and that would notify somebody.
pub(crate) fn pings(text: &str) -> Vec<String> {
    let calls = ["<@", "<!here", "<!channel", "<!everyone", "<!subteam"];
    let found = text.match_indices('<').map(|(at, _)| &text[at..]);
    found.filter(|rest| calls.iter().any(|call| rest.starts_with(call))).map(call).collect()
}

fn call(rest: &str) -> String {
    rest.split_inclusive('>').next().unwrap_or_default().to_owned()
}

fn array(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn walk(value: &Value, visit: &mut impl FnMut(&Value)) {
    if value.is_object() {
        visit(value);
    }
    array(value)
        .chain(value.as_object().into_iter().flat_map(|object| object.values()))
        .for_each(|inner| walk(inner, visit));
}

#[derive(Default)]
struct Check {
    wrong: Vec<String>,
    action_ids: HashSet<String>,
    block_ids: HashSet<String>,
}

impl Check {
    fn that(&mut self, holds: bool, what: impl FnOnce() -> String) {
        if !holds {
            self.wrong.push(what());
        }
    }

    fn at_most(&mut self, text: &Value, limit: usize, what: &str) {
        let long = text.as_str().map_or(0, |text| text.chars().count());
        self.that(long <= limit, || format!("{what} is of {long} characters, {limit} are allowed"));
    }

    fn filled(&mut self, text: &Value, limit: usize, what: &str) {
        self.that(text.as_str().is_some_and(|text| !text.trim().is_empty()), || format!("{what} is empty: {text}"));
        self.at_most(text, limit, what);
        let unseen =
            |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
        self.that(!text.as_str().unwrap_or_default().contains(unseen), || format!("{what} holds control characters"));
    }

    fn plain(&mut self, object: &Value, limit: usize, what: &str) {
        self.that(object["type"] == "plain_text", || format!("{what} is no plain text: {object}"));
        self.filled(&object["text"], limit, what);
    }

    fn text(&mut self, object: &Value, limit: usize, what: &str) {
        let is_text = object["type"] == "plain_text" || object["type"] == "mrkdwn";
        self.that(is_text, || format!("{what} is no text: {object}"));
        self.filled(&object["text"], limit, what);
        let marked = object["text"].as_str().filter(|_| object["type"] == "mrkdwn").unwrap_or_default();
        self.that(object["type"] != "mrkdwn" || object["verbatim"] == true, || format!("{what} links by itself"));
        self.that(is_well_formed(marked), || format!("{what} has broken markup: {marked}"));
    }

    fn blocks(&mut self, blocks: &Value, limit: usize, inputs: bool) {
        let count = array(blocks).count();
        self.that((1..=limit).contains(&count), || format!("there are {count} blocks"));
        for block in array(blocks) {
            self.block(block, inputs);
        }
    }

    fn block(&mut self, block: &Value, inputs: bool) {
        if let Some(id) = block["block_id"].as_str() {
            let is_new = self.block_ids.insert(id.to_owned());
            self.that(is_new && (1..=255).contains(&id.chars().count()), || format!("the block id {id} cannot be"));
        }
        match block["type"].as_str().unwrap_or_default() {
            "header" => self.plain(&block["text"], 150, "a header"),
            "section" => self.section(block),
            "context" => {
                let count = array(&block["elements"]).count();
                self.that((1..=10).contains(&count), || format!("a context of {count} elements"));
                array(&block["elements"]).for_each(|text| self.text(text, 2_000, "small print"));
            }
            "actions" => {
                let count = array(&block["elements"]).count();
                self.that((1..=25).contains(&count), || format!("a row of {count} actions"));
                array(&block["elements"]).for_each(|element| self.element(element));
            }
            "rich_text" => self.rich_text(block),
            "input" if inputs => {
                self.plain(&block["label"], 2_000, "a label");
                self.at_most(&block["hint"]["text"], 2_000, "a hint");
                self.element(&block["element"]);
            }
            other => self.wrong.push(format!("a block of type {other} here")),
        }
    }

    fn section(&mut self, block: &Value) {
        self.that(!block["text"].is_null() || !block["fields"].is_null(), || "a section without text".to_owned());
        if !block["text"].is_null() {
            self.text(&block["text"], 3_000, "a section");
        }
        let count = array(&block["fields"]).count();
        self.that(block["fields"].is_null() || (1..=10).contains(&count), || format!("{count} fields"));
        array(&block["fields"]).for_each(|field| self.text(field, 2_000, "a field"));
        if !block["accessory"].is_null() {
            self.element(&block["accessory"]);
        }
    }

    fn rich_text(&mut self, block: &Value) {
        self.that(array(&block["elements"]).count() > 0, || "rich text of nothing".to_owned());
        for part in array(&block["elements"]) {
            let kind = part["type"].as_str().unwrap_or_default();
            self.that(matches!(kind, "rich_text_section" | "rich_text_preformatted"), || {
                format!("a part of type {kind}")
            });
            self.that(array(&part["elements"]).count() > 0, || "a part of nothing".to_owned());
            for element in array(&part["elements"]) {
                self.inline(element, kind == "rich_text_preformatted");
            }
        }
    }

    fn inline(&mut self, element: &Value, preformatted: bool) {
        match element["type"].as_str().unwrap_or_default() {
            "text" => {
                let text = element["text"].as_str().unwrap_or_default();
                self.that(!text.is_empty(), || "an empty stretch of text".to_owned());
                self.at_most(&element["text"], 3_000, "a stretch of text");
            }
            "link" => {
                let url = element["url"].as_str().unwrap_or_default();
                self.that(url.starts_with("http"), || format!("a link to {url}"));
                self.filled(&element["text"], 3_000, "a link");
            }
            "user" | "channel" | "date" if !preformatted => {}
            other => self.wrong.push(format!("an element of type {other} in rich text")),
        }
    }

    fn element(&mut self, element: &Value) {
        let id = element["action_id"].as_str().unwrap_or_default();
        let is_new = self.action_ids.insert(id.to_owned());
        self.that(is_new && (1..=255).contains(&id.chars().count()), || format!("the action id “{id}” cannot be"));
        self.at_most(&element["placeholder"]["text"], 150, "a placeholder");
        match element["type"].as_str().unwrap_or_default() {
            "button" => {
                self.plain(&element["text"], 75, "a button");
                self.at_most(&element["value"], 2_000, "a button's value");
                self.at_most(&element["url"], 3_000, "a button's address");
                let style = &element["style"];
                let is_known = style.is_null() || style == "primary" || style == "danger";
                self.that(is_known, || format!("a button of style {style}"));
            }
            "static_select" | "multi_static_select" => self.options(element, 100),
            "checkboxes" => self.options(element, 10),
            "external_select" | "multi_external_select" => {}
            "plain_text_input" => {
                let max = element["max_length"].as_u64().unwrap_or(3_000);
                self.that((1..=3_000).contains(&max), || format!("an input of at most {max}"));
                self.at_most(&element["initial_value"], max.try_into().unwrap_or(0), "what an input holds at first");
            }
            other => self.wrong.push(format!("an element of type {other}")),
        }
        if !element["confirm"].is_null() {
            let confirm = &element["confirm"];
            for (part, limit) in [("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)] {
                self.plain(&confirm[part], limit, part);
            }
        }
    }

    fn options(&mut self, element: &Value, limit: usize) {
        let count = array(&element["options"]).count();
        self.that((1..=limit).contains(&count), || format!("{count} options"));
        for option in array(&element["options"]) {
            self.text(&option["text"], 75, "an option");
            self.filled(&option["value"], 150, "an option's value");
        }
        let offered = |option: &Value| array(&element["options"]).any(|other| other == option);
        let first =
            array(&element["initial_options"]).chain(Some(&element["initial_option"]).filter(|first| !first.is_null()));
        let strange: Vec<_> = first.filter(|option| !offered(option)).collect();
        self.that(strange.is_empty(), || format!("chosen at first and not offered: {strange:?}"));
    }
}

/// Whether every `<` opens one of the things that Slack knows, and is closed.
fn is_well_formed(text: &str) -> bool {
    let known = ["<!date^", "<@U", "<#C", "<http://", "<https://"];
    text.match_indices('<').all(|(at, _)| {
        let rest = &text[at..];
        let inside = rest.split('>').next().unwrap_or_default();
        known.iter().any(|start| rest.starts_with(start)) && rest.contains('>') && !inside[1..].contains('<')
    }) && text.matches('<').count() == text.matches('>').count()
}
