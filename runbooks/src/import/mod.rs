//! Runbooks from elsewhere. What cannot be carried over is a step by hand that says so; what comes out has no faults.

mod markdown;
mod rundeck;
mod write;

pub use markdown::markdown;
pub use rundeck::rundeck;
