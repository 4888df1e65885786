//! Those outside, and what is on its way to them.

use super::{MemoryStore, take};
use async_trait::async_trait;
use muster_core::clock::Timestamp;
use muster_core::comms::{
    Bulk, Channel, Consignment, FAULTS, Fault, Parcel, ParcelOutcome, Subscriber, SubscriberId, SubscriberState, Tally,
    folded, mailbox,
};
use muster_core::ids::IncidentId;
use muster_core::ports::store::StoreError;
use muster_core::ports::subscribers::{
    COMES_BACK, NEWS, PARCELS_KEPT, ParcelLease, ParcelSettlement, ParkedParcel, Stays, SubscriberQuery, Subscribers,
    UNCONFIRMED_KEPT,
};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Default)]
pub(super) struct Outside {
    last: i64,
    people: BTreeMap<SubscriberId, (Subscriber, Option<Timestamp>)>,
    consignments: BTreeMap<usize, HandedOver>,
    handed_over: usize,
    parcels: BTreeMap<(usize, SubscriberId), Row>,
}

struct HandedOver {
    consignment: Consignment,
    /// The last for whom it has been laid out; nothing when that was the last of all.
    reached: Option<SubscriberId>,
}

struct Row {
    channel: Channel,
    is_question: bool,
    state: RowState,
    due_at: Timestamp,
    attempts: u32,
    worker: Option<String>,
    error: Option<String>,
    finished_at: Option<Timestamp>,
}

#[derive(PartialEq, Eq, Clone, Copy)]
enum RowState {
    Waiting,
    Done,
    Parked,
    Moot,
}

fn is_same(one: &Subscriber, other: &Subscriber) -> bool {
    let known = |one: &Subscriber| (one.audience.clone(), one.channel, folded(one.channel, &one.address));
    known(one) == known(other)
}

fn become_of(one: &mut Subscriber, (to, at): (SubscriberState, Timestamp)) {
    (one.state, one.since, one.failures, one.asked) = (to, at, 0, None);
    if !matches!(to, SubscriberState::Active | SubscriberState::Unconfirmed) {
        one.components.clear();
    }
}

impl Outside {
    fn subscribe(&mut self, one: &Subscriber, stays: Stays) {
        let Some((known, _)) = self.people.values_mut().find(|(known, _)| is_same(known, one)) else {
            self.last += 1;
            let one = Subscriber { id: SubscriberId(self.last), ..one.clone() };
            self.people.insert(one.id, (one, None));
            return;
        };
        let is_told = known.state == SubscriberState::Active;
        let before = known.clone();
        match stays {
            Stays::Told if is_told => {}
            Stays::Told => {
                let Subscriber { id, state, since, failures, .. } = before;
                *known = Subscriber { id, state, since, failures, asked: before.asked.or(one.asked), ..one.clone() };
            }
            Stays::All(_) if !is_told => {}
            Stays::All(says) => {
                known.locale = if says.locale { one.locale.clone() } else { before.locale };
                known.components = if says.components { one.components.clone() } else { before.components };
            }
            Stays::Nobody => {
                let is_as_before = before.state == one.state;
                let (since, failures) = if is_as_before { (before.since, before.failures) } else { (one.since, 0) };
                *known = Subscriber { id: before.id, since, failures, ..one.clone() };
            }
        }
    }

    fn go(&mut self, id: SubscriberId, from: &[SubscriberState], to: (SubscriberState, Timestamp)) -> bool {
        let Some((one, _)) = self.people.get_mut(&id).filter(|(one, _)| from.contains(&one.state)) else {
            return false;
        };
        become_of(one, to);
        true
    }

    /// Nothing more is sent to one who is told, or is asked.
    fn end(&mut self, id: SubscriberId, to: (SubscriberState, Timestamp)) {
        let listens = |one: &Subscriber| one.state == SubscriberState::Active || one.asked.is_some();
        if let Some((one, _)) = self.people.get_mut(&id).filter(|(one, _)| listens(one)) {
            become_of(one, to);
        }
    }

