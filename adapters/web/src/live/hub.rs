//! One look-out per watched incident, however many people watch it.

use muster_core::app::Muster;
use muster_core::decide::Needs;
use muster_core::ids::{EffectKey, IncidentId};
use muster_core::incident::Incident;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;
use tokio::sync::watch;

/// How often an incident is looked at in case another process changed it.
const POLL: Duration = Duration::from_secs(2);
/// How long to wait for more changes before looking.
const SETTLE: Duration = Duration::from_millis(60);

/// Something that watchers may want to know.
pub(crate) enum News {
    /// The incident is now this, or something was said about it.
    Changed(Arc<Incident>),
    /// There will be no more news.
    Over,
}

/// What was last seen: the incident, and the latest message of its room.
#[derive(Clone, Default)]
struct Sight {
    incident: Option<Arc<Incident>>,
    said: Option<EffectKey>,
}

impl Sight {
    fn is_like(&self, other: &Self) -> bool {
        let version = |sight: &Self| sight.incident.as_ref().map(|incident| incident.version);
        version(self) == version(other) && self.said == other.said
    }
}

/// A look-out: the sender lives as long as somebody watches.
type LookOut = watch::Receiver<Sight>;

/// All look-outs.
pub(crate) struct Hub {
    muster: Arc<Muster>,
    outs: Mutex<HashMap<IncidentId, Weak<LookOut>>>,
}

/// One watcher's end.
pub(crate) struct Watch {
    news: LookOut,
    /// Keeps the look-out alive.
    _out: Arc<LookOut>,
}

impl Watch {
    /// The next change; waits for it.
    pub(crate) async fn next(&mut self) -> News {
        loop {
            if self.news.changed().await.is_err() {
                return News::Over;
            }
            if let Some(incident) = self.news.borrow_and_update().incident.clone() {
                return News::Changed(incident);
            }
        }
    }
}

impl Hub {
    pub(crate) fn new(muster: Arc<Muster>) -> Self {
        Self { muster, outs: Mutex::default() }
    }

    /// Watches an incident. The caller has checked that whoever watches may.
    pub(crate) fn watch(&self, id: IncidentId) -> Watch {
        let mut outs = self.outs.lock().unwrap_or_else(PoisonError::into_inner);
        outs.retain(|_, out| out.strong_count() > 0);
        let out = outs.get(&id).and_then(Weak::upgrade).unwrap_or_else(|| {
            let (sender, receiver) = watch::channel(Sight::default());
            let out = Arc::new(receiver);
            outs.insert(id, Arc::downgrade(&out));
            tokio::spawn(look_out(Arc::clone(&self.muster), id, sender, Arc::downgrade(&out)));
            out
        });
        let mut news = LookOut::clone(&out);
        news.mark_unchanged();
        Watch { news, _out: out }
    }
}

/// Looks whenever there is a hint, and every [`POLL`] without one, until nobody watches.
async fn look_out(muster: Arc<Muster>, id: IncidentId, sender: watch::Sender<Sight>, out: Weak<LookOut>) {
    let mut signals = muster.watch();
    let mut last = look(&muster, id).await.unwrap_or_default();
    loop {
        let poll = tokio::time::sleep(POLL);
        tokio::pin!(poll);
        loop {
            tokio::select! {
                () = &mut poll => break,
                signal = signals.recv() => match signal {
                    Ok(signal) if signal.incident != id => {}
                    // Ours, or we missed some.
                    Ok(_) | Err(_) => {
                        tokio::time::sleep(SETTLE).await;
                        break;
                    }
                },
            }
        }
        if out.strong_count() == 0 {
            return;
        }
        // When the database does not answer there is nothing to tell; the next look will.
        let Some(now) = look(&muster, id).await else { continue };
        if !now.is_like(&last) {
            last = now.clone();
            sender.send_replace(now);
        }
    }
}

/// Looks without a viewer: what is seen is only compared, and shown to nobody.
async fn look(muster: &Muster, id: IncidentId) -> Option<Sight> {
    let needs = Needs { incident: Some(id), ..Needs::default() };
    let incident = muster.store().load(&needs).await.ok()?.incident.map(Arc::new);
    let said = muster.store().said(id, 1).await.ok()?.into_iter().next().map(|message| message.key);
    Some(Sight { incident, said })
}
