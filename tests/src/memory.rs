//! A store that is nothing but maps: the model against which the real one is measured, and fast enough for thousands
//! of stories. It keeps the contracts of [`muster_core::ports::store`], and nothing when the process ends.

use async_trait::async_trait;
use muster_core::clock::Timestamp;
use muster_core::decide::{Change, Entries, ListQuery, Needs, State, Summary, Tag};
use muster_core::export;
use muster_core::ids::{EffectKey, IncidentId, PersonId, PlatformId, RequestId, TimerKey};
use muster_core::incident::entry::Entry;
use muster_core::incident::{Incident, Visibility};
use muster_core::ports::credentials::{Credential, CredentialKind, Credentials};
use muster_core::ports::store::{
    Committed, Incidents, Lease, Leased, Message, Messages, Of, Outbox, OutboxRow, OutboxState, Outcome, Settlement,
    StoreError, Timers, Unit, Write,
};
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
    outbox: Vec<Row>,
    made: HashMap<String, String>,
    timers: BTreeMap<TimerKey, Timer>,
    replies: HashMap<RequestId, Reply>,
    codes: HashMap<SecretHash, (PersonId, Timestamp)>,
    links: HashMap<(PlatformId, String), PersonId>,
    messages: Vec<Message>,
    credentials: Vec<Credential>,
}

