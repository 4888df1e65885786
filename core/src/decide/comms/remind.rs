//! Reminding of planned work: a message of its own, out at once, that changes nothing on the page.

use super::desk::Desk;
use super::guard::must_be_whole;
use super::send::send;
use super::write::Order;
use crate::comms::template::Template;
use crate::comms::{Cleared, Destination, Stage, Values};
use crate::refusal::Refusal;
use serde_json::json;
use std::sync::Arc;

impl Desk<'_, '_> {
    /// Those who have subscribed are reminded with that template.
    ///
    /// # Errors
    /// When it lacks something, or nobody outside may be told.
    pub(in crate::decide) fn remind(&mut self, template: &Arc<Template>) -> Result<(), Refusal> {
        let incident = &self.draft.incident;
        let cleared = Cleared::of(incident)
            .map_err(|why| Refusal::conflict(format!("Nobody outside is told of {}: {why}", incident.id)))?;
        let mut message = self.compose(Order::of(template, Values::new()))?;
        let audience = self.audience(&message.audience)?;
        message.next_at = None;
        message.stage = Stage::Published { at: self.ctx().now };
        self.render(&mut message, template, audience);
        // It names what is concerned, and says nothing of how that does.
        message.components.clear();
        must_be_whole(&message)?;
        self.audit("message.published", &message, json!({ "reminds": true }));
        let bulletin = self.bulletin(cleared, &message, audience);
        let to: Vec<_> = audience.to.iter().filter(|to| **to == Destination::Subscribers).cloned().collect();
        send(self.draft, &to, &bulletin);
        self.keep(message);
        Ok(())
    }
}
