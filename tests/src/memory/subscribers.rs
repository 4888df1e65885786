//! Those outside, and what is on its way to them.

use super::{MemoryStore, take};
use async_trait::async_trait;
use muster_core::clock::Timestamp;
use muster_core::comms::{
    Bulk, Channel, Consignment, FAULTS, Fault, Parcel, ParcelOutcome, Subscriber, SubscriberId, SubscriberState, Tally,
};
use muster_core::ids::IncidentId;
use muster_core::ports::store::StoreError;
use muster_core::ports::subscribers::{
    COMES_BACK, PARCELS_KEPT, ParcelLease, ParcelSettlement, ParkedParcel, Stays, SubscriberQuery, Subscribers,
    UNCONFIRMED_KEPT,
};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Default)]
pub(super) struct Outside {
    last: i64,
    people: BTreeMap<SubscriberId, (Subscriber, Option<Timestamp>)>,
    consignments: Vec<HandedOver>,
    parcels: BTreeMap<(usize, SubscriberId), Row>,
}

struct HandedOver {
    consignment: Consignment,
    /// The last for whom it has been laid out; nothing when that was the last of all.
    reached: Option<SubscriberId>,
}

struct Row {
    channel: Channel,
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

impl Outside {
    fn subscribe(&mut self, one: &Subscriber, stays: Stays) {
        let is_same = |(known, _): &&mut (Subscriber, _)| {
            (&known.audience, known.channel, &known.address) == (&one.audience, one.channel, &one.address)
        };
        if let Some((known, _)) = self.people.values_mut().find(is_same) {
            let stays = match known.state {
                SubscriberState::Active => stays == Stays::Told,
                SubscriberState::Unconfirmed => false,
                SubscriberState::Left | SubscriberState::Bounced | SubscriberState::Gone => stays == Stays::Ended,
            };
            if !stays {
                let is_as_before = known.state == one.state;
                let (since, failures) = if is_as_before { (known.since, known.failures) } else { (one.since, 0) };
                *known = Subscriber { id: known.id, since, failures, ..one.clone() };
            }
            return;
        }
        self.last += 1;
        let one = Subscriber { id: SubscriberId(self.last), ..one.clone() };
        self.people.insert(one.id, (one, None));
    }

    fn go(&mut self, id: SubscriberId, from: &[SubscriberState], (to, at): (SubscriberState, Timestamp)) -> bool {
        let Some((one, _)) = self.people.get_mut(&id).filter(|(one, _)| from.contains(&one.state)) else {
            return false;
        };
        (one.state, one.since, one.failures) = (to, at, 0);
        if !matches!(to, SubscriberState::Active | SubscriberState::Unconfirmed) {
            one.components.clear();
        }
        true
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
        self.consignments.iter().position(|one| one.consignment.key == key)
    }

