//! Ten thousand alerts within a minute, of ten kinds and three teams, while everything people are reached by is slow: on
//! both stores one page per team and incident, a count that is right, people's limits kept, and lists in time.

use crate::late::escalating;
use async_trait::async_trait;
use chrono::TimeDelta;
use muster_core::alert::{Action, Level, Signal};
use muster_core::app::{Answer, DEADLINE, Muster};
use muster_core::clock::Clock;
use muster_core::decide::{ListQuery, Needs};
use muster_core::effect::Effect;
use muster_core::ids::{PersonId, PlatformId, RequestId};
use muster_core::inbound::{Ask, Caller, Inbound, Place};
use muster_core::incident::Incident;
use muster_core::oncall::Target;
use muster_core::org::{Contact, Organisation, Service, ServiceKind, Team};
use muster_core::ports::chat::{Chat, Delivery, DeliveryError, Receipt};
use muster_core::ports::store::Store;
use muster_tests::pg;
use muster_tests::process::tell;
use muster_tests::stage::running::Running;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

const ALERTS: usize = 10_000;
const KINDS: usize = 10;
/// The services that break, and whose they are.
const BROKEN: [(&str, &str); 3] = [("checkout", "payments"), ("tills", "stores"), ("mail", "platform")];

/// Phones that take long to answer.
pub(crate) struct Slow {
    slowness: Duration,
    rung: Mutex<Vec<String>>,
}

impl Slow {
    pub(crate) fn new(slowness: Duration) -> Arc<Self> {
        Arc::new(Self { slowness, rung: Mutex::default() })
    }

    /// Everybody has such a phone.
    pub(crate) fn reaches_everybody(org: &mut Organisation) {
        for person in &mut org.people {
            person.reach.contacts = vec![Contact {
                name: "push".to_owned(),
                platform: PlatformId::from("push"),
                address: person.id.to_string(),
            }];
        }
    }

    /// Which phones rang about what.
    pub(crate) fn rung(&self) -> Vec<String> {
        self.rung.lock().expect("a lock").clone()
    }

    /// Every incident.
    pub(crate) async fn incidents(muster: &Muster) -> Vec<Incident> {
        let all = ListQuery { limit: 100, ..ListQuery::of(PersonId::from("alice")) };
        let (list, _) = muster.list(all).await.expect("incidents can be listed");
        let mut incidents = Vec::new();
        for one in list {
            let needs = Needs { incident: Some(one.id), ..Needs::default() };
            incidents.extend(muster.store().load(&needs).await.expect("an incident can be read").incident);
        }
        incidents
    }
}

#[async_trait]
impl Chat for Slow {
    fn platform(&self) -> PlatformId {
        PlatformId::from("push")
    }

    async fn deliver(&self, delivery: &Delivery) -> Result<Receipt, DeliveryError> {
        if let Effect::Page { to, notice, .. } = &delivery.effect {
            self.rung.lock().expect("a lock").push(format!("{} {}", to.word(), notice.line));
        }
        tokio::time::sleep(self.slowness).await;
        Ok(Receipt::of(delivery.key.to_string()))
    }
}

/// An alert of a service.
pub(crate) fn signal(service: &str, title: &str, n: usize) -> Signal {
    Signal {
        source: "prometheus".to_owned(),
        key: format!("{service}-{n}"),
        action: Action::Trigger,
        title: title.to_owned(),
        text: None,
        level: Some(Level::Critical),
        labels: BTreeMap::from([("service".to_owned(), service.to_owned())]),
        links: Vec::new(),
        at: None,
    }
}

fn retailer() -> Organisation {
    let mut org = escalating();
    org.paging.per_minute = 3;
    org.paging.per_quarter = 10;
    org.services.push(Service {
        id: "mail".to_owned(),
        name: "Mail".to_owned(),
        kind: ServiceKind::Backend,
        owner: Some("platform".to_owned()),
    });
    org.teams.push(Team {
        id: "platform".to_owned(),
        name: "Platform".to_owned(),
        members: vec![PersonId::from("dave")],
        policy: None,
    });
    Slow::reaches_everybody(&mut org);
    org
}

async fn lists_in_time(muster: &Arc<Muster>, n: usize) -> Duration {
    let place = Place { platform: PlatformId::console(), incident: None, address: None, forms: false };
    let started = Instant::now();
    let inbound = Inbound {
        caller: Caller::Person(PersonId::from("victor")),
        place,
        request: RequestId::new(format!("list-{n}")),
        ask: Ask::Line("list".to_owned()),
    };
    let answer = muster.execute(inbound).await;
    assert!(matches!(answer, Answer::Done(_)), "list {n}: {answer:?}");
    started.elapsed()
}

async fn storm(store: Arc<dyn Store>, name: &str) {
    let phones = Slow::new(Duration::from_secs(3));
    let muster = Running::on(store, retailer());
    muster.run(vec![Arc::clone(&phones) as Arc<dyn Chat>]);
    let started = Instant::now();
    let mut slowest = Duration::ZERO;
    for second in 0..60 {
        let here = (0..ALERTS).filter(|n| n % 60 == second);
        let said = here.map(|n| signal(BROKEN[n % 3].0, &format!("kind {} fails", n % KINDS), n)).collect();
        muster.app.take_in(said).await.expect("signals can be taken in");
        muster.clock.advance(TimeDelta::seconds(1));
        slowest = slowest.max(lists_in_time(&muster.app, second).await);
    }
    muster
        .comes_to("a sorted storm", async || muster.app.store().waiting(1).await.expect("it can be read").is_empty())
        .await;
    muster.settle().await;
    muster.pass(2).await;
    let incidents = Slow::incidents(&muster.app).await;
    assert_eq!(incidents.len(), BROKEN.len(), "an incident for each service");
    let mut counted = 0;
    for incident in &incidents {
        let targets: BTreeSet<_> = incident.pages.iter().map(|page| page.target.clone()).collect();
        assert_eq!(incident.pages.len(), targets.len(), "{}: one page for each team", incident.id);
        assert!(targets.iter().all(|one| matches!(one, Target::Team { .. })));
        counted += incident.alerts.total;
    }
    assert_eq!(usize::try_from(counted).ok(), Some(ALERTS), "every alert is counted, once");
    let mut phones_of: BTreeMap<String, usize> = BTreeMap::new();
    for line in phones.rung() {
        *phones_of.entry(line.split_once('/').expect("a recipient").0.to_owned()).or_default() += 1;
    }
    assert!(
        phones_of.values().all(|times| *times <= 3),
        "nobody is called more often than they can take: {phones_of:?}"
    );
    assert!(slowest < DEADLINE, "a list took {slowest:?}");
    tell(&format!(
        "{name}: {ALERTS} alerts in {:.1?}, {} incidents, {} calls, the slowest list {slowest:.0?} ({})",
        started.elapsed(),
        incidents.len(),
        phones.rung().len(),
        muster.clock.now()
    ));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_alerts_on_sqlite() {
    let home = tempfile::tempdir().expect("there is a place for a database");
    let url = format!("sqlite:{}", home.path().join("muster.db").display());
    storm(muster_store::connect(&url).await.expect("it can be opened"), "a storm on SQLite").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_alerts_on_postgres() {
    let Some(url) = pg::database("a storm").await else { return };
    storm(muster_store::connect(&url).await.expect("it can be opened"), "a storm on PostgreSQL").await;
}
