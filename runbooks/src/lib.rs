//! Runbooks: their file format and its checks, and whoever carries steps out: here, or at a runner elsewhere.

pub mod execute;
mod format;
pub mod import;
pub mod library;
pub mod remote;
pub mod trial;

pub use format::fault::Fault;
pub use format::{Source, from_bytes, load, read, read_each, schema, sources};
