//! Runbooks: their file format and its checks, and whoever carries steps out: here, or at a runner elsewhere.

pub mod execute;
pub mod remote;
