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
    /// What stands of all that was said to that audience, as it was last put right. That says nothing new: it counts from when the
    /// first was said.
    pub(super) fn of<'m>(messages: impl IntoIterator<Item = &'m Message>, audience: &str) -> Self {
        Self::among(messages, |one| one.audience == audience)
    }

    /// The same of all that is said to some of them.
    pub(super) fn among<'m>(
        messages: impl IntoIterator<Item = &'m Message>,
        is_told: impl Fn(&Message) -> bool,
    ) -> Self {
        let messages: Vec<_> = messages.into_iter().collect();
        let out = |message: &Message| match message.stage {
            Stage::Published { at } => Some(at),
            Stage::Draft
            | Stage::InReview { .. }
            | Stage::Approved
            | Stage::Scheduled { .. }
            | Stage::Retracted { .. }
            | Stage::Discarded => None,
        };
        let said = messages.iter().copied().filter(|one| is_told(one) && one.corrects.is_none());
        let mut said: Vec<_> = said.filter_map(|one| Some((out(one)?, one))).collect();
        said.sort_by_key(|(at, one)| (*at, one.number));
        let mut standing = Self::default();
        for (at, first) in said {
            let message = latest_text(messages.iter().copied(), first.number).unwrap_or(first);
            standing.status = Some(message.status);
            standing.components.extend(message.components.iter().map(|(id, state)| (id.clone(), *state)));
            if message.status.is_over() {
                standing.components.values_mut().for_each(|state| *state = ComponentState::Operational);
                standing.components.extend(message.components.iter().map(|(id, state)| (id.clone(), *state)));
            }
            standing.last = Some((first.number, at));
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
