//! Views and forms as Block Kit.
