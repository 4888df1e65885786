//! Runbooks, pure: what a runbook says, where a run of it stands, and what comes next. Nothing here does IO.

mod book;
mod event;
mod expr;
mod input;
mod job;
mod order;
mod permit;
mod run;
mod step;
mod text;
mod work;

pub use book::{Runbook, Start, Trigger, TriggerOn};
pub use event::{RunEvent, StepEvent};
pub use expr::{Expr, ExprError, Scope};
pub use input::{Input, InputKind};
pub use job::{Job, JobId, JobState};
pub use order::{End, Keep, Kept, Order, Signed, Take, Taken};
pub use permit::{Grant, Permissions, Who};
pub use run::{Approval, Brief, Run, RunState, StepRun, StepState, Transcript};
pub use step::{
    Action, Body, Call, Choice, Limits, OnFailure, Output, Probe, Program, Retry, Source, StatusRange, Step, Undo,
};
pub use text::{Part, Piece, Rendered, Text};
pub use work::{CallWork, Ended, Payload, ProbeWork, ProgramWork, Report, Task, Work};
