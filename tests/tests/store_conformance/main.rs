//! What every store promises, told as stories and run in memory, on SQLite and on PostgreSQL; then what only one promises.

#![expect(clippy::unwrap_used, reason = "the helpers of a test panic as the test would")]

#[macro_use]
mod home;

mod alerts;
mod audit;
mod database;
mod decisions;
mod errands;
mod lists;
mod old;
mod outbox;
mod pages;
mod parcels;
mod people;
mod postgres;
mod records;
mod signals;
mod sorting;
mod sqlite;
mod subscribers;
mod tampering;
mod timeline;
mod timers;
