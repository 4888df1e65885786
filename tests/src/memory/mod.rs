//! A store that is nothing but maps: the model against which the real one is measured, and fast enough for thousands
//! of stories. It keeps the contracts of [`muster_core::ports::store`], and nothing when the process ends.

mod credentials;
mod desk;
mod outbox;
mod subscribers;

use async_trait::async_trait;
use desk::Desk;
use muster_core::clock::Timestamp;
use muster_core::decide::{Change, Entries, ListQuery, Needs, State, Summary, Tag};
use muster_core::export;
use muster_core::ids::{IncidentId, PersonId, PlatformId, RequestId, TimerKey};
use muster_core::incident::entry::Entry;
use muster_core::incident::{Incident, Visibility};
use muster_core::ports::credentials::{Credential, CredentialKind};
use muster_core::ports::store::{CALLING, Committed, Incidents, Message, Messages, StoreError, Timers, Unit, Write};
use muster_core::reply::Reply;
use muster_core::secret::SecretHash;
use muster_core::timer::{Timer, TimerChange};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{OwnedRwLockWriteGuard, RwLock};

/// The store.
#[derive(Default, Clone)]
pub struct MemoryStore(Arc<Mutex<Books>>, Arc<RwLock<()>>);

#[derive(Default)]
struct Books {
    last_number: i64,
    incidents: BTreeMap<IncidentId, Incident>,
    tags: BTreeMap<IncidentId, BTreeSet<Tag>>,
    logs: BTreeMap<IncidentId, Vec<Entry>>,
    outbox: Vec<outbox::Row>,
    made: HashMap<String, String>,
    timers: BTreeMap<TimerKey, Timer>,
    replies: HashMap<RequestId, Reply>,
    codes: HashMap<SecretHash, (PersonId, Timestamp)>,
    links: HashMap<(PlatformId, String), PersonId>,
    messages: Vec<Message>,
    credentials: Vec<Credential>,
    desk: Desk,
    outside: subscribers::Outside,
}

impl MemoryStore {
    /// Stalls: as long as what this gives is kept, whoever reads waits.
    pub async fn stalls(&self) -> OwnedRwLockWriteGuard<()> {
        Arc::clone(&self.1).write_owned().await
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// By what an incident can be found, as the decisions have said.
    #[must_use]
    pub fn tags(&self, incident: IncidentId) -> BTreeSet<Tag> {
        self.books().tags.get(&incident).cloned().unwrap_or_default()
    }
}

fn take<T>(mut all: Vec<T>, limit: i64) -> (Vec<T>, bool) {
    let limit = usize::try_from(limit).unwrap_or(0);
    let more = all.len() > limit;
    all.truncate(limit);
    (all, more)
}

impl Books {
    fn read(&mut self, needs: &Needs) -> State {
        let mut state = State {
            incident: needs.incident.and_then(|id| self.incidents.get(&id).cloned()),
            other: needs.other.and_then(|id| self.incidents.get(&id).cloned()),
            code: needs.code.as_ref().and_then(|hash| self.codes.get(hash).cloned()),
            ..State::default()
        };
        if needs.number {
            self.last_number += 1;
            state.number = Some(IncidentId(self.last_number));
        }
        let pinned = needs.pinned.as_ref().and_then(|message| state.incident.as_ref()?.pins.get(message));
        if let (Some(id), Some(which)) = (needs.incident, pinned.copied().map(Entries::One).or(needs.entries)) {
            (state.entries, state.more) = self.entries(id, which);
        }
        if let Some(query) = &needs.list {
            (state.list, state.more) = self.list(query);
        }
        state.calling = needs.calling.as_ref().map(|person| self.calling(person));
        state.records = self.desk.records(&needs.records);
        state.alerts = needs.alerts.as_ref().map(|query| self.desk.alerts(query)).unwrap_or_default();
        let told = needs.incident.zip(needs.tally);
        state.tally = told.map(|(incident, number)| self.outside.tally(incident, number));
        state.history = needs.history.map(|(from, until)| self.desk.history(from, until)).unwrap_or_default();
        state
    }

    fn calling(&self, person: &PersonId) -> Vec<Incident> {
        let tag = Tag::Called(person.clone());
        let called = self.tags.iter().filter(|(_, tags)| tags.contains(&tag));
        let calling = called.filter_map(|(id, _)| self.incidents.get(id).cloned()).collect();
        take(calling, CALLING).0
    }

