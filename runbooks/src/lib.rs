//! Runbooks: their file format, its checks and the step executors.

mod format;

pub use format::fault::Fault;
pub use format::{Source, from_bytes, load, read, sources};
