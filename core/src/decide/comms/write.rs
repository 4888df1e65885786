//! Writing: a message is composed of a template and what was filled in, changed, and put right once it is out.

use super::desk::Desk;
use super::guard::{must_fit, must_go_somewhere};
use super::standing::{Standing, latest_text};
use crate::comms::template::Template;
use crate::comms::{Audience, CommsEvent, ComponentState, Message, PublicStatus, Stage, Values, WaitingStep};
use crate::incident::event::Subject;
use crate::refusal::Refusal;
use chrono::TimeDelta;
use std::collections::BTreeMap;
use std::sync::Arc;

/// So many messages an incident may have.
const MOST: usize = 200;

/// So many texts a message may have had.
const REVISIONS: usize = 50;

/// When the next word is promised.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Promise {
    /// As the rules of the severity say; of a message that is there, as it says.
    #[default]
    Usual,
    /// After so long.
    In(TimeDelta),
    /// Not at all.
    None,
}

/// What somebody wants said beside the text. What they say nothing of follows from the incident and the template.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wish {
    /// Where things stand.
    pub status: Option<PublicStatus>,
    /// How the components do, by id.
    pub components: Option<BTreeMap<String, ComponentState>>,
    /// When the next word is promised.
    pub promise: Promise,
}

/// What is to be written.
#[derive(Debug, Clone)]
pub struct Order {
    /// With what.
    pub template: Arc<Template>,
    /// What is filled in.
    pub values: Values,
    /// What is said beside the text.
    pub wish: Wish,
    /// The step of a runbook that waits for it.
    pub step: Option<WaitingStep>,
    /// Whose words it says, beside those of the one who acts: whoever asked for the run.
    pub authors: Vec<Subject>,
}

impl Order {
    /// The template filled in with that, and nothing else said.
    #[must_use]
    pub fn of(template: &Arc<Template>, values: Values) -> Self {
        Self { template: Arc::clone(template), values, wish: Wish::default(), step: None, authors: Vec::new() }
    }
}

impl Desk<'_, '_> {
    /// Drafts a message; its number.
    ///
    /// # Errors
    /// When it cannot be said of such an incident, or there have been too many.
    pub fn write(&mut self, order: Order) -> Result<i64, Refusal> {
        let message = self.begin(order)?;
        let number = message.number;
        self.keep(message);
        Ok(number)
    }

    /// Drafts a message with a template, filled in as it last was; one that is a draft already speaks of what is so now. Its number.
    ///
    /// # Errors
    /// As [`Desk::write`], and when it has been changed too often.
    pub(in crate::decide) fn write_anew(&mut self, template: &Arc<Template>) -> Result<i64, Refusal> {
        let all = self.messages();
        let Some(known) = all.iter().rfind(|one| one.template == template.id) else {
            return self.write(Order::of(template, Values::new()));
        };
        let values = known.values.clone();
        if !known.stage.is_open() {
            return self.write(Order::of(template, values));
        }
        self.change(known, values, &Wish::default())?;
        Ok(known.number)
    }

    /// Changes a message; its number. Of one that is out another becomes that puts it right.
    ///
    /// # Errors
    /// When it cannot be changed any more.
    pub fn edit(&mut self, number: i64, values: Values, wish: &Wish) -> Result<i64, Refusal> {
        let message = self.message(number)?;
        match message.stage {
            Stage::Draft | Stage::InReview { .. } | Stage::Approved | Stage::Scheduled { .. } => {
                self.change(&message, values, wish)?.then_some(number).ok_or_else(|| says_that_already(number))
            }
            Stage::Published { .. } => self.correct(&message, values, wish),
            Stage::Retracted { .. } => {
                Err(Refusal::conflict(format!("Message {number} was taken back: write another")).instead("comms draft"))
            }
            Stage::Discarded => {
                Err(Refusal::conflict(format!("Message {number} was discarded: write another")).instead("comms draft"))
            }
        }
    }

    /// What is not out yet says what it says with what Muster knows now. It has to be approved again.
    ///
    /// # Errors
    /// As [`Desk::edit`].
    pub fn write_again(&mut self, number: i64) -> Result<(), Refusal> {
        let values = self.message(number)?.values;
        self.edit(number, values, &Wish::default()).map(drop)
    }

    /// A new message with what happened to it told, not kept yet.
    pub(super) fn begin(&mut self, order: Order) -> Result<Message, Refusal> {
        let message = self.compose(order)?;
        self.happened(&message, CommsEvent::Drafted { template: message.template.clone() });
        Ok(message)
    }

