//! A shop with customers who have subscribed, and couriers whose way is the test's.

use async_trait::async_trait;
use chrono::TimeDelta;
use muster_core::app::Muster;
use muster_core::app::parcels::{Depot, Threshold, Throttle};
use muster_core::app::subscribing::Wish;
use muster_core::clock::{Clock, Timestamp};
use muster_core::comms::{
    Audience, Bulk, Bulletin, Channel, CommsRules, Component, Destination, Locale, Locales, Parcel, Subscriber,
    SubscriberId, SubscriberState, Tally,
};
use muster_core::decide::Needs;
use muster_core::effect::Effect;
use muster_core::ids::{EffectKey, IncidentId, PlatformId};
use muster_core::incident::Incident;
use muster_core::org::Organisation;
use muster_core::ports::chat::{Chat, Delivery, DeliveryError, Receipt};
use muster_core::ports::courier::{Courier, CourierError};
use muster_core::ports::store::{Committed, Store};
use muster_tests::clock::{ManualClock, SeededEntropy, moment};
use muster_tests::fixtures::{self, write};
use muster_tests::memory::MemoryStore;
use muster_tests::sample;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;

/// When every story begins.
pub(crate) const MORNING: &str = "2026-11-27T09:00:00Z";

fn audience(id: &str, to: Vec<Destination>) -> Audience {
    Audience { id: id.to_owned(), name: id.to_owned(), to, waits_for_all: false, ..fixtures::audience() }
}

fn component(id: &str) -> Component {
    Component {
        id: id.to_owned(),
        names: BTreeMap::from([(Locale::english(), id.to_owned())]),
        descriptions: BTreeMap::new(),
        group: None,
        services: Vec::new(),
        sites: None,
    }
}

/// The retailer, with customers who can subscribe on the page, and business customers whom operators subscribe.
pub(crate) fn organisation() -> Organisation {
    let comms = CommsRules {
        locales: Locales::new(Locale::english(), ["sv".parse().unwrap()]),
        audiences: vec![
            audience("public", vec![Destination::Page, Destination::Subscribers]),
            audience("business", vec![Destination::Subscribers]),
            audience("internal", vec![Destination::Page]),
        ],
        components: vec![component("checkout"), component("stores")],
        ..CommsRules::default()
    };
    Organisation { comms, ..sample::retailer() }
}

pub(crate) fn wish(name: &str) -> Wish {
    Wish {
        audience: "public".to_owned(),
        channel: Channel::Email,
        address: format!("{name}@example.com"),
        locale: Locale::english(),
        components: BTreeSet::new(),
    }
}

pub(crate) fn hook(name: &str) -> Wish {
    Wish { channel: Channel::Webhook, address: format!("https://{name}.example.com/"), ..wish(name) }
}

/// What a courier was given, in order: to whom, and under which key.
type Carried = Arc<Mutex<Vec<(String, String)>>>;

/// How the other side answers, by address; otherwise it takes what it is brought.
type Answers = Arc<Mutex<HashMap<String, CourierError>>>;

/// A courier who goes on only as long as he is let through.
#[derive(Clone)]
pub(crate) struct Boy {
    channel: Channel,
    carried: Carried,
    answers: Answers,
    let_through: watch::Sender<usize>,
}

impl Boy {
    pub(crate) fn of(channel: Channel) -> Self {
        let let_through = watch::Sender::new(usize::MAX);
        Self { channel, carried: Carried::default(), answers: Answers::default(), let_through }
    }

    /// From now on the address answers so, until told otherwise.
    pub(crate) fn meets(&self, address: &str, error: Option<CourierError>) {
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        match error {
            Some(error) => drop(answers.insert(address.to_owned(), error)),
            None => drop(answers.remove(address)),
        }
    }

    /// No more than so many arrive, all told.
    pub(crate) fn lets(&self, count: usize) {
        self.let_through.send_replace(count);
    }

