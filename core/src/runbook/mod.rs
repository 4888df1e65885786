//! Runbooks, pure: what a runbook says, where a run of it stands, and what comes next. Nothing here does IO.

mod book;
mod event;
mod expr;
mod input;
mod job;
mod next;
mod order;
mod permit;
mod plan;
mod render;
mod run;
mod scope;
mod step;
mod text;
mod work;

pub use book::{Runbook, Start, Trigger, TriggerOn};
pub use event::{RunEvent, StepEvent};
pub use expr::{Expr, ExprError, Name, Scope};
pub use input::{Input, InputKind};
pub use job::{Job, JobId, JobState};
pub use next::{RunSignal, Signal, next, next_run};
pub use order::{End, Keep, Kept, Order, Signed, Take, Taken};
pub use permit::{Grant, Permissions, Who};
pub(crate) use plan::planned;
pub use plan::{Detail, Planned, describe, plan};
pub use render::work;
pub use run::{Approval, Asks, Brief, Run, RunState, StepRun, StepState, Transcript};
pub use scope::{Known, scope};
pub use step::{
    Action, Body, Call, Choice, Limits, OnFailure, Output, Probe, Program, Retry, Source, StatusRange, Step, Undo,
};
pub use text::{Part, Piece, Rendered, Text};
pub use work::{CallWork, Ended, Payload, ProbeWork, ProgramWork, Report, Task, Work};
