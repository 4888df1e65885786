//! What Muster knows and decides: incidents, commands, views, and the ports through which the world is reached.
//!
//! Nothing here does IO. Adapters implement the traits of [`ports`]; [`app`] drives them.

pub mod alert;
pub mod app;
pub mod audit;
pub mod chat;
pub mod clock;
pub mod command;
pub mod comms;
pub mod decide;
pub mod effect;
pub mod export;
pub mod ids;
pub mod inbound;
pub mod incident;
pub mod oncall;
pub mod org;
pub mod peer;
pub mod plain;
pub mod ports;
pub mod record;
pub mod refusal;
pub mod reply;
pub mod runbook;
pub mod secret;
pub mod section;
pub mod time;
pub mod timer;
pub mod view;
pub mod web;
