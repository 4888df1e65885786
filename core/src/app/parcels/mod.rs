//! What is on its way to subscribers: laid out for each, leased, carried, settled. All of it in loops of its own, in small batches and
//! at a pace, so that it holds nobody up.

mod carry;
mod ended;
mod layout;
mod pace;

pub use layout::Threshold;

use super::Muster;
use crate::comms::Channel;
use crate::ports::courier::Courier;
use crate::ports::store::StoreError;
use carry::{Attempts, Line};
use chrono::TimeDelta;
use futures::FutureExt;
use futures::future::join_all;
use std::num::{NonZeroU32, NonZeroUsize};
use std::sync::Arc;

/// How often what waits is looked at when nothing wakes us: another process may have left something.
const POLL: TimeDelta = TimeDelta::seconds(1);

/// How much is carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Throttle {
    /// At most so many letters a second.
    pub mails_per_second: NonZeroU32,
    /// At most so many requests to webhooks a second.
    pub webhooks_per_second: NonZeroU32,
    /// At most so many under way at once by each channel.
    pub at_once: NonZeroUsize,
}

impl Throttle {
    /// So many at once that a mail server or a webhook that hangs holds up few others.
    const AT_ONCE: NonZeroUsize = NonZeroUsize::MIN.saturating_add(63);

    /// So many letters and requests a second, at least one.
    #[must_use]
    pub fn of(mails_per_second: u32, webhooks_per_second: u32) -> Self {
        let at_least_one = |rate| NonZeroU32::new(rate).unwrap_or(NonZeroU32::MIN);
        Self {
            mails_per_second: at_least_one(mails_per_second),
            webhooks_per_second: at_least_one(webhooks_per_second),
            at_once: Self::AT_ONCE,
        }
    }

    fn per_second(&self, channel: Channel) -> NonZeroU32 {
        match channel {
            Channel::Email => self.mails_per_second,
            Channel::Webhook => self.webhooks_per_second,
        }
    }
}

/// Where parcels go out from.
#[derive(Clone)]
pub struct Depot(Arc<Inner>);

struct Inner {
    muster: Arc<Muster>,
    worker: String,
    couriers: Vec<Arc<dyn Courier>>,
    throttle: Throttle,
}

impl Depot {
    /// A depot with these couriers, one for each channel. `worker` names it among all that share the store.
    #[must_use]
    pub fn new(muster: Arc<Muster>, worker: String, couriers: Vec<Arc<dyn Courier>>, throttle: Throttle) -> Self {
        Self(Arc::new(Inner { muster, worker, couriers, throttle }))
    }

    /// Works until `stop`. What is under way then is finished and recorded, so that nobody has to carry it again.
    pub async fn run(&self, stop: impl Future<Output = ()> + Send) {
        let stop = stop.shared();
        let lines = self.0.couriers.iter().map(|courier| self.line(courier).run(stop.clone()));
        let beside = futures::future::join(self.0.keep_laying_out(stop.clone()), self.0.keep_clean(stop.clone()));
        futures::future::join(join_all(lines), beside).await;
    }

    /// Lays out all that was handed over, and carries one batch of what is due now, at no pace; tells how many parcels that were.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn carry_due(&self) -> Result<usize, StoreError> {
        while self.0.lay_some_out().await? > 0 {}
        let mut count = 0;
        for courier in &self.0.couriers {
            let mut line = self.line(courier);
            let mut attempts = Attempts::new();
            count += line.begin(self.0.throttle.at_once.get(), &mut attempts).await?;
            while let Some(ended) = attempts.join_next().await {
                line.record(ended, &mut attempts).await;
            }
        }
        Ok(count)
    }

    fn line(&self, courier: &Arc<dyn Courier>) -> Line {
        Line::new(Arc::clone(&self.0), Arc::clone(courier))
    }
}

impl Muster {
    /// Wakes whoever carries parcels of a channel.
    fn wake_couriers(&self) {
        Channel::ALL.into_iter().for_each(|channel| self.signals.parcels(channel).notify_one());
    }
}
