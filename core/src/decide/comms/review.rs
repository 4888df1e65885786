//! Review: somebody else looks at a message, and lets exactly what they were shown go. Whoever does not look is asked again.

use super::desk::Desk;
use super::permit::{approvers, needs_approval};
use crate::comms::{Approval, Audience, CommsEvent, Message, Rejection, Stage};
use crate::decide::pages::Order;
use crate::decide::{Ctx, Decision, Draft, State};
use crate::ids::PersonId;
use crate::incident::Visibility;
use crate::incident::event::Subject;
use crate::org::Loudness;
use crate::refusal::Refusal;
use crate::timer::{Alarm, Timer};
use crate::view::{Tone, View, comms as shown, text};
use chrono::TimeDelta;
use serde_json::json;

/// Asks for a second person to look at a message.
///
/// # Errors
/// When it is not whole, not a draft, or of a private incident.
pub fn submit(draft: &mut Draft<'_>, number: i64, state: &State) -> Result<(), Refusal> {
    let mut desk = Desk::new(draft, state);
    let mut message = desk.message(number)?;
    desk.must_be_told_outside()?;
    match message.stage {
        Stage::Draft => {}
        Stage::InReview { .. }
        | Stage::Approved
        | Stage::Scheduled { .. }
        | Stage::Published { .. }
        | Stage::Retracted { .. }
        | Stage::Discarded => return Err(senseless(&message, "only a draft is sent to be approved")),
    }
    desk.must_be_whole(&message)?;
    let audience = desk.audience(&message.audience)?;
    if audience.approvers.is_empty() {
        let sentence = format!("The config names nobody who may approve what {} are told", audience.name);
        return Err(Refusal::conflict(sentence).instead(format!("comms publish {number}")));
    }
    let (me, now) = (desk.ctx().me(), desk.ctx().now);
    if !message.authors.iter().any(|author| author.person == me.person) {
        message.authors.push(me.clone());
    }
    message.stage = Stage::InReview { by: me, since: now };
    desk.tell(&message, CommsEvent::Submitted);
    desk.audit("message.submitted", &message, json!({}));
    let people = approvers(&message, audience, &desk.draft.incident, desk.ctx().org);
    desk.ask(&message, people);
    desk.wait_for_review(&message, false);
    desk.keep(message);
    Ok(())
}

/// The one who acts lets go what they were shown: `seal` is that of it, or its beginning.
///
/// # Errors
/// When they may not, or it is not what they were shown.
pub fn approve(draft: &mut Draft<'_>, number: i64, seal: &str, state: &State) -> Result<(), Refusal> {
    let mut desk = Desk::new(draft, state);
    let mut message = desk.message(number)?;
    let audience = desk.audience(&message.audience)?;
    desk.must_be_in_review(&message)?;
    desk.must_be_approver(&message, audience)?;
    let look = format!("comms preview {number}");
    let seal = seal.trim();
    if seal.len() < Message::MARK {
        let sentence = "Look at it before you approve it: the button below it holds the mark of what you see";
        return Err(Refusal::invalid(sentence).instead(look));
    }
    if !message.seal().starts_with(seal) {
        return Err(Refusal::conflict("It is not what you were shown any more: look again").instead(look));
    }
    desk.must_be_whole(&message)?;
    desk.stop_clocks(&message);
    message.approval = Some(Approval { by: desk.ctx().me(), at: desk.ctx().now, seal: message.seal() });
    message.stage = Stage::Approved;
    desk.tell(&message, CommsEvent::Approved);
    desk.audit("message.approved", &message, json!({}));
    desk.tell_authors(&message, shown::approved);
    desk.keep(message);
    Ok(())
}

/// The one who acts does not let it go.
///
/// # Errors
/// When they may not, or nobody has asked.
pub fn reject(draft: &mut Draft<'_>, number: i64, reason: &str, state: &State) -> Result<(), Refusal> {
    let mut desk = Desk::new(draft, state);
    let mut message = desk.message(number)?;
    let audience = desk.audience(&message.audience)?;
    desk.must_be_in_review(&message)?;
    desk.must_lead(audience)?;
    desk.stop_clocks(&message);
    message.stage = Stage::Draft;
    message.approval = None;
    message.rejections.push(Rejection { by: desk.ctx().me(), at: desk.ctx().now, reason: reason.to_owned() });
    desk.tell(&message, CommsEvent::Rejected { reason: reason.to_owned() });
    desk.audit("message.rejected", &message, json!({ "reason": reason }));
    desk.tell_authors(&message, |incident, message| shown::rejected(incident, message, reason));
    desk.keep(message);
    Ok(())
}

