//! What Slack sends, over HTTP and Socket Mode: whatever it is, it is answered in time, and nothing that Slack has not
//! signed is listened to.

mod door;
mod late;
mod payloads;
mod people;
mod scene;
mod signatures;
mod sockets;
mod ways;
