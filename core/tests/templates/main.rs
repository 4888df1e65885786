//! Templates: read, filled in, refused.

mod fill;
mod hostile;
mod library;
mod lint;
mod world;