/// Nobody has looked at a message: they are asked again, together with whoever commands; after as long again somebody is paged.
/// [`super::records`] and [`crate::decide::pages::records`] must have been read.
pub(in crate::decide) fn escalate(
    (number, again): (i64, bool),
    timer: &Timer,
    state: &State,
    ctx: &Ctx<'_>,
) -> Option<Decision> {
    let incident = state.incident.as_ref()?;
    let mut draft = Draft::of(incident, ctx);
    draft.clear_timer(timer.key.clone());
    let mut desk = Desk::new(&mut draft, state);
    let message = desk.message(number).ok()?;
    let Stage::InReview { .. } = message.stage else { return None };
    let audience = desk.audience(&message.audience).ok()?;
    desk.tell(&message, CommsEvent::Escalated);
    if again {
        let target = ctx.org.comms.review_page.clone()?;
        let why = format!("Message {number} to {} waits for somebody to approve it", audience.name);
        let order = Order { target, loudness: Loudness::High, message: why };
        let _number = desk.draft.raise(order, state);
    } else {
        let mut people = approvers(&message, audience, incident, ctx.org);
        let commander = incident.commander();
        let commander = commander.map(|one| Subject { person: one.person.clone(), name: one.name.clone() });
        people.extend(commander.filter(|one| people.iter().all(|other| other.person != one.person)));
        desk.ask(&message, people);
        desk.wait_for_review(&message, true);
    }
    Some(draft.done(|_| View::titled(Tone::Neutral, vec![text("A message waits for approval")])))
}

impl Desk<'_, '_> {
    /// Those who may let it go are asked in the rooms, and each of them alone with all that it says.
    fn ask(&mut self, message: &Message, people: Vec<Subject>) {
        let (ctx, incident) = (self.ctx(), &self.draft.incident);
        let asked = shown::asked(message, &people, incident, ctx.org);
        let whole = shown::preview(message, incident, ctx.org);
        self.draft.say(&asked);
        for one in people {
            self.draft.tell(&one.person, &whole);
        }
    }

    fn wait_for_review(&mut self, message: &Message, again: bool) {
        let within = self.ctx().org.comms.review_within;
        let within = TimeDelta::from_std(within).unwrap_or(TimeDelta::minutes(5));
        let due = self.ctx().now + within;
        let is_of_use = !again || self.ctx().org.comms.review_page.is_some();
        if is_of_use {
            self.draft.set_timer(Alarm::Review { message: message.number, again }, due);
        }
    }

    /// Those who have written on it hear what became of it, but for the one who acts.
    pub(super) fn tell_authors(
        &mut self,
        message: &Message,
        view: impl FnOnce(&crate::incident::Incident, &Message) -> View,
    ) {
        let view = view(&self.draft.incident, message);
        let me: PersonId = self.ctx().actor.person.clone();
        for author in message.authors.iter().filter(|author| author.person != me) {
            self.draft.tell(&author.person, &view);
        }
    }

    /// Refuses what is still to be said.
    pub(super) fn must_be_whole(&self, message: &Message) -> Result<(), Refusal> {
        let number = message.number;
        let lacks: Vec<_> = message.missing.iter().filter(|one| one.blocks).collect();
        if lacks.is_empty() && !message.texts.is_empty() {
            return Ok(());
        }
        let lacks: Vec<_> = lacks.iter().take(4).map(|one| format!("{} ({})", one.what, one.locale)).collect();
        let lacks = if lacks.is_empty() { "a text".to_owned() } else { lacks.join(", ") };
        Err(Refusal::conflict(format!("Message {number} lacks {lacks}")).instead(format!("comms edit {number}")))
    }

    /// Nobody outside hears of a private incident, not even in practice.
    pub(super) fn must_be_told_outside(&self) -> Result<(), Refusal> {
        match self.draft.incident.visibility {
            Visibility::Public => Ok(()),
            Visibility::Private => {
                let id = self.draft.incident.id;
                Err(Refusal::conflict(format!("{id} is private: nobody outside is told of it")).instead("comms list"))
            }
        }
    }

    fn must_be_in_review(&self, message: &Message) -> Result<(), Refusal> {
        match message.stage {
            Stage::InReview { .. } => Ok(()),
            Stage::Draft => {
                let sentence = format!("Nobody has asked yet for message {} to be approved", message.number);
                Err(Refusal::conflict(sentence).instead(format!("comms submit {}", message.number)))
            }
            Stage::Approved
            | Stage::Scheduled { .. }
            | Stage::Published { .. }
            | Stage::Retracted { .. }
            | Stage::Discarded => Err(senseless(message, "it does not wait for approval")),
        }
    }

    /// Refuses what a second person must let go and has not, as it is and at the severity that the incident has now.
    pub(super) fn must_be_approved(&self, message: &Message, audience: &Audience) -> Result<(), Refusal> {
        let incident = &self.draft.incident;
        if !needs_approval(message, audience, incident.severity.as_ref()) || message.is_approved() {
            return Ok(());
        }
        let number = message.number;
        let at = incident.severity.as_ref().map(|key| format!(" at {key}")).unwrap_or_default();
        let name = &audience.name;
        Err(match (&message.stage, &message.approval) {
            (Stage::InReview { .. }, _) => {
                Refusal::conflict(format!("Message {number} waits for a second person to approve it"))
                    .instead(format!("comms preview {number}"))
            }
            (_, Some(_)) => Refusal::conflict(format!("Message {number} is not what was approved any more"))
                .instead(format!("comms submit {number}")),
            (_, None) => Refusal::conflict(format!("What {name} are told{at} needs a second person to approve it"))
                .instead(format!("comms submit {number}")),
        })
    }
}

/// It is not at that stage.
pub(super) fn senseless(message: &Message, why: &str) -> Refusal {
    let number = message.number;
    let word = if message.stage == Stage::Draft { "a draft" } else { message.stage.word() };
    Refusal::conflict(format!("Message {number} is {word}: {why}")).instead(format!("comms preview {number}"))
}
