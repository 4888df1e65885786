//! Whom a message really pings: what its content mentions, as far as `allowed_mentions` lets it.
//! <https://docs.discord.com/developers/resources/message#allowed-mentions-object>

use serde_json::{Value, json};

/// What is parsed when a body says nothing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unsaid {
    /// A message: everything.
    Everything,
    /// An interaction or a webhook: users.
    Users,
}

/// Every mention of a body that would notify somebody, as it is written: `@everyone`, `@here`, `<@1>`, `<@&2>`.
/// Mentions in embeds notify nobody. Those in code are counted, to be safe.
#[must_use]
pub fn live_mentions(body: &Value) -> Vec<String> {
    pinged(body, Unsaid::Everything)
}

/// The same, where what is not said means that.
pub(super) fn pinged(body: &Value, unsaid: Unsaid) -> Vec<String> {
    let allowed = match (&body["allowed_mentions"], unsaid) {
        (Value::Null, Unsaid::Everything) => json!({ "parse": ["users", "roles", "everyone"] }),
        (Value::Null, Unsaid::Users) => json!({ "parse": ["users"] }),
        (said, Unsaid::Everything | Unsaid::Users) => said.clone(),
    };
    let parses = |kind: &str| allowed["parse"].as_array().is_some_and(|kinds| kinds.iter().any(|known| known == kind));
    let lists = |kind: &str, id: &str| allowed[kind].as_array().is_some_and(|ids| ids.iter().any(|known| known == id));
    let mut found = Vec::new();
    for mention in mentioned(&text(body)) {
        let is_live = match mention.strip_prefix("<@") {
            None => parses("everyone"),
            Some(rest) => {
                let id = rest.trim_start_matches(['&', '!']).trim_end_matches('>');
                let kind = if rest.starts_with('&') { "roles" } else { "users" };
                parses(kind) || lists(kind, id)
            }
        };
        if is_live && !found.contains(&mention) {
            found.push(mention);
        }
    }
    found
}

/// The text that can mention somebody: the content, and the texts of components.
pub(super) fn text(body: &Value) -> String {
    let mut all = body["content"].as_str().unwrap_or_default().to_owned();
    displayed(&body["components"], &mut all);
    all
}

fn displayed(components: &Value, all: &mut String) {
    for component in components.as_array().into_iter().flatten() {
        if component["type"] == 10 {
            all.push('\n');
            all.push_str(component["content"].as_str().unwrap_or_default());
        }
        displayed(&component["components"], all);
    }
}

/// The mentions in a text, `<@!1>` written as `<@1>`.
pub(super) fn mentioned(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (start, c) in text.char_indices() {
        let rest = &text[start..];
        if c == '@' {
            let everybody = ["@everyone", "@here"].into_iter().find(|word| rest.starts_with(word));
            found.extend(everybody.map(str::to_owned));
        }
        let Some((inside, _)) = rest.strip_prefix("<@").and_then(|rest| rest.split_once('>')) else { continue };
        let id = inside.trim_start_matches(['&', '!']);
        if !id.is_empty() && id.len() <= 20 && id.bytes().all(|b| b.is_ascii_digit()) {
            found.push(format!("<@{}>", inside.trim_start_matches('!')));
        }
    }
    found
}
