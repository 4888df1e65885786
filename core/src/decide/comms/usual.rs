//! What a message says unless somebody says otherwise: how the components do, and when the next word is promised.

use super::desk::Desk;
use super::standing::Standing;
use super::write::Promise;
use crate::clock::Timestamp;
use crate::comms::{Audience, Component, ComponentState, PublicStatus};
use chrono::TimeDelta;
use std::collections::BTreeMap;

impl Desk<'_, '_> {
    /// What is said of components unless somebody says otherwise: of those behind which the services concerned are, what the
    /// severity means; at the end, that all that were touched do as they should.
    pub(super) fn usual_components(
        &self,
        status: PublicStatus,
        standing: &Standing,
    ) -> BTreeMap<String, ComponentState> {
        let (rules, incident) = (&self.ctx().org.comms, &self.draft.incident);
        let state = match status {
            PublicStatus::Resolved | PublicStatus::Completed => {
                return standing.components.keys().map(|id| (id.clone(), ComponentState::Operational)).collect();
            }
            PublicStatus::Investigating | PublicStatus::Identified | PublicStatus::Monitoring => {
                rules.at(incident.severity.as_ref()).and_then(|rules| rules.state)
            }
            PublicStatus::Scheduled => Some(ComponentState::Operational),
            PublicStatus::InProgress | PublicStatus::Verifying => Some(ComponentState::UnderMaintenance),
        };
        let is_behind = |services: &[String]| services.iter().any(|service| incident.services.contains(service));
        let is_there = |one: &Component| incident.sites.is_empty() || one.is_at(|site| incident.sites.contains(site));
        let concerned = rules.components.iter().filter(|one| is_behind(&one.services) && is_there(one));
        let concerned = concerned.filter_map(|one| Some((one.id.clone(), state?)));
        // What was said stands, until it is over or the work begins.
        let stands = !status.is_of_maintenance() && standing.status.is_some_and(|status| !status.is_over());
        if stands && !standing.components.is_empty() {
            return standing.components.clone();
        }
        let mut said = standing.components.clone();
        said.extend(concerned);
        said
    }

    pub(super) fn promised(&self, promise: Promise, status: PublicStatus, audience: &Audience) -> Option<Timestamp> {
        let ctx = self.ctx();
        let rules = ctx.org.comms.at(self.draft.incident.severity.as_ref());
        let usual = rules.and_then(|rules| rules.every).filter(|_| audience.clocked && !status.is_of_maintenance());
        let after = match promise {
            _ if status.is_over() => None,
            Promise::Usual => usual.and_then(|every| TimeDelta::from_std(every).ok()),
            Promise::In(span) => Some(span),
            Promise::None => None,
        };
        after.map(|after| ctx.now + after)
    }
}
