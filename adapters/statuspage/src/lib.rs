//! What customers see: the status page in every language, its feeds, its API, and the same as files for any host.
//!
//! Everything is made of [`Model`], which holds public records and the config's words for customers, and nothing else: what is not in
//! it cannot be shown. [`files`] makes every file of it at once; they are served from memory, and exported as they are.

mod api;
mod course;
mod edition;
mod export;
mod feeds;
mod files;
mod history;
mod model;
mod page;
mod serve;
mod shelf;
mod sitemap;

pub use export::{Export, ExportError, S3};
pub use files::{File, files};
pub use history::{Day, day_states};
pub use model::{HISTORY, Model, Scope, Span, State};
pub use serve::{Statuspage, StatuspageConfig};
pub use shelf::{Ready, Shelf};