    fn count_fault(&mut self, id: SubscriberId, at: Timestamp) {
        let Some((one, failed_at)) = self.people.get_mut(&id) else { return };
        if one.state != SubscriberState::Active {
            return;
        }
        one.failures += 1;
        *failed_at = Some(at);
        if one.failures >= FAULTS {
            (one.state, one.since) = (SubscriberState::Bounced, at);
            one.components.clear();
        }
    }

    fn calm(&mut self, id: SubscriberId, at: Timestamp) {
        let Some((one, failed_at)) = self.people.get_mut(&id) else { return };
        if one.channel == Channel::Webhook || failed_at.is_some_and(|failed_at| failed_at < at - COMES_BACK) {
            one.failures = 0;
        }
    }

    fn place(&self, key: &str) -> Option<usize> {
        self.consignments.iter().find(|(_, one)| one.consignment.key == key).map(|(place, _)| *place)
    }

    fn spread(&mut self, key: &str, limit: i64) -> bool {
        let Some(place) = self.place(key) else { return true };
        let HandedOver { consignment, reached: Some(reached) } = &self.consignments[&place] else { return true };
        let limit = usize::try_from(limit).unwrap_or(0).max(1);
        let (next, due_at): (Vec<Subscriber>, _) = match &consignment.bulk {
            Bulk::Bulletin(bulletin) => {
                let told = self.people.range(SubscriberId(reached.0 + 1)..).map(|(_, (one, _))| one);
                let told = told.filter(|one| one.audience == bulletin.audience && one.state == SubscriberState::Active);
                (told.take(limit).cloned().collect(), consignment.at)
            }
            Bulk::Confirm { subscriber } => {
                let asked = self.people.get(subscriber).map(|(one, _)| one.clone());
                (asked.into_iter().filter(|one| one.awaits(&consignment.bulk)).collect(), consignment.at)
            }
        };
        let is_concerned = |one: &&Subscriber| match &consignment.bulk {
            Bulk::Bulletin(bulletin) => {
                let hears_of_it = one.components.is_empty() || !one.components.is_disjoint(&bulletin.concerns);
                hears_of_it && one.since <= consignment.at
            }
            Bulk::Confirm { .. } => true,
        };
        let is_question = matches!(consignment.bulk, Bulk::Confirm { .. });
        let concerned: Vec<_> = next.iter().filter(is_concerned).cloned().collect();
        let old = |of: usize| self.consignments[&of].consignment.at <= due_at - NEWS;
        for (at, row) in self.parcels.iter_mut().filter(|((of, _), row)| *of < place && row.attempts > 0 && !old(*of)) {
            let is_waiting = row.state == RowState::Waiting && row.worker.is_none() && !row.is_question;
            if !is_question && is_waiting && row.due_at > due_at && concerned.iter().any(|one| one.id == at.1) {
                (row.due_at, row.attempts) = (due_at, 0);
            }
        }
        for one in concerned {
            let row = Row {
                channel: one.channel,
                is_question,
                state: RowState::Waiting,
                due_at,
                attempts: 0,
                worker: None,
                error: None,
                finished_at: None,
            };
            self.parcels.entry((place, one.id)).or_insert(row);
        }
        let reached = next.last().map(|one| one.id).filter(|_| next.len() == limit);
        if let Some(one) = self.consignments.get_mut(&place) {
            one.reached = reached;
        }
        reached.is_none()
    }

    /// What may be taken next of one channel: questions, or the first bulletin that waits for each; when it is due, and which it is.
    fn first(&self, channel: Channel, questions: bool) -> Vec<(Timestamp, (usize, SubscriberId))> {
        let mut seen = BTreeSet::new();
        let waiting =
            self.parcels.iter().filter(|(_, row)| row.state == RowState::Waiting && row.is_question == questions);
        let first = waiting.filter(|((_, subscriber), _)| questions || seen.insert(*subscriber));
        let mut first: Vec<_> =
            first.filter(|(_, row)| row.channel == channel).map(|(key, row)| (row.due_at, *key)).collect();
        first.sort_unstable();
        first
    }

