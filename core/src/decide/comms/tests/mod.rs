//! Comms messages: stories.

mod clock;
mod correcting;
mod digests;
mod inside;
mod matrix;
mod publishing;
mod reviewing;
mod runbooks;
mod scheduling;
mod world;
mod writing;
