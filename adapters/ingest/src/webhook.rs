//! Any JSON, understood by the mapping that the config gives for its source.

use crate::field;
use crate::receive::Letter;
use crate::refusal::Unreadable;
use muster_core::alert::Signal;

pub(crate) fn read(letter: &Letter<'_>) -> Result<Vec<Signal>, Unreadable> {
    match &letter.source.mapping {
        Some(mapping) => mapping.signals(letter.source, &field::parse(letter.body)?),
        None => Err(Unreadable::new("This source has no mapping in the config")),
    }
}