struct Row {
    row: OutboxRow,
    leased: Option<(String, Timestamp)>,
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
        state
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
                Change::Linked { hash, .. } => self.codes.contains_key(hash),
                Change::CodeGiven { .. } => true,
            };
            if !is_good {
                return Err(StoreError::Conflict);
            }
        }
        for change in decision.changes {
            self.change(change);
        }
        for entry in decision.entries {
            self.logs.entry(entry.incident).or_default().push(entry);
        }
        for outgoing in decision.effects {
            for other in self.outbox.iter_mut().filter(|other| {
                other.row.state == OutboxState::Waiting
                    && outgoing.coalesce.is_some()
                    && other.row.outgoing.coalesce == outgoing.coalesce
                    && other.row.attempts == 0
            }) {
                other.row.state = OutboxState::Superseded;
            }
            let state = OutboxState::Waiting;
            let row = OutboxRow { outgoing, state, attempts: 0, error: None, external: None };
            self.outbox.push(Row { row, leased: None });
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

    fn change(&mut self, change: Change) {
        match change {
            Change::Incident { incident, added, removed } => {
                let tags = self.tags.entry(incident.id).or_default();
                tags.retain(|tag| !removed.contains(tag));
                tags.extend(added);
                self.incidents.insert(incident.id, *incident);
            }
            Change::CodeGiven { hash, person, until } => drop(self.codes.insert(hash, (person, until))),
            Change::Linked { hash, handle, person } => {
                self.codes.remove(&hash);
                self.links.insert((handle.platform, handle.id), person);
            }
        }
    }

    /// Whether an effect is the first of those that wait in its lane.
    fn is_first(&self, row: &OutboxRow) -> bool {
        !self.outbox.iter().any(|other| {
            other.row.state == OutboxState::Waiting
                && other.row.outgoing.lane == row.outgoing.lane
                && other.row.outgoing.position < row.outgoing.position
        })
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

    async fn sweep(&self, _: Timestamp, _: i64) -> Result<u64, StoreError> {
        Ok(0)
    }

    async fn ping(&self) -> Result<(), StoreError> {
        Ok(())
    }
}

#[async_trait]
impl Outbox for MemoryStore {
    async fn lease(&self, lease: &Lease) -> Result<Vec<Leased>, StoreError> {
        let mut books = self.books();
        let may = |books: &Books, at: usize| {
            let Row { row, leased } = &books.outbox[at];
            row.state == OutboxState::Waiting
                && row.outgoing.due_at <= lease.now
                && lease.of.has(row.outgoing.effect.platform())
                && row.outgoing.urgency <= lease.least
                && leased.as_ref().is_none_or(|(_, until)| *until <= lease.now)
                && books.is_first(row)
        };
        let mut due: Vec<_> = (0..books.outbox.len()).filter(|at| may(&books, *at)).collect();
        due.sort_by_key(|at| {
            let outgoing = &books.outbox[*at].row.outgoing;
            (outgoing.urgency.rank(), outgoing.due_at, outgoing.position)
        });
        let leased = take(due, lease.limit).0.into_iter().map(|at| {
            let made = books.outbox[at].row.outgoing.coalesce.as_ref().and_then(|mark| books.made.get(mark)).cloned();
            let row = &mut books.outbox[at];
            row.leased = Some((lease.worker.clone(), lease.until));
            row.row.attempts += 1;
            Leased { outgoing: row.row.outgoing.clone(), attempt: row.row.attempts, made }
        });
        Ok(leased.collect())
    }

    async fn settle(&self, settlements: &[Settlement]) -> Result<u64, StoreError> {
        let mut count = 0;
        for settlement in settlements {
            let mut books = self.books();
            let held = books.outbox.iter_mut().find(|row| {
                row.row.outgoing.key == settlement.key
                    && row.row.attempts == settlement.attempt
                    && row.leased.as_ref().is_some_and(|(worker, _)| *worker == settlement.worker)
            });
            let Some(row) = held else { continue };
            row.leased = None;
            count += 1;
            match &settlement.outcome {
                Outcome::Done { external } => {
                    row.row.state = OutboxState::Done;
                    row.row.external = Some(external.clone());
                    if let Some(mark) = settlement.mark.clone() {
                        books.made.insert(mark, external.clone());
                    }
                }
                Outcome::Retry { at, error } => {
                    row.row.outgoing.due_at = *at;
                    row.row.error = Some(error.clone());
                }
                Outcome::Moot { error } => {
                    row.row.state = OutboxState::Superseded;
                    row.row.error = Some(error.clone());
                }
                Outcome::Dead { error } => {
                    row.row.state = OutboxState::Dead;
                    row.row.error = Some(error.clone());
                }
            }
        }
        Ok(count)
    }

    async fn next_lease(&self, of: &Of) -> Result<Option<Timestamp>, StoreError> {
        let books = self.books();
        let waiting =
            books.outbox.iter().filter(|row| row.row.state == OutboxState::Waiting && books.is_first(&row.row));
        let waiting = waiting.filter(|row| of.has(row.row.outgoing.effect.platform()));
        Ok(waiting.map(|row| row.leased.as_ref().map_or(row.row.outgoing.due_at, |(_, until)| *until)).min())
    }

    async fn effects(&self, state: OutboxState, limit: i64) -> Result<Vec<OutboxRow>, StoreError> {
        let books = self.books();
        let rows = books.outbox.iter().filter(|row| row.row.state == state).map(|row| row.row.clone());
        Ok(take(rows.collect(), limit).0)
    }

    async fn count(&self, state: OutboxState) -> Result<i64, StoreError> {
        let count = self.books().outbox.iter().filter(|row| row.row.state == state).count();
        Ok(i64::try_from(count).unwrap_or(i64::MAX))
    }

    async fn revive(&self, key: &EffectKey, now: Timestamp) -> Result<bool, StoreError> {
        let mut books = self.books();
        let dead = |row: &&mut Row| row.row.outgoing.key == *key && row.row.state == OutboxState::Dead;
        let Some(row) = books.outbox.iter_mut().find(dead) else { return Ok(false) };
        row.row.state = OutboxState::Waiting;
        row.row.outgoing.due_at = now;
        Ok(true)
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

fn is_good(credential: &Credential, now: Timestamp) -> bool {
    credential.expires_at.is_none_or(|until| until > now)
}

#[async_trait]
impl Credentials for MemoryStore {
    async fn grant(&self, credential: &Credential) -> Result<(), StoreError> {
        self.books().credentials.push(credential.clone());
        Ok(())
    }

    async fn check(
        &self,
        kind: CredentialKind,
        hash: &SecretHash,
        now: Timestamp,
    ) -> Result<Option<Credential>, StoreError> {
        let books = self.books();
        let found = books.credentials.iter().find(|one| one.kind == kind && one.hash == *hash);
        Ok(found.filter(|one| is_good(one, now)).cloned())
    }

    async fn take(
        &self,
        kind: CredentialKind,
        hash: &SecretHash,
        now: Timestamp,
    ) -> Result<Option<Credential>, StoreError> {
        let found = self.check(kind, hash, now).await?;
        self.books().credentials.retain(|one| Some(one) != found.as_ref());
        Ok(found)
    }

    async fn list(&self, kind: CredentialKind) -> Result<Vec<Credential>, StoreError> {
        Ok(self.books().credentials.iter().rev().filter(|one| one.kind == kind).cloned().collect())
    }

    async fn revoke(&self, kind: CredentialKind, prefix: &str) -> Result<u64, StoreError> {
        let mut books = self.books();
        let before = books.credentials.len();
        books.credentials.retain(|one| !(one.kind == kind && one.hash.as_str().starts_with(prefix)));
        Ok((before - books.credentials.len()) as u64)
    }
}
