//! Muster at work on runs of runbooks.

mod work;
