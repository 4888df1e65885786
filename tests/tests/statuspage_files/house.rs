//! A Muster with a status page that listens.

use axum::Router;
use muster_core::comms::{CommsRules, LinkKey, PublicIncident};
use muster_core::decide::Needs;
use muster_core::ids::IncidentId;
use muster_core::ports::store::{Committed, Store};
use muster_core::record::{Record, RecordKey, Wanted};
use muster_outside::{Allowed, WayOut};
use muster_statuspage::{Export, Statuspage, StatuspageConfig};
use muster_tests::fixtures::{record, write};
use muster_tests::memory::MemoryStore;
use muster_tests::process::{SOON, eventually, http};
use muster_tests::sample::retailer;
use muster_tests::statuspage::{now, rules};
use muster_tests::world::World;
use reqwest::header::{HeaderMap, HeaderName};
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// The key of the links of subscribers.
pub(crate) fn key() -> LinkKey {
    LinkKey::new("0123456789abcdef0123456789abcdef").unwrap()
}

/// A Muster whose status page is at `/status/` of an address.
pub(crate) struct House {
    pub(crate) world: World,
    pub(crate) store: MemoryStore,
    url: String,
    tasks: JoinSet<()>,
}

/// What customers see, as it is kept.
pub(crate) async fn keep(store: &dyn Store, incident: &PublicIncident) {
    let key = RecordKey::public(incident.incident);
    let needs = Needs { records: vec![Wanted::One(key.clone())], ..Needs::default() };
    let unit = store.begin(&needs).await.unwrap();
    let version = unit.state().records.version(&key) + 1;
    let making =
        write(&format!("{key:?}/{version}")).change(record(version, Record::Public(Box::new(incident.clone()))));
    assert_eq!(unit.commit(making.0).await.unwrap(), Committed::Fresh);
}

impl House {
    /// With these incidents, and nothing exported.
    pub(crate) async fn with(incidents: &[PublicIncident]) -> Self {
        Self::over(MemoryStore::default(), incidents, Export::default()).await
    }

    /// Over that store, which may know some already.
    pub(crate) async fn over(store: MemoryStore, incidents: &[PublicIncident], export: Export) -> Self {
        let mut org = retailer();
        org.comms = rules();
        let world = World::over(Arc::new(store.clone()), org, Box::new(()));
        world.clock.begin(now());
        for incident in incidents {
            keep(&store, incident).await;
        }
        let inside = Allowed::default().and("127.0.0.1").unwrap();
        let config = StatuspageConfig { key: Some(key()), export, outside: Arc::new(WayOut::new(inside)) };
        let page = Statuspage::new(Arc::clone(&world.muster), config);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/status/", listener.local_addr().unwrap());
        let router = Router::new().nest_service("/status/", page.router());
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>()).await.unwrap();
        });
        tasks.spawn(page.keep_up());
        Self { world, store, url, tasks }
    }

    /// As it is after a kill: what is in the store, and nothing else.
    pub(crate) async fn started_again(mut self) -> Self {
        self.tasks.shutdown().await;
        Self::over(self.store, &[], Export::default()).await
    }

    /// The rules change, as after a reload of the config.
    pub(crate) fn reconfigure(&self, change: impl FnOnce(&mut CommsRules)) {
        let mut org = self.world.muster.org().as_ref().clone();
        change(&mut org.comms);
        self.world.muster.reconfigure(org);
    }

    /// The address of a file.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// A request in the making.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        http().request(method, self.url(path))
    }

    /// What is answered to one who asks for a file, once there are any.
    pub(crate) async fn get(&self, path: &str) -> Response {
        self.get_with(path, HeaderMap::new()).await
    }

    /// The same for one who says more.
    pub(crate) async fn get_with(&self, path: &str, headers: HeaderMap) -> Response {
        eventually("the files are made", SOON, async || {
            let answer = self.request(Method::GET, path).headers(headers.clone()).send().await.unwrap();
            (answer.status() != StatusCode::SERVICE_UNAVAILABLE).then_some(answer)
        })
        .await
    }

    /// The text of a file.
    pub(crate) async fn text(&self, path: &str) -> String {
        let answer = self.get(path).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer.text().await.unwrap()
    }

    /// Waits until a file says that.
    pub(crate) async fn says(&self, path: &str, words: &str) {
        eventually(&format!("{path} says “{words}”"), SOON, async || {
            self.text(path).await.contains(words).then_some(())
        })
        .await;
    }
}

/// A header of an answer, as text.
pub(crate) fn header(answer: &Response, name: HeaderName) -> String {
    answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
}

/// The same incident under another number.
pub(crate) fn numbered(incident: PublicIncident, number: i64) -> PublicIncident {
    PublicIncident { incident: IncidentId(number), ..incident }
}
