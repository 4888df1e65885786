//! Commands: one table ([`table`]), one file per command, each with its whole story: its row, its arguments, its decision.

mod ack;
mod alert;
pub mod args;
mod call;
mod catchup;
pub mod check;
mod comms;
pub mod complete;
mod contact;
mod edit;
pub mod form;
mod handoff;
mod help;
mod inputs;
mod join;
mod link;
mod list;
mod maintenance;
mod merge;
mod new;
mod note;
mod oncall;
mod page;
pub mod parse;
mod pin;
mod reminder;
mod reopen;
mod role;
mod room;
mod runbook;
mod sev;
mod show;
mod silence;
pub mod spec;
mod stats;
mod status;
mod summary;
mod table;
mod targets;
mod task;
mod timeline;
mod update;
mod words;

pub use call::Invocation;
pub(crate) use runbook::shown;
pub use runbook::{Inputs, read_inputs};
pub use table::{SHORTCUTS, TABLE, find, verb_of};
pub(crate) use targets::find_target;
pub(crate) use task::command_of;

use crate::decide::{Ctx, Decision, Needs, State};
use crate::ids::IncidentId;
use crate::refusal::Refusal;

/// What a command must be able to do once its arguments are read.
pub(crate) trait Run {
    /// What must be read before it can decide. `incident` is the one it is about, if any.
    fn needs(&self, incident: Option<IncidentId>, ctx: &Ctx<'_>) -> Needs {
        let _ = ctx;
        Needs { incident, ..Needs::default() }
    }

    /// Decides.
    fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal>;
}

macro_rules! commands {
    ($($(#[$doc:meta])* $name:ident($path:path),)*) => {
        /// A command whose arguments have been read.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Command {
            $($(#[$doc])* $name($path),)*
        }

        impl Command {
            /// What must be read before it can decide.
            #[must_use]
            pub fn needs(&self, incident: Option<IncidentId>, ctx: &Ctx<'_>) -> Needs {
                match self { $(Self::$name(command) => Run::needs(command, incident, ctx),)* }
            }

            /// Decides: pure and total.
            ///
            /// # Errors
            /// A [`Refusal`] says why nothing changes.
            pub fn decide(&self, state: &State, ctx: &Ctx<'_>) -> Result<Decision, Refusal> {
                match self { $(Self::$name(command) => Run::decide(command, state, ctx),)* }
            }
        }
    };
}

commands! {
    /// `new`
    New(new::New),
    /// `list`
    List(list::List),
    /// `show`
    Show(show::Show),
    /// `join`
    Join(join::Join),
    /// `update`
    Update(update::Update),
    /// `update snooze`
    Snooze(update::Snooze),
    /// `status`, `mitigate`, `resolve`, `cancel`, `close`
    Status(status::SetStatus),
    /// `reopen`
    Reopen(reopen::Reopen),
    /// `merge`
    Merge(merge::Merge),
    /// `sev`
    Sev(sev::Sev),
    /// `role`
    Role(role::TakeRole),
    /// `role release`
    ReleaseRole(role::ReleaseRole),
    /// `role list`
    Roles(role::ListRoles),
    /// `handoff`
    Handoff(handoff::Offer),
    /// `handoff accept`, `decline`, `withdraw`
    EndHandoff(handoff::EndOffer),
    /// `note`
    Note(note::Note),
    /// `timeline`
    Timeline(timeline::Look),
    /// `timeline edit`, `move`, `remove`
    Amend(timeline::Amend),
    /// `timeline pin`
    Pin(pin::Pin),
    /// `timeline unpin`
    Unpin(pin::Unpin),
    /// `reminder snooze`, `reminder dismiss`
    Remind(reminder::Remind),
    /// `timeline history`
    History(timeline::History),
    /// `task add`, `followup add`
    AddTask(task::Add),
    /// `task list`, `followup list`
    Tasks(task::ListTasks),
    /// `task done`, `reopen`, `assign` and the same of `followup`
    ChangeTask(task::ChangeTask),
    /// `page`
    Page(page::PageSomebody),
    /// `page list`
    Pages(page::ListPages),
    /// `page cancel`, `page reassign`
    MovePage(page::MovePage),
    /// `ack`, `ack decline`, `ack snooze`
    Ack(ack::Answer),
    /// `oncall`
    OnCall(oncall::Who),
    /// `oncall next`
    NextShifts(oncall::Next),
    /// `oncall gaps`
    Gaps(oncall::Gaps),
    /// `oncall override`
    Cover(oncall::Cover),
    /// `oncall cancel`
    TakeBack(oncall::TakeBack),
    /// `oncall swap`
    AskForCover(oncall::AskForCover),
    /// `oncall take`
    TakeShift(oncall::Take),
    /// `oncall feed`
    GiveFeed(oncall::GiveFeed),
    /// `runbook`
    Runbooks(runbook::List),
    /// `runbook show`
    ShowRunbook(runbook::Show),
    /// `runbook run`
    RunRunbook(runbook::Start),
    /// `runbook next`, `tick`, `answer`, `skip`, `retry`, `confirm`, `approve`, `deny`, `pause`, `resume`, `abort`, `undo`
    DriveRunbook(runbook::Say),
    /// `comms`, `comms preview`, `comms history`
    Messages(comms::Look),
    /// `comms draft`
    DraftMessage(comms::Draft),
    /// `comms edit`
    EditMessage(comms::Edit),
    /// `comms holding`
    HoldCustomers(comms::Hold),
    /// `comms submit`, `approve`, `reject`, `publish`, `schedule`, `unschedule`, `retract`, `discard`
    MoveMessage(comms::Move),
    /// `contact`
    Contacts(contact::Contacts),
    /// `contact test`
    TestContact(contact::Test),
    /// `contact confirm`
    ConfirmContact(contact::Confirm),
    /// `stats`
    Stats(stats::Stats),
    /// `room`
    Rooms(room::Rooms),
    /// `room add`
    AddRoom(room::AddRoom),
    /// `catchup`
    CatchUp(catchup::CatchUp),
    /// `summary`
    Summary(summary::Summary),
    /// `edit`
    Edit(edit::Edit),
    /// `link`
    Link(link::Link),
    /// `alert`
    Alerts(alert::Alerts),
    /// `alert show`
    ShowAlert(alert::ShowAlert),
    /// `silence add`, `maintenance add`
    Silence(silence::AddSilence),
    /// `maintenance plan`
    PlanWork(maintenance::PlanWork),
    /// `maintenance move`
    MoveWork(maintenance::MoveWork),
    /// `maintenance extend`
    ExtendWork(maintenance::ExtendWork),
    /// `maintenance begin`, `maintenance finish`
    TurnWork(maintenance::TurnWork),
    /// `silence list`, `maintenance list`
    Silences(silence::ListSilences),
    /// `silence end`, `maintenance end`
    EndSilence(silence::EndSilence),
    /// `help`
    Help(help::Help),
}
