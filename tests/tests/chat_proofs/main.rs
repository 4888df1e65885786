//! Proofs that nothing said in a chat is lost or done twice, whatever breaks: the process, the database, connections,
//! the platform itself. What holds in every chat is told once.

mod chat;
mod cuts;
mod declared;
mod desk;
mod discord;
mod kill;
mod limits;
mod office;
mod outage;
mod slack;
mod sockets;
mod stall;
