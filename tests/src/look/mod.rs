//! How every platform shows what core says: pictures as text, for people to review side by side.
//!
//! A new platform implements [`Look`] and joins [`looks`]; every snapshot and every hostile case then has it, too.

mod blocks;
mod console;
pub mod discord;
pub mod docs;
mod markdown;
pub mod slack;

use muster_core::ids::PersonId;
use muster_core::view::form::Form;
use muster_core::view::{Action, Line, Section, Span, View};

/// Where the console of the tests is.
pub const CONSOLE: &str = "https://muster.example.com";

/// How a platform shows things. All of it panics when the platform would refuse what is made, or when somebody would be
/// pinged who is not meant.
pub trait Look {
    /// Its name, over its pictures.
    fn name(&self) -> &'static str;

    /// A view as people see it.
    fn view(&self, of: &View) -> String;

    /// A form as people see it.
    fn form(&self, of: &Form) -> String;

    /// What stands over a room.
    fn topic(&self, of: &Line) -> String;

    /// Everything one can do with a view comes back as what it means.
    fn leads_back(&self, of: &View);
}

/// Every platform.
#[must_use]
pub fn looks() -> [&'static dyn Look; 3] {
    [&console::Console, &slack::Slack, &discord::Discord]
}

/// Everything one can do with a view, in the order in which it is shown: beside the items, then in the rows.
#[must_use]
pub fn actions(view: &View) -> Vec<&Action> {
    let items = view.sections.iter().flat_map(|section| match section {
        Section::List(items) => items.as_slice(),
        Section::Text(_) | Section::Heading(_) | Section::Fields(_) | Section::Code(_) => &[],
    });
    items.filter_map(|item| item.action.as_ref()).chain(&view.actions).collect()
}

/// Whom a view means to notify.
#[must_use]
pub fn mentioned(view: &View) -> Vec<&PersonId> {
    let lines = view.sections.iter().flat_map(|section| match section {
        Section::Text(line) => vec![line],
        Section::Fields(fields) => fields.iter().map(|field| &field.value).collect(),
        Section::List(items) => items.iter().map(|item| &item.line).collect(),
        Section::Heading(_) | Section::Code(_) => Vec::new(),
    });
    let spans = lines.chain([&view.title, &view.footer]).flatten();
    spans.filter_map(|span| if let Span::Mention { id, .. } = span { Some(id) } else { None }).collect()
}
