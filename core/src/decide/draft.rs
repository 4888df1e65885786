//! A change of one incident in the making. What follows from the change is worked out in one place when it is done.

use super::{Change, Ctx, Decision, PageFact, State, Tag, consequences, pages, tellings};
use crate::audit::Deed;
use crate::clock::Timestamp;
use crate::comms::Cleared;
use crate::effect::{Effect, Outgoing};
use crate::ids::{EffectKey, IncidentId, PersonId, PlatformId, TimerKey};
use crate::incident::entry::{Amended, Amendment, Entry};
use crate::incident::event::Event;
use crate::incident::page::PageEvent;
use crate::incident::{Incident, Participant};
use crate::org::Organisation;
use crate::record::{Record, RecordKey, RecordKind};
use crate::reply::Reply;
use crate::timer::{Alarm, Timer, TimerChange};
use crate::view::View;
use chrono::TimeDelta;
use std::collections::{BTreeMap, BTreeSet};

/// Room for this many effects in each change of an incident.
const POSITIONS: i64 = 1_024;

/// A change in the making.
pub struct Draft<'a> {
    /// The incident, to be changed at will.
    pub incident: Incident,
    before: Option<&'a Incident>,
    ctx: &'a Ctx<'a>,
    entries: Vec<Entry>,
    effects: Vec<(Effect, TimeDelta)>,
    timers: Vec<TimerChange>,
    records: BTreeMap<RecordKey, (i64, Option<Record>)>,
    facts: Vec<PageFact>,
    deeds: Vec<Deed>,
}

impl<'a> Draft<'a> {
    /// A change of an incident.
    #[must_use]
    pub fn of(before: &'a Incident, ctx: &'a Ctx<'a>) -> Self {
        let mut incident = before.clone();
        incident.version += 1;
        incident.changed_at = ctx.now;
        Self { before: Some(before), ..Self::new(incident, ctx) }
    }

    /// A new incident; its version must be 1.
    #[must_use]
    pub fn new(incident: Incident, ctx: &'a Ctx<'a>) -> Self {
        Self {
            incident,
            before: None,
            ctx,
            entries: Vec::new(),
            effects: Vec::new(),
            timers: Vec::new(),
            records: BTreeMap::new(),
            facts: Vec::new(),
            deeds: Vec::new(),
        }
    }

    /// Puts something on the timeline, now.
    pub fn record(&mut self, what: Event) {
        self.record_at(what, self.ctx.now);
    }

    /// Puts on the timeline what happened to a page, and remembers what statistics need of it.
    pub fn record_page(&mut self, number: i64, what: PageEvent) {
        if let Some(fact) = pages::fact(number, &what, self) {
            self.facts.push(fact);
        }
        self.record(Event::Page { number, what });
    }

    /// Puts something on the timeline that happened at another time.
    pub fn record_at(&mut self, what: Event, at: Timestamp) {
        let seq = self.take_seq();
        self.entries.push(Entry {
            incident: self.incident.id,
            seq,
            number: seq,
            at,
            recorded_at: self.ctx.now,
            by: self.ctx.actor.author(),
            via: self.ctx.place.platform.clone(),
            what,
            amendment: None,
        });
    }

    /// Restates an entry.
    pub fn amend(&mut self, entry: &Entry, how: Amended, at: Timestamp, what: Event) {
        let seq = self.take_seq();
        self.entries.push(Entry {
            seq,
            at,
            what,
            recorded_at: self.ctx.now,
            amendment: Some(Amendment { by: self.ctx.actor.author(), how }),
            ..entry.clone()
        });
    }

    fn take_seq(&mut self) -> i64 {
        let seq = self.incident.next_entry;
        self.incident.next_entry += 1;
        seq
    }

    /// Makes somebody a participant; `true` if they were not.
    pub fn let_in(&mut self, person: &PersonId, name: &str) -> bool {
        if self.incident.has(person) {
            return false;
        }
        self.incident.participants.push(Participant {
            person: person.clone(),
            name: name.to_owned(),
            joined_at: self.ctx.now,
        });
        true
    }

    /// Makes an effect.
    pub fn effect(&mut self, effect: Effect) {
        self.effects.push((effect, TimeDelta::zero()));
    }

    /// Makes an effect after a while, unless one with its mark takes its place before.
    pub fn effect_after(&mut self, delay: TimeDelta, effect: Effect) {
        self.effects.push((effect, delay));
    }

    /// Tells one person, wherever they may look.
    pub fn tell(&mut self, person: &PersonId, view: &View) {
        tellings(person, view, self.ctx.org).into_iter().for_each(|effect| self.effect(effect));
    }

    /// Tells one person on every chat where they may be known.
    pub fn tell_in_chats(&mut self, person: &PersonId, view: &View) {
        let in_chats = |effect: &Effect| *effect.platform() != PlatformId::console();
        tellings(person, view, self.ctx.org).into_iter().filter(in_chats).for_each(|effect| self.effect(effect));
    }

