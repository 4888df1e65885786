//! Publishing: the one door through which anything becomes public. What of it leaves the house depends on the incident.

use super::desk::Desk;
use super::review::senseless;
use super::send::send;
use super::standing::Standing;
use super::write::{Order, is_public, latest_text};
use super::{clock, page};
use crate::clock::Timestamp;
use crate::comms::{Audience, Bulletin, Cleared, CommsEvent, Message, PublicStatus, Stage, nearest};
use crate::decide::{Draft, State, runs};
use crate::incident::Kind;
use crate::refusal::Refusal;
use chrono::TimeDelta;
use serde_json::json;

/// A promise that is to be kept sooner than this is none.
const LEAST: TimeDelta = TimeDelta::minutes(2);

/// A message goes out: the one place where anything becomes public. What of it leaves the house depends on the incident, and is told.
///
/// # Errors
/// When it is not whole, not approved where it must be, promises what has passed, or makes no sense to those who get it.
pub fn publish(draft: &mut Draft<'_>, number: i64, state: &State) -> Result<(), Refusal> {
    let mut desk = Desk::new(draft, state);
    let message = desk.message(number)?;
    desk.must_be_publishable(&message, desk.ctx().now)?;
    desk.release(message)
}

/// The same by whoever acts, who must be of the house.
///
/// # Errors
/// As [`publish()`], and when nobody knows them.
pub fn publish_as(draft: &mut Draft<'_>, number: i64, state: &State) -> Result<(), Refusal> {
    Desk::new(draft, state).must_be_known()?;
    publish(draft, number, state)
}

/// The holding statement of an audience goes out, the first thing they hear; its number.
///
/// # Errors
/// When there is none, or they have heard something already.
pub fn hold(draft: &mut Draft<'_>, audience: Option<&str>, state: &State) -> Result<i64, Refusal> {
    let mut desk = Desk::new(draft, state);
    desk.must_be_known()?;
    let audience = desk.first_told(audience)?;
    let standing = Standing::of(&desk.messages(), &audience.id);
    if let (Some((number, at)), Some(status)) = (standing.last, standing.status)
        && !status.is_over()
    {
        let at = at.format("%H:%M UTC");
        let sentence = format!("{} were told at {at}, by message {number}: tell them more", audience.name);
        return Err(Refusal::conflict(sentence).instead("comms draft"));
    }
    let (org, incident) = (desk.ctx().org, &desk.draft.incident);
    let fits = |severities: &[crate::ids::SeverityKey]| {
        severities.is_empty() || incident.severity.as_ref().is_some_and(|key| severities.contains(key))
    };
    let templates = org.comms.templates.iter().filter(|one| one.holding && one.audience == audience.id);
    let fitting = templates.filter(|one| fits(&one.severities) && one.status.fits(incident.kind));
    let Some(template) = fitting.max_by_key(|one| !one.severities.is_empty()) else {
        let at = incident.severity.as_ref().map_or("without a severity".to_owned(), |key| format!("at {key}"));
        let sentence = format!("There is no holding statement for {} {at}", audience.name);
        return Err(Refusal::not_found(sentence).instead(format!("comms draft --audience {}", audience.id)));
    };
    let message = desk.begin(Order::of(template, crate::comms::Values::new()))?;
    desk.must_be_publishable(&message, desk.ctx().now)?;
    let number = message.number;
    desk.release(message)?;
    Ok(number)
}

