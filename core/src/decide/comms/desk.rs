//! The comms messages of an incident while something is decided about them: found, kept, told of, shown in the rooms.

use super::no_message;
use crate::comms::{Audience, CommsEvent, Message, Stage};
use crate::decide::{Ctx, Draft, State};
use crate::effect::Effect;
use crate::incident::Incident;
use crate::incident::event::Event;
use crate::incident::room::Room;
use crate::org::Organisation;
use crate::record::{Record, RecordKey};
use crate::refusal::Refusal;
use crate::timer::Alarm;
use crate::view::comms as shown;
use serde_json::{Value, json};

/// The messages of an incident while something is decided about them. [`super::records`] must have been read.
pub struct Desk<'d, 'a> {
    /// The change of their incident.
    pub(super) draft: &'d mut Draft<'a>,
    /// What was read.
    pub(super) state: &'d State,
}

impl<'d, 'a> Desk<'d, 'a> {
    /// The messages of the incident that is being changed.
    #[must_use]
    pub fn new(draft: &'d mut Draft<'a>, state: &'d State) -> Self {
        Self { draft, state }
    }

    pub(super) fn ctx(&self) -> &'a Ctx<'a> {
        self.draft.ctx()
    }

    /// A message as it is with this change.
    ///
    /// # Errors
    /// When there is none of that number.
    pub(super) fn message(&self, number: i64) -> Result<Message, Refusal> {
        let id = self.draft.incident.id;
        let known = match self.draft.kept(&RecordKey::message(id, number)) {
            Some(Record::Message(message)) => Some(message.as_ref()),
            Some(_) | None => self.state.records.message(id, number),
        };
        known.cloned().ok_or_else(|| no_message(id, number))
    }

    /// All of them, in the order of their numbers.
    pub(super) fn messages(&self) -> Vec<Message> {
        let numbers = self.draft.incident.messages.iter().map(|brief| brief.number);
        numbers.filter_map(|number| self.message(number).ok()).collect()
    }

    /// For whom a message is.
    ///
    /// # Errors
    /// When the config does not have them any more.
    pub(super) fn audience(&self, id: &str) -> Result<&'a Audience, Refusal> {
        let gone = || Refusal::not_found(format!("There is no audience “{id}” in the config any more"));
        self.ctx().org.comms.audience(id).ok_or_else(gone)
    }

    /// A message is now this: kept, and shown in every room.
    pub(super) fn keep(&mut self, message: Message) {
        let brief = message.brief(self.ctx().org.comms.locales.first());
        let briefs = &mut self.draft.incident.messages;
        match briefs.iter_mut().find(|known| known.number == message.number) {
            Some(known) => *known = brief,
            None => briefs.push(brief),
        }
        self.show(&message);
        self.draft.keep(self.state, Record::Message(Box::new(message)));
    }

    /// Shows a message in every room of a chat that is connected.
    fn show(&mut self, message: &Message) {
        let org = self.ctx().org;
        let is_served = |room: &&Room| room.is_live() && org.chats.iter().any(|chat| chat.platform == room.platform);
        let rooms: Vec<_> = self.draft.incident.rooms.iter().filter(is_served).cloned().collect();
        for room in rooms {
            let effect = card(room, message, &self.draft.incident, org);
            self.draft.effect(effect);
        }
    }

    /// Something happened to a message: the timeline tells it, and the audit log, if it decides what those outside hear.
    pub(super) fn happened(&mut self, message: &Message, what: CommsEvent) {
        if let Some((deed, more)) = what.deed() {
            self.audit(deed, message, more);
        }
        let audience = shown::audience_name(&message.audience, self.ctx().org).to_owned();
        self.draft.record(Event::Comms { number: message.number, audience, what });
    }

    /// Puts on the audit log alone what was decided about a message.
    pub(super) fn audit(&mut self, what: &str, message: &Message, more: Value) {
        let name = format!("{}/{}", message.incident, message.number);
        let mut detail = json!({ "message": name, "audience": message.audience, "seal": message.seal() });
        if message.preapproved {
            detail["preapproved"] = true.into();
        }
        if let (Value::Object(detail), Value::Object(more)) = (&mut detail, more) {
            detail.extend(more);
        }
        self.draft.audit(what, detail);
    }

    /// What waited for the clock about a message does so no longer.
    pub(super) fn stop_clocks(&mut self, message: &Message) {
        let waits = match message.stage {
            Stage::InReview { .. } => Some(Alarm::Review { message: message.number, again: false }),
            Stage::Scheduled { .. } => Some(Alarm::Publish { message: message.number }),
            Stage::Draft | Stage::Approved | Stage::Published { .. } | Stage::Retracted { .. } | Stage::Discarded => {
                None
            }
        };
        if let Some(alarm) = waits {
            self.draft.clear_timer(alarm.key(message.incident));
        }
    }

    /// The number of the next message.
    pub(super) fn next_number(&self) -> i64 {
        self.draft.incident.messages.last().map_or(1, |brief| brief.number + 1)
    }
}

/// The card of a message in a room.
pub(in crate::decide) fn card(room: Room, message: &Message, incident: &Incident, org: &Organisation) -> Effect {
    let view = Box::new(shown::card(message, incident, org));
    Effect::Card { room, card: format!("comms/{}", message.number), view }
}
