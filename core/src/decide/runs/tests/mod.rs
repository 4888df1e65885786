//! Runs: stories.

mod approvals;
mod driving;
mod machines;
mod planning;
mod taking_back;
mod triggers;
mod world;
