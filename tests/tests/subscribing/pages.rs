//! A page waits for no subscriber.

use crate::town::{Boy, organisation, throttle, wish};
use async_trait::async_trait;
use muster_core::app::Muster;
use muster_core::app::dispatch::Dispatcher;
use muster_core::app::parcels::{Depot, Threshold};
use muster_core::comms::{Bulletin, Channel, Cleared};
use muster_core::effect::{Effect, Outgoing};
use muster_core::ids::{IncidentId, PlatformId};
use muster_core::ports::chat::{Chat, Delivery, DeliveryError, Receipt};
use muster_tests::fixtures::{effect, write};
use muster_tests::world::World;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

const MANY: usize = 10_000;

/// The console, whose every page is told to the test.
struct Pager(mpsc::UnboundedSender<Option<IncidentId>>);

#[async_trait]
impl Chat for Pager {
    fn platform(&self) -> PlatformId {
        PlatformId::console()
    }

    async fn deliver(&self, delivery: &Delivery) -> Result<Receipt, DeliveryError> {
        if let Effect::Page { .. } = delivery.effect {
            self.0.send(delivery.incident).unwrap();
        }
        Ok(Receipt::of("rang"))
    }
}

/// How many parcels there are of the first message of the first incident.
async fn laid_out(muster: &Muster) -> usize {
    usize::try_from(muster.tally_of(IncidentId(1), 1).await.unwrap().all()).unwrap()
}

/// The clock stands still, so that nothing is found by looking again: what leaves, leaves at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_leaves_at_once_while_ten_thousand_parcels_wait() {
    let folder = tempfile::tempdir().unwrap();
    let store = muster_store::connect(&format!("sqlite:{}/muster.db", folder.path().display())).await.unwrap();
    let mut organisation = organisation();
    (organisation.paging.per_minute, organisation.paging.per_quarter) = (10_000, 10_000);
    let world = World::over(store, organisation, Box::new(folder));
    let muster = Arc::clone(&world.muster);
    let people: Vec<_> = (0..MANY).map(|number| wish(&format!("p{number}"))).collect();
    for some in people.chunks(500) {
        muster.subscribe(some).await.unwrap();
    }
    let carol = world.person("carol");
    carol.types("new sev3 checkout is down").await.ok();

    let letters = Boy::of(Channel::Email);
    letters.lets(0);
    let depot =
        Depot::new(Arc::clone(&muster), "test".into(), vec![Arc::new(letters.clone())], throttle(1_000_000, 64));
    let (rings, mut rang) = mpsc::unbounded_channel();
    let platforms: Vec<Arc<dyn Chat>> = vec![Arc::new(Pager(rings)), Arc::new(Threshold::new(Arc::clone(&muster)))];
    let dispatcher = Dispatcher::new(Arc::clone(&muster), "test".into(), platforms);
    let mut incidents = 1;
    let mut slowest = Duration::ZERO;
    let mut pages = async || {
        incidents += 1;
        carol.types(&format!("new sev3 till {incidents} is off")).await.ok();
        let began = Instant::now();
        carol.types(&format!("INC-{incidents} page @alice come to the till")).await.ok();
        let paged = tokio::time::timeout(Duration::from_secs(20), rang.recv()).await.unwrap().unwrap();
        assert_eq!(paged, Some(IncidentId(incidents)));
        slowest = slowest.max(began.elapsed());
        slowest
    };

    let cleared = Cleared::of(&world.whole("INC-1").await.incident).unwrap();
    let bulletin = Box::new(Bulletin { cleared, ..crate::town::bulletin(1, muster.now()) });
    let spread = Outgoing {
        due_at: muster.now(),
        effect: Effect::Spread { platform: PlatformId::subscribers(), bulletin },
        ..effect(1, "spread", 1)
    };
    let unit = muster.store().begin(&Default::default()).await.unwrap();
    unit.commit(write("publish").effect(spread).0).await.unwrap();
    let loops = [
        tokio::spawn(async move { depot.run(std::future::pending()).await }),
        tokio::spawn(async move { dispatcher.run(std::future::pending()).await }),
    ];
    let mut meanwhile = 0;
    while laid_out(&muster).await < MANY {
        pages().await;
        meanwhile += 1;
    }
    assert!(meanwhile > 0, "nobody was paged while parcels were laid out");
    while letters.count() < 64 {
        tokio::task::yield_now().await;
    }
    let mut slowest = Duration::ZERO;
    for _ in 0..3 {
        slowest = pages().await;
    }
    assert_eq!(letters.count(), 64, "nobody has got anything yet");
    // Ten seconds of laying out in one piece, or a wait for a courier, would show.
    assert!(slowest < Duration::from_secs(2), "a page took {slowest:?}");
    loops.into_iter().for_each(|task| task.abort());
}