    fn entries(&self, id: IncidentId, which: Entries) -> (Vec<Entry>, bool) {
        let log = self.logs.get(&id).map(Vec::as_slice).unwrap_or_default();
        let forms = |number: i64| log.iter().filter(move |entry| entry.number == number).cloned();
        match which {
            Entries::One(number) => (forms(number).next_back().into_iter().collect(), false),
            Entries::History(number) => (forms(number).collect(), false),
            Entries::Latest { limit, before } => {
                let rows = export::timeline(log).into_iter().rev();
                let rows = rows.filter(|row| before.is_none_or(|before| (row.at, row.number) < before));
                take(rows.cloned().collect(), limit)
            }
        }
    }

    fn list(&self, query: &ListQuery) -> (Vec<Summary>, bool) {
        let has = |incident: &Incident, tag: Tag| self.tags.get(&incident.id).is_some_and(|tags| tags.contains(&tag));
        let fits = |incident: &&Incident| {
            let joined = has(incident, Tag::Person(query.viewer.clone()));
            let may_see = if query.mine { joined } else { joined || incident.visibility == Visibility::Public };
            may_see
                && query.open.is_none_or(|open| open == incident.status.is_open())
                && query.kind.is_none_or(|kind| kind == incident.kind)
                && query.severity.as_ref().is_none_or(|severity| incident.severity.as_ref() == Some(severity))
                && query.service.as_ref().is_none_or(|service| has(incident, Tag::Service(service.clone())))
                && query.site.as_ref().is_none_or(|site| has(incident, Tag::Site(site.clone())))
                && query.before.is_none_or(|before| incident.id < before)
        };
        let summary = |incident: &Incident| Summary {
            id: incident.id,
            kind: incident.kind,
            visibility: incident.visibility,
            title: incident.title.clone(),
            severity: incident.severity.clone(),
            phase: incident.status.phase(),
            commander: incident.commander().map(|holder| holder.name.clone()),
            declared_at: incident.declared_at,
            changed_at: incident.changed_at,
        };
        take(self.incidents.values().rev().filter(fits).map(summary).collect(), query.limit)
    }

    fn write(&mut self, write: Write) -> Result<Committed, StoreError> {
        if let Some(kept) = self.replies.get(&write.request) {
            return Ok(Committed::Repeated(Box::new(kept.clone())));
        }
        if let Some(timer) = &write.fired
            && self.timers.get(&timer.key).is_none_or(|set| set.due_at != timer.due_at)
        {
            return Ok(Committed::Stale);
        }
        let decision = write.decision;
        for change in &decision.changes {
            let is_good = match change {
                Change::Incident { incident, .. } => {
                    self.incidents.get(&incident.id).map_or(0, |before| before.version) == incident.version - 1
                }
                Change::Record { key, version, .. } => self.desk.is_next_record(key, *version),
                Change::Alert(alert) => self.desk.is_next_alert(alert),
                Change::Sorted(ids) => self.desk.all_wait(ids),
                Change::Linked { hash, .. } => self.codes.contains_key(hash),
                Change::Fact(_) | Change::Audit(_) | Change::CodeGiven { .. } | Change::FeedGiven { .. } => true,
            };
            if !is_good {
                return Err(StoreError::Conflict);
            }
        }
        for change in decision.changes {
            self.change(change, write.at);
        }
        for entry in decision.entries {
            self.logs.entry(entry.incident).or_default().push(entry);
        }
        for outgoing in decision.effects {
            self.add(outgoing);
        }
        if let Some(timer) = &write.fired {
            self.timers.remove(&timer.key);
        }
        for change in decision.timers {
            match change {
                TimerChange::Set(timer) => drop(self.timers.insert(timer.key.clone(), timer)),
                TimerChange::Clear(key) => drop(self.timers.remove(&key)),
            }
        }
        self.replies.insert(write.request, decision.reply);
        Ok(Committed::Fresh)
    }

    fn change(&mut self, change: Change, at: Timestamp) {
        match change {
            Change::Incident { incident, added, removed } => {
                let tags = self.tags.entry(incident.id).or_default();
                tags.retain(|tag| !removed.contains(tag));
                tags.extend(added);
                self.incidents.insert(incident.id, *incident);
            }
            Change::Record { key, version, record } => self.desk.write_record(key, version, record, at),
            Change::Alert(alert) => self.desk.write_alert(*alert),
            Change::Sorted(ids) => self.desk.forget_signals(&ids),
            Change::Fact(fact) => self.desk.facts.push(fact),
            Change::Audit(deed) => self.desk.audit(&deed),
            Change::CodeGiven { hash, person, until } => drop(self.codes.insert(hash, (person, until))),
            Change::FeedGiven { hash, person, whose } => {
                let (kind, label) = (CredentialKind::Feed, whose.label());
                self.credentials.retain(|one| !(one.kind == kind && one.person == person && one.label == label));
                self.credentials.push(Credential { hash, kind, person, label, created_at: at, expires_at: None });
            }
            Change::Linked { hash, handle, person } => {
                self.codes.remove(&hash);
                self.links.insert((handle.platform, handle.id), person);
            }
        }
    }
}

struct MemoryUnit {
    state: State,
    store: MemoryStore,
}

#[async_trait]
impl Unit for MemoryUnit {
    fn state(&self) -> &State {
        &self.state
    }

