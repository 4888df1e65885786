//! Steps that machines carry out, against a real server and with real programs: what they may, what they must not, and what is
//! left of them.

mod descendants;
mod http;
mod injection;
mod probes;
mod programs;
mod rehearsals;
mod secrets;
mod world;
