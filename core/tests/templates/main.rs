//! Templates: read, filled in, refused.

mod fill;
mod library;
mod world;
