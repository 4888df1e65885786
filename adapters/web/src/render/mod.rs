//! Core's views, forms and timelines as HTML. Pure: the same in gives the same out. All text is escaped by maud;
//! nothing that anybody typed becomes markup, an attribute name, or a link to anything but the web.

pub(crate) mod badge;
mod entry;
mod form;
mod span;
mod view;

pub use entry::render_entry;
pub(crate) use entry::{day, feed_day};
pub use form::render_form;
pub(crate) use span::{line, moment};
pub use view::render;
pub(crate) use view::{act_form, action, hidden, press, problem};

use chrono_tz::Tz;
use muster_core::clock::Timestamp;
use muster_core::ids::IncidentId;

/// For whom something is rendered, when, and on which page.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// The present moment.
    pub now: Timestamp,
    /// The time zone of the one who looks.
    pub zone: Tz,
    /// What buttons need to work; without it there are none.
    pub hands: Option<Hands<'a>>,
}

/// What a button must carry.
#[derive(Debug, Clone, Copy)]
pub struct Hands<'a> {
    /// Proves that the button is ours.
    pub csrf: &'a str,
    /// Fresh for each time a page is rendered: the same button pressed twice has one effect.
    pub request: &'a str,
    /// In which incident's room the page is.
    pub here: Option<IncidentId>,
}
