//! Views and forms as Block Kit, and back: pure functions that know Slack's markup and limits, and nothing else.
//!
//! Running text goes into rich text blocks, where text is only text. Where Slack takes none (fields, small print, text
//! beside a button) a line is marked up only if nothing in it could be read as markup.

mod action;
mod blocks;
pub mod limits;
mod modal;
mod rich;
mod submitted;
mod text;
mod truncate;

pub use action::{Pressed, action};
pub use modal::modal;
pub use submitted::{Carried, Unreadable, errors, submitted};

use chrono_tz::Tz;
use muster_core::chat::fit::{cut, is_blank, length};
use muster_core::ids::{IncidentId, PersonId};
use muster_core::plain::clean;
use muster_core::view::{Line, Section, Span, View};
use serde_json::Value;
use slack_morphism::prelude::{SlackHomeView, SlackModalView, SlackView};
use truncate::Surface;

/// The `callback_id` of every form.
pub const FORM: &str = "form";

/// Leaves things as they are. Not “Cancel”: that is what one does to an incident.
const BACK: &str = "Back";

const MESSAGE: Surface = Surface { blocks: limits::MESSAGE_BLOCKS, size: limits::MESSAGE_SIZE };
const VIEW: Surface = Surface { blocks: limits::VIEW_BLOCKS, size: limits::VIEW_SIZE };

/// What rendering must know of the workspace.
#[derive(Clone, Copy)]
pub struct Names<'a> {
    /// The Slack user id of a person, if they are linked.
    pub user: &'a (dyn Fn(&PersonId) -> Option<String> + Sync),
    /// The channel that is an incident's room, if it is known and the reader may know of it.
    pub channel: &'a (dyn Fn(IncidentId) -> Option<String> + Sync),
    /// Where the workspace is (`url` of `auth.test`, without a slash at the end), so that an incident is shown by its
    /// number and still leads to its channel. Without it, the channel's own name is shown.
    pub workspace_url: Option<&'a str>,
    /// The slash command, with its slash: what stands before every line one types.
    pub command: &'a str,
    /// Where the console is, without a slash at the end.
    pub console_url: &'a str,
    /// The time zone of times where Slack does not show the reader's own.
    pub zone: Tz,
}

impl<'a> Names<'a> {
    /// Of a workspace of which only the console is known.
    #[must_use]
    pub fn unknown(console_url: &'a str) -> Self {
        Self { user: &|_| None, channel: &|_| None, workspace_url: None, command: "/inc", console_url, zone: Tz::UTC }
    }

    fn user_of(&self, person: &PersonId) -> Option<String> {
        (self.user)(person).filter(|id| is_id(id))
    }

    /// Where an incident leads: to its channel, by link or by name, or to its page in the console.
    fn way_to(&self, incident: IncidentId) -> Way {
        let channel = (self.channel)(incident).filter(|id| is_id(id));
        match (channel, self.workspace_url) {
            (Some(channel), Some(workspace)) => Way::Link(format!("{workspace}/archives/{channel}")),
            (Some(channel), None) => Way::Channel(channel),
            (None, _) => Way::Link(self.page_of(incident)),
        }
    }

    fn page_of(&self, incident: IncidentId) -> String {
        format!("{}/incidents/{incident}", self.console_url)
    }
}

enum Way {
    Channel(String),
    Link(String),
}

/// Slack's ids are letters and digits; nothing else may become part of a mention.
fn is_id(id: &str) -> bool {
    !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// A message, for `chat.postMessage` and its like.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// What notifications and screen readers say: escaped, with no mention but those of [`Span::Mention`].
    pub text: String,
    /// The array of blocks.
    pub blocks: Value,
}

/// A view as a message.
#[must_use]
pub fn message(view: &View, names: &Names<'_>) -> Message {
    Message { text: fallback(view, names), blocks: json(&blocks::of(view, MESSAGE, names)) }
}

/// A view as a modal that is only read: the answer to a form that has one.
#[must_use]
pub fn result_modal(view: &View, names: &Names<'_>) -> Value {
    let title = text::label(&text::words(&view.title, names).replace('\n', " "), limits::MODAL_TITLE);
    let modal = SlackModalView::new(title, blocks::of(view, VIEW, names)).with_close("Close".into());
    json(&SlackView::Modal(modal))
}

/// A view as a home tab, for `views.publish`.
#[must_use]
pub fn home(view: &View, names: &Names<'_>) -> Value {
    json(&SlackView::Home(SlackHomeView::new(blocks::of(view, VIEW, names))))
}

/// A line as the topic of a channel: one line of mere text, names as names. Slack does not read markup there, but it
/// reads `&lt;` and its like everywhere. <https://docs.slack.dev/reference/methods/conversations.setTopic>
#[must_use]
pub fn topic(line: &Line) -> String {
    let words = text::words(line, &Names::unknown("")).replace('\n', " ");
    escaped_within(&words, limits::TOPIC)
}

/// Escapes a text and cuts it so that no escape is torn.
fn escaped_within(words: &str, limit: usize) -> String {
    let mut room = limit;
    loop {
        let escaped = text::escape(&cut(words, room));
        let over = length(&escaped).saturating_sub(limit);
        if over == 0 || room <= 1 {
            return escaped;
        }
        room = room.min(length(words)).saturating_sub(over.div_ceil(5)).max(1);
    }
}

fn fallback(view: &View, names: &Names<'_>) -> String {
    let first = view.sections.iter().find_map(|section| match section {
        Section::Text(line) => Some(text::words(line, names)),
        Section::Heading(_) | Section::Fields(_) | Section::List(_) | Section::Code(_) => None,
    });
    let below = [first.unwrap_or_default(), text::words(&view.footer, names)];
    let below = below.iter().filter(|part| !is_blank(part)).map(|part| format!("\n{part}")).collect::<String>();
    let title = mentioning(&view.title, names);
    let room = limits::FALLBACK.saturating_sub(length(&title));
    let below = if room > 1 { escaped_within(&below, room) } else { String::new() };
    let whole = format!("{title}{below}");
    format!("{} {}", view.tone.sign(), whole.trim_start())
}

/// A line escaped, with those who are to be notified. Where it is too long nobody is: the blocks say whom it is about.
fn mentioning(line: &Line, names: &Names<'_>) -> String {
    let words = text::words(line, names);
    if length(&words) > limits::TITLE {
        return escaped_within(&words, limits::TITLE);
    }
    let span = |span: &Span| match span {
        Span::Mention { id, .. } => names.user_of(id).map(|user| format!("<@{user}>")),
        Span::Text(_)
        | Span::Strong(_)
        | Span::Code(_)
        | Span::Command(_)
        | Span::Person { .. }
        | Span::Incident(_)
        | Span::Time { .. }
        | Span::Link { .. } => None,
    };
    let words = |part| span(part).unwrap_or_else(|| text::escape(&clean(&text::word(part, names))));
    line.iter().map(words).collect()
}

/// The SDK's models are made of texts, numbers and lists: there is no way for them not to be JSON.
fn json(model: &impl serde::Serialize) -> Value {
    serde_json::to_value(model).unwrap_or_default()
}
