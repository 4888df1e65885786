//! Pages: who is called, in which order, and what becomes of it. Everything here is part of a change of an incident.
//!
//! A page walks along its [`way::Way`]: the levels of a policy, as often as the policy repeats them, and the last resort. At
//! each stop people are called by the steps of their own rules ([`call`]); an answer ([`answer`]) ends it.

mod answer;
mod call;
pub mod contact_test;
mod end;
mod failed;
mod hear;
mod quiet;
mod raise;
mod steps;
mod way;

pub use answer::{ack, decline, snooze};
pub use contact_test::doubts;
pub use end::cancel;
pub(super) use end::follow;
pub use hear::{AttemptNews, hear_of_attempt, is_wanted};
pub use raise::{Order, Raised, order};
pub(super) use raise::{call_on, escalate};
pub use steps::{contact, contacts, steps};
pub use way::{Stop, Way};

use super::{Draft, PageFact, PageFactKind};
use crate::ids::PersonId;
use crate::incident::page::{Page, PageEvent};
use crate::oncall::Target;
use crate::org::Organisation;
use crate::record::{RecordKind, Wanted};

/// The records that must be read where anybody may be called.
#[must_use]
pub fn records() -> Vec<Wanted> {
    vec![Wanted::All(RecordKind::Roster), Wanted::All(RecordKind::Load), Wanted::All(RecordKind::Proofs)]
}

impl Draft<'_> {
    /// A page, to be changed.
    fn page_mut(&mut self, number: i64) -> Option<&mut Page> {
        self.incident.pages.iter_mut().find(|page| page.number == number)
    }
}

/// The team a page is for.
#[must_use]
pub fn team<'a>(target: &'a Target, org: &'a Organisation) -> Option<&'a str> {
    match target {
        Target::Team { id } => Some(id),
        Target::Schedule { id } => org.schedule(id)?.team.as_deref(),
        Target::Person { .. } | Target::Channel { .. } | Target::Outlet { .. } => None,
    }
}

/// What statistics need of what happened.
pub(super) fn fact(number: i64, what: &PageEvent, draft: &Draft<'_>) -> Option<PageFact> {
    let ctx = draft.ctx();
    let me = || Some(ctx.actor.person.clone());
    let (what, person): (_, Option<PersonId>) = match what {
        PageEvent::Raised { .. } => (PageFactKind::Raised, None),
        PageEvent::Called { who } => (PageFactKind::Called, Some(who.person.clone())),
        PageEvent::Acked => (PageFactKind::Acked, me()),
        PageEvent::Declined => (PageFactKind::Declined, me()),
        PageEvent::Unanswered => (PageFactKind::Unanswered, None),
        PageEvent::Told { .. }
        | PageEvent::NobodyThere { .. }
        | PageEvent::Held { .. }
        | PageEvent::Waits { .. }
        | PageEvent::Reached { .. }
        | PageEvent::Failed { .. }
        | PageEvent::Snoozed { .. }
        | PageEvent::Resumed
        | PageEvent::Cancelled
        | PageEvent::Over => return None,
    };
    let page = draft.incident.page(number)?;
    let team = team(&page.target, ctx.org).map(str::to_owned);
    Some(PageFact { at: ctx.now, incident: draft.incident.id, page: number, team, person, what })
}
