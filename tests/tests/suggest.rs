//! What is offered to somebody who types: from memory, never more than they may know, and never held up by the database.

use chrono::TimeDelta;
use muster_core::clock::{Clock, SystemClock};
