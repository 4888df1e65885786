//! Taking back what is out, and giving up what is not.

use super::clock;
use super::desk::Desk;
use super::guard::{must_be_whole, senseless};
use super::page;
use super::send::send;
use super::standing::Standing;
use super::write::Order;
use crate::comms::template::Purpose;
use crate::comms::{Bulletin, Cleared, CommsEvent, Message, Stage, Values};
use crate::decide::runs;
use crate::refusal::Refusal;
use serde_json::json;

impl Desk<'_, '_> {
    /// A message is taken back: its text leaves the page, and those who got it are told that it does not hold, if their audience has a
    /// template for that.
    ///
    /// # Errors
    /// When it is not out, or the one who acts may not; of a private incident nothing changes for customers, so that nothing is said to.
    pub fn retract(&mut self, number: i64, reason: &str) -> Result<(), Refusal> {
        let mut message = self.message(number)?;
        let audience = self.audience(&message.audience)?;
        let Stage::Published { at: published_at } = message.stage else {
            return Err(senseless(&message, "only what is out can be taken back"));
        };
        if let Some(root) = message.corrects {
            let sentence = format!("Message {number} puts message {root} right: take that back");
            return Err(Refusal::conflict(sentence).instead(format!("comms retract {root} {reason}")));
        }
        self.must_lead(audience)?;
        self.must_be_told_outside()?;
        let is_last = Standing::of(&self.messages(), &audience.id).last.is_some_and(|(last, _)| last == number);
        message.stage = Stage::Retracted { published_at, at: self.ctx().now, reason: reason.to_owned() };
        self.happened(&message, CommsEvent::Retracted { reason: reason.to_owned() });
        self.keep(message.clone());
        let notice = self.notice(&message);
        if let Ok(cleared) = Cleared::of(&self.draft.incident) {
            if audience.is_public() {
                page::retract(self, number);
            }
            if let Some(notice) = &notice {
                let components = page::now(self).map(|public| public.components()).unwrap_or_default();
                let bulletin = self.bulletin(cleared, notice, audience);
                let bulletin = Bulletin { retracts: true, components, ..bulletin };
                send(self.draft, &audience.to, &bulletin);
            }
        }
        if let Some(notice) = notice {
            self.keep(notice);
        }
        if audience.clocked && is_last {
            clock::untold(self.draft, &message);
        }
        Ok(())
    }

    /// Nobody wants a message any more.
    ///
    /// # Errors
    /// When it is out.
    pub fn discard(&mut self, number: i64) -> Result<(), Refusal> {
        let mut message = self.message(number)?;
        if !message.stage.is_open() {
            return Err(senseless(&message, "only what is not out yet is discarded"));
        }
        self.stop_clocks(&message);
        message.stage = Stage::Discarded;
        self.happened(&message, CommsEvent::Discarded);
        let step = message.step.clone();
        self.keep(message);
        if let Some(step) = step {
            let why = format!("message {number} was discarded");
            runs::hear_of_message(self.draft, &step, Err(&why), self.state);
        }
        Ok(())
    }

    /// What those who got a message are told when it is taken back; it is a message of its own, and out at once.
    fn notice(&mut self, message: &Message) -> Option<Message> {
        let rules = &self.ctx().org.comms;
        let template = rules.template_for(&message.audience, Purpose::Retraction, &self.draft.incident)?;
        let mut notice = self.compose(Order::of(template, Values::new())).ok()?;
        let audience = self.audience(&message.audience).ok()?;
        notice.components.clone_from(&message.components);
        notice.next_at = None;
        notice.corrects = Some(message.number);
        notice.stage = Stage::Published { at: self.ctx().now };
        self.render(&mut notice, template, audience);
        must_be_whole(&notice).ok()?;
        self.audit("message.published", &notice, json!({ "retracts": message.number }));
        Some(notice)
    }
}
