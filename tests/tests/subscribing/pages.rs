//! A page waits for no subscriber.

use crate::town::{Boy, organisation, throttle, wish};
use async_trait::async_trait;
use muster_core::app::Muster;
use muster_core::app::dispatch::Dispatcher;
use muster_core::app::parcels::{Depot, Threshold};
use muster_core::app::subscribing::SUBSCRIBERS;
use muster_core::clock::{SystemClock, SystemEntropy};
use muster_core::comms::Channel;
use muster_core::decide::Needs;
use muster_core::effect::{Effect, Outgoing, Urgency};
use muster_core::ids::{EffectKey, IncidentId, PlatformId};
use muster_core::ports::chat::{Chat, Delivery, DeliveryError, Receipt};
use muster_tests::fixtures::{Making, effect, incident, write};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

const MANY: usize = 10_000;

/// A platform that says what it was given.
struct Pager(mpsc::UnboundedSender<EffectKey>);

#[async_trait]
impl Chat for Pager {
    fn platform(&self) -> PlatformId {
        PlatformId::console()
    }

    async fn deliver(&self, delivery: &Delivery) -> Result<Receipt, DeliveryError> {
        self.0.send(delivery.key.clone()).unwrap();
        Ok(Receipt::of("rang"))
    }
}

async fn commits(muster: &Muster, making: Making) {
    muster.store().begin(&Needs::default()).await.unwrap().commit(making.0).await.unwrap();
}

/// How many parcels of the message there are.
async fn laid_out(muster: &Muster) -> usize {
    usize::try_from(muster.tally_of(IncidentId(7), 1).await.unwrap().all()).unwrap()
}

/// A page is raised twice: while everybody's parcels are being laid out, and while ten thousand of them wait behind couriers who hang.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_leaves_at_once_while_ten_thousand_parcels_wait() {
    let folder = tempfile::tempdir().unwrap();
    let store = muster_store::connect(&format!("sqlite:{}/muster.db", folder.path().display())).await.unwrap();
    let muster = Muster::new(store, Arc::new(SystemClock), Arc::new(SystemEntropy), organisation());
    commits(&muster, write("declare").incident(&incident(7))).await;
    let people: Vec<_> = (0..MANY).map(|number| wish(&format!("p{number}"))).collect();
    for some in people.chunks(500) {
        muster.subscribe(some).await.unwrap();
    }

    let letters = Boy::of(Channel::Email);
    letters.lets(0);
    let depot =
        Depot::new(Arc::clone(&muster), "test".into(), vec![Arc::new(letters.clone())], throttle(1_000_000, 64));
    let (rings, mut rang) = mpsc::unbounded_channel();
    let platforms: Vec<Arc<dyn Chat>> = vec![Arc::new(Pager(rings)), Arc::new(Threshold::new(Arc::clone(&muster)))];
    let dispatcher = Dispatcher::new(Arc::clone(&muster), "test".into(), platforms);
    let loops = [
        tokio::spawn(async move { depot.run(std::future::pending()).await }),
        tokio::spawn(async move { dispatcher.run(std::future::pending()).await }),
    ];
    let bulletin = Box::new(crate::town::bulletin(1, muster.now()));
    let spread = Outgoing {
        effect: Effect::Spread { platform: PlatformId::from(SUBSCRIBERS), bulletin },
        ..effect(7, "spread", 1)
    };
    let page = |number| Outgoing { urgency: Urgency::Page, ..effect(7, "page", number) };
    let mut is_paged = async |number| {
        let began = Instant::now();
        commits(&muster, write(&format!("page {number}")).effect(page(number))).await;
        let key = tokio::time::timeout(Duration::from_secs(20), rang.recv()).await.unwrap().unwrap();
        assert_eq!(key, page(number).key);
        began.elapsed()
    };

    commits(&muster, write("publish").effect(spread)).await;
    let mut slowest = Duration::ZERO;
    let mut number = 10;
    while laid_out(&muster).await < MANY {
        number += 1;
        slowest = slowest.max(is_paged(number).await);
    }
    assert!(number > 10, "nothing was paged meanwhile");
    while letters.count() < 64 {
        tokio::task::yield_now().await;
    }
    for number in 1_001..1_004 {
        slowest = slowest.max(is_paged(number).await);
    }
    assert_eq!(letters.count(), 64, "nobody has got anything yet");
    assert_eq!(laid_out(&muster).await, MANY);
    // A poll of the dispatcher is a second: nothing waits for one.
    assert!(slowest < Duration::from_millis(900), "a page took {slowest:?}");
    loops.into_iter().for_each(|task| task.abort());
}
