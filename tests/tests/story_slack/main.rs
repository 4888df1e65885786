//! The story of an incident in Slack, told as conversations: each over Socket Mode and over HTTP.

mod begin;
mod page;
mod people;
mod record;
mod time;
mod work;
