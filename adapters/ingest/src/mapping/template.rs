//! Templates of the config: bounded in size and nesting before they are parsed, and in what they may say.
//!
//! They cannot loop, include one another or define anything, so that what one costs grows with its own length alone. What
//! they yield is text, escaped where it is shown.

use handlebars::{Context, Handlebars, Output, RenderContext, Renderable, no_escape};
use muster_core::alert::Signal;
use serde_json::Value;
use std::fmt;
use std::sync::LazyLock;

/// The longest template, in bytes.
const LONGEST: usize = 2_000;
/// So many tags, and so many brackets, a template may have: no more of them can be nested. The parser calls itself for each
/// level, and some 1,500 would end the process.
const MOST: usize = 50;
/// So many bytes of what it yields are kept; no part of a signal is longer.
const YIELD: usize = 4 * Signal::TEXT;
/// What blocks there are.
const BLOCKS: [&str; 3] = ["if", "unless", "with"];
/// What helpers there are.
const HELPERS: [&str; 13] =
    ["if", "unless", "with", "lookup", "eq", "ne", "gt", "gte", "lt", "lte", "and", "or", "not"];

/// Said of every other kind of tag.
const UNKNOWN_TAG: &str = "only {{name}}, {{#if name}} … {{/if}} and the like may be in a template";

static HANDLEBARS: LazyLock<Handlebars<'static>> = LazyLock::new(|| {
    let mut handlebars = Handlebars::new();
    for dropped in ["each", "raw", "log", "len"] {
        handlebars.unregister_helper(dropped);
    }
    handlebars.register_escape_fn(no_escape);
    handlebars
});

/// A template.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Template(handlebars::Template);

impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Template(…)")
    }
}

impl Template {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        if text.len() > LONGEST {
            return Err(format!("this template is longer than {LONGEST} bytes"));
        }
        if text.matches("{{").count() > MOST || text.matches('(').count() > MOST {
            return Err(format!("this template has more than {MOST} tags or brackets"));
        }
        if text.contains("{{{") {
            return Err(UNKNOWN_TAG.to_owned());
        }
        for tag in text.split("{{").skip(1) {
            check(tag)?;
        }
        handlebars::Template::compile(text)
            .map(Self)
            .map_err(|error| format!("this is no template: {}", error.reason()))
    }
}

/// Whether a tag, from behind its braces, is one of those that there are.
fn check(tag: &str) -> Result<(), String> {
    let inside = tag.split("}}").next().unwrap_or_default().trim_start_matches(|c: char| c == '~' || c.is_whitespace());
    if inside.starts_with(['&', '>', '*', '!']) {
        return Err(UNKNOWN_TAG.to_owned());
    }
    let name = |text: &str| -> String {
        text.trim_start().chars().take_while(|c| !c.is_whitespace() && !matches!(c, '}' | ')' | '~')).collect()
    };
    if let Some(block) = inside.strip_prefix('#') {
        let name = name(block);
        return if BLOCKS.contains(&name.as_str()) { calls(inside) } else { Err(unknown(&name, &BLOCKS)) };
    }
    calls(inside)
}

/// Whether every helper that is called in brackets is one of those that there are.
fn calls(inside: &str) -> Result<(), String> {
    for call in inside.split('(').skip(1) {
        let name = call.trim_start().split(|c: char| c.is_whitespace() || c == ')').next().unwrap_or_default();
        if !HELPERS.contains(&name) {
            return Err(unknown(name, &HELPERS));
        }
    }
    Ok(())
}

fn unknown(name: &str, known: &[&str]) -> String {
    format!("there is no `{name}` in templates: there are {}", known.join(", "))
}

/// What templates say of one thing.
pub(super) struct Said(Context);

impl Said {
    pub(super) fn new(item: &Value) -> Self {
        // A value that is JSON already can always be wrapped.
        Self(Context::wraps(item).unwrap_or_else(|_| Context::null()))
    }

    pub(super) fn by(&self, template: &Template) -> Option<String> {
        let mut out = Bounded(String::new());
        let outcome = template.0.render(&HANDLEBARS, &self.0, &mut RenderContext::new(None), &mut out);
        (outcome.is_ok() || out.0.len() >= YIELD).then_some(out.0)
    }
}

/// Text that grows no further than [`YIELD`].
struct Bounded(String);

impl Output for Bounded {
    fn write(&mut self, segment: &str) -> std::io::Result<()> {
        let room = YIELD.saturating_sub(self.0.len());
        if segment.len() <= room {
            self.0.push_str(segment);
            return Ok(());
        }
        self.0.extend(segment.chars().take(room));
        Err(std::io::Error::from(std::io::ErrorKind::StorageFull))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn say(template: &str, item: &Value) -> Option<String> {
        Said::new(item).by(&Template::parse(template).expect("a template"))
    }

    #[test]
    fn a_template_says_what_is_there_and_leaves_out_what_is_not() {
        let item = json!({ "job": { "name": "<deploy>" }, "n": 7, "red": true });
        assert_eq!(say("{{job.name}} #{{n}}{{missing}}", &item).as_deref(), Some("<deploy> #7"));
        assert_eq!(say("{{#if red}}failed{{else}}passed{{/if}}", &item).as_deref(), Some("failed"));
        assert_eq!(say("{{#if (eq n 8)}}eight{{/if}}", &item).as_deref(), Some(""));
        assert_eq!(say("prod", &item).as_deref(), Some("prod"));
    }

    #[test]
    fn what_could_cost_more_than_its_length_is_refused_before_it_is_parsed() {
        let nested = "{{#if a}}".repeat(2_000) + &"{{/if}}".repeat(2_000);
        let brackets = format!("{{{{#if {}a{}}}}}{{{{/if}}}}", "(not ".repeat(300), ")".repeat(300));
        let refused = [
            nested.as_str(),
            &brackets,
            "{{{a}}}",
            "{{&a}}",
            "{{> part}}",
            "{{~> part}}",
            "{{#> part}}{{/part}}",
            "{{#*inline \"x\"}}{{/inline}}",
            "{{ #*inline \"x\"}}{{/inline}}",
            "{{#each a}}{{/each}}",
            "{{#if (len a)}}{{/if}}",
            "{{{{raw}}}}{{{{/raw}}}}",
            "{{#if a}}",
            "{{a",
        ];
        for template in refused {
            assert!(Template::parse(template).is_err(), "{}", &template[..template.len().min(60)]);
        }
    }

    #[test]
    fn what_a_template_yields_is_bounded() {
        let item = json!({ "long": "å".repeat(100_000) });
        let said = say(&"{{long}}".repeat(MOST), &item).expect("what fits");
        assert!(said.len() >= YIELD && said.len() <= 2 * YIELD);
    }
}
