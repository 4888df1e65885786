//! Views and forms as embeds, components and modals, and back: pure functions that know Discord's markdown and limits,
//! and nothing else.

mod embed;
pub mod limits;
mod markup;
mod modal;
mod press;
mod rows;
mod submitted;
mod words;

pub use modal::modal;
pub use press::{Pressed, pressed};
pub use submitted::{Unreadable, submitted};

use crate::Id;
use muster_core::chat::fit::web;
use muster_core::chat::named::{Named, subject};
use muster_core::command::Invocation;
use muster_core::ids::{IncidentId, PersonId};
use muster_core::view::{Action, Line, Section, Tone, View, command, text};
use serde_json::{Value, json};

/// What rendering must know of the server.
#[derive(Clone, Copy)]
pub struct Names<'a> {
    /// The Discord user of a person, if they are linked.
    pub user: &'a (dyn Fn(&PersonId) -> Option<Id> + Sync),
    /// The channel that is an incident's room, if it is known and the reader may know of it.
    pub channel: &'a (dyn Fn(IncidentId) -> Option<Id> + Sync),
    /// The server.
    pub guild: Id,
    /// Where the console is, without a slash at the end.
    pub console_url: &'a str,
}

impl<'a> Names<'a> {
    /// Of a server of which only the console is known.
    #[must_use]
    pub fn unknown(console_url: &'a str) -> Self {
        Self { user: &|_| None, channel: &|_| None, guild: 0, console_url }
    }

    /// Where an incident leads: to its channel, or to its page in the console.
    fn way_to(&self, incident: IncidentId) -> String {
        match (self.channel)(incident) {
            Some(channel) => format!("{}/channels/{}/{channel}", crate::API_URL, self.guild),
            None => self.page_of(incident),
        }
    }

    fn page_of(&self, incident: IncidentId) -> String {
        format!("{}/incidents/{incident}", self.console_url)
    }

    /// Where the whole of a view is to be read: the page of the incident it is about, else the console.
    fn whole(&self, view: &View) -> Option<String> {
        let page = subject(view).map_or_else(|| self.console_url.to_owned(), |incident| self.page_of(incident));
        web(&page, limits::URL).map(str::to_owned)
    }
}

/// A view as the body of a message, for making or editing one and for answering interactions. Everything is said, so
/// that an edit leaves nothing of what was there before. Only those whom the view mentions are notified, and they are
/// named in the content, because an embed notifies nobody.
#[must_use]
pub fn message(view: &View, names: &Names<'_>) -> Value {
    let rows = rows::of(view);
    let mentioned = Named::of(view).people;
    let mut users: Vec<Id> = mentioned.iter().filter_map(names.user).collect();
    users.sort_unstable();
    users.dedup();
    users.truncate(limits::MENTIONS.min(limits::CONTENT / "<@18446744073709551615> ".len()));
    let pings: Vec<_> = users.iter().map(|user| format!("<@{user}>")).collect();
    let ids: Vec<_> = users.iter().map(Id::to_string).collect();
    json!({
        "content": pings.join(" "),
        "embeds": [embed::of(view, rows.lacking, names)],
        "components": rows.rows,
        "allowed_mentions": { "parse": [], "users": ids },
    })
}

/// Puts the key of an effect into a message, where it can be found again and nobody sees it: behind the address its
/// title leads to.
pub fn marked(message: &mut Value, key: &str) {
    let key: String = key.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    if let Some(url) = message["embeds"][0]["url"].as_str() {
        message["embeds"][0]["url"] = format!("{url}#{key}").into();
    }
}

/// Adds a button for something that is kept in memory under an id.
pub fn offer_kept(message: &mut Value, label: &str, id: &str) {
    let button = json!({ "type": 2, "style": 1, "label": label, "custom_id": press::kept(id) });
    if let Some(rows) = message["components"].as_array_mut() {
        rows.truncate(limits::ROWS - 1);
        rows.push(json!({ "type": 1, "components": [button] }));
    }
}

/// The question before a command runs that is hard to take back. `label` is what its button says.
#[must_use]
pub fn confirm(call: &Invocation, label: &str) -> View {
    let line = vec![text("This runs "), command(call.to_line()), text(".")];
    View::titled(Tone::Warning, vec![text(format!("{}?", label.trim_end_matches('?')))])
        .with(Section::Text(line))
        .offering(Action::run(label, call.clone()).primary())
}

/// A line as the topic of a channel, where Discord reads some markdown too: one line of text, names as names.
#[must_use]
pub fn topic(line: &Line) -> String {
    markup::mere(&words::of(line), limits::TOPIC_LINE)
}
