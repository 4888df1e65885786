//! The way out to addresses that people gave, guarded.