    fn lease(&mut self, lease: &ParcelLease) -> Vec<Parcel> {
        let due = |questions| {
            let due = self.first(lease.channel, questions).into_iter().filter(|(due_at, _)| *due_at <= lease.now);
            due.map(|(_, key)| key).collect::<Vec<_>>()
        };
        let (mut keys, mut questions) = (due(true), Vec::new());
        if let Ok(share) = usize::try_from(lease.questions) {
            questions = keys.split_off(share.min(keys.len()));
        }
        keys.extend(due(false));
        keys.extend(questions);
        let mut parcels = Vec::new();
        for key in take(keys, lease.limit).0 {
            let Some((subscriber, _)) = self.people.get(&key.1) else {
                self.parcels.remove(&key);
                continue;
            };
            let Some(row) = self.parcels.get_mut(&key) else { continue };
            row.worker = Some(lease.worker.clone());
            row.due_at = lease.until;
            row.attempts += 1;
            let consignment = self.consignments[&key.0].consignment.key.clone();
            parcels.push(Parcel { consignment, subscriber: subscriber.clone(), attempt: row.attempts });
        }
        parcels
    }

    fn settle(&mut self, settlement: &ParcelSettlement) -> bool {
        let ParcelSettlement { consignment, subscriber, worker, attempt, at, outcome } = settlement;
        let key = self.place(consignment).map(|place| (place, *subscriber));
        let Some(row) = key.and_then(|key| self.parcels.get_mut(&key)) else { return false };
        if row.state != RowState::Waiting || row.worker.as_ref() != Some(worker) || row.attempts != *attempt {
            return false;
        }
        row.worker = None;
        row.finished_at = Some(*at);
        match outcome {
            ParcelOutcome::Done => row.state = RowState::Done,
            ParcelOutcome::Moot => row.state = RowState::Moot,
            ParcelOutcome::Retry { at, error } => {
                (row.due_at, row.error, row.finished_at) = (*at, Some(error.clone()), None);
            }
            ParcelOutcome::Returned { at } => {
                (row.due_at, row.attempts, row.finished_at) = (*at, row.attempts - 1, None);
            }
            ParcelOutcome::Parked { error, .. } => (row.state, row.error) = (RowState::Parked, Some(error.clone())),
        }
        match outcome {
            ParcelOutcome::Done => self.calm(*subscriber, *at),
            ParcelOutcome::Retry { .. }
            | ParcelOutcome::Returned { .. }
            | ParcelOutcome::Moot
            | ParcelOutcome::Parked { fault: Fault::None, .. } => {}
            ParcelOutcome::Parked { fault: Fault::Counts, .. } => self.count_fault(*subscriber, *at),
            ParcelOutcome::Parked { fault: Fault::Nobody, .. } => {
                self.end(*subscriber, (SubscriberState::Bounced, *at));
            }
            ParcelOutcome::Parked { fault: Fault::Gone, .. } => {
                self.end(*subscriber, (SubscriberState::Gone, *at));
            }
        }
        true
    }

    pub(super) fn tally(&self, incident: IncidentId, number: i64) -> Tally {
        let is_of_it = |place: usize| match &self.consignments[&place].consignment.bulk {
            Bulk::Bulletin(bulletin) => (bulletin.cleared.incident(), bulletin.number) == (incident, number),
            Bulk::Confirm { .. } => false,
        };
        let mut tally = Tally::default();
        for (_, row) in self.parcels.iter().filter(|((place, _), _)| is_of_it(*place)) {
            let count = match (row.state, &row.error) {
                (RowState::Waiting, None) => &mut tally.waiting,
                (RowState::Waiting, Some(_)) => &mut tally.retrying,
                (RowState::Done, _) => &mut tally.done,
                (RowState::Parked, _) => &mut tally.parked,
                (RowState::Moot, _) => &mut tally.moot,
            };
            *count += 1;
        }
        tally
    }

