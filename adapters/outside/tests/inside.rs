//! What is inside stays unreached: by address, by name, by a name that changes its mind, by redirect.

use async_trait::async_trait;
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use muster_core::ports::outside::{Outside, OutsideError};
use muster_outside::{Allowed, LARGEST, Names, WayOut};
use std::collections::VecDeque;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;

/// Somebody inside who must not be reached, and counts how often they are.
struct Neighbour {
    at: SocketAddr,
    visits: Arc<AtomicUsize>,
}

impl Neighbour {
    async fn at(address: &str) -> Self {
        let listener = TcpListener::bind(address).await.expect("a port");
        let at = listener.local_addr().expect("an address");
        let visits = Arc::new(AtomicUsize::new(0));
        let router = Router::new()
            .route("/away", any(|headers: HeaderMap| async move { away(&headers) }))
            .route("/exactly", any(|| async { vec![b'x'; LARGEST] }))
            .route("/larger", any(|| async { Body::from_stream(endless()) }))
            .fallback(|State(visits): State<Arc<AtomicUsize>>| async move {
                visits.fetch_add(1, Ordering::SeqCst);
                // The next request needs a connection of its own.
                ([(header::CONNECTION, "close")], "hello")
            })
            .with_state(Arc::clone(&visits));
        tokio::spawn(async move { axum::serve(listener, router).await.expect("it serves") });
        Self { at, visits }
    }

    fn visits(&self) -> usize {
        self.visits.load(Ordering::SeqCst)
    }

    fn port(&self) -> u16 {
        self.at.port()
    }
}

/// Leads to the root of the same host.
fn away(headers: &HeaderMap) -> Response {
    let host = headers[header::HOST].to_str().expect("a host");
    (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, format!("http://{host}/"))]).into_response()
}

fn endless() -> impl futures::Stream<Item = Result<Vec<u8>, std::convert::Infallible>> {
    futures::stream::repeat_with(|| Ok(vec![b'x'; 64 * 1024]))
}

/// Names that resolve to something else each time, and to the last for ever.
struct Fickle {
    answers: Mutex<VecDeque<Vec<IpAddr>>>,
    asked: AtomicUsize,
}

impl Fickle {
    fn new(answers: &[&[&str]]) -> Arc<Self> {
        let address = |text: &&str| text.parse().expect("an address");
        let answers = answers.iter().map(|answer| answer.iter().map(address).collect()).collect();
        Arc::new(Self { answers: Mutex::new(answers), asked: AtomicUsize::new(0) })
    }
}

#[async_trait]
impl Names for Fickle {
    async fn look_up(&self, _: &str) -> std::io::Result<Vec<IpAddr>> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let mut answers = self.answers.lock().expect("a lock");
        Ok(if answers.len() > 1 { answers.pop_front() } else { answers.front().cloned() }.expect("an answer"))
    }
}

fn allowed(typed: &[&str]) -> Allowed {
    let _ = rustls::crypto::ring::default_provider().install_default();
    typed.iter().fold(Allowed::default(), |allowed, one| allowed.and(one).expect("a network or a name"))
}

fn out(typed: &[&str]) -> WayOut {
    WayOut::new(allowed(typed))
}

fn out_by(names: &Arc<Fickle>, typed: &[&str]) -> WayOut {
    WayOut::with_names(allowed(typed), Arc::clone(names) as Arc<dyn Names>)
}

async fn get(out: &WayOut, url: &str) -> Result<axum::http::Response<Vec<u8>>, OutsideError> {
    out.send(axum::http::Request::get(url).body(Vec::new()).expect("a request")).await
}

#[track_caller]
fn is_forbidden<T: std::fmt::Debug>(answer: &Result<T, OutsideError>, how: &str) {
    assert!(matches!(answer, Err(OutsideError::Forbidden { .. })), "{how}: {answer:?}");
}

#[tokio::test]
async fn this_machine_is_not_reached_however_its_address_is_spelled() {
    let neighbour = Neighbour::at("127.0.0.1:0").await;
    let port = neighbour.port();
    let out = out(&[]);
    for host in [
        "127.0.0.1",
        "127.1",
        "127.0.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "017700000001",
        "0177.0.0.1",
        "127.0.0.1.",
        "0",
        "0.0.0.0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[0:0:0:0:0:ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "localhost",
        "LOCALHOST",
        "user:password@127.0.0.1",
    ] {
        is_forbidden(&get(&out, &format!("http://{host}:{port}/")).await, host);
    }
    assert_eq!(neighbour.visits(), 0);
}

