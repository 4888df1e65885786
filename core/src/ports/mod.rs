//! The ports: everything core asks of the outside. Adapters implement them; `bot` wires them.

pub mod audit;
pub mod chat;
pub mod courier;
pub mod credentials;
pub mod executor;
pub mod outside;
pub mod signer;
pub mod store;
pub mod subscribers;
