//! The elements of Block Kit as Slack checks them. <https://docs.slack.dev/reference/block-kit/block-elements>

use super::blocks::{Check, Text};
use serde_json::Value;

/// In what kind of block an element stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Section,
    Actions,
    Input,
}

/// What is common to all interactive elements.
const COMMON: [&str; 4] = ["type", "action_id", "confirm", "focus_on_load"];

const SELECTS: [&str; 5] = ["static", "external", "users", "conversations", "channels"];

/// An element where it stands.
pub(super) fn check(check: &mut Check, at: &str, element: &Value, place: Place) {
    let kind = element["type"].as_str().unwrap_or_default().to_owned();
    if kind == "image" && place == Place::Section {
        return image(check, at, element);
    }
    let fits = match kind.as_str() {
        "button" | "overflow" => place != Place::Input,
        "plain_text_input" | "email_text_input" | "url_text_input" | "number_input" => place == Place::Input,
        "datetimepicker" => place != Place::Section,
        "datepicker" | "timepicker" | "checkboxes" | "radio_buttons" => true,
        other => {
            let (select, many) = other.strip_prefix("multi_").map_or((other, false), |rest| (rest, true));
            let known = select.strip_suffix("_select").is_some_and(|source| SELECTS.contains(&source));
            known && (!many || place != Place::Actions)
        }
    };
    if !fits {
        return check.fault(at, &format!("unsupported element here: {kind}"));
    }
    if let Some(id) = element["action_id"].as_str() {
        check.rule(!id.is_empty(), at, "action_id must not be empty");
        let is_new = check.actions.insert(id.to_owned());
        check.rule(is_new, at, &format!("action_id {id} already exists"));
    }
    check.string(&format!("{at}/action_id"), &element["action_id"], 255);
    check.boolean(&format!("{at}/focus_on_load"), &element["focus_on_load"]);
    check.focused += usize::from(element["focus_on_load"] == true);
    if !element["confirm"].is_null() {
        confirm(check, &format!("{at}/confirm"), &element["confirm"]);
    }
    match kind.as_str() {
        "button" => button(check, at, element),
        "overflow" => {
            members(check, at, element, &["options"]);
            options(check, &format!("{at}/options"), &element["options"], Options { min: 2, max: 5, rich: false });
        }
        "checkboxes" => {
            members(check, at, element, &["options", "initial_options"]);
            options(check, &format!("{at}/options"), &element["options"], Options { min: 1, max: 10, rich: true });
            initials(check, at, element);
        }
        "radio_buttons" => {
            members(check, at, element, &["options", "initial_option"]);
            options(check, &format!("{at}/options"), &element["options"], Options { min: 1, max: 10, rich: true });
            initials(check, at, element);
        }
        "plain_text_input" => plain_text_input(check, at, element),
        "email_text_input" | "url_text_input" => {
            members(check, at, element, &["initial_value", "dispatch_action_config", "placeholder"]);
            placeholder(check, at, element);
        }
        "number_input" => number_input(check, at, element),
        "datepicker" => moment(check, at, element, ("initial_date", "%Y-%m-%d")),
        "timepicker" => moment(check, at, element, ("initial_time", "%H:%M")),
        "datetimepicker" => {
            members(check, at, element, &["initial_date_time"]);
            let at = format!("{at}/initial_date_time");
            let value = &element["initial_date_time"];
            let fine = value.as_u64().is_some_and(|seconds| seconds.to_string().len() == 10);
            check.rule(value.is_null() || fine, &at, "must be a UNIX timestamp of 10 digits");
        }
        select => self::select(check, at, element, select),
    }
}

/// An image, as an accessory or in a context block.
pub(super) fn image(check: &mut Check, at: &str, element: &Value) {
    check.keys(at, element, &["type", "image_url", "alt_text", "slack_file"]);
    check.url(&format!("{at}/image_url"), &element["image_url"]);
    check.rule(element["alt_text"].is_string(), at, "alt_text is required");
}

