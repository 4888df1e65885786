//! What an audience has been told: where things stand, how the components do.

use crate::clock::Timestamp;
use crate::comms::{ComponentState, Message, PublicStatus, Stage};
use std::collections::BTreeMap;

/// What an audience has been told so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Standing {
    /// Where things stand.
    pub(super) status: Option<PublicStatus>,
    /// How the components do that were touched.
    pub(super) components: BTreeMap<String, ComponentState>,
    /// The message that says it, and when it went out.
    pub(super) last: Option<(i64, Timestamp)>,
}

impl Standing {
    /// What stands of all that was said to that audience. What only puts another message right says nothing new.
    pub(super) fn of<'m>(messages: impl IntoIterator<Item = &'m Message>, audience: &str) -> Self {
        let out = |message: &Message| match message.stage {
            Stage::Published { at } => Some(at),
            Stage::Draft
            | Stage::InReview { .. }
            | Stage::Approved
            | Stage::Scheduled { .. }
            | Stage::Retracted { .. }
            | Stage::Discarded => None,
        };
        let said = messages.into_iter().filter(|one| one.audience == audience && one.corrects.is_none());
        let mut said: Vec<_> = said.filter_map(|one| Some((out(one)?, one))).collect();
        said.sort_by_key(|(at, one)| (*at, one.number));
        let mut standing = Self::default();
        for (at, message) in said {
            standing.status = Some(message.status);
            standing.components.extend(message.components.iter().map(|(id, state)| (id.clone(), *state)));
            if message.status.is_over() {
                standing.components.values_mut().for_each(|state| *state = ComponentState::Operational);
                standing.components.extend(message.components.iter().map(|(id, state)| (id.clone(), *state)));
            }
            standing.last = Some((message.number, at));
        }
        standing
    }
}

/// The message that says what the one of that number says now, if that stands: itself, or the last that has put it right. They come in
/// the order of their numbers.
pub(super) fn latest_text<'m>(messages: impl IntoIterator<Item = &'m Message>, root: i64) -> Option<&'m Message> {
    let is_it = |one: &&Message| one.number == root || one.corrects == Some(root);
    let out = messages.into_iter().filter(|one| is_it(one) && matches!(one.stage, Stage::Published { .. }));
    let out: Vec<_> = out.collect();
    let stands = out.first().is_some_and(|first| first.number == root);
    out.last().copied().filter(|_| stands)
}
