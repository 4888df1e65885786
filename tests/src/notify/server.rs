//! What all fakes share: a port, a book, and answers that a test puts in the way.

use axum::Router;
use axum::body::Body;
use axum::http::{Response, StatusCode, header};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::net::TcpListener;

/// What the next request is answered instead of what it should be.
#[derive(Debug, Clone)]
pub struct Fault {
    /// The status.
    pub status: u16,
    /// How many seconds to stay away.
    pub after: Option<u64>,
    /// What else is said.
    pub body: String,
}

impl Fault {
    /// A status and nothing else.
    #[must_use]
    pub fn of(status: u16) -> Self {
        Self { status, after: None, body: String::new() }
    }

    /// The same with a time to stay away.
    #[must_use]
    pub fn after(self, seconds: u64) -> Self {
        Self { after: Some(seconds), ..self }
    }

    /// The same with a body.
    #[must_use]
    pub fn saying(self, body: impl Into<String>) -> Self {
        Self { body: body.into(), ..self }
    }

    fn answer(self) -> Response<Body> {
        let mut answer = Response::builder().status(self.status);
        if let Some(seconds) = self.after {
            answer = answer.header(header::RETRY_AFTER, seconds);
        }
        answer.body(Body::from(self.body)).expect("an answer")
    }
}

/// What a fake keeps.
#[derive(Debug, Default)]
pub(super) struct Book<T> {
    kept: Mutex<T>,
    faults: Mutex<VecDeque<Fault>>,
}

impl<T: Default> Book<T> {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self { kept: Mutex::default(), faults: Mutex::default() })
    }

    pub(super) fn kept(&self) -> MutexGuard<'_, T> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn next(&self, fault: Fault) {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner).push_back(fault);
    }

    /// What is in the way of this request, if anything is.
    pub(super) fn fault(&self) -> Option<Response<Body>> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner).pop_front().map(Fault::answer)
    }
}

/// Serves until the test ends. Gives the address.
///
/// # Panics
/// When there is no port.
pub async fn serve(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, router).await.expect("it serves") });
    format!("http://{address}")
}

/// A refusal in words, as the fakes' strictness is told.
pub(super) fn wrong(why: impl Into<String>) -> Response<Body> {
    let why: String = why.into();
    Response::builder().status(StatusCode::BAD_REQUEST).body(Body::from(why)).expect("an answer")
}
