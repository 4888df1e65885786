//! The config that `muster init` writes, which is also the organisation of local mode.

/// An annotated config: every key, with its default or an example.
pub(crate) const SAMPLE: &str = include_str!("sample.toml");
