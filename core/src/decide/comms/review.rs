//! Review: somebody else looks at a message, and lets exactly what they were shown go. Whoever does not look is asked again.

use super::desk::Desk;
use super::guard::{must_be_in_review, must_be_what_was_shown, must_be_whole, senseless};
use crate::comms::{Approval, CommsEvent, Message, Rejection, Stage};
use crate::decide::pages::Order;
use crate::decide::{Ctx, Decision, Draft, State};
use crate::incident::Incident;
use crate::incident::event::Subject;
use crate::org::Loudness;
use crate::refusal::Refusal;
use crate::timer::{Alarm, Timer};
use crate::view::{Tone, View, comms as shown, text};
use chrono::TimeDelta;

impl Desk<'_, '_> {
    /// Asks for a second person to look at a message.
    ///
    /// # Errors
    /// When it is not whole, not a draft, or of a private incident.
    pub fn submit(&mut self, number: i64) -> Result<(), Refusal> {
        let mut message = self.message(number)?;
        self.must_be_told_outside()?;
        if message.stage != Stage::Draft {
            return Err(senseless(&message, "only a draft is sent to be approved"));
        }
        must_be_whole(&message)?;
        self.must_have_what_it_corrects(&message)?;
        let audience = self.audience(&message.audience)?;
        if audience.approvers.is_empty() {
            let sentence = format!("The config names nobody who may approve what {} are told", audience.name);
            return Err(Refusal::conflict(sentence).instead(format!("comms publish {number}")));
        }
        let me = self.ctx().me();
        message.signed_by(me.clone());
        message.stage = Stage::InReview { by: me, since: self.ctx().now };
        self.happened(&message, CommsEvent::Submitted);
        let people = audience.reviewers(&message, &self.draft.incident, self.ctx().org);
        self.ask(&message, people);
        self.wait_for_review(&message, false);
        self.keep(message);
        Ok(())
    }

    /// The one who acts lets go what they were shown: `seal` is that of it, or its beginning.
    ///
    /// # Errors
    /// When they may not, or it is not what they were shown.
    pub fn approve(&mut self, number: i64, seal: &str) -> Result<(), Refusal> {
        let mut message = self.message(number)?;
        let audience = self.audience(&message.audience)?;
        must_be_in_review(&message)?;
        self.must_be_approver(&message, audience)?;
        let look = format!("comms preview {number}");
        must_be_what_was_shown(&message, seal.trim()).map_err(|why| why.instead(look))?;
        must_be_whole(&message)?;
        self.must_have_what_it_corrects(&message)?;
        self.stop_clocks(&message);
        message.approval = Some(Approval { by: self.ctx().me(), at: self.ctx().now, seal: message.seal() });
        message.stage = Stage::Approved;
        self.happened(&message, CommsEvent::Approved);
        self.tell_authors(&message, shown::approved);
        self.keep(message);
        Ok(())
    }

    /// The one who acts does not let it go.
    ///
    /// # Errors
    /// When they may not, or nobody has asked.
    pub fn reject(&mut self, number: i64, reason: &str) -> Result<(), Refusal> {
        let mut message = self.message(number)?;
        let audience = self.audience(&message.audience)?;
        must_be_in_review(&message)?;
        self.must_lead(audience)?;
        self.stop_clocks(&message);
        message.stage = Stage::Draft;
        message.approval = None;
        message.rejections.push(Rejection { by: self.ctx().me(), at: self.ctx().now, reason: reason.to_owned() });
        self.happened(&message, CommsEvent::Rejected { reason: reason.to_owned() });
        self.tell_authors(&message, |incident, message| shown::rejected(incident, message, reason));
        self.keep(message);
        Ok(())
    }

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
        let rules = &self.ctx().org.comms;
        let within = TimeDelta::from_std(rules.review_within).unwrap_or(TimeDelta::minutes(5));
        if !again || rules.review_page.is_some() {
            self.draft.set_timer(Alarm::Review { message: message.number, again }, self.ctx().now + within);
        }
    }

    /// Those who have written on it hear what became of it, but for the one who acts.
    pub(super) fn tell_authors(&mut self, message: &Message, view: impl FnOnce(&Incident, &Message) -> View) {
        let view = view(&self.draft.incident, message);
        let me = &self.ctx().actor.person;
        for author in message.authors.iter().filter(|author| author.person != *me) {
            self.draft.tell(&author.person, &view);
        }
    }
}

/// Nobody has looked at a message: they are asked again, together with whoever commands; after as long again somebody is paged.
/// [`super::records`] and [`crate::decide::pages::records`] must have been read.
pub(in crate::decide) fn escalate(
    number: i64,
    again: bool,
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
    desk.happened(&message, CommsEvent::Escalated);
    if again {
        let target = ctx.org.comms.review_page.clone()?;
        let why = format!("Message {number} to {} waits for somebody to approve it", audience.name);
        let order = Order { target, loudness: Loudness::High, message: why };
        let _number = desk.draft.raise(order, state);
    } else {
        let mut people = audience.reviewers(&message, incident, ctx.org);
        let commander = incident.commander();
        let commander = commander.map(|one| Subject { person: one.person.clone(), name: one.name.clone() });
        people.extend(commander.filter(|one| people.iter().all(|other| other.person != one.person)));
        desk.ask(&message, people);
        desk.wait_for_review(&message, true);
    }
    Some(draft.done(|_| View::titled(Tone::Neutral, vec![text("A message waits for approval")])))
}
