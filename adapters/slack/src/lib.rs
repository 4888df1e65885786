//! Slack as a platform: rooms, cards and commands, over Socket Mode or HTTP.

pub mod render;
