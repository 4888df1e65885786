//! Two processes on one PostgreSQL hear of the same alerts at the same time: each is one incident and one page.

use crate::late::escalating;
use crate::storm::{Slow, signal};
use muster_core::app::Muster;
use muster_core::app::dispatch::Dispatcher;
use muster_core::clock::{Clock, SystemClock, SystemEntropy};
use muster_core::ports::chat::Chat;
use muster_core::ports::store::OutboxState;
use muster_tests::pg;
use muster_tests::process::{SOON, eventually};
use muster_web::ConsoleChat;
use std::sync::Arc;
use std::time::Duration;

/// So many things break, each seen by both.
const SERVICES: usize = 3;

async fn process(url: &str, name: &str, phones: &Arc<Slow>) -> Arc<Muster> {
    let store = muster_store::connect(url).await.expect("the database can be opened");
    let mut org = escalating();
    Slow::reaches_everybody(&mut org);
    let muster = Muster::new(store, Arc::new(SystemClock) as Arc<dyn Clock>, Arc::new(SystemEntropy), org);
    let console: Arc<dyn Chat> = Arc::new(ConsoleChat::new(Arc::clone(&muster)));
    let chats = vec![console, Arc::clone(phones) as Arc<dyn Chat>];
    let dispatcher = Dispatcher::new(Arc::clone(&muster), name.to_owned(), chats);
    let (timers, alerts) = (Arc::clone(&muster), Arc::clone(&muster));
    tokio::spawn(async move { dispatcher.run(std::future::pending()).await });
    tokio::spawn(async move { timers.keep_time().await });
    tokio::spawn(async move { alerts.sort_alerts().await });
    muster
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_alert_that_both_hear_of_is_one_incident_and_one_page() {
    let Some(url) = pg::database("two processes, one alert").await else { return };
    let phones = Slow::new(Duration::from_millis(20));
    let (one, other) = (process(&url, "one", &phones).await, process(&url, "other", &phones).await);
    let services = ["checkout", "tills", "payment"];
    for round in 0..10 {
        let said = || services.map(|service| signal(service, &format!("{service} is down"), round)).to_vec();
        let (first, second) = tokio::join!(one.take_in(said()), other.take_in(said()));
        first.and(second).expect("signals can be taken in");
    }
    let store = one.store();
    eventually("everything is sorted and sent", SOON, async || {
        let waiting = store.waiting(1).await.expect("signals can be read").len()
            + store.effects(OutboxState::Waiting, 10).await.expect("the outbox can be read").len();
        tokio::time::sleep(Duration::from_millis(20)).await;
        (waiting == 0).then_some(())
    })
    .await;
    let incidents = Slow::incidents(&one).await;
    assert_eq!(incidents.len(), SERVICES, "each service has one incident");
    for incident in &incidents {
        assert_eq!(incident.pages.len(), 1, "{} has one page", incident.id);
    }
    let mut rung = phones.rung();
    rung.sort();
    rung.dedup();
    assert_eq!(rung.len(), phones.rung().len(), "no phone rings twice for the same");
    // Payments have one called, the stores one: two incidents are theirs and one is.
    assert_eq!(rung.len(), SERVICES, "{rung:?}");
}
