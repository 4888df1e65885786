//! What every chat adapter needs and none should write again: how a platform is kept from waiting, what it asked us not
//! to do, what an operator must know, and what people are answered.

mod addresses;
pub mod answer;
pub mod asked;
pub mod backoff;
pub mod cache;
pub mod dash;
pub mod finding;
pub mod fit;
mod found;
pub mod gates;
mod inbox;
mod learned;
mod lenient;
pub mod named;
pub mod offer;
mod place;
pub mod quote;
pub mod signed;
pub mod token;
mod told;
pub mod troubles;
mod unreadable;

pub use addresses::{Addresses, SKEW};
pub use found::found;
pub use inbox::{Inbox, LAST_ORDERS};
pub use learned::Learned;
pub use lenient::lenient;
pub use told::{PATIENCE, Pending, Told, soon};
pub use unreadable::unreadable;