    fn sweep(&mut self, now: Timestamp) -> u64 {
        let before = (self.people.len(), self.parcels.len());
        let is_over = |asked: Option<Timestamp>| asked.is_some_and(|asked| asked < now - UNCONFIRMED_KEPT);
        self.people.retain(|_, (one, _)| one.state != SubscriberState::Unconfirmed || !is_over(one.asked));
        for (one, _) in self.people.values_mut().filter(|(one, _)| is_over(one.asked)) {
            one.asked = None;
            one.components.clear();
        }
        let is_question = |one: &HandedOver| matches!(one.consignment.bulk, Bulk::Confirm { .. });
        self.consignments.retain(|_, one| !is_question(one) || !is_over(Some(one.consignment.at)));
        let is_there = |place: &usize| self.consignments.contains_key(place);
        let is_recent = |row: &Row| row.finished_at.is_none_or(|at| at >= now - PARCELS_KEPT);
        self.parcels.retain(|(place, _), row| is_there(place) && is_recent(row));
        (before.0 - self.people.len() + before.1 - self.parcels.len()) as u64
    }
}

#[async_trait]
impl Subscribers for MemoryStore {
    async fn subscribe(&self, subscribers: &[Subscriber], stays: Stays) -> Result<Vec<Subscriber>, StoreError> {
        let outside = &mut self.books().outside;
        let before = subscribers.iter().map(|one| SubscriberId::before(one.since).0).max();
        outside.last = outside.last.max(before.unwrap_or(0));
        subscribers.iter().for_each(|one| outside.subscribe(one, stays));
        // As they are now, whoever was given twice.
        Ok(subscribers
            .iter()
            .filter_map(|one| {
                outside.people.values().find(|(known, _)| is_same(known, one)).map(|(known, _)| known.clone())
            })
            .collect())
    }

    async fn subscriber(&self, id: SubscriberId) -> Result<Option<Subscriber>, StoreError> {
        Ok(self.books().outside.people.get(&id).map(|(one, _)| one.clone()))
    }

    async fn subscribers(&self, query: &SubscriberQuery) -> Result<Vec<Subscriber>, StoreError> {
        let books = self.books();
        let fits = |one: &&Subscriber| {
            query.audience.as_ref().is_none_or(|audience| *audience == one.audience)
                && query.channel.is_none_or(|channel| channel == one.channel)
                && query.state.is_none_or(|state| state == one.state)
                && query.address.as_ref().is_none_or(|address| *address == folded(one.channel, &one.address))
                && query.after.is_none_or(|after| one.id > after)
        };
        let all = books.outside.people.values().map(|(one, _)| one).filter(fits).cloned();
        Ok(take(all.collect(), query.limit).0)
    }

    async fn first_asked(&self, at: &str) -> Result<Option<Subscriber>, StoreError> {
        let books = self.books();
        let asked = books.outside.people.values().map(|(one, _)| one);
        let asked = asked.filter(|one| one.asked.is_some() && mailbox(one.channel, &one.address) == at);
        Ok(asked.min_by_key(|one| (one.asked, one.id)).cloned())
    }

    async fn count_subscribers(&self) -> Result<Vec<((String, Channel, SubscriberState), i64)>, StoreError> {
        let mut counts = BTreeMap::new();
        for (one, _) in self.books().outside.people.values() {
            let words = (one.audience.clone(), one.channel.word(), one.state.word());
            counts.entry(words).or_insert(((one.audience.clone(), one.channel, one.state), 0)).1 += 1;
        }
        Ok(counts.into_values().collect())
    }

    async fn move_subscriber(
        &self,
        id: SubscriberId,
        from: &[SubscriberState],
        to: (SubscriberState, Timestamp),
    ) -> Result<bool, StoreError> {
        Ok(self.books().outside.go(id, from, to))
    }

    async fn count_fault(&self, id: SubscriberId, at: Timestamp) -> Result<(), StoreError> {
        self.books().outside.count_fault(id, at);
        Ok(())
    }

