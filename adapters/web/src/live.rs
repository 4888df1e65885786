//! News of a page: a stream of hints to look again. It never carries content, so it can leak none; who looks again is
//! checked again.

mod hub;

pub(crate) use hub::Hub;

use crate::pages::refused::{not_found, unavailable};
use crate::session::Viewer;
use crate::web::Web;
use axum::extract::{Path, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::Stream;
use hub::{News, Watch};
use muster_core::decide::ListQuery;
use muster_core::ids::{IncidentId, PersonId};
use std::convert::Infallible;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::error::TryRecvError;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

/// How often something is sent even when nothing happens, so that both ends notice a dead line.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// No page is told to look again more often.
const PACE: Duration = Duration::from_millis(300);
/// How often the board is looked at in case another process changed something.
const POLL: Duration = Duration::from_secs(2);
/// How long to wait for more hints before looking.
const SETTLE: Duration = Duration::from_millis(60);
/// How often the session behind a stream is checked.
const RECHECK: Duration = Duration::from_secs(15);

type Line = mpsc::Sender<Result<Event, Infallible>>;

/// `GET /incidents/{id}/events`
pub(crate) async fn incident(State(web): State<Arc<Web>>, viewer: Viewer, Path(id): Path<String>) -> Response {
    let Ok(id) = id.parse::<IncidentId>() else { return not_found(&web, &viewer) };
    match web.muster.incident(&viewer.actor.person, id, None).await {
        Ok(Some(_)) => {}
        Ok(None) => return not_found(&web, &viewer),
        Err(_) => return unavailable(&web),
    }
    let watch = web.hub.watch(id);
    let (line, stream) = mpsc::channel(4);
    tokio::spawn(follow_incident(web, viewer, watch, line));
    sse(stream)
}

/// `GET /events`
pub(crate) async fn board(State(web): State<Arc<Web>>, viewer: Viewer) -> Response {
    let (line, stream) = mpsc::channel(4);
    tokio::spawn(follow_board(web, viewer, line));
    sse(stream)
}

fn sse(stream: mpsc::Receiver<Result<Event, Infallible>>) -> Response {
    fn checked<S: Stream<Item = Result<Event, Infallible>> + Send + 'static>(stream: S) -> Response {
        let keep = KeepAlive::new().interval(HEARTBEAT).event(Event::default().event("beat").data("1"));
        ([("x-accel-buffering", "no")], Sse::new(stream).keep_alive(keep)).into_response()
    }
    checked(ReceiverStream::new(stream))
}

fn event(name: &str) -> Result<Event, Infallible> {
    Ok(Event::default().event(name).data("1"))
}

/// Tells the page to look again when the incident has changed; to go away when it is no longer open to the viewer.
async fn follow_incident(web: Arc<Web>, viewer: Viewer, mut watch: Watch, line: Line) {
    if line.send(event("ready")).await.is_err() {
        return;
    }
    let mut recheck = tokio::time::interval(RECHECK);
    recheck.tick().await;
    loop {
        let say = tokio::select! {
            () = line.closed() => return,
            _ = recheck.tick() => {
                if web.is_signed_in(&viewer.session).await { continue }
                "end"
            }
            news = watch.next() => match news {
                News::Changed(incident) if incident.is_visible_to(&viewer.actor.person) => "change",
                News::Changed(_) | News::Over => "end",
            },
        };
        if line.send(event(say)).await.is_err() || say == "end" {
            return;
        }
        tokio::time::sleep(PACE).await;
    }
}

/// Tells the board to look again when what this viewer sees there has changed, and not when something else has.
async fn follow_board(web: Arc<Web>, viewer: Viewer, line: Line) {
    let mut signals = web.muster.watch();
    let mut last = seen(&web, &viewer.actor.person).await;
    if line.send(event("ready")).await.is_err() {
        return;
    }
    let mut recheck = tokio::time::interval(RECHECK);
    recheck.tick().await;
    loop {
        tokio::select! {
            () = line.closed() => return,
            _ = recheck.tick() => {
                if !web.is_signed_in(&viewer.session).await {
                    let _ = line.send(event("end")).await;
                    return;
                }
            }
            // Missed signals are signals too.
            _ = signals.recv() => tokio::time::sleep(SETTLE).await,
            () = tokio::time::sleep(POLL) => {}
        }
        // One look answers all hints so far.
        while !matches!(signals.try_recv(), Err(TryRecvError::Empty | TryRecvError::Closed)) {}
        let now = seen(&web, &viewer.actor.person).await;
        if now.is_some() && now != last {
            last = now;
            if line.send(event("change")).await.is_err() {
                return;
            }
            tokio::time::sleep(PACE).await;
        }
    }
}

/// A mark of all that this viewer's board shows.
async fn seen(web: &Web, person: &PersonId) -> Option<u64> {
    let query = ListQuery { limit: 100, ..ListQuery::of(person.clone()) };
    let (list, _) = web.muster.list(query).await.ok()?;
    let told = web.muster.store().told(person, 1).await.ok()?;
    let mut mark = DefaultHasher::new();
    for one in &list {
        (one.id, one.changed_at).hash(&mut mark);
    }
    for one in &told {
        one.key.hash(&mut mark);
    }
    Some(mark.finish())
}
