//! A bare axum server in a process of its own: a handler that checks the hash of a bearer token, reads the body and
//! answers with as much as Muster would. No web server of this kind is faster.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::routing::{get, post};
use muster_core::secret::{Secret, SecretHash};
use std::collections::HashMap;
use std::fmt::Write;
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command};
use std::sync::Arc;

/// The first argument that makes the bench this server.
const WORD: &str = "--serve-bare";
/// What opens it.
pub(crate) const TOKEN: &str = "mst_bare00000000000000000000000000000000000000000000000000000";

/// Where to serve, if this process was started to.
pub(crate) fn asked_for() -> Option<SocketAddr> {
    let mut args = std::env::args().skip_while(|arg| arg != WORD);
    args.nth(1)?.parse().ok()
}

type Known = Arc<HashMap<SecretHash, &'static str>>;

/// Serves for ever.
pub(crate) fn serve(address: SocketAddr) {
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(cores.clamp(2, 8)).enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let known: Known = Arc::new(HashMap::from([(Secret::presented(TOKEN).hash(), "alice")]));
        let router = Router::new()
            .route("/readyz", get(async || "ready\n"))
            .route("/api/v1/commands", post(answer))
            .with_state(known)
            .merge(crate::slack_bare::router())
            .merge(crate::discord_bare::router());
        let listener = tokio::net::TcpListener::bind(address).await.expect("the port is free");
        let listener = axum::serve::ListenerExt::tap_io(listener, |stream| {
            let _ = stream.set_nodelay(true);
        });
        axum::serve(listener, router).await.expect("it serves");
    });
}

async fn answer(State(known): State<Known>, headers: HeaderMap, body: Bytes) -> (StatusCode, String) {
    let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let hash = value.and_then(|value| value.strip_prefix("Bearer ")).map(|token| Secret::presented(token).hash());
    if hash.is_none_or(|hash| !known.contains_key(&hash)) {
        return (StatusCode::UNAUTHORIZED, String::new());
    }
    (StatusCode::OK, "x".repeat(2_000 + body.len() % 2))
}

/// Bytes as hexadecimal digits, as signatures are written.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        write!(text, "{byte:02x}").expect("a string takes it");
    }
    text
}

/// The bytes that hexadecimal digits stand for.
pub(crate) fn unhex(text: &str) -> Option<Vec<u8>> {
    let pair = |at: usize| u8::from_str_radix(text.get(at..at + 2)?, 16).ok();
    (0..text.len()).step_by(2).map(pair).collect()
}

/// The server, running. Dropped, it is killed.
pub(crate) struct Bare {
    child: Child,
    /// Where it is.
    pub(crate) address: SocketAddr,
}

impl Bare {
    /// Starts it, and does not wait.
    pub(crate) fn spawn() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        drop(listener);
        let program = std::env::current_exe().expect("a bench is a program");
        let child = Command::new(program).args([WORD, &address.to_string()]).spawn();
        Self { child: child.expect("the bench can be started"), address }
    }

    /// Starts it and waits until it answers.
    pub(crate) async fn start() -> Self {
        let bare = Self::spawn();
        crate::http::ready(bare.address).await;
        bare
    }

    /// Its process id.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
