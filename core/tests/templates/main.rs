//! Templates: read, filled in, refused.

mod fill;
mod world;
