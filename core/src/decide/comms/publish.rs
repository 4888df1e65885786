//! Publishing: the one door through which anything becomes public. What of it leaves the house depends on the incident.

use super::desk::Desk;
use super::send::send;
use super::standing::{Standing, latest_text};
use super::write::Order;
use super::{clock, page};
use crate::comms::template::{Purpose, Template};
use crate::comms::{Audience, Bulletin, Cleared, CommsEvent, Message, Stage, Values, nearest};
use crate::decide::runs;
use crate::incident::Kind;
use crate::refusal::Refusal;
use crate::time;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What has become of a message that was written by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::decide) enum Drafted {
    /// It is out.
    Sent(i64),
    /// It could go out.
    Ready(i64),
    /// It could not: why.
    Kept(i64, Refusal),
}

impl<'a> Desk<'_, 'a> {
    /// A message goes out: the one door through which anything becomes public.
    ///
    /// # Errors
    /// When it is not whole, not approved where it must be, promises what has passed, or makes no sense to those who get it.
    pub fn publish(&mut self, number: i64) -> Result<(), Refusal> {
        let message = self.message(number)?;
        self.must_be_publishable(&message, self.ctx().now)?;
        self.release(message)
    }

    /// The same by whoever acts, who must be of the house.
    ///
    /// # Errors
    /// As [`Desk::publish`], and when nobody knows them.
    pub fn publish_as(&mut self, number: i64) -> Result<(), Refusal> {
        self.must_be_known()?;
        self.publish(number)
    }

    /// A draft that nobody has asked for: of a template, as far as that can be filled in by itself.
    ///
    /// # Errors
    /// When it cannot be said of such an incident.
    pub(in crate::decide) fn prepare(&mut self, template: &Arc<Template>) -> Result<Drafted, Refusal> {
        let number = self.write_anew(template)?;
        let ready = self.message(number).and_then(|message| self.must_be_publishable(&message, self.ctx().now));
        Ok(ready.map_or_else(|why| Drafted::Kept(number, why), |()| Drafted::Ready(number)))
    }

    /// The same, and it goes out, if nothing keeps it.
    ///
    /// # Errors
    /// As [`Desk::prepare`], and when nobody outside may be told.
    pub(in crate::decide) fn tell(&mut self, template: &Arc<Template>) -> Result<Drafted, Refusal> {
        self.must_be_told_outside()?;
        match self.prepare(template)? {
            Drafted::Ready(number) => self.publish(number).map(|()| Drafted::Sent(number)),
            drafted @ (Drafted::Sent(_) | Drafted::Kept(..)) => Ok(drafted),
        }
    }

    /// The holding statement of an audience goes out, the first thing they hear; its number.
    ///
    /// # Errors
    /// When there is none, or they have heard something already.
    pub fn hold(&mut self, audience: Option<&str>) -> Result<i64, Refusal> {
        self.must_be_known()?;
        let audience = self.first_told(audience)?;
        let standing = Standing::of(&self.messages(), &audience.id);
        if let (Some((number, at)), Some(status)) = (standing.last, standing.status)
            && !status.is_over()
        {
            let at = time::clock(at, self.ctx().zone());
            let sentence = format!("{} were told at {at}, by message {number}: tell them more", audience.name);
            return Err(Refusal::conflict(sentence).instead("comms draft"));
        }
        let (org, incident) = (self.ctx().org, &self.draft.incident);
        let Some(template) = org.comms.template_for(&audience.id, Purpose::Holding, incident) else {
            let Some(severity) = &incident.severity else {
                let sentence = format!("What holds {} depends on how bad it is: say that first", audience.name);
                let worst = org.severities.first().map_or("none", |severity| severity.key.as_str());
                return Err(Refusal::conflict(sentence).instead(format!("sev {}", worst.to_lowercase())));
            };
            let sentence = format!("There is no holding statement for {} at {severity}", audience.name);
            return Err(Refusal::not_found(sentence).instead(format!("comms draft --audience {}", audience.id)));
        };
        let message = self.begin(Order::of(template, Values::new()))?;
        self.must_be_publishable(&message, self.ctx().now)?;
        let number = message.number;
        self.release(message)?;
        Ok(number)
    }

    /// The audience of that id or name; unless one is named, that of the status page, or the first there is.
    fn first_told(&self, named: Option<&str>) -> Result<&'a Audience, Refusal> {
        let rules = &self.ctx().org.comms;
        let found = match named {
            Some(named) => rules.find_audience(named),
            None => rules.first_audience(),
        };
        let none = || Refusal::not_found("The config names no audience: an operator can put some into it");
        found.ok_or_else(none)
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
        self.happened(
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
        self.keep(message.clone());
        if let Ok(cleared) = Cleared::of(&self.draft.incident) {
            if audience.is_public() {
                let said = page::Said { message: &message, replaced };
                page::publish(self, &said);
            }
            let bulletin = self.bulletin(cleared, &message, audience);
            send(self.draft, &audience.to, &bulletin);
        }
        if audience.clocked && is_latest {
            clock::told(self.draft, &message);
        }
        if let Some(step) = message.step {
            runs::hear_of_message(self.draft, &step, Ok("published"), self.state);
        }
        Ok(())
    }

    /// What is told outside, of a message that is out.
    pub(super) fn bulletin(&self, cleared: Cleared, message: &Message, audience: &Audience) -> Bulletin {
        let public = page::now(self);
        let template = self.ctx().org.comms.template(&message.template);
        let (mut components, mut concerns) =
            (message.components.clone(), message.components.keys().cloned().collect::<BTreeSet<_>>());
        if let Some(public) = public {
            let states = public.components();
            concerns.extend(states.keys().cloned());
            if audience.is_public() && message.status.is_over() && message.corrects.is_none() {
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
            called_off: template.is_some_and(|template| template.purpose == Purpose::CalledOff),
            window: message.window,
        }
    }
}
