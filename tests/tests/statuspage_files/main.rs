//! The status page for programs: feeds, calendar, badges and API, read by those who read them for a living; and how all of it is served,
//! exported and subscribed to.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod agreement;
mod api;
mod export;
mod feeds;
mod hostile;
mod house;
mod killed;
mod press;
mod serving;
mod subscribing;