    pub(super) fn compose(&self, order: Order) -> Result<Message, Refusal> {
        let (ctx, incident) = (self.ctx(), &self.draft.incident);
        if incident.messages.len() >= MOST {
            return Err(Refusal::conflict(format!("{} has had {MOST} messages: people know", incident.id)));
        }
        let Order { template, values, wish, step, mut authors } = order;
        let me = ctx.me();
        authors.retain(|author| author.person != me.person);
        authors.insert(0, me);
        let audience = self.audience(&template.audience)?;
        must_go_somewhere(audience)?;
        let standing = Standing::of(&self.messages(), &audience.id);
        let stands = standing.status.filter(|_| template.purpose.is_of_any_status());
        let by_itself = stands.unwrap_or(template.first_status(incident.kind));
        let status = wish.status.unwrap_or(by_itself);
        must_fit(status, incident.kind)?;
        let usual = self.usual_components(status, &standing);
        let components = wish.components.clone().unwrap_or_else(|| usual.clone());
        let mut message = Message {
            incident: incident.id,
            number: self.next_number(),
            audience: audience.id.clone(),
            template: template.id.clone(),
            status,
            preapproved: template.preapproved && status == by_itself && components == usual,
            components,
            values,
            next_at: self.promised(wish.promise, status, audience),
            window: None,
            texts: BTreeMap::new(),
            missing: Vec::new(),
            corrects: None,
            stage: Stage::Draft,
            authors,
            approval: None,
            rejections: Vec::new(),
            history: Vec::new(),
            step,
        };
        self.render(&mut message, &template, audience);
        Ok(message)
    }

    /// Changes a message that is not out yet. Whatever was approved of it is not any more. `false` if it says that already.
    fn change(&mut self, before: &Message, values: Values, wish: &Wish) -> Result<bool, Refusal> {
        if before.history.len() >= REVISIONS {
            let sentence = format!("Message {} has been changed {REVISIONS} times: write another", before.number);
            return Err(Refusal::conflict(sentence).instead("comms draft"));
        }
        self.must_have_what_it_corrects(before)?;
        let template = self.template(before)?;
        let audience = self.audience(&before.audience)?;
        let mut message = Message {
            values,
            stage: Stage::Draft,
            approval: None,
            // What the config lets go beforehand now, not what it did when this was begun.
            preapproved: before.preapproved && template.preapproved && template.status == before.status,
            ..before.clone()
        };
        self.wish(&mut message, wish, audience)?;
        self.render(&mut message, &template, audience);
        if message.values == before.values && message.seal() == before.seal() {
            return Ok(false);
        }
        message.signed_by(self.ctx().me());
        self.stop_clocks(before);
        self.happened(&message, CommsEvent::Edited);
        if before.approval.is_some() {
            self.happened(&message, CommsEvent::ApprovalLost);
        }
        self.keep(message);
        Ok(true)
    }

    /// What somebody wants said beside the text. Whoever says otherwise than the template speaks for themselves: that was not
    /// approved beforehand.
    fn wish(&self, message: &mut Message, wish: &Wish, audience: &Audience) -> Result<(), Refusal> {
        if let Some(status) = wish.status.filter(|status| *status != message.status) {
            must_fit(status, self.draft.incident.kind)?;
            message.status = status;
            message.preapproved = false;
            if status.is_over() {
                message.next_at = None;
            }
        }
        if let Some(components) = wish.components.as_ref().filter(|wanted| **wanted != message.components) {
            message.components.clone_from(components);
            message.preapproved = false;
        }
        if wish.promise != Promise::Usual {
            message.next_at = self.promised(wish.promise, message.status, audience);
        }
        Ok(())
    }

    /// Another message, that puts right what one that is out says.
    fn correct(&mut self, wrong: &Message, values: Values, wish: &Wish) -> Result<i64, Refusal> {
        let root = wrong.corrects.unwrap_or(wrong.number);
        let all = self.messages();
        let is_another = |one: &&Message| one.corrects == Some(root) && one.stage.is_open();
        if let Some(open) = all.iter().find(is_another) {
            let sentence = format!("Message {} puts message {root} right already: change that", open.number);
            return Err(Refusal::conflict(sentence).instead(format!("comms edit {}", open.number)));
        }
        let now = self.ctx().now;
        let taken_back = || {
            let sentence = format!("Message {root} was taken back, and with it what put it right: write another");
            Refusal::conflict(sentence).instead("comms draft")
        };
        let latest = latest_text(&all, root).ok_or_else(taken_back)?;
        let mut message = Message {
            number: self.next_number(),
            values,
            next_at: latest.next_at.filter(|at| *at > now),
            missing: Vec::new(),
            texts: BTreeMap::new(),
            corrects: Some(root),
            preapproved: false,
            stage: Stage::Draft,
            authors: vec![self.ctx().me()],
            approval: None,
            rejections: Vec::new(),
            history: Vec::new(),
            step: None,
            ..latest.clone()
        };
        let (template, audience) = (self.template(&message)?, self.audience(&message.audience)?);
        self.wish(&mut message, wish, audience)?;
        self.render(&mut message, &template, audience);
        let said = |one: &Message| (one.status, one.next_at, one.window, one.texts.clone(), one.components.clone());
        if said(&message) == said(latest) {
            return Err(says_that_already(root));
        }
        self.happened(&message, CommsEvent::Drafted { template: message.template.clone() });
        let number = message.number;
        self.keep(message);
        Ok(number)
    }

    fn template(&self, message: &Message) -> Result<Arc<Template>, Refusal> {
        let found = self.ctx().org.comms.template(&message.template).cloned();
        found.ok_or_else(|| {
            let sentence = format!("The template “{}” is not in the config any more: write another", message.template);
            Refusal::not_found(sentence).instead("comms draft")
        })
    }
}

fn says_that_already(number: i64) -> Refusal {
    Refusal::conflict(format!("Message {number} says that already")).instead(format!("comms preview {number}"))
}
