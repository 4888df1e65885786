//! Comms messages: stories.

mod correcting;
mod inside;
mod matrix;
mod publishing;
mod reviewing;
mod runbooks;
mod scheduling;
mod world;
mod writing;
