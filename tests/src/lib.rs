//! What the tests share: harness, fakes and builders.

pub mod alertmanager;
pub mod browser;
pub mod chats;
pub mod clock;
pub mod dice;
pub mod discord;
pub mod dump;
pub mod engines;
pub mod fault;
pub mod fixtures;
pub mod generate;
pub mod likely;
pub mod look;
pub mod memory;
mod needed;
pub mod notify;
pub mod pg;
pub mod privacy;
pub mod process;
pub mod python;
pub mod record;
pub mod rules;
pub mod runs;
pub mod sample;
pub mod scene;
pub mod schedules;
pub mod sentence;
pub mod shown;
pub mod slack;
pub mod stage;
pub mod tls;
mod vendor;
mod watched;

pub mod whittle;
mod wire;
pub mod world;
