//! What a form of ours sends.

use muster_core::command::Invocation;
use muster_core::ids::IncidentId;
use muster_core::inbound::Ask;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// No request id of ours is longer.
const LONGEST_ID: usize = 64;

/// What is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wish {
    /// This.
    Ask(Ask),
    /// This, but be asked first.
    Confirm(Invocation),
    /// Nothing that could be read.
    Nothing,
}

/// A form that was sent.
#[derive(Debug)]
pub(super) struct Sent {
    pub(super) csrf: String,
    pub(super) here: Option<IncidentId>,
    pub(super) wish: Wish,
    /// The filled-in form's command, if a form was filled in.
    pub(super) form: Option<Invocation>,
    seed: String,
}

impl Sent {
    pub(super) fn read(pairs: Vec<(String, String)>) -> Self {
        let mut fields: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut named: BTreeMap<String, String> = BTreeMap::new();
        for (name, value) in pairs {
            match name.strip_prefix("field.") {
                Some(field) => fields.entry(field.to_owned()).or_default().push(value),
                None => {
                    named.insert(name, value);
                }
            }
        }
        let mut take = |name: &str| named.remove(name).unwrap_or_default();
        // A form names what it asks for; a button does by its own name.
        let held = ["call", "open", "confirm"].map(|name| (name, take(name)));
        let pressed = held.iter().find(|(_, call)| !call.is_empty());
        let named_by_form = Some(take("ask")).filter(|ask| !ask.is_empty());
        let ask = named_by_form.or_else(|| pressed.map(|(name, _)| (*name).to_owned())).unwrap_or_default();
        let call = pressed.and_then(|(_, call)| serde_json::from_str::<Invocation>(call).ok());
        let form = call.clone().filter(|_| ask == "form").map(|call| filled(call, fields));
        let wish = match (ask.as_str(), call) {
            ("line", _) => Wish::Ask(Ask::Line(take("line"))),
            ("call", Some(call)) => Wish::Ask(Ask::Call(call)),
            ("open", Some(call)) => Wish::Ask(Ask::Open(call)),
            ("confirm", Some(call)) => Wish::Confirm(call),
            ("form", Some(_)) => form.clone().map_or(Wish::Nothing, |call| Wish::Ask(Ask::Call(call))),
            _ => Wish::Nothing,
        };
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let seed = take("request").chars().filter(|&c| is_plain(c)).take(LONGEST_ID).collect();
        Self { csrf: take("csrf"), here: take("here").parse().ok(), wish, form, seed }
    }

    /// The same button of the same page pressed twice is one request. Another button of that page, or the same form
    /// filled in differently, is another.
    pub(super) fn request_id(&self) -> String {
        let content = match &self.wish {
            Wish::Ask(Ask::Line(line)) => line.clone(),
            Wish::Ask(Ask::Call(call) | Ask::Open(call)) | Wish::Confirm(call) => {
                serde_json::to_string(call).unwrap_or_default()
            }
            Wish::Nothing => String::new(),
        };
        let digest = Sha256::digest(content.as_bytes());
        let mark: String = digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        format!("{}-{mark}", self.seed)
    }
}

/// The command of a form, its arguments replaced by the fields' values. Several values of one field are a list.
fn filled(mut call: Invocation, fields: BTreeMap<String, Vec<String>>) -> Invocation {
    for (name, mut values) in fields {
        if values.len() > 1 {
            values.retain(|value| !value.is_empty());
        }
        call.args.insert(name, values.join(","));
    }
    call
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(pairs: &[(&str, &str)]) -> Sent {
        Sent::read(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    const NEW: &str = r#"{"command":"new","args":{"title":"old","field":"a=b"}}"#;

    #[test]
    fn a_form_becomes_its_command_with_every_field_also_the_empty_ones() {
        let pairs = [
            ("ask", "form"),
            ("call", NEW),
            ("field.title", "Checkout, and more"),
            ("field.service", ""),
            ("field.service", "checkout"),
            ("field.service", "payment"),
            ("field.site", ""),
            ("field.private", ""),
            ("field.private", "yes"),
        ];
        let call = sent(&pairs).form.expect("a form");
        assert_eq!(call.args["title"], "Checkout, and more");
        assert_eq!(call.args["service"], "checkout,payment");
        assert_eq!(call.args["site"], "");
        assert_eq!(call.args["private"], "yes");
        assert_eq!(call.args["field"], "a=b", "what the form does not show stays");
    }

    #[test]
    fn a_double_click_is_one_request_and_two_buttons_of_a_page_are_two() {
        let press = |call: &str| sent(&[("request", "abc"), ("call", call)]).request_id();
        let (one, other) = (r#"{"command":"resolve"}"#, r#"{"command":"mitigate"}"#);
        assert_eq!(press(one), press(one));
        assert_ne!(press(one), press(other));
        let later = sent(&[("ask", "call"), ("request", "def"), ("call", one)]).request_id();
        assert_ne!(press(one), later);
    }

    #[test]
    fn a_button_asks_by_its_name() {
        let call: Invocation = serde_json::from_str(NEW).expect("a call");
        assert_eq!(sent(&[("call", NEW)]).wish, Wish::Ask(Ask::Call(call.clone())));
        assert_eq!(sent(&[("open", NEW)]).wish, Wish::Ask(Ask::Open(call.clone())));
        assert_eq!(sent(&[("confirm", NEW)]).wish, Wish::Confirm(call));
    }

    #[test]
    fn what_cannot_be_read_asks_for_nothing() {
        for pairs in [&[][..], &[("ask", "call")], &[("call", "{")], &[("open", "")], &[("ask", "x"), ("call", NEW)]] {
            assert_eq!(sent(pairs).wish, Wish::Nothing, "{pairs:?}");
        }
    }
}
