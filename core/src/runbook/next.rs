//! The state machine of runs and of their steps: one total table each. What is not here does not happen.

use super::{RunState, StepRun, StepState};
use crate::clock::Timestamp;
use crate::incident::event::Subject;

/// What happens to a step, or to the taking back of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signal {
    /// It could begin, and waits for somebody to let it.
    Hold,
    /// It begins: people are asked.
    Ask,
    /// It waits for the clock: it is a wait, or is tried again then.
    Rest {
        /// Until when.
        until: Timestamp,
    },
    /// It begins: a machine is to do it.
    Queue,
    /// A machine begins.
    Take {
        /// Which.
        worker: String,
    },
    /// It begins: its steps, or the run it starts.
    Open {
        /// That run.
        run: Option<i64>,
    },
    /// It is not under way any more, as if it had not begun.
    Withdraw,
    /// It is done.
    Succeed,
    /// It is not needed.
    Unneeded,
    /// It has failed.
    Fail {
        /// Why.
        reason: String,
    },
    /// Nobody knows any more what becomes of it.
    Lose {
        /// Why.
        reason: String,
    },
    /// What was approved holds no longer.
    Void,
    /// Somebody leaves it out.
    Skip {
        /// Who.
        by: Subject,
        /// Why.
        reason: String,
    },
    /// Somebody wants it tried again.
    Retry,
    /// Somebody says that it took effect.
    Confirm,
}

/// Where a step stands after a signal; nothing, if that makes no sense where it stands.
#[must_use]
pub fn next(state: &StepState, signal: &Signal) -> Option<StepState> {
    use StepState as S;
    let (may, then) = match signal.clone() {
        Signal::Hold => (matches!(state, S::Pending), S::Held),
        Signal::Ask => (matches!(state, S::Pending | S::Held), S::Asking),
        Signal::Rest { until } => (matches!(state, S::Pending | S::Held | S::Working { .. }), S::Waiting { until }),
        Signal::Queue => (matches!(state, S::Pending | S::Held | S::Waiting { .. }), S::Queued),
        Signal::Take { worker } => (matches!(state, S::Queued), S::Working { worker }),
        Signal::Open { run } => (matches!(state, S::Pending | S::Held | S::Open { .. }), S::Open { run }),
        Signal::Withdraw => {
            (matches!(state, S::Held | S::Asking | S::Waiting { .. } | S::Queued | S::Working { .. }), S::Pending)
        }
        Signal::Succeed => (
            matches!(
                state,
                S::Pending
                    | S::Held
                    | S::Asking
                    | S::Waiting { .. }
                    | S::Working { .. }
                    | S::Open { .. }
                    | S::Unknown { .. }
            ),
            S::Done,
        ),
        Signal::Unneeded => (matches!(state, S::Pending | S::Held), S::NotNeeded),
        Signal::Fail { reason } => (
            matches!(
                state,
                S::Pending
                    | S::Held
                    | S::Asking
                    | S::Waiting { .. }
                    | S::Working { .. }
                    | S::Open { .. }
                    | S::Unknown { .. }
            ),
            S::Failed { reason },
        ),
        Signal::Lose { reason } => (matches!(state, S::Working { .. }), S::Unknown { reason }),
        Signal::Void => (matches!(state, S::Done), S::Asking),
        Signal::Skip { by, reason } => (
            matches!(
                state,
                S::Pending | S::Held | S::Asking | S::Waiting { .. } | S::Queued | S::Failed { .. } | S::Unknown { .. }
            ),
            S::Skipped { by, reason },
        ),
        Signal::Retry => (matches!(state, S::Failed { .. } | S::Unknown { .. }), S::Pending),
        Signal::Confirm => (matches!(state, S::Failed { .. } | S::Unknown { .. }), S::Done),
    };
    may.then_some(then)
}

/// What happens to a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunSignal {
    /// Somebody wants nothing more to begin.
    Pause,
    /// Somebody lets it go on.
    Resume,
    /// A step needs a word of people.
    Stop,
    /// There is nothing more to do.
    Finish,
    /// What was done is to be taken back.
    Undo,
    /// It is given up.
    Abort,
}

/// Where a run stands after a signal; nothing, if that makes no sense where it stands.
#[must_use]
pub fn next_run(state: &RunState, signal: RunSignal) -> Option<RunState> {
    use RunState as R;
    match (signal, state) {
        (RunSignal::Pause, R::Running) => Some(R::Paused),
        (RunSignal::Resume, R::Paused | R::Stopped) => Some(R::Running),
        (RunSignal::Resume, R::UndoStopped) => Some(R::Undoing),
        (RunSignal::Stop, R::Running | R::Paused) => Some(R::Stopped),
        (RunSignal::Stop | RunSignal::Pause, R::Undoing) => Some(R::UndoStopped),
        (RunSignal::Finish, R::Running) => Some(R::Done),
        (RunSignal::Finish, R::Undoing) => Some(R::Undone),
        (RunSignal::Undo, R::Running | R::Paused | R::Stopped | R::Done | R::Aborted) => Some(R::Undoing),
        (RunSignal::Abort, R::Running | R::Paused | R::Stopped | R::Undoing | R::UndoStopped) => Some(R::Aborted),
        (
            RunSignal::Pause
            | RunSignal::Resume
            | RunSignal::Stop
            | RunSignal::Finish
            | RunSignal::Undo
            | RunSignal::Abort,
            R::Running | R::Paused | R::Stopped | R::Undoing | R::UndoStopped | R::Done | R::Undone | R::Aborted,
        ) => None,
    }
}

impl StepRun {
    /// Where it stands, or the taking back of it.
    #[must_use]
    pub fn at(&self, undo: bool) -> &StepState {
        if undo { self.undo.as_ref().unwrap_or(&StepState::Pending) } else { &self.state }
    }

    /// How often that was begun.
    #[must_use]
    pub fn attempt_of(&self, undo: bool) -> u32 {
        if undo { self.undo_attempt } else { self.attempt }
    }

    /// How often it has really begun: what was withdrawn before a machine had taken it has not.
    #[must_use]
    pub fn made(&self) -> u32 {
        self.attempt.saturating_sub(self.withdrawn)
    }

    /// A signal comes; `false` if it makes no sense, and then nothing has changed. Attempts are counted as they begin, and no
    /// number is given twice.
    pub fn take(&mut self, undo: bool, signal: &Signal, now: Timestamp) -> bool {
        let before = self.at(undo).clone();
        let Some(after) = next(&before, signal) else { return false };
        let from_rest = matches!(before, StepState::Pending | StepState::Held);
        let attempt = if undo { &mut self.undo_attempt } else { &mut self.attempt };
        match signal {
            Signal::Queue => *attempt += 1,
            Signal::Ask | Signal::Rest { .. } | Signal::Open { .. } | Signal::Succeed if from_rest => *attempt += 1,
            Signal::Withdraw if before == StepState::Queued && !undo => self.withdrawn += 1,
            Signal::Hold
            | Signal::Ask
            | Signal::Rest { .. }
            | Signal::Take { .. }
            | Signal::Open { .. }
            | Signal::Withdraw
            | Signal::Succeed
            | Signal::Unneeded
            | Signal::Fail { .. }
            | Signal::Lose { .. }
            | Signal::Void
            | Signal::Skip { .. }
            | Signal::Retry
            | Signal::Confirm => {}
        }
        if *attempt > 0 && !undo {
            self.began_at.get_or_insert(now);
        }
        self.changed_at = Some(now);
        if undo {
            self.undo = Some(after);
        } else {
            self.state = after;
        }
        true
    }
}

#[cfg(test)]
mod tests;