    /// Says something in every room that has not been put away.
    pub fn say(&mut self, view: &View) {
        for room in self.incident.rooms.clone().into_iter().filter(|room| !room.archived) {
            self.effect(Effect::Post { room, view: Box::new(view.clone()) });
        }
    }

    /// Sets a timer, or moves it.
    pub fn set_timer(&mut self, alarm: Alarm, due_at: Timestamp) {
        if let Alarm::Remind { about, .. } = alarm {
            self.incident.dismissed.retain(|one| *one != about);
        }
        let id = self.incident.id;
        self.timers.push(TimerChange::Set(Timer { key: alarm.key(id), incident: Some(id), due_at, alarm }));
    }

    /// Forgets a timer.
    pub fn clear_timer(&mut self, key: TimerKey) {
        self.timers.push(TimerChange::Clear(key));
    }

    /// A record is now this.
    pub fn keep(&mut self, state: &State, record: Record) {
        let key = record.key();
        let version = state.records.version(&key) + 1;
        self.records.insert(key, (version, Some(record)));
    }

    /// A record is gone.
    pub fn drop(&mut self, state: &State, key: RecordKey) {
        let version = state.records.version(&key) + 1;
        self.records.insert(key, (version, None));
    }

    /// Something is on the audit log.
    pub fn audit(&mut self, what: &str, detail: serde_json::Value) {
        self.deeds.push(Deed {
            at: self.ctx.now,
            by: self.ctx.actor.author(),
            via: self.ctx.place.platform.clone(),
            incident: Some(self.incident.id),
            what: what.to_owned(),
            detail,
        });
    }

    /// A record as it is with this change.
    #[must_use]
    pub fn kept(&self, key: &RecordKey) -> Option<&Record> {
        self.records.get(key)?.1.as_ref()
    }

    /// Whether nothing has been recorded.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Nothing of a drill or a private incident leaves the house, whatever anybody has made of it.
    fn keep_inside(&mut self) {
        if Cleared::of(&self.incident).is_err() {
            self.effects.retain(|(effect, _)| effect.cleared().is_none());
            self.records.retain(|key, _| key.kind != RecordKind::Public);
        }
    }

    /// Done: works out what follows, and answers with a view of the incident as it is now.
    pub fn done(mut self, reply: impl FnOnce(&Incident) -> View) -> Decision {
        consequences::add(&mut self);
        self.keep_inside();
        let view = reply(&self.incident);
        let id = self.incident.id;
        let effects = std::mem::take(&mut self.effects).into_iter().zip(0..);
        let effects = effects.map(|(effect, n)| self.outgoing(effect, n)).collect();
        let before = self.before.map(tags).unwrap_or_default();
        let after = tags(&self.incident);
        let incident = Change::Incident {
            added: after.difference(&before).cloned().collect(),
            removed: before.difference(&after).cloned().collect(),
            incident: Box::new(self.incident),
        };
        let record = |(key, (version, record)): (RecordKey, (i64, Option<Record>))| Change::Record {
            key,
            version,
            record: record.map(Box::new),
        };
        let records = self.records.into_iter().map(record);
        let facts = self.facts.into_iter().map(Change::Fact);
        let deeds = self.deeds.into_iter().map(Change::Audit);
        Decision {
            changes: std::iter::once(incident).chain(records).chain(facts).chain(deeds).collect(),
            entries: self.entries,
            effects,
            timers: self.timers,
            reply: Reply::view(view).about(id),
        }
    }

    fn outgoing(&self, (effect, delay): (Effect, TimeDelta), n: i64) -> Outgoing {
        let IncidentId(number) = self.incident.id;
        let version = self.incident.version;
        Outgoing {
            key: EffectKey::new(format!("INC-{number}/{version}/{n}")),
            incident: Some(self.incident.id),
            lane: effect.lane(Some(self.incident.id)),
            position: version * POSITIONS + n,
            urgency: effect.urgency(),
            coalesce: effect.coalesce(Some(self.incident.id)),
            due_at: self.ctx.now + delay,
            effect,
        }
    }

    /// The rules.
    #[must_use]
    pub fn org(&self) -> &'a Organisation {
        self.ctx.org
    }

    /// What has been recorded so far.
    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    pub(super) fn before(&self) -> Option<&'a Incident> {
        self.before
    }

    pub(crate) fn ctx(&self) -> &'a Ctx<'a> {
        self.ctx
    }
}

/// By what an incident can be found.
fn tags(incident: &Incident) -> BTreeSet<Tag> {
    let people = incident.participants.iter().map(|participant| Tag::Person(participant.person.clone()));
    let services = incident.services.iter().cloned().map(Tag::Service);
    let sites = incident.sites.iter().cloned().map(Tag::Site);
    let rooms = incident.rooms.iter().filter(|room| room.platform != PlatformId::console());
    let rooms = rooms.map(|room| Tag::Room { platform: room.platform.clone(), address: room.address.clone() });
    let open = incident.pages.iter().filter(|page| page.can_be_acked());
    let called = open.flat_map(|page| &page.called).filter(|called| !called.declined);
    let called = called.map(|called| Tag::Called(called.person.clone()));
    people.chain(services).chain(sites).chain(rooms).chain(called).collect()
}
