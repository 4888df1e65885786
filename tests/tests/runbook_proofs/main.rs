//! Proofs of runbooks: whatever happens to processes, connections and the clock, no step is done twice unasked, and none is
//! left out. With the real binary where processes die, over maps in memory where everything is tried.

mod books;
mod crew;
mod fuzz;
mod kill;
mod ledger;
mod rules;
mod shared;
mod twenty;
