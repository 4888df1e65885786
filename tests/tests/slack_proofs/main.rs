//! Proofs that nothing said in Slack is lost or done twice, whatever breaks: the process, the database, the sockets,
//! Slack itself.

mod declared;
mod kill;
mod office;
mod outage;
mod sockets;
mod stall;