    /// Everything he was given since this was asked last: addresses and keys.
    pub(crate) fn carried(&self) -> Vec<(String, String)> {
        std::mem::take(&mut self.carried.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn count(&self) -> usize {
        self.carried.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

#[async_trait]
impl Courier for Boy {
    fn channel(&self) -> Channel {
        self.channel
    }

    async fn carry(&self, parcel: &Parcel, _bulk: &Bulk) -> Result<(), CourierError> {
        let place = {
            let mut carried = self.carried.lock().unwrap_or_else(PoisonError::into_inner);
            carried.push((parcel.subscriber.address.clone(), parcel.key()));
            carried.len()
        };
        let _ = self.let_through.subscribe().wait_for(|most| place <= *most).await;
        let answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        answers.get(&parcel.subscriber.address).map_or(Ok(()), |error| Err(error.clone()))
    }
}

/// The shop.
pub(crate) struct Town {
    pub(crate) muster: Arc<Muster>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) letters: Boy,
    pub(crate) hooks: Boy,
    pub(crate) depot: Depot,
}

pub(crate) fn throttle(per_second: u32, at_once: usize) -> Throttle {
    Throttle { at_once: NonZeroUsize::new(at_once).unwrap(), ..Throttle::of(per_second, per_second) }
}

impl Town {
    pub(crate) fn new() -> Self {
        Self::over(Arc::new(MemoryStore::default()), throttle(1_000_000, 100))
    }

    pub(crate) fn over(store: Arc<dyn Store>, throttle: Throttle) -> Self {
        let clock = ManualClock::at(moment(MORNING));
        let muster = Muster::new(store, Arc::clone(&clock) as Arc<dyn Clock>, SeededEntropy::new(1), organisation());
        let (letters, hooks) = (Boy::of(Channel::Email), Boy::of(Channel::Webhook));
        let couriers: Vec<Arc<dyn Courier>> = vec![Arc::new(letters.clone()), Arc::new(hooks.clone())];
        let depot = Depot::new(Arc::clone(&muster), "test".to_owned(), couriers, throttle);
        Self { muster, clock, letters, hooks, depot }
    }

    /// An operator subscribes them.
    pub(crate) async fn subscribes(&self, wishes: &[Wish]) -> Vec<Subscriber> {
        self.muster.subscribe(wishes).await.unwrap()
    }

    pub(crate) async fn known(&self, id: SubscriberId) -> Subscriber {
        self.muster.store().subscriber(id).await.unwrap().unwrap()
    }

    pub(crate) async fn state(&self, id: SubscriberId) -> SubscriberState {
        self.known(id).await.state
    }

    /// Writes an incident as it is.
    pub(crate) async fn writes(&self, incident: &Incident) {
        let unit = self.muster.store().begin(&Needs::default()).await.unwrap();
        let making = write(&format!("incident {} {}", incident.id, incident.version)).incident(incident);
        assert_eq!(unit.commit(making.0).await.unwrap(), Committed::Fresh);
    }

    /// What the dispatcher does with what was published, under that key.
    pub(crate) async fn hands_over(&self, key: &str, bulletin: Bulletin) -> Result<Receipt, DeliveryError> {
        let platform = PlatformId::subscribers();
        let delivery = Delivery {
            key: EffectKey::from(key),
            incident: Some(bulletin.cleared.incident()),
            attempt: 1,
            made: None,
            effect: Effect::Spread { platform, bulletin: Box::new(bulletin) },
        };
        Threshold::new(Arc::clone(&self.muster)).deliver(&delivery).await
    }

    /// Message 1 of INC-7 is published.
    pub(crate) async fn publishes(&self, number: i64) {
        self.hands_over(&format!("INC-7/{number}/0"), bulletin(number, self.clock.now())).await.unwrap();
    }

    /// Everything that is due is carried.
    pub(crate) async fn carries(&self) {
        while self.depot.carry_due().await.unwrap() > 0 {}
    }

    /// Time passes, and what is due then is carried.
    pub(crate) async fn passes(&self, span: TimeDelta) {
        self.clock.advance(span);
        self.carries().await;
    }

    pub(crate) async fn tally(&self, number: i64) -> Tally {
        self.muster.tally_of(IncidentId(7), number).await.unwrap()
    }
}

pub(crate) fn bulletin(number: i64, at: Timestamp) -> Bulletin {
    Bulletin { number, at, ..fixtures::bulletin() }
}