impl<'a> Desk<'_, 'a> {
    /// The audience of that id or name; unless one is named, that of the status page, or the first there is.
    fn first_told(&self, named: Option<&str>) -> Result<&'a Audience, Refusal> {
        let rules = &self.ctx().org.comms;
        let found = match named {
            Some(named) => rules.find_audience(named),
            None => rules.audiences.iter().find(|one| is_public(one)).or(rules.audiences.first()),
        };
        let none = || Refusal::not_found("The config names no audience: an operator can put some into it");
        found.ok_or_else(none)
    }

    /// Refuses what cannot go out, then.
    pub(super) fn must_be_publishable(&self, message: &Message, at: Timestamp) -> Result<(), Refusal> {
        self.must_be_told_outside()?;
        if !message.stage.is_open() {
            return Err(senseless(message, "it cannot go out"));
        }
        let audience = self.audience(&message.audience)?;
        if audience.to.is_empty() {
            let sentence = format!("The config does not say where {} are told", audience.name);
            return Err(Refusal::conflict(sentence));
        }
        self.must_be_whole(message)?;
        self.must_be_approved(message, audience)?;
        self.must_make_sense(message)?;
        must_keep_word(message, at)
    }

    /// Refuses what those who get it could not understand: a status of another kind, what is over and goes on, the correction of
    /// what does not stand.
    fn must_make_sense(&self, message: &Message) -> Result<(), Refusal> {
        let (number, incident) = (message.number, &self.draft.incident);
        if !message.status.fits(incident.kind) {
            let sentence = format!("“{}” is not said of a {}", message.status.word(), incident.kind.word());
            return Err(Refusal::conflict(sentence).instead(format!("comms edit {number}")));
        }
        let all = self.messages();
        if let Some(root) = message.corrects {
            return match latest_text(&all, root) {
                Some(_) => Ok(()),
                None => Err(Refusal::conflict(format!("Message {root}, which it puts right, does not stand any more"))
                    .instead(format!("comms discard {number}"))),
            };
        }
        let standing = Standing::of(&all, &message.audience).status;
        if standing.is_some_and(PublicStatus::is_over) && !message.status.is_over() && !incident.status.is_open() {
            let sentence = format!("They were told that it is over, and {} is: reopen it first", incident.id);
            return Err(Refusal::conflict(sentence).instead("reopen it came back"));
        }
        Ok(())
    }

    /// The message goes out. Nothing of practice does.
    pub(super) fn release(&mut self, mut message: Message) -> Result<(), Refusal> {
        let audience = self.audience(&message.audience)?;
        let now = self.ctx().now;
        let practice = self.draft.incident.kind == Kind::Drill;
        self.stop_clocks(&message);
        let wrong = self.messages();
        let replaced = message.corrects.and_then(|root| latest_text(&wrong, root));
        let is_latest = match message.corrects {
            Some(root) => Standing::of(&wrong, &audience.id).last.is_some_and(|(number, _)| number == root),
            None => true,
        };
        message.stage = Stage::Published { at: now };
        let default = audience.locales.first();
        let said = nearest(&message.texts, default, default).map(|(_, said)| (said.title.clone(), said.body.clone()));
        let (title, body) = said.unwrap_or_default();
        self.tell(
            &message,
            CommsEvent::Published {
                status: message.status,
                locales: message.texts.keys().cloned().collect(),
                title,
                body,
                next_at: message.next_at,
                corrects: message.corrects,
                practice,
            },
        );
        self.audit("message.published", &message, json!({ "practice": practice, "preapproved": message.preapproved }));
        if let Ok(cleared) = Cleared::of(&self.draft.incident) {
            if is_public(audience) {
                let said = page::Said { message: &message, replaced, is_latest };
                page::publish(self, &said);
            }
            let bulletin = self.bulletin(cleared, &message, audience);
            send(self.draft, &audience.to, &bulletin);
        }
        if audience.clocked && is_latest {
            clock::told(self.draft, &message);
        }
        let step = message.step.clone();
        self.keep(message);
        if let Some(step) = step {
            runs::hear_of_message(self.draft, (step.0, &step.1), Ok("published"), self.state);
        }
        Ok(())
    }

    /// What is told outside, of a message that is out.
    pub(super) fn bulletin(&self, cleared: Cleared, message: &Message, audience: &Audience) -> Bulletin {
        let public = page::now(self);
        let (mut components, mut concerns) = (message.components.clone(), message.components.keys().cloned().collect());
        if let Some(public) = public {
            let states = public.components();
            std::collections::BTreeSet::extend(&mut concerns, states.keys().cloned());
            if is_public(audience) && message.status.is_over() && message.corrects.is_none() {
                components = states;
            }
        }
        Bulletin {
            cleared,
            number: message.number,
            audience: audience.id.clone(),
            status: Some(message.status),
            texts: message.texts.clone(),
            locale: audience.locales.first().clone(),
            components,
            concerns,
            at: self.ctx().now,
            next_at: message.next_at,
            corrects: message.corrects,
            retracts: false,
            maintenance: self.draft.incident.kind == Kind::Maintenance,
            window: self.draft.incident.window,
        }
    }
}

/// Refuses a promise that has passed by then, or is about to.
fn must_keep_word(message: &Message, at: Timestamp) -> Result<(), Refusal> {
    match message.next_at {
        Some(next) if next < at + LEAST => {
            let sentence = format!(
                "It promises the next word at {}, which is over by then: promise another",
                next.format("%H:%M UTC")
            );
            Err(Refusal::conflict(sentence).instead(format!("comms edit {} --next 30m", message.number)))
        }
        Some(_) | None => Ok(()),
    }
}
