//! Block Kit as Slack checks it: which blocks and views are well made. <https://docs.slack.dev/reference/block-kit>

use super::elements;
use serde_json::Value;
use std::collections::HashSet;

/// Characters of text in all blocks of one message. Slack documents no such limit; it enforces one.
pub const MESSAGE_TEXT: usize = 13_200;

/// Where blocks are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Surface {
    Message,
    Modal,
    Home,
}

/// Which text objects are allowed. <https://docs.slack.dev/reference/block-kit/composition-objects/text-object>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Text {
    Plain,
    Any,
}

/// What is wrong, sentence by sentence.
#[derive(Debug, Default)]
pub(super) struct Check {
    pub(super) faults: Vec<String>,
    pub(super) focused: usize,
    /// `action_id`s of the block being checked.
    pub(super) actions: HashSet<String>,
}

/// Everything wrong with the blocks of a message. Empty when they are well made.
#[must_use]
pub fn check_message(blocks: &Value) -> Vec<String> {
    let mut check = Check::default();
    check.blocks(blocks, Surface::Message, 50);
    check.faults
}

/// Everything wrong with a modal or a home tab. Empty when it is well made.
/// <https://docs.slack.dev/reference/views>
#[must_use]
pub fn check_view(view: &Value) -> Vec<String> {
    let mut check = Check::default();
    let kind = view["type"].as_str().unwrap_or_default();
    match kind {
        "modal" => {
            check.keys(
                "",
                view,
                &[
                    "type",
                    "title",
                    "blocks",
                    "close",
                    "submit",
                    "private_metadata",
                    "callback_id",
                    "clear_on_close",
                    "notify_on_close",
                    "external_id",
                    "submit_disabled",
                ],
            );
            check.text("/title", &view["title"], Text::Plain, 24);
            for part in ["close", "submit"] {
                if !view[part].is_null() {
                    check.text(&format!("/{part}"), &view[part], Text::Plain, 24);
                }
            }
            let asks = view["blocks"].as_array().is_some_and(|blocks| blocks.iter().any(|b| b["type"] == "input"));
            check.rule(!asks || !view["submit"].is_null(), "/submit", "is required when there is an input block");
            check.blocks(&view["blocks"], Surface::Modal, 100);
        }
        "home" => {
            check.keys("", view, &["type", "blocks", "private_metadata", "callback_id", "external_id"]);
            check.blocks(&view["blocks"], Surface::Home, 100);
        }
        other => check.fault("/type", &format!("unsupported type: {other}")),
    }
    check.string("/private_metadata", &view["private_metadata"], 3000);
    check.string("/callback_id", &view["callback_id"], 255);
    check.string("/external_id", &view["external_id"], 255);
    check.rule(check.focused <= 1, "/blocks", "more than one element has focus_on_load");
    check.rule(view.to_string().len() <= 250_000, "", "view_too_large");
    check.faults
}

/// Characters in all texts of these blocks.
pub(super) fn text_length(value: &Value) -> usize {
    match value {
        Value::Object(object) => {
            let own = object.get("text").and_then(Value::as_str).map_or(0, |text| text.chars().count());
            own + object.values().map(text_length).sum::<usize>()
        }
        Value::Array(items) => items.iter().map(text_length).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    }
}

impl Check {
    pub(super) fn fault(&mut self, at: &str, what: &str) {
        self.faults.push(format!("[ERROR] {what} [json-pointer:{at}]"));
    }

    pub(super) fn rule(&mut self, holds: bool, at: &str, otherwise: &str) {
        if !holds {
            self.fault(at, otherwise);
        }
    }

    /// Nothing but these members.
    pub(super) fn keys(&mut self, at: &str, value: &Value, known: &[&str]) {
        let Some(object) = value.as_object() else { return self.fault(at, "must be an object") };
        for key in object.keys() {
            self.rule(known.contains(&key.as_str()), at, &format!("invalid additional property: {key}"));
        }
    }

    /// An optional string.
    pub(super) fn string(&mut self, at: &str, value: &Value, max: usize) {
        if value.is_null() {
            return;
        }
        let Some(text) = value.as_str() else { return self.fault(at, "must be a string") };
        self.rule(text.chars().count() <= max, at, &format!("must be less than {} characters", max + 1));
    }

    /// An optional boolean.
    pub(super) fn boolean(&mut self, at: &str, value: &Value) {
        self.rule(value.is_null() || value.is_boolean(), at, "must be a boolean");
    }

    /// An address.
    pub(super) fn url(&mut self, at: &str, value: &Value) {
        self.string(at, value, 3000);
        let fine = value.as_str().is_some_and(|url| reqwest::Url::parse(url).is_ok());
        self.rule(fine, at, "must be a valid URL");
    }

    /// A text object that must be there.
    pub(super) fn text(&mut self, at: &str, value: &Value, allowed: Text, max: usize) {
        if value.is_null() {
            return self.fault(at, "missing required field");
        }
        let kind = value["type"].as_str().unwrap_or_default();
        match (kind, allowed) {
            ("plain_text", _) => self.keys(at, value, &["type", "text", "emoji"]),
            ("mrkdwn", Text::Any) => self.keys(at, value, &["type", "text", "verbatim"]),
            _ => return self.fault(at, &format!("unsupported text type: {kind}")),
        }
        let at = format!("{at}/text");
        let Some(text) = value["text"].as_str() else { return self.fault(&at, "must be a string") };
        self.rule(!text.trim().is_empty(), &at, "must be more than 0 characters");
        self.rule(text.chars().count() <= max, &at, &format!("must be less than {} characters", max + 1));
    }

