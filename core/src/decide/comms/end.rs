//! Taking back what is out, and giving up what is not.

use super::clock;
use super::desk::Desk;
use super::page;
use super::review::senseless;
use super::send::send;
use super::standing::Standing;
use super::write::{Order, Wish, is_public};
use crate::comms::template::Template;
use crate::comms::{Bulletin, Cleared, CommsEvent, Message, PublicStatus, Stage, Values};
use crate::decide::{Draft, State, runs};
use crate::refusal::Refusal;
use serde_json::json;
use std::sync::Arc;

/// A message is taken back: its text leaves the page, and those who got it are told that it does not hold, if their audience has a
/// template for that.
///
/// # Errors
/// When it is not out, or the one who acts may not; of a private incident nothing changes for customers, so that nothing is said to.
pub fn retract(draft: &mut Draft<'_>, number: i64, reason: &str, state: &State) -> Result<(), Refusal> {
    let mut desk = Desk::new(draft, state);
    let mut message = desk.message(number)?;
    let audience = desk.audience(&message.audience)?;
    let Stage::Published { at: published_at } = message.stage else {
        return Err(senseless(&message, "only what is out can be taken back"));
    };
    if let Some(root) = message.corrects {
        let sentence = format!("Message {number} puts message {root} right: take that back");
        return Err(Refusal::conflict(sentence).instead(format!("comms retract {root} {reason}")));
    }
    desk.must_lead(audience)?;
    desk.must_be_told_outside()?;
    let now = desk.ctx().now;
    let is_last = Standing::of(&desk.messages(), &audience.id).last.is_some_and(|(last, _)| last == number);
    message.stage = Stage::Retracted { published_at, at: now, reason: reason.to_owned() };
    desk.tell(&message, CommsEvent::Retracted { reason: reason.to_owned() });
    desk.audit("message.retracted", &message, json!({ "reason": reason }));
    desk.keep(message.clone());
    let notice = desk.notice(&message);
    if let Ok(cleared) = Cleared::of(&desk.draft.incident) {
        if is_public(audience) {
            page::retract(&mut desk, number, notice.as_ref().map(|notice| &notice.texts));
        }
        if let Some(notice) = &notice {
            let components = page::now(&desk).map(|public| public.components()).unwrap_or_default();
            let bulletin = desk.bulletin(cleared, notice, audience);
            let bulletin = Bulletin { retracts: true, components, ..bulletin };
            send(desk.draft, &audience.to, &bulletin);
        }
    }
    if let Some(notice) = notice {
        desk.keep(notice);
    }
    if audience.clocked && is_last {
        clock::untold(desk.draft, &message);
    }
    Ok(())
}

/// Nobody wants a message any more.
///
/// # Errors
/// When it is out.
pub fn discard(draft: &mut Draft<'_>, number: i64, state: &State) -> Result<(), Refusal> {
    let mut desk = Desk::new(draft, state);
    let mut message = desk.message(number)?;
    if !message.stage.is_open() {
        return Err(senseless(&message, "only what is not out yet is discarded"));
    }
    desk.stop_clocks(&message);
    message.stage = Stage::Discarded;
    desk.tell(&message, CommsEvent::Discarded);
    desk.audit("message.discarded", &message, json!({}));
    let step = message.step.clone();
    desk.keep(message);
    if let Some((run, step)) = step {
        let why = format!("message {number} was discarded");
        runs::hear_of_message(draft, (run, &step), Err(&why), state);
    }
    Ok(())
}

/// The template by which an audience is told that something was taken back.
#[must_use]
pub fn retraction<'a>(audience: &str, templates: &'a [Arc<Template>]) -> Option<&'a Arc<Template>> {
    let id = format!("{audience}-retraction");
    templates.iter().find(|one| one.id == id && one.audience == audience && one.preapproved)
}

impl Desk<'_, '_> {
    /// What those who got a message are told when it is taken back; it is a message of its own, and out at once.
    fn notice(&mut self, message: &Message) -> Option<Message> {
        let template = retraction(&message.audience, &self.ctx().org.comms.templates)?;
        let before = Standing::of(&self.messages(), &message.audience);
        let status = Some(before.status.unwrap_or(first(message.status)));
        let order = Order { wish: Wish { status, ..Wish::default() }, ..Order::of(template, Values::new()) };
        let mut notice = self.compose(order).ok()?;
        let audience = self.audience(&message.audience).ok()?;
        notice.components.clone_from(&message.components);
        notice.next_at = None;
        notice.corrects = Some(message.number);
        notice.stage = Stage::Published { at: self.ctx().now };
        self.render(&mut notice, template, audience);
        self.must_be_whole(&notice).ok()?;
        self.audit("message.published", &notice, json!({ "retracts": message.number, "preapproved": true }));
        Some(notice)
    }
}

/// Where things stand when nothing that was said of it holds.
fn first(status: PublicStatus) -> PublicStatus {
    if status.is_of_maintenance() { PublicStatus::Scheduled } else { PublicStatus::Investigating }
}
