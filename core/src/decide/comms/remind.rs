//! Reminding of planned work: a message of its own, out at once, that changes nothing on the page.

use super::desk::Desk;
use super::guard::must_be_whole;
use super::send::send;
use super::write::Order;
use crate::comms::{Cleared, Destination, Stage, Values};
use crate::decide::{Draft, State};
use crate::refusal::Refusal;
use serde_json::json;

/// Those who have subscribed are reminded with the template of that id, which must be approved beforehand.
///
/// # Errors
/// When there is no such template, it lacks something, or nobody outside may be told.
pub(in crate::decide) fn remind(draft: &mut Draft<'_>, template: &str, state: &State) -> Result<(), Refusal> {
    let found = draft.org().comms.template(template).filter(|template| template.preapproved).cloned();
    let missing = || Refusal::not_found(format!("There is no template “{template}” that was approved beforehand"));
    let template = found.ok_or_else(missing)?;
    let cleared = Cleared::of(&draft.incident)
        .map_err(|why| Refusal::conflict(format!("Nobody outside is told of {}: {why}", draft.incident.id)))?;
    let mut desk = Desk::new(draft, state);
    let mut message = desk.compose(Order::of(&template, Values::new()))?;
    let audience = desk.audience(&message.audience)?;
    message.next_at = None;
    message.stage = Stage::Published { at: desk.ctx().now };
    desk.render(&mut message, &template, audience);
    // It names what is concerned, and says nothing of how that does.
    message.components.clear();
    must_be_whole(&message)?;
    desk.audit("message.published", &message, json!({ "reminds": true }));
    let bulletin = desk.bulletin(cleared, &message, audience);
    let to: Vec<_> = audience.to.iter().filter(|to| **to == Destination::Subscribers).cloned().collect();
    send(desk.draft, &to, &bulletin);
    desk.keep(message);
    Ok(())
}
