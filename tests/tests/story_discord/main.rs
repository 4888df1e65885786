//! The story of an incident in Discord, told as conversations: what is Discord's own, over the gateway and over HTTP.

mod begin;
mod people;
mod record;
mod rooms;
mod work;
