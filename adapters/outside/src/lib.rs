//! The guarded way out, over HTTP: whatever address people, configs and other systems name, nothing inside is reached by it.
//!
//! What is asked for is judged where it counts: names when they are resolved, and the connection goes to exactly what was
//! judged; addresses as they are, however they are spelled. Redirects are not followed and no proxy is used, so there is no
//! other way to an address than this one.

mod allow;
pub mod guard;
mod names;
mod way;

pub use allow::{Allowed, NotAllowable};
pub use names::{Names, SystemNames};
pub use way::{LARGEST, WayOut};
