//! Who may let a message go, and whether it needs that.

use super::desk::Desk;
use crate::comms::{Audience, Message};
use crate::decide::Ctx;
use crate::decide::runs::{may_approve, named};
use crate::ids::{RoleKey, SeverityKey};
use crate::incident::Incident;
use crate::incident::event::Subject;
use crate::incident::role::COMMS;
use crate::org::Organisation;
use crate::refusal::Refusal;

/// Whether a second person must let the message go: by the rule of its audience, at the severity that the incident has now. Nobody
/// knows how bad one is that has none, so it needs that wherever any severity does.
#[must_use]
pub fn needs_approval(message: &Message, audience: &Audience, severity: Option<&SeverityKey>) -> bool {
    let by_rule = match severity {
        Some(severity) => audience.approval.contains(severity),
        None => !audience.approval.is_empty(),
    };
    by_rule && !message.preapproved
}

/// Whether the one who acts may let it go: one of those who may, who has not written on it.
#[must_use]
pub fn may_let_go(message: &Message, audience: &Audience, incident: &Incident, ctx: &Ctx<'_>) -> bool {
    may_approve(&audience.approvers, incident, ctx) && !is_author(message, ctx)
}

/// Those who may let it go, as far as they can be named.
#[must_use]
pub fn approvers(message: &Message, audience: &Audience, incident: &Incident, org: &Organisation) -> Vec<Subject> {
    let mut people = named(&audience.approvers, incident, org);
    people.retain(|one| message.authors.iter().all(|author| author.person != one.person));
    people
}

pub(super) fn is_author(message: &Message, ctx: &Ctx<'_>) -> bool {
    message.authors.iter().any(|author| author.person == ctx.actor.person)
}

impl Desk<'_, '_> {
    /// Refuses whoever may not let it go.
    pub(super) fn must_be_approver(&self, message: &Message, audience: &Audience) -> Result<(), Refusal> {
        let ctx = self.ctx();
        if !may_approve(&audience.approvers, &self.draft.incident, ctx) {
            let sentence = format!("You are not among those who may approve what {} are told", audience.name);
            return Err(Refusal::forbidden(sentence));
        }
        if is_author(message, ctx) {
            return Err(Refusal::forbidden(
                "You have written on it, or asked for its approval: somebody else must approve it",
            ));
        }
        Ok(())
    }

    /// Refuses whoever neither leads the telling nor may approve.
    pub(super) fn must_lead(&self, audience: &Audience) -> Result<(), Refusal> {
        let (ctx, incident) = (self.ctx(), &self.draft.incident);
        let holds = |role: &RoleKey| incident.holds(&ctx.actor.person, role);
        if holds(&RoleKey::commander()) || holds(&RoleKey::from(COMMS)) {
            return Ok(());
        }
        if may_approve(&audience.approvers, incident, ctx) {
            return Ok(());
        }
        let sentence =
            format!("Only the Comms Lead, the commander and those who may approve what {} are told can", audience.name);
        Err(Refusal::forbidden(sentence).instead("role comms"))
    }

    /// Refuses a guest whom nobody vouches for: what leaves the house is sent by somebody of the house.
    pub(super) fn must_be_known(&self) -> Result<(), Refusal> {
        if self.ctx().actor.known {
            return Ok(());
        }
        Err(Refusal::forbidden("Muster does not know you: somebody of the organisation must tell customers"))
    }
}
