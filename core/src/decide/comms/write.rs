//! Writing: a message is composed of a template and what was filled in, changed, and put right once it is out.

use super::desk::Desk;
use super::standing::Standing;
use crate::comms::template::Template;
use crate::comms::{Audience, CommsEvent, ComponentState, Destination, Message, PublicStatus, Stage, Values};
use crate::decide::{Draft, State};
use crate::refusal::Refusal;
use chrono::TimeDelta;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What the name of a template ends with in which everything is said in words of one's own.
const FREE: &str = "-free";

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
    /// The step of a runbook that waits for it: the number of the run, and the id of the step.
    pub step: Option<(i64, String)>,
}

impl Order {
    /// The template filled in with that, and nothing else said.
    #[must_use]
    pub fn of(template: &Arc<Template>, values: Values) -> Self {
        Self { template: Arc::clone(template), values, wish: Wish::default(), step: None }
    }
}

/// Drafts a message; its number. [`super::records`] must have been read.
///
/// # Errors
/// When it cannot be said of such an incident, or there have been too many.
pub fn write(draft: &mut Draft<'_>, order: Order, state: &State) -> Result<i64, Refusal> {
    let mut desk = Desk::new(draft, state);
    let message = desk.begin(order)?;
    let number = message.number;
    desk.keep(message);
    Ok(number)
}

/// Drafts a message with the template of that id; its number.
///
/// # Errors
/// As [`write()`], and when there is no such template.
pub fn draft_with(draft: &mut Draft<'_>, template: &str, values: Values, state: &State) -> Result<i64, Refusal> {
    let found = draft.org().comms.template(template);
    let found = found.ok_or_else(|| Refusal::not_found(format!("There is no template “{template}” in the config")))?;
    let order = Order::of(found, values);
    write(draft, order, state)
}

/// Changes a message; its number. Of one that is out another becomes that puts it right.
///
/// # Errors
/// When it cannot be changed any more.
pub fn edit(draft: &mut Draft<'_>, number: i64, (values, wish): (Values, Wish), state: &State) -> Result<i64, Refusal> {
    let mut desk = Desk::new(draft, state);
    let message = desk.message(number)?;
    match message.stage {
        Stage::Draft | Stage::InReview { .. } | Stage::Approved | Stage::Scheduled { .. } => {
            desk.change(message, values, &wish)?;
            Ok(number)
        }
        Stage::Published { .. } => desk.correct(&message, values, &wish),
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
/// As [`edit`].
pub fn write_again(draft: &mut Draft<'_>, number: i64, state: &State) -> Result<(), Refusal> {
    let values = Desk::new(draft, state).message(number)?.values;
    edit(draft, number, (values, Wish::default()), state).map(drop)
}

impl Desk<'_, '_> {
    /// A new message with what happened to it told, not kept yet.
    pub(super) fn begin(&mut self, order: Order) -> Result<Message, Refusal> {
        let message = self.compose(order)?;
        self.tell(&message, CommsEvent::Drafted { template: message.template.clone() });
        Ok(message)
    }

    pub(super) fn compose(&self, order: Order) -> Result<Message, Refusal> {
        let (ctx, incident) = (self.ctx(), &self.draft.incident);
        if incident.messages.len() >= MOST {
            return Err(Refusal::conflict(format!("{} has had {MOST} messages: people know", incident.id)));
        }
        let Order { template, values, wish, step } = order;
        let audience = self.audience(&template.audience)?;
        let standing = Standing::of(&self.messages(), &audience.id);
        let is_free = template.id.ends_with(FREE);
        let by_itself = standing.status.filter(|_| is_free).unwrap_or(template.status);
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
            preapproved: template.preapproved && status == template.status && components == usual,
            components,
            values,
            next_at: self.promised(wish.promise, status, audience),
            window: None,
            texts: BTreeMap::new(),
            missing: Vec::new(),
            corrects: None,
            stage: Stage::Draft,
            authors: vec![ctx.me()],
            approval: None,
            rejections: Vec::new(),
            history: Vec::new(),
            step,
        };
        self.render(&mut message, &template, audience);
        Ok(message)
    }

    /// Changes a message that is not out yet. Whatever was approved of it is not any more.
    fn change(&mut self, before: Message, values: Values, wish: &Wish) -> Result<(), Refusal> {
        if before.history.len() >= REVISIONS {
            let sentence = format!("Message {} has been changed {REVISIONS} times: write another", before.number);
            return Err(Refusal::conflict(sentence).instead("comms draft"));
        }
        let template = self.template(&before)?;
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
            return Err(Refusal::conflict(format!("Message {} says that already", before.number))
                .instead(format!("comms preview {}", before.number)));
        }
        let me = self.ctx().me();
        if !message.authors.iter().any(|author| author.person == me.person) {
            message.authors.push(me);
        }
        self.stop_clocks(&before);
        self.tell(&message, CommsEvent::Edited);
        if before.approval.is_some() {
            self.tell(&message, CommsEvent::ApprovalLost);
            self.audit("message.approval_lost", &message, serde_json::json!({}));
        }
        self.keep(message);
        Ok(())
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
        let latest = latest_text(&all, root).unwrap_or(wrong);
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
            return Err(
                Refusal::conflict(format!("Message {root} says that already")).instead(format!("comms preview {root}"))
            );
        }
        self.tell(&message, CommsEvent::Drafted { template: message.template.clone() });
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

fn must_fit(status: PublicStatus, kind: crate::incident::Kind) -> Result<(), Refusal> {
    if status.fits(kind) {
        return Ok(());
    }
    let known: Vec<_> = PublicStatus::ALL.iter().filter(|one| one.fits(kind)).map(|one| one.word()).collect();
    let sentence = format!("“{}” is not said of such an incident: there are {}", status.word(), known.join(", "));
    Err(Refusal::conflict(sentence).instead("comms draft"))
}

/// The message that says what the one of that number says now, if that stands: itself, or the last that has put it right.
pub(super) fn latest_text(all: &[Message], root: i64) -> Option<&Message> {
    let is_out = |one: &&Message| matches!(one.stage, Stage::Published { .. });
    let is_it = |one: &&Message| one.number == root || one.corrects == Some(root);
    let stands = all.iter().any(|one| one.number == root && is_out(&one));
    all.iter().rev().find(|one| stands && is_out(one) && is_it(one))
}

/// Whether what is said to an audience is on the status page.
pub(super) fn is_public(audience: &Audience) -> bool {
    audience.to.contains(&Destination::Page)
}
