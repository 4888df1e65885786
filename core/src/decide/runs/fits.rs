//! Which words make sense for a step where it stands. One place says it, for those who name a step and for those who do not.

use super::Word;
use super::go::{is_approval, is_passed};
use crate::runbook::{Action, Step, StepRun, StepState};

/// Whether a word makes sense for a step where it stands, or for the taking back of it.
#[must_use]
pub fn fits(word: &Word, step: &Step, now: &StepRun, undo: bool) -> bool {
    let at = now.at(undo);
    let action = if undo { step.undo.as_ref().map(|undo| &undo.action) } else { Some(&step.action) };
    let asks = |kind: fn(&Action) -> bool| *at == StepState::Asking && action.is_some_and(kind);
    let is_failed = is_blocking(step, now, undo);
    match word {
        Word::Next => *at == StepState::Held || asks(|it| matches!(it, Action::Manual { .. } | Action::Comms { .. })),
        Word::Tick(_) => asks(|it| matches!(it, Action::Manual { checklist, .. } if !checklist.is_empty())),
        Word::Answer(_) => asks(|it| matches!(it, Action::Ask { .. })),
        Word::Approve(_) | Word::Deny(_) => asks(is_approval),
        Word::Retry => is_failed,
        Word::Confirm => is_failed && !action.is_some_and(|it| is_approval(it) || matches!(it, Action::Ask { .. })),
        Word::Skip(_) => {
            let is_waiting = matches!(at, StepState::Held | StepState::Asking | StepState::Waiting { .. });
            (is_failed || is_waiting) && !action.is_some_and(is_approval)
        }
        Word::Pause | Word::Resume | Word::Abort(_) | Word::Undo => false,
    }
}

/// Whether a run cannot go on before somebody has said what is to become of that step.
pub(super) fn is_blocking(step: &Step, now: &StepRun, undo: bool) -> bool {
    let at = now.at(undo);
    let is_bad = matches!(at, StepState::Failed { .. } | StepState::Unknown { .. });
    is_bad && (undo || !is_passed(step, at))
}
