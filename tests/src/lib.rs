//! What the tests share: harness, fakes and builders.

pub mod browser;
pub mod chats;
pub mod clock;
pub mod dice;
pub mod dump;
pub mod engines;
pub mod fixtures;
pub mod generate;
pub mod likely;
pub mod look;
pub mod memory;
pub mod pg;
pub mod privacy;
pub mod process;
pub mod rules;
pub mod sample;
pub mod scene;
pub mod sentence;
pub mod shown;
pub mod slack;
pub mod stage;
pub mod world;
