//! The fake is as strict as Discord: each limit, each refusal, each way in, proved one by one.

mod app;
mod checks;
mod gateway;
mod interactions;
mod limits;
mod people;
mod rest;
mod sdk;
mod threads;