    async fn forget_subscriber(&self, id: SubscriberId) -> Result<bool, StoreError> {
        let outside = &mut self.books().outside;
        outside.parcels.retain(|(_, subscriber), row| *subscriber != id || row.state != RowState::Waiting);
        Ok(outside.people.remove(&id).is_some())
    }

    async fn hand_over(&self, consignment: &Consignment) -> Result<bool, StoreError> {
        let outside = &mut self.books().outside;
        let is_new = outside.place(&consignment.key).is_none();
        if is_new {
            let reached = Some(SubscriberId(0));
            let one = HandedOver { consignment: consignment.clone(), reached };
            outside.consignments.insert(outside.handed_over, one);
            outside.handed_over += 1;
        }
        Ok(is_new)
    }

    async fn spreading(&self, limit: i64) -> Result<Vec<String>, StoreError> {
        let books = self.books();
        let spreading = books.outside.consignments.values().filter(|one| one.reached.is_some());
        Ok(take(spreading.map(|one| one.consignment.key.clone()).collect(), limit).0)
    }

    async fn spread(&self, key: &str, limit: i64) -> Result<bool, StoreError> {
        Ok(self.books().outside.spread(key, limit))
    }

    async fn consignment(&self, key: &str) -> Result<Option<Consignment>, StoreError> {
        let books = self.books();
        Ok(books.outside.place(key).map(|place| books.outside.consignments[&place].consignment.clone()))
    }

    async fn lease_parcels(&self, lease: &ParcelLease) -> Result<Vec<Parcel>, StoreError> {
        Ok(self.books().outside.lease(lease))
    }

    async fn settle_parcels(&self, settlements: &[ParcelSettlement]) -> Result<u64, StoreError> {
        let outside = &mut self.books().outside;
        Ok(settlements.iter().filter(|settlement| outside.settle(settlement)).count() as u64)
    }

    async fn next_parcel(&self, channel: Channel) -> Result<Option<Timestamp>, StoreError> {
        let books = self.books();
        let first = |questions| books.outside.first(channel, questions).first().map(|(due_at, _)| *due_at);
        Ok(first(true).into_iter().chain(first(false)).min())
    }

    async fn tally(&self, incident: IncidentId, number: i64) -> Result<Tally, StoreError> {
        Ok(self.books().outside.tally(incident, number))
    }

    async fn parked(&self, limit: i64) -> Result<Vec<ParkedParcel>, StoreError> {
        let books = self.books();
        let parked = books.outside.parcels.iter().filter(|(_, row)| row.state == RowState::Parked);
        let mut parked: Vec<_> = parked
            .map(|((place, subscriber), row)| ParkedParcel {
                consignment: books.outside.consignments[place].consignment.key.clone(),
                subscriber: *subscriber,
                attempts: row.attempts,
                error: row.error.clone().unwrap_or_default(),
                at: row.finished_at.unwrap_or_default(),
            })
            .collect();
        parked.sort_by_key(|one| std::cmp::Reverse(one.at));
        Ok(take(parked, limit).0)
    }

    async fn revive_parcels(&self, key: &str, now: Timestamp) -> Result<u64, StoreError> {
        let outside = &mut self.books().outside;
        let Some(place) = outside.place(key) else { return Ok(0) };
        let parked = outside.parcels.iter_mut().filter(|((of, _), row)| *of == place && row.state == RowState::Parked);
        let revived = parked.map(|(_, row)| {
            (row.state, row.due_at, row.attempts, row.error, row.finished_at) = (RowState::Waiting, now, 0, None, None);
        });
        Ok(revived.count() as u64)
    }

    async fn count_parcels(&self) -> Result<(i64, i64), StoreError> {
        let books = self.books();
        let count = |state| books.outside.parcels.values().filter(|row| row.state == state).count();
        let number = |count| i64::try_from(count).unwrap_or(i64::MAX);
        Ok((number(count(RowState::Waiting)), number(count(RowState::Parked))))
    }

    /// All of it at once.
    async fn sweep_subscribers(&self, now: Timestamp, _limit: i64) -> Result<u64, StoreError> {
        Ok(self.books().outside.sweep(now))
    }
}
