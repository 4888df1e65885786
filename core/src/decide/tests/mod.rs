//! What stories about decisions share.

pub(super) mod world;