    fn spread(&mut self, key: &str, limit: i64) -> bool {
        let Some(place) = self.place(key) else { return true };
        let HandedOver { consignment, reached: Some(reached) } = &self.consignments[place] else { return true };
        let limit = usize::try_from(limit).unwrap_or(0).max(1);
        let (next, due_at): (Vec<Subscriber>, _) = match &consignment.bulk {
            Bulk::Bulletin(bulletin) => {
                let told = self.people.range(SubscriberId(reached.0 + 1)..).map(|(_, (one, _))| one);
                let told = told.filter(|one| one.audience == bulletin.audience && one.state == SubscriberState::Active);
                (told.take(limit).cloned().collect(), consignment.at)
            }
            Bulk::Confirm { subscriber } => {
                let asked = self.people.get(subscriber).map(|(one, _)| one.clone());
                (asked.into_iter().filter(|one| one.awaits(&consignment.bulk)).collect(), Timestamp::UNIX_EPOCH)
            }
        };
        let is_concerned = |one: &&Subscriber| match &consignment.bulk {
            Bulk::Bulletin(bulletin) => {
                let hears_of_it = one.components.is_empty() || !one.components.is_disjoint(&bulletin.concerns);
                hears_of_it && one.since <= consignment.at
            }
            Bulk::Confirm { .. } => true,
        };
        for one in next.iter().filter(is_concerned) {
            let row = Row {
                channel: one.channel,
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
        self.consignments[place].reached = reached;
        reached.is_none()
    }

    /// The first that waits for each subscriber, of one channel: when it is due, and which it is.
    fn first(&self, channel: Channel) -> Vec<(Timestamp, (usize, SubscriberId))> {
        let mut seen = BTreeSet::new();
        let waiting = self.parcels.iter().filter(|(_, row)| row.state == RowState::Waiting);
        let first = waiting.filter(|((_, subscriber), _)| seen.insert(*subscriber));
        let mut first: Vec<_> =
            first.filter(|(_, row)| row.channel == channel).map(|(key, row)| (row.due_at, *key)).collect();
        first.sort_unstable();
        first
    }

    fn lease(&mut self, lease: &ParcelLease) -> Vec<Parcel> {
        let due = self.first(lease.channel).into_iter().filter(|(due_at, _)| *due_at <= lease.now).map(|(_, key)| key);
        let mut parcels = Vec::new();
        for key in take(due.collect(), lease.limit).0 {
            let Some((subscriber, _)) = self.people.get(&key.1) else {
                self.parcels.remove(&key);
                continue;
            };
            let Some(row) = self.parcels.get_mut(&key) else { continue };
            row.worker = Some(lease.worker.clone());
            row.due_at = lease.until;
            row.attempts += 1;
            let consignment = self.consignments[key.0].consignment.key.clone();
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
            ParcelOutcome::Parked { error, .. } => (row.state, row.error) = (RowState::Parked, Some(error.clone())),
        }
        let told = [SubscriberState::Active, SubscriberState::Unconfirmed];
        match outcome {
            ParcelOutcome::Done => self.calm(*subscriber, *at),
            ParcelOutcome::Retry { .. } | ParcelOutcome::Moot | ParcelOutcome::Parked { fault: Fault::None, .. } => {}
            ParcelOutcome::Parked { fault: Fault::Counts, .. } => self.count_fault(*subscriber, *at),
            ParcelOutcome::Parked { fault: Fault::Nobody, .. } => {
                self.go(*subscriber, &told, (SubscriberState::Bounced, *at));
            }
            ParcelOutcome::Parked { fault: Fault::Gone, .. } => {
                self.go(*subscriber, &told, (SubscriberState::Gone, *at));
            }
        }
        true
    }

    pub(super) fn tally(&self, incident: IncidentId, number: i64) -> Tally {
        let is_of_it = |place: usize| match &self.consignments[place].consignment.bulk {
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
        self.people
            .retain(|_, (one, _)| one.state != SubscriberState::Unconfirmed || one.since >= now - UNCONFIRMED_KEPT);
        self.parcels.retain(|_, row| row.finished_at.is_none_or(|at| at >= now - PARCELS_KEPT));
        (before.0 - self.people.len() + before.1 - self.parcels.len()) as u64
    }
}

#[async_trait]
impl Subscribers for MemoryStore {
    async fn subscribe(&self, subscribers: &[Subscriber], stays: Stays) -> Result<Vec<Subscriber>, StoreError> {
        let outside = &mut self.books().outside;
        subscribers.iter().for_each(|one| outside.subscribe(one, stays));
        // As they are now, whoever was given twice.
        Ok(subscribers
            .iter()
            .filter_map(|one| {
                let is_same = |(known, _): &&(Subscriber, _)| {
                    (&known.audience, known.channel, &known.address) == (&one.audience, one.channel, &one.address)
                };
                outside.people.values().find(is_same).map(|(known, _)| known.clone())
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
                && query.address.as_ref().is_none_or(|address| *address == one.address)
                && query.after.is_none_or(|after| one.id > after)
        };
        let all = books.outside.people.values().map(|(one, _)| one).filter(fits).cloned();
        Ok(take(all.collect(), query.limit).0)
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
            outside.consignments.push(HandedOver { consignment: consignment.clone(), reached });
        }
        Ok(is_new)
    }

    async fn spreading(&self, limit: i64) -> Result<Vec<String>, StoreError> {
        let books = self.books();
        let spreading = books.outside.consignments.iter().filter(|one| one.reached.is_some());
        Ok(take(spreading.map(|one| one.consignment.key.clone()).collect(), limit).0)
    }

    async fn spread(&self, key: &str, limit: i64) -> Result<bool, StoreError> {
        Ok(self.books().outside.spread(key, limit))
    }

    async fn consignment(&self, key: &str) -> Result<Option<Consignment>, StoreError> {
        let books = self.books();
        Ok(books.outside.place(key).map(|place| books.outside.consignments[place].consignment.clone()))
    }

    async fn lease_parcels(&self, lease: &ParcelLease) -> Result<Vec<Parcel>, StoreError> {
        Ok(self.books().outside.lease(lease))
    }

    async fn settle_parcels(&self, settlements: &[ParcelSettlement]) -> Result<u64, StoreError> {
        let outside = &mut self.books().outside;
        Ok(settlements.iter().filter(|settlement| outside.settle(settlement)).count() as u64)
    }

    async fn next_parcel(&self, channel: Channel) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.books().outside.first(channel).first().map(|(due_at, _)| *due_at))
    }

    async fn tally(&self, incident: IncidentId, number: i64) -> Result<Tally, StoreError> {
        Ok(self.books().outside.tally(incident, number))
    }

    async fn parked(&self, limit: i64) -> Result<Vec<ParkedParcel>, StoreError> {
        let books = self.books();
        let parked = books.outside.parcels.iter().filter(|(_, row)| row.state == RowState::Parked);
        let mut parked: Vec<_> = parked
            .map(|((place, subscriber), row)| ParkedParcel {
                consignment: books.outside.consignments[*place].consignment.key.clone(),
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
