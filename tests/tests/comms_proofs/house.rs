//! The real binary with customers who have subscribed, by letter and by webhook, and those who take what it sends them.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use muster_core::clock::{Clock, SystemClock};
use muster_core::comms::{Channel, Subscriber};
use muster_core::ports::store::Store;
use muster_core::ports::subscribers::Stays;
use muster_tests::fixtures::subscriber;
use muster_tests::notify::SortingOffice;
use muster_tests::process::Installation;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::net::TcpListener;

/// So many are under way at once by each channel, and may have arrived without anybody knowing when the process is killed. What the
/// binary does.
pub(crate) const AT_ONCE: usize = 8;
/// One subscriber in so many is a webhook.
const HOOKS: usize = 10;

type Arrived = Arc<Mutex<Vec<(String, String)>>>;

/// Those who take what is sent to subscribers: a mail server, and a server of webhooks.
pub(crate) struct Outside {
    office: SortingOffice,
    hooks: String,
    arrived: Arrived,
}

async fn take(State(arrived): State<Arrived>, Path(whom): Path<String>, headers: HeaderMap) -> StatusCode {
    let id = headers["webhook-id"].to_str().unwrap().to_owned();
    arrived.lock().unwrap_or_else(PoisonError::into_inner).push((whom, id));
    StatusCode::NO_CONTENT
}

impl Outside {
    /// Opens both; `None`, said aloud, where there is no mail server.
    pub(crate) async fn open(test: &str) -> Option<Self> {
        let office = SortingOffice::start(test)?;
        let arrived = Arrived::default();
        let router = Router::new().route("/{whom}", post(take)).with_state(Arc::clone(&arrived));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let hooks = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Some(Self { office, hooks, arrived })
    }

    /// What has arrived: to whom, and under which ids, in order. The part before the `@`, or the path.
    pub(crate) fn arrived(&self) -> BTreeMap<String, Vec<String>> {
        let mut all = BTreeMap::<String, Vec<String>>::new();
        let hooks = self.arrived.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let letters = self.office.letters().into_iter();
        let letters = letters.map(|(whom, id)| (whom.split('@').next().unwrap_or_default().to_owned(), id));
        for (whom, id) in letters.chain(hooks) {
            all.entry(whom).or_default().push(id);
        }
        all
    }

    /// How much has arrived.
    pub(crate) fn count(&self) -> usize {
        self.arrived().values().map(Vec::len).sum()
    }

    /// An organisation whose customers can subscribe, and whose letters leave by this mail server.
    pub(crate) fn organisation(&self) -> String {
        let port = self.office.port;
        format!(
            r#"
[organisation]
name = "Nordic Retail"
time_zone = "UTC"
[[person]]
id = "alice"
name = "Alice Ek"
email = "alice@example.com"
right = "admin"
[[person]]
id = "bob"
name = "Bob Lind"
email = "bob@example.com"
[[service]]
id = "checkout"
name = "Checkout"
[[component]]
id = "web-shop"
name = "Web shop"
services = ["checkout"]
[email]
smtp = "smtp://127.0.0.1:{port}"
from = "Nordic Retail <status@example.com>"
[outside]
allow = ["127.0.0.1"]
[statuspage]
url = "https://status.example.com"
export_folder = "page"
[subscribers]
key = "0123456789abcdef0123456789abcdef"
mails_per_second = 2000
webhooks_per_second = 2000
"#
        )
    }

    /// That many customers subscribe. Gives their names.
    pub(crate) async fn subscribe(&self, store: &Arc<dyn Store>, people: usize) -> BTreeSet<String> {
        let now = SystemClock.now();
        let subscriber = |number: usize| {
            let (channel, address) = if number.is_multiple_of(HOOKS) {
                (Channel::Webhook, format!("{}/p{number}", self.hooks))
            } else {
                (Channel::Email, format!("p{number}@example.com"))
            };
            Subscriber { channel, address, since: now, ..subscriber("") }
        };
        let all: Vec<_> = (0..people).map(subscriber).collect();
        store.subscribe(&all, Stays::Nobody).await.unwrap();
        (0..people).map(|number| format!("p{number}")).collect()
    }
}

/// One on that store, with a page on disk and customers outside.
pub(crate) fn house(store: &str, outside: &Outside) -> Installation {
    Installation::configured(store, &outside.organisation())
}
