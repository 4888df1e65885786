//! Proofs of paging: whatever happens to processes, connections and the clock, nobody is forgotten and nobody is called
//! without need. With the real binary where processes die, by a clock that is moved by hand where time must pass.

mod both;
mod crew;
mod kill;
mod late;
mod outage;
mod phones;
mod storm;
