//! The other sides of the ways to reach people, over loopback, and a Muster that is connected to them all.

pub mod customers;
mod desk;
mod ntfy;
mod pagerduty;
mod receiver;
mod server;
mod smtp;
mod statuspage;
mod twilio;

pub use desk::{ALICE, BOB, Desk, PUBLIC, mail, page};
pub use ntfy::{FakeNtfy, Published};
pub use pagerduty::FakePagerDuty;
pub use receiver::{Received, Receiver};
pub use server::{Fault, serve};
pub use smtp::{Letter, MailServer, SortingOffice};
pub use statuspage::FakeStatuspage;
pub use twilio::{ACCOUNT, FROM, FakeTwilio, Form, TOKEN, signature};
