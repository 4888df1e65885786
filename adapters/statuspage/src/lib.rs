//! What customers see: the status page in every language, its feeds, its API, and the same as files for any host.
//!
//! Everything is made of [`Model`], which holds public records and the config's words for customers, and nothing else: what is not in
//! it cannot be shown. [`files`] makes every file of it at once; they are served from memory, and exported as they are.

mod api;
mod atlas;
mod course;
mod edition;
mod export;
mod feeds;
mod files;
mod history;
mod model;
mod overall;
mod page;
mod press;
mod serve;
mod shelf;
mod sitemap;

pub use atlas::Scope;
pub use export::{Export, ExportError, S3};
pub use files::{File, files};
pub use model::Model;
pub use press::Press;
pub use serve::{Statuspage, StatuspageConfig};
pub use shelf::{Ready, Shelf};
