//! Reaching people beyond chats: every way delivers what it should, and nothing else leaves.

mod answers;
mod gate;
mod hooks;
mod letters;
mod mail;
mod many;
mod published;
mod replies;
mod statuspage;
mod ways;
