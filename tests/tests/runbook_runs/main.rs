//! Runs of runbooks: the table of what may follow what, and Muster at work.

mod table;
mod work;
