//! Listening, answering, and letting go: requests under way are answered, streams are ended.

use anyhow::{Context, anyhow};
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::serve::ListenerExt;
use futures::StreamExt;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// How long requests under way may take once Muster is to stop.
const DRAIN: Duration = Duration::from_secs(10);
/// How many ports after a taken one are tried in local mode.
const TRIES: u16 = 10;

/// A port that is ours.
pub(super) struct Listening {
    /// The listener.
    pub(super) listener: TcpListener,
    /// Where it listens.
    pub(super) address: SocketAddr,
    /// What was not as expected.
    pub(super) note: Option<String>,
}

/// Listens there, or, where it `may_move`, on the next port that is free.
pub(super) async fn listen(wanted: SocketAddr, may_move: bool) -> anyhow::Result<Listening> {
    let last = if may_move { wanted.port().saturating_add(TRIES) } else { wanted.port() };
    for port in wanted.port()..=last {
        match TcpListener::bind(SocketAddr::new(wanted.ip(), port)).await {
            Ok(listener) => {
                let address = listener.local_addr()?;
                let moved =
                    (port != wanted.port()).then(|| format!("Port {} is taken, so it is {port}.", wanted.port()));
                return Ok(Listening { listener, address, note: moved });
            }
            Err(error) if error.kind() == ErrorKind::AddrInUse => {}
            Err(error) => return Err(error).with_context(|| format!("Muster cannot listen on {wanted}")),
        }
    }
    Err(anyhow!("port {} of {} is taken by another program; choose another with --listen", wanted.port(), wanted.ip()))
}

/// Answers until `stop`, and then until all is answered, but not for longer than [`DRAIN`].
pub(super) async fn serve(listener: TcpListener, router: Router, stop: CancellationToken) -> anyhow::Result<()> {
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection keeps Nagle's algorithm");
        }
    });
    let router = router.layer(from_fn_with_state(stop.clone(), end_streams));
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listener, service).with_graceful_shutdown(stop.clone().cancelled_owned());
    let drained = async {
        stop.cancelled().await;
        tokio::time::sleep(DRAIN).await;
    };
    tokio::select! {
        served = serving => served.context("Muster can no longer listen"),
        () = drained => {
            tracing::warn!("requests were still under way after {} seconds and are cut off", DRAIN.as_secs());
            Ok(())
        }
    }
}

/// A stream of events has no end of its own: it ends when Muster is to stop. Browsers come back by themselves.
async fn end_streams(State(stop): State<CancellationToken>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let is_stream = |kind: &HeaderValue| kind.as_bytes().starts_with(b"text/event-stream");
    if !response.headers().get(header::CONTENT_TYPE).is_some_and(is_stream) {
        return response;
    }
    response.map(|body| Body::from_stream(body.into_data_stream().take_until(stop.cancelled_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_taken_port_is_passed_over_only_where_that_was_allowed() {
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let taken = listen(any, false).await.expect("a free port");
        assert_eq!(taken.note, None);
        let moved = listen(taken.address, true).await.expect("one of the next ports is free");
        assert!(moved.address.port() > taken.address.port());
        let note = format!("Port {} is taken, so it is {}.", taken.address.port(), moved.address.port());
        assert_eq!(moved.note, Some(note));
        let refused = listen(taken.address, false).await.err().expect("it is taken").to_string();
        assert!(refused.ends_with("choose another with --listen"), "{refused}");
    }
}
