//! What becomes of signals: their alerts, the incident of their group, and who is told.
//!
//! * [`sort`] decides about the signals of one group at once: [`hear`] goes through them, [`tell`] says what is new.
//! * An alert that begins to fire belongs to the open incident of its group, if one of its alerts is firing or the last was
//!   heard of within the window. An incident resolved a short time ago is reopened, else another is declared.
//! * An alert is heard once while it fires. Whoever ends an incident whose alerts go on firing has decided so: only what
//!   begins to fire anew opens another.
//! * Silenced alerts are kept and counted, and heard when the silence ends if they are firing then. So are flapping ones,
//!   when they are calm.
//! * A team is paged once per incident: again only when the incident has become worse, or all was calm in between.

mod hear;
mod later;
mod sort;
mod tell;

pub(super) use later::{beat, calm, digest, follow};
pub use sort::sort;
