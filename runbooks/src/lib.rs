//! Runbooks: their file format, its checks and the step executors.
//!
//! This crate holds their place in the house, between `core` (which will know a run's state) and `bot`.
//! Nothing runs yet.

pub mod remote;
