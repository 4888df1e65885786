//! The binary as people use it: real processes, real sockets, a folder of its own for each test.

mod comms;
mod configs;
mod harness;
mod oncall;
mod operating;
mod shell;
mod stopping;