#[tokio::test]
async fn what_the_config_allows_is_reached() {
    let neighbour = Neighbour::at("127.0.0.1:0").await;
    let url = format!("http://127.0.0.1:{}/", neighbour.port());
    let answer = get(&out(&["127.0.0.1"]), &url).await.expect("an answer");
    assert_eq!((answer.status(), answer.body().as_slice()), (StatusCode::OK, b"hello".as_slice()));
    get(&out(&["127.0.0.0/8"]), &url).await.expect("an answer");
    is_forbidden(
        &get(&out(&["10.0.0.0/8", "localhost"]), &url).await,
        "another network, and a name of the same machine",
    );
    assert_eq!(neighbour.visits(), 2);
}

#[tokio::test]
async fn a_name_that_leads_inside_leads_nowhere_unless_the_config_names_it() {
    let neighbour = Neighbour::at("127.0.0.1:0").await;
    let url = format!("http://alerts.example.com:{}/", neighbour.port());
    let names = Fickle::new(&[&["127.0.0.1"]]);
    is_forbidden(&get(&out_by(&names, &[]), &url).await, "loopback");
    for address in ["10.0.0.1", "169.254.169.254", "100.64.0.1", "::1", "fd00:ec2::254", "::ffff:192.168.0.1"] {
        is_forbidden(&get(&out_by(&Fickle::new(&[&[address]]), &[]), &url).await, address);
    }
    assert_eq!(neighbour.visits(), 0);
    get(&out_by(&names, &["alerts.example.com"]), &url).await.expect("an answer");
    assert_eq!(neighbour.visits(), 1);
}

/// 127.0.0.1 stands for the public internet here: it is what may be reached.
#[tokio::test]
async fn a_name_that_changes_its_mind_is_judged_each_time_and_looked_up_once() {
    let public = Neighbour::at("127.0.0.1:0").await;
    let private = Neighbour::at(&format!("127.0.0.2:{}", public.port())).await;
    let names = Fickle::new(&[&["127.0.0.1"], &["127.0.0.2"]]);
    let out = out_by(&names, &["127.0.0.1"]);
    let url = format!("http://rebinding.example:{}/", public.port());
    get(&out, &url).await.expect("an answer");
    is_forbidden(&get(&out, &url).await, "the name leads inside now");
    assert_eq!((public.visits(), private.visits()), (1, 0));
    assert_eq!(names.asked.load(Ordering::SeqCst), 2, "what was judged is what is connected to: no look-up in between");
}

#[tokio::test]
async fn of_a_name_that_leads_to_both_only_the_public_address_is_used() {
    let public = Neighbour::at("127.0.0.1:0").await;
    let private = Neighbour::at(&format!("127.0.0.2:{}", public.port())).await;
    let out = out_by(&Fickle::new(&[&["127.0.0.2", "127.0.0.1"]]), &["127.0.0.1"]);
    get(&out, &format!("http://both.example:{}/", public.port())).await.expect("an answer");
    assert_eq!((public.visits(), private.visits()), (1, 0));
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_leads_nowhere() {
    let neighbour = Neighbour::at("127.0.0.1:0").await;
    let answer = get(&out(&["127.0.0.1"]), &format!("http://127.0.0.1:{}/away", neighbour.port())).await;
    assert_eq!(answer.expect("an answer").status(), StatusCode::TEMPORARY_REDIRECT);
    assert_eq!(neighbour.visits(), 0);
}

#[tokio::test]
async fn an_answer_is_read_up_to_its_bound_and_an_endless_one_is_given_up() {
    let neighbour = Neighbour::at("127.0.0.1:0").await;
    let (out, url) = (out(&["127.0.0.1"]), format!("http://127.0.0.1:{}", neighbour.port()));
    let whole = get(&out, &format!("{url}/exactly")).await.expect("an answer");
    assert_eq!(whole.body().len(), LARGEST);
    let endless = get(&out, &format!("{url}/larger")).await;
    assert_eq!(endless.unwrap_err(), OutsideError::Failed { reason: "the answer is larger than 1 MiB".to_owned() });
}

#[tokio::test]
async fn only_the_web_is_spoken_and_no_error_tells_the_address() {
    let out = out(&["127.0.0.1"]);
    is_forbidden(&get(&out, "ftp://127.0.0.1/").await, "ftp");
    let closed = TcpListener::bind("127.0.0.1:0").await.expect("a port").local_addr().expect("an address");
    let refused = get(&out, &format!("http://127.0.0.1:{}/hunter2?key=hunter2", closed.port())).await.unwrap_err();
    assert_eq!(refused, OutsideError::Unsent { reason: "no connection could be made".to_owned() });
    let inside = get(&out, "http://10.0.0.1/hunter2").await.unwrap_err();
    assert!(!format!("{inside} {inside:?}").contains("hunter2"));
}
