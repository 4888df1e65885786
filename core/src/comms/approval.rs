//! Whether a second person must let a message go, and who that may be.

use super::{Audience, Message};
use crate::ids::SeverityKey;
use crate::incident::Incident;
use crate::incident::event::Subject;
use crate::org::Organisation;

impl Audience {
    /// Whether a second person must let a message to them go, at the severity that its incident has now. Nobody knows how bad one is
    /// that has none, so it needs that wherever any severity does.
    #[must_use]
    pub fn needs_approval(&self, message: &Message, severity: Option<&SeverityKey>) -> bool {
        let by_rule = match severity {
            Some(severity) => self.approval.contains(severity),
            None => !self.approval.is_empty(),
        };
        by_rule && !message.preapproved
    }

    /// Those who may let a message to them go, as far as they can be named: none of its authors.
    #[must_use]
    pub fn reviewers(&self, message: &Message, incident: &Incident, org: &Organisation) -> Vec<Subject> {
        let mut people = org.named(&self.approvers, incident);
        people.retain(|one| !message.is_author(&one.person));
        people
    }
}