fn members(check: &mut Check, at: &str, element: &Value, own: &[&str]) {
    let known: Vec<_> = COMMON.iter().chain(own).copied().collect();
    check.keys(at, element, &known);
}

fn placeholder(check: &mut Check, at: &str, element: &Value) {
    if !element["placeholder"].is_null() {
        check.text(&format!("{at}/placeholder"), &element["placeholder"], Text::Plain, 150);
    }
}

fn style(check: &mut Check, at: &str, value: &Value) {
    check.rule(value.is_null() || value == "primary" || value == "danger", at, "style must be primary or danger");
}

fn button(check: &mut Check, at: &str, element: &Value) {
    members(check, at, element, &["text", "url", "value", "style", "accessibility_label"]);
    check.text(&format!("{at}/text"), &element["text"], Text::Plain, 75);
    check.string(&format!("{at}/value"), &element["value"], 2000);
    check.string(&format!("{at}/accessibility_label"), &element["accessibility_label"], 75);
    if !element["url"].is_null() {
        check.url(&format!("{at}/url"), &element["url"]);
    }
    style(check, at, &element["style"]);
}

/// <https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object>
fn confirm(check: &mut Check, at: &str, value: &Value) {
    check.keys(at, value, &["title", "text", "confirm", "deny", "style"]);
    for (part, max) in [("title", 100), ("confirm", 30), ("deny", 30)] {
        check.text(&format!("{at}/{part}"), &value[part], Text::Plain, max);
    }
    check.text(&format!("{at}/text"), &value["text"], Text::Any, 300);
    style(check, at, &value["style"]);
}

#[derive(Clone, Copy)]
struct Options {
    min: usize,
    max: usize,
    /// Whether texts may be mrkdwn.
    rich: bool,
}

/// <https://docs.slack.dev/reference/block-kit/composition-objects/option-object>
fn options(check: &mut Check, at: &str, value: &Value, rule: Options) {
    let kind = if rule.rich { Text::Any } else { Text::Plain };
    for (n, option) in check.items(at, value, (rule.min, rule.max)).iter().enumerate() {
        let at = format!("{at}/{n}");
        check.keys(&at, option, &["text", "value", "description", "url"]);
        check.text(&format!("{at}/text"), &option["text"], kind, 75);
        check.rule(option["value"].is_string(), &at, "value is required");
        check.string(&format!("{at}/value"), &option["value"], 150);
        if !option["description"].is_null() {
            check.text(&format!("{at}/description"), &option["description"], kind, 75);
        }
        if !option["url"].is_null() {
            check.url(&format!("{at}/url"), &option["url"]);
        }
    }
}

/// What is chosen at first must be among the options.
fn initials(check: &mut Check, at: &str, element: &Value) {
    let one = std::iter::once(&element["initial_option"]).filter(|option| !option.is_null());
    let many = element["initial_options"].as_array().into_iter().flatten();
    let chosen: Vec<_> = one.chain(many).collect();
    check.rule(!element["initial_options"].as_array().is_some_and(Vec::is_empty), at, "initial_options is empty");
    let empty = Vec::new();
    let groups = element["option_groups"].as_array().unwrap_or(&empty);
    let grouped = groups.iter().filter_map(|group| group["options"].as_array());
    let known: Vec<_> = element["options"].as_array().into_iter().chain(grouped).flatten().collect();
    for option in chosen {
        check.rule(known.iter().any(|known| same(known, option)), at, "initial option is not one of the options");
    }
}

fn same(one: &Value, other: &Value) -> bool {
    one["value"] == other["value"] && one["text"]["text"] == other["text"]["text"]
}

