//! A payment gateway outside of Muster, over loopback HTTP, and a machine that carries out steps against it.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use muster_core::app::Muster;
use muster_core::clock::SystemClock;
use muster_core::decide::Needs;
use muster_core::ports::executor::Executor;
use muster_core::record::{RecordKind, Wanted};
use muster_outside::{Allowed, WayOut};
use muster_runbooks::execute::{Machine, NOBODY, Secrets, Settings, User};
use serde_json::{Value, json};
use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, oneshot};
use tokio::task::JoinHandle;

/// As many permits as there are never requests at once.
const OPEN: usize = 1_000;

/// The gateway. It moves payments of a region to the provider it is told, and knows how many of them succeed.
pub struct Gateway {
    address: SocketAddr,
    book: Mutex<Book>,
    gate: Semaphore,
    _stop: oneshot::Sender<()>,
}

#[derive(Default)]
struct Book {
    active: BTreeMap<String, String>,
    /// A line for each request.
    got: Vec<String>,
    /// The idempotency keys of those that change something.
    keys: Vec<String>,
    /// What is to be answered next at a path, instead of what would be.
    next: BTreeMap<String, VecDeque<(u16, String)>>,
    /// The paths at which nothing is answered for now, and how many wait there.
    held: BTreeMap<String, usize>,
}

impl Gateway {
    /// A gateway that has had no requests.
    ///
    /// # Panics
    /// When there is no port.
    pub async fn start() -> Arc<Self> {
        // Another test of this process may have been first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (stop, stopped) = oneshot::channel::<()>();
        let gateway = Arc::new(Self { address, book: Mutex::default(), gate: Semaphore::new(0), _stop: stop });
        // Whoever answers must not keep it alive.
        let router = Router::new().fallback(answer).with_state(Arc::downgrade(&gateway));
        tokio::spawn(async move {
            let serving = axum::serve(listener, router).with_graceful_shutdown(async { drop(stopped.await) });
            serving.await.expect("the gateway serves");
        });
        gateway
    }

    /// An address of it, for a text of a runbook.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// What was asked of it since the last look, a line each: `POST /v1/eu/switch {"to":"stripe"}`.
    #[must_use]
    pub fn got(&self) -> Vec<String> {
        std::mem::take(&mut self.book().got)
    }

    /// The provider to which payments of a region go.
    #[must_use]
    pub fn active(&self, region: &str) -> String {
        self.book().active.get(region).cloned().unwrap_or_else(|| "primary".to_owned())
    }

    /// The next request to that path is answered so; the one after it by the next that is given.
    pub fn answers(&self, path: &str, status: u16, body: &str) {
        self.book().next.entry(path.to_owned()).or_default().push_back((status, body.to_owned()));
    }

    /// From now on requests to that path are not answered, until [`Self::goes_on`].
    pub fn holds(&self, path: &str) {
        self.book().held.insert(path.to_owned(), 0);
    }

    /// Everything that was held is answered.
    pub fn goes_on(&self) {
        self.book().held.clear();
        self.gate.add_permits(OPEN);
    }

    /// How many requests wait for their answer now.
    #[must_use]
    pub fn holding(&self) -> usize {
        self.book().held.values().sum()
    }

    /// Fails if a key of something that was done came twice.
    ///
    /// # Panics
    /// When it did.
    pub fn did_nothing_twice(&self) {
        let mut keys = self.book().keys.clone();
        keys.sort();
        let all = keys.len();
        keys.dedup();
        assert_eq!(keys.len(), all, "something was done twice: {:?}", self.book().keys);
    }

    /// A machine that may call it and has no programs and no secrets.
    #[must_use]
    pub fn machine(&self) -> Machine {
        let allowed = Allowed::default().and("127.0.0.1").expect("an address");
        let outside = Arc::new(WayOut::new(allowed).patient(Duration::from_secs(60)));
        let user = Some(User::own()).filter(|own| !own.is_root()).unwrap_or(NOBODY);
        let settings =
            Settings { programs: BTreeMap::new(), secrets: Secrets::default(), user, guard: PathBuf::from("/nowhere") };
        Machine::new(settings, outside, Arc::new(SystemClock))
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn takes(&self, method: &Method, path: &str, key: Option<&str>, body: &str) -> (u16, String) {
        let mut book = self.book();
        if *method != Method::GET {
            book.keys.extend(key.map(str::to_owned));
        }
        if let Some(next) = book.next.get_mut(path).and_then(VecDeque::pop_front) {
            return next;
        }
        let parts: Vec<_> = path.trim_matches('/').split('/').collect();
        let answer = match parts.as_slice() {
            ["v1", region, "health"] => {
                json!({ "active": book.active.get(*region).map_or("primary", String::as_str) })
            }
            ["v1", region, "switch"] => {
                let sent: Value = serde_json::from_str(body).unwrap_or_default();
                let to = sent["to"].as_str().unwrap_or_default().to_owned();
                book.active.insert((*region).to_owned(), to.clone());
                json!({ "active": to })
            }
            ["v1", region, "rate"] => {
                let is_moved = book.active.get(*region).is_some_and(|active| active != "primary");
                json!({ "success_rate": if is_moved { 0.99 } else { 0.42 } })
            }
            _ => json!({}),
        };
        (200, answer.to_string())
    }
}

async fn answer(
    State(gateway): State<std::sync::Weak<Gateway>>,
    (method, uri, headers): (Method, Uri, HeaderMap),
    body: Bytes,
) -> (StatusCode, String) {
    let Some(gateway) = gateway.upgrade() else { return (StatusCode::GONE, String::new()) };
    let body = String::from_utf8_lossy(&body).into_owned();
    let path = uri.path().to_owned();
    gateway.book().got.push(format!("{method} {uri} {body}").trim_end().to_owned());
    if let Some(held) = gateway.book().held.get_mut(&path) {
        *held += 1;
    }
    if gateway.book().held.contains_key(&path) {
        drop(gateway.gate.acquire().await);
    }
    let key = headers.get("idempotency-key").and_then(|key| key.to_str().ok());
    let (status, body) = gateway.takes(&method, &path, key, &body);
    (StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), body)
}

/// A machine at work for a Muster.
#[derive(Clone)]
pub struct Works {
    muster: Arc<Muster>,
    gateway: Arc<Gateway>,
    _working: Arc<Working>,
}

struct Working(JoinHandle<()>);

impl Drop for Working {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Works {
    /// From now on its steps are carried out.
    #[must_use]
    pub fn begin(muster: Arc<Muster>, gateway: &Arc<Gateway>) -> Self {
        let machine: Arc<dyn Executor> = Arc::new(gateway.machine());
        let work = Arc::clone(&muster).work(machine, "story".to_owned(), vec![None]);
        Self { muster, gateway: Arc::clone(gateway), _working: Arc::new(Working(tokio::spawn(work))) }
    }

    /// Whether nothing waits for a machine, and no machine is at anything but what the gateway holds up.
    ///
    /// # Panics
    /// When the store fails.
    pub async fn is_idle(&self) -> bool {
        let needs = Needs { records: vec![Wanted::All(RecordKind::Job)], ..Needs::default() };
        let state = self.muster.store().load(&needs).await.expect("jobs can be read");
        let here = state.records.jobs().filter(|job| job.runner.is_none()).count();
        here <= self.gateway.holding()
    }
}
