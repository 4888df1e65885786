//! Who may do what with a run, and whom a step is for.

use super::desk::{Desk, Spot};
use super::go::is_approval;
use crate::decide::Ctx;
use crate::ids::{PersonId, RoleKey};
use crate::incident::Incident;
use crate::incident::event::Subject;
use crate::org::{Organisation, Right};
use crate::refusal::Refusal;
use crate::runbook::{Action, Grant, Runbook, Who};

/// Whether the one who acts is one of them.
pub(super) fn is_any(who: &[Who], incident: &Incident, ctx: &Ctx<'_>) -> bool {
    let actor = ctx.actor;
    let is = |who: &Who| match who {
        Who::Responders => actor.known && actor.right >= Right::Respond,
        Who::Role { role } => incident.holds(&actor.person, role),
        Who::Team { team } => actor.teams.contains(team) || is_member(team, &actor.person, ctx.org),
        Who::Person { person } => &actor.person == person,
        Who::Right { right } => actor.known && actor.right >= *right,
    };
    actor.right >= Right::Respond && who.iter().any(is)
}

fn is_member(team: &str, person: &PersonId, org: &Organisation) -> bool {
    org.team(team).is_some_and(|team| team.members.contains(person))
}

/// Whether a grant lets the one who acts, at the severity of the incident. Only those whom the config knows are let.
fn is_granted(grants: &[Grant], incident: &Incident, ctx: &Ctx<'_>) -> bool {
    let applies = |grant: &&Grant| {
        grant.severities.is_empty() || incident.severity.as_ref().is_some_and(|key| grant.severities.contains(key))
    };
    ctx.actor.known && grants.iter().filter(applies).any(|grant| is_any(&grant.who, incident, ctx))
}

/// Whether the one who acts may start that runbook in that incident.
#[must_use]
pub fn may_run(book: &Runbook, incident: &Incident, ctx: &Ctx<'_>) -> bool {
    is_granted(&book.permissions.run, incident, ctx)
}

/// Whether the one who acts may drive a run of that runbook.
#[must_use]
pub fn may_drive(book: &Runbook, incident: &Incident, ctx: &Ctx<'_>) -> bool {
    is_granted(&book.permissions.drive, incident, ctx)
}

/// Whether the one who acts is among those who may approve, as far as that does not depend on what they have asked for.
#[must_use]
pub fn may_approve(who: &[Who], incident: &Incident, ctx: &Ctx<'_>) -> bool {
    ctx.actor.known && is_any(who, incident, ctx)
}

impl Desk<'_, '_> {
    /// Whom a step is for: whoever it names, else whoever commands. Nobody is asked to approve what they have asked for.
    pub(super) fn people(&self, spot: Spot) -> Vec<Subject> {
        let incident = self.incident();
        let org = self.ctx().org;
        let mut found = org.named(&self.who(spot), incident);
        let is_named = !found.is_empty();
        if self.action(spot).as_ref().is_some_and(is_approval) {
            let requesters = self.requesters(spot.run);
            found.retain(|one| !requesters.contains(&one.person));
        }
        if is_named {
            return found;
        }
        org.named(&[Who::Role { role: RoleKey::commander() }], incident)
    }

    /// Whom a step names.
    pub(super) fn who(&self, spot: Spot) -> Vec<Who> {
        let Some(step) = self.book_step(spot) else { return Vec::new() };
        let whom = step.whom();
        if whom.is_empty() && matches!(step.action, Action::Comms { .. }) {
            return vec![Who::Role { role: RoleKey::from("comms") }];
        }
        whom.to_vec()
    }

    /// Whether the one who acts may drive the run.
    fn drives(&self, number: i64) -> bool {
        self.run(number).is_some_and(|run| may_drive(&run.book, self.incident(), self.ctx()))
    }

    /// Refuses whoever may not drive the run.
    pub(super) fn must_drive(&self, number: i64) -> Result<(), Refusal> {
        if self.drives(number) {
            return Ok(());
        }
        let name = self.run(number).map(|run| run.book.name.as_str()).unwrap_or_default();
        Err(Refusal::forbidden(format!("You may not drive “{name}”")).instead(format!("runbook show {number}")))
    }

    /// Refuses whoever may not drive the run, and is not one of those the step is for.
    pub(super) fn must_be_asked(&self, spot: Spot) -> Result<(), Refusal> {
        if is_any(&self.who(spot), self.incident(), self.ctx()) {
            return Ok(());
        }
        self.must_drive(spot.run)
    }
}
