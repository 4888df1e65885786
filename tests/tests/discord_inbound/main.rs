//! What Discord sends, over HTTP and the gateway: whatever it is, it is answered in time, and nothing that Discord has not
//! signed is listened to.

mod gateway;
mod late;
mod payloads;
mod roles;
mod scene;
mod signatures;
mod ways;
