//! Reaching people beyond chats: every way delivers what it should, and nothing else leaves.

mod answers;
mod mail;
mod replies;
mod ways;