    /// A list of so many items.
    pub(super) fn items<'v>(&mut self, at: &str, value: &'v Value, (min, max): (usize, usize)) -> &'v [Value] {
        let Some(items) = value.as_array() else {
            self.fault(at, "must be an array");
            return &[];
        };
        self.rule(items.len() >= min, at, &format!("must have at least {min} items"));
        self.rule(items.len() <= max, at, &format!("no more than {max} items allowed"));
        items
    }

    fn blocks(&mut self, blocks: &Value, surface: Surface, max: usize) {
        let mut ids = HashSet::new();
        for (n, block) in self.items("/blocks", blocks, (0, max)).iter().enumerate() {
            let at = format!("/blocks/{n}");
            if let Some(id) = block["block_id"].as_str() {
                self.rule(!id.is_empty(), &at, "block_id must not be empty");
                self.rule(ids.insert(id.to_owned()), &at, &format!("block_id {id} already exists"));
            }
            self.string(&format!("{at}/block_id"), &block["block_id"], 255);
            self.actions.clear();
            self.block(&at, block, surface);
        }
    }

    fn block(&mut self, at: &str, block: &Value, surface: Surface) {
        match block["type"].as_str().unwrap_or_default() {
            "section" => self.section(at, block),
            "header" => {
                self.keys(at, block, &["type", "block_id", "text"]);
                self.text(&format!("{at}/text"), &block["text"], Text::Plain, 150);
            }
            "divider" => self.keys(at, block, &["type", "block_id"]),
            "context" => {
                self.keys(at, block, &["type", "block_id", "elements"]);
                let place = format!("{at}/elements");
                for (n, element) in self.items(&place, &block["elements"], (1, 10)).iter().enumerate() {
                    let at = format!("{place}/{n}");
                    if element["type"] == "image" {
                        elements::image(self, &at, element);
                    } else {
                        self.text(&at, element, Text::Any, 3000);
                    }
                }
            }
            "actions" => {
                self.keys(at, block, &["type", "block_id", "elements"]);
                let place = format!("{at}/elements");
                for (n, element) in self.items(&place, &block["elements"], (1, 25)).iter().enumerate() {
                    elements::check(self, &format!("{place}/{n}"), element, elements::Place::Actions);
                }
            }
            "input" => self.input(at, block),
            "image" => {
                self.keys(at, block, &["type", "block_id", "image_url", "slack_file", "alt_text", "title"]);
                self.url(&format!("{at}/image_url"), &block["image_url"]);
                self.rule(block["alt_text"].is_string(), at, "alt_text is required");
                self.string(&format!("{at}/alt_text"), &block["alt_text"], 2000);
                if !block["title"].is_null() {
                    self.text(&format!("{at}/title"), &block["title"], Text::Plain, 2000);
                }
            }
            "markdown" if surface == Surface::Message => {
                self.keys(at, block, &["type", "block_id", "text"]);
                self.string(&format!("{at}/text"), &block["text"], 12_000);
            }
            "rich_text" => {
                self.keys(at, block, &["type", "block_id", "elements"]);
                let place = format!("{at}/elements");
                for (n, element) in self.items(&place, &block["elements"], (1, 3000)).iter().enumerate() {
                    let known = ["rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote"];
                    let kind = element["type"].as_str().unwrap_or_default();
                    self.rule(known.contains(&kind), &format!("{place}/{n}"), "unsupported rich text element");
                }
            }
            other => self.fault(at, &format!("unsupported type: {other}")),
        }
    }

    fn section(&mut self, at: &str, block: &Value) {
        self.keys(at, block, &["type", "block_id", "text", "fields", "accessory", "expand"]);
        self.boolean(&format!("{at}/expand"), &block["expand"]);
        self.rule(!block["text"].is_null() || !block["fields"].is_null(), at, "text or fields is required");
        if !block["text"].is_null() {
            self.text(&format!("{at}/text"), &block["text"], Text::Any, 3000);
        }
        if !block["fields"].is_null() {
            let place = format!("{at}/fields");
            for (n, field) in self.items(&place, &block["fields"], (1, 10)).iter().enumerate() {
                self.text(&format!("{place}/{n}"), field, Text::Any, 2000);
            }
        }
        if !block["accessory"].is_null() {
            elements::check(self, &format!("{at}/accessory"), &block["accessory"], elements::Place::Section);
        }
    }

    fn input(&mut self, at: &str, block: &Value) {
        self.keys(at, block, &["type", "block_id", "label", "element", "hint", "optional", "dispatch_action"]);
        self.text(&format!("{at}/label"), &block["label"], Text::Plain, 2000);
        if !block["hint"].is_null() {
            self.text(&format!("{at}/hint"), &block["hint"], Text::Plain, 2000);
        }
        self.boolean(&format!("{at}/optional"), &block["optional"]);
        self.boolean(&format!("{at}/dispatch_action"), &block["dispatch_action"]);
        elements::check(self, &format!("{at}/element"), &block["element"], elements::Place::Input);
    }
}