    async fn commit(self: Box<Self>, write: Write) -> Result<Committed, StoreError> {
        self.store.books().write(write)
    }
}

#[async_trait]
impl Incidents for MemoryStore {
    async fn load(&self, needs: &Needs) -> Result<State, StoreError> {
        let _is_going = self.1.read().await;
        Ok(self.books().read(needs))
    }

    async fn begin(&self, needs: &Needs) -> Result<Box<dyn Unit>, StoreError> {
        Ok(Box::new(MemoryUnit { state: self.books().read(needs), store: self.clone() }))
    }

    async fn kept(&self, request: &RequestId) -> Result<Option<Reply>, StoreError> {
        Ok(self.books().replies.get(request).cloned())
    }

    async fn log(&self, incident: IncidentId, after: i64, limit: i64) -> Result<Vec<Entry>, StoreError> {
        let log = self.books().logs.get(&incident).cloned().unwrap_or_default();
        Ok(take(log.into_iter().filter(|entry| entry.seq > after).collect(), limit).0)
    }

    async fn linked(&self, platform: &PlatformId, id: &str) -> Result<Option<PersonId>, StoreError> {
        Ok(self.books().links.get(&(platform.clone(), id.to_owned())).cloned())
    }

    async fn identities(&self, person: &PersonId) -> Result<Vec<(PlatformId, String)>, StoreError> {
        let books = self.books();
        let theirs = books.links.iter().filter(|(_, linked)| *linked == person).map(|(handle, _)| handle.clone());
        Ok(theirs.collect())
    }

    async fn incident_at(&self, platform: &PlatformId, address: &str) -> Result<Option<IncidentId>, StoreError> {
        let tag = Tag::Room { platform: platform.clone(), address: address.to_owned() };
        Ok(self.books().tags.iter().find(|(_, tags)| tags.contains(&tag)).map(|(incident, _)| *incident))
    }

    /// Of what is in other books nothing is forgotten.
    async fn sweep(&self, before: Timestamp, limit: i64) -> Result<u64, StoreError> {
        Ok(self.books().desk.sweep(before, limit))
    }

    fn is_alone(&self) -> bool {
        true
    }

    async fn ping(&self) -> Result<(), StoreError> {
        Ok(())
    }
}

#[async_trait]
impl Timers for MemoryStore {
    async fn due(&self, now: Timestamp, limit: i64) -> Result<Vec<Timer>, StoreError> {
        let mut due: Vec<_> = self.books().timers.values().filter(|timer| timer.due_at <= now).cloned().collect();
        due.sort_by(|a, b| (a.due_at, &a.key).cmp(&(b.due_at, &b.key)));
        Ok(take(due, limit).0)
    }

    async fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.books().timers.values().map(|timer| timer.due_at).min())
    }

    async fn pending(&self) -> Result<i64, StoreError> {
        Ok(i64::try_from(self.books().timers.len()).unwrap_or(i64::MAX))
    }
}

#[async_trait]
impl Messages for MemoryStore {
    async fn keep(&self, message: &Message) -> Result<(), StoreError> {
        let mut books = self.books();
        if !books.messages.iter().any(|kept| kept.key == message.key) {
            books.messages.push(message.clone());
        }
        Ok(())
    }

    async fn said(&self, incident: IncidentId, limit: i64) -> Result<Vec<Message>, StoreError> {
        let books = self.books();
        let said = books.messages.iter().rev().filter(|kept| kept.incident == Some(incident) && kept.to.is_none());
        Ok(take(said.cloned().collect(), limit).0)
    }

    async fn told(&self, person: &PersonId, limit: i64) -> Result<Vec<Message>, StoreError> {
        let books = self.books();
        let told = books.messages.iter().rev().filter(|kept| kept.to.as_ref() == Some(person));
        Ok(take(told.cloned().collect(), limit).0)
    }
}