fn select(check: &mut Check, at: &str, element: &Value, kind: &str) {
    let many = kind.starts_with("multi_");
    let source = kind.trim_start_matches("multi_").trim_end_matches("_select");
    let mut own = vec!["placeholder"];
    own.extend(many.then_some("max_selected_items"));
    own.extend(match (source, many) {
        ("static", false) => vec!["options", "option_groups", "initial_option"],
        ("static", true) => vec!["options", "option_groups", "initial_options"],
        ("external", false) => vec!["initial_option", "min_query_length"],
        ("external", true) => vec!["initial_options", "min_query_length"],
        ("users", false) => vec!["initial_user"],
        ("users", true) => vec!["initial_users"],
        ("channels", false) => vec!["initial_channel", "response_url_enabled"],
        ("channels", true) => vec!["initial_channels"],
        (_, false) => {
            vec!["initial_conversation", "default_to_current_conversation", "response_url_enabled", "filter"]
        }
        (_, true) => vec!["initial_conversations", "default_to_current_conversation", "filter"],
    });
    members(check, at, element, &own);
    placeholder(check, at, element);
    let most = &element["max_selected_items"];
    check.rule(most.is_null() || most.as_u64().is_some_and(|most| most >= 1), at, "max_selected_items is less than 1");
    if source != "static" {
        return;
    }
    let rule = Options { min: 1, max: 100, rich: false };
    match (element["options"].is_null(), element["option_groups"].is_null()) {
        (false, true) => options(check, &format!("{at}/options"), &element["options"], rule),
        (true, false) => {
            let place = format!("{at}/option_groups");
            for (n, group) in check.items(&place, &element["option_groups"], (1, 100)).iter().enumerate() {
                let at = format!("{place}/{n}");
                check.keys(&at, group, &["label", "options"]);
                check.text(&format!("{at}/label"), &group["label"], Text::Plain, 75);
                options(check, &format!("{at}/options"), &group["options"], rule);
            }
        }
        (true, true) | (false, false) => check.fault(at, "either options or option_groups is required"),
    }
    initials(check, at, element);
}

fn plain_text_input(check: &mut Check, at: &str, element: &Value) {
    let own = ["initial_value", "multiline", "min_length", "max_length", "dispatch_action_config", "placeholder"];
    members(check, at, element, &own);
    placeholder(check, at, element);
    check.boolean(&format!("{at}/multiline"), &element["multiline"]);
    let bound = |name: &str| element[name].as_u64();
    for name in ["min_length", "max_length"] {
        let value = &element[name];
        check.rule(value.is_null() || value.as_u64().is_some_and(|n| n <= 3000), at, &format!("{name} is over 3000"));
    }
    check.rule(bound("max_length") != Some(0), at, "max_length is less than 1");
    let (least, most) = (bound("min_length").unwrap_or(0), bound("max_length").unwrap_or(3000));
    check.rule(least <= most, at, "min_length is over max_length");
    check.string(&format!("{at}/initial_value"), &element["initial_value"], most as usize);
}

fn number_input(check: &mut Check, at: &str, element: &Value) {
    let own =
        ["is_decimal_allowed", "initial_value", "min_value", "max_value", "dispatch_action_config", "placeholder"];
    members(check, at, element, &own);
    placeholder(check, at, element);
    check.rule(element["is_decimal_allowed"].is_boolean(), at, "is_decimal_allowed is required");
    for name in ["initial_value", "min_value", "max_value"] {
        let fine = element[name].as_str().is_some_and(|text| text.parse::<f64>().is_ok());
        check.rule(element[name].is_null() || fine, at, &format!("{name} is not a number in a string"));
    }
}

fn moment(check: &mut Check, at: &str, element: &Value, (name, format): (&str, &str)) {
    members(check, at, element, &[name, "placeholder", "timezone"]);
    placeholder(check, at, element);
    let fine = element[name].as_str().is_some_and(|text| match name {
        "initial_date" => chrono::NaiveDate::parse_from_str(text, format).is_ok(),
        _ => chrono::NaiveTime::parse_from_str(text, format).is_ok(),
    });
    check.rule(element[name].is_null() || fine, at, &format!("{name} must be written as {format}"));
}
