//! The dispatcher: leases effects that are due, makes them outside any transaction, records how it went.
//!
//! Each platform has a loop of its own, so that one which hangs keeps nobody else waiting.

use super::Muster;
use super::attempts::{Ended, gather};
use crate::clock::Timestamp;
use crate::decide::RoomNews;
use crate::decide::pages::AttemptNews;
use crate::effect::{About, Effect, Recipient, Stage, Urgency};
use crate::ids::PlatformId;
use crate::incident::room::Room;
use crate::ports::chat::{Chat, Delivery, DeliveryError, Receipt};
use crate::ports::store::{Lease, Leased, Of, Outcome, Settlement, StoreError};
use chrono::TimeDelta;
use futures::FutureExt;
use futures::future::join_all;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::task::{JoinError, JoinSet};

/// How many effects of one platform are under way at once.
const UNDER_WAY: usize = 64;
/// So many more may be, if they are to wake somebody.
const PAGES: usize = 16;
/// How long a lease lasts. An attempt is given up before, so that nobody else makes the effect meanwhile.
const LEASE: TimeDelta = TimeDelta::seconds(60);
/// How long one attempt may take.
const ATTEMPT: Duration = Duration::from_secs(45);
/// How often the outbox is looked at when nothing wakes the dispatcher.
const POLL: TimeDelta = TimeDelta::seconds(1);
/// After so many attempts an effect is left to an operator: about a day with the pauses between them.
const ATTEMPTS: u32 = 1_000;
/// The longest pause between two attempts, in seconds: once a platform is back, nothing waits longer than that.
const LONGEST_PAUSE: u64 = 120;

/// Makes the effects of the outbox.
#[derive(Clone)]
pub struct Dispatcher(Arc<Worker>);

struct Worker {
    muster: Arc<Muster>,
    name: String,
    platforms: HashMap<PlatformId, Arc<dyn Chat>>,
}

type Attempts = JoinSet<Ended<Settlement>>;

/// What an attempt came to.
enum Made {
    /// The platform has it.
    Done(Receipt),
    /// It is not to be made any more.
    Moot {
        /// Why.
        why: String,
    },
}

impl Dispatcher {
    /// A dispatcher for these platforms. `worker` names it among all that share the store.
    #[must_use]
    pub fn new(muster: Arc<Muster>, worker: String, platforms: Vec<Arc<dyn Chat>>) -> Self {
        let platforms = platforms.into_iter().map(|chat| (chat.platform(), chat)).collect();
        Self(Arc::new(Worker { muster, name: worker, platforms }))
    }

    /// Dispatches until `stop`. What is under way then is finished and recorded, so that nobody has to make it again.
    pub async fn run(&self, stop: impl Future<Output = ()> + Send) {
        let stop = stop.shared();
        let known: Vec<_> = self.0.platforms.keys().cloned().collect();
        let loops = known.iter().cloned().map(Of::Only).chain([Of::NoneOf(known.clone())]);
        join_all(loops.map(|of| self.serve(of, stop.clone()))).await;
    }

    /// Makes the effects of some platforms until `stop`.
    async fn serve(&self, of: Of, stop: impl Future<Output = ()> + Send) {
        let mut stop = std::pin::pin!(stop.fuse());
        let mut attempts = Attempts::new();
        let wake = match &of {
            Of::Only(platform) => self.0.muster.signals.effects_of(platform),
            Of::All | Of::NoneOf(_) => Arc::new(Notify::new()),
        };
        loop {
            // Before looking: what becomes due while we look is not stuck, and must not wait for the next poll.
            let now = self.0.muster.now();
            let rest = match self.begin_due(&of, &mut attempts).await {
                Ok(0) if attempts.len() >= UNDER_WAY => self.rest_while_full(&wake).boxed(),
                Ok(0) => self.rest(&of, now, &wake).boxed(),
                Ok(_) => std::future::ready(()).boxed(),
                Err(error) => {
                    tracing::warn!(%error, "the outbox cannot be read; trying again");
                    self.0.muster.clock.sleep_until(self.0.muster.now() + POLL)
                }
            };
            tokio::select! {
                biased;
                () = &mut stop => break,
                Some(ended) = attempts.join_next() => self.0.record(ended, &mut attempts).await,
                () = rest => {}
            }
        }
        while let Some(ended) = attempts.join_next().await {
            self.0.record(ended, &mut attempts).await;
        }
    }

    /// Rests until something may be due after `now`, the moment before the last look.
    async fn rest(&self, of: &Of, now: Timestamp, wake: &Notify) {
        let next = self.0.muster.store.next_lease(of).await.ok().flatten();
        let until = super::rest_until(now, next, POLL);
        tokio::select! {
            () = wake.notified() => {}
            () = self.0.muster.clock.sleep_until(until) => {}
        }
    }

    /// Rests until something may be due that goes before everything. What else is due waits for an attempt to end, however
    /// much there is of it: nobody looks through all that.
    async fn rest_while_full(&self, wake: &Notify) {
        tokio::select! {
            () = wake.notified() => {}
            () = self.0.muster.clock.sleep_until(self.0.muster.now() + POLL) => {}
        }
    }

    /// Begins what is due now, as far as there is room for it; tells how many attempts were begun.
    async fn begin_due(&self, of: &Of, attempts: &mut Attempts) -> Result<usize, StoreError> {
        let free = (UNDER_WAY + PAGES).saturating_sub(attempts.len());
        let for_all = UNDER_WAY.saturating_sub(attempts.len());
        let (limit, least) = if for_all > 0 { (for_all, Urgency::Routine) } else { (free, Urgency::Page) };
        if limit == 0 {
            return Ok(0);
        }
        let now = self.0.muster.now();
        let lease = Lease {
            worker: self.0.name.clone(),
            of: of.clone(),
            least,
            now,
            until: now + LEASE,
            limit: i64::try_from(limit).unwrap_or(1),
        };
        let leased = self.0.muster.store.lease(&lease).await?;
        let count = leased.len();
        for one in leased {
            let worker = Arc::clone(&self.0);
            attempts.spawn(async move { Ended { settlement: worker.attempt(one).await, until: lease.until } });
        }
        Ok(count)
    }

    /// Makes what is due now on any platform, one batch; tells how many attempts were made.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn dispatch_due(&self) -> Result<usize, StoreError> {
        let mut attempts = Attempts::new();
        let count = self.begin_due(&Of::All, &mut attempts).await?;
        while let Some(ended) = attempts.join_next().await {
            self.0.record(ended, &mut attempts).await;
        }
        Ok(count)
    }
}

impl Worker {
    /// Records how attempts ended: this one, and those that have ended beside it.
    async fn record(&self, ended: Result<Ended<Settlement>, JoinError>, others: &mut Attempts) {
        let follows = "a delivery panicked; it is tried again when its lease runs out";
        let (settlements, until) = gather(ended, others, follows);
        self.settle(&settlements, until).await;
    }

    /// Tries again while the leases last: what is not recorded is not tried again before they run out, and its lane
    /// waits for it.
    async fn settle(&self, settlements: &[Settlement], until: Timestamp) {
        loop {
            match self.muster.store.settle(settlements).await {
                Ok(_) => return,
                Err(StoreError::Unavailable(reason)) if self.muster.now() + POLL < until => {
                    tracing::warn!(%reason, "what was delivered cannot be recorded; trying again");
                    self.muster.clock.sleep_until(self.muster.now() + POLL).await;
                }
                Err(error) => {
                    tracing::error!(%error, "what was delivered cannot be recorded; it may be delivered again");
                    return;
                }
            }
        }
    }

    async fn attempt(&self, leased: Leased) -> Settlement {
        let Leased { outgoing, attempt, made } = leased;
        let platform = outgoing.effect.platform().clone();
        let delivery =
            Delivery { key: outgoing.key.clone(), incident: outgoing.incident, attempt, made, effect: outgoing.effect };
        let ended = match self.make(&platform, &delivery).await {
            Ok(Made::Moot { why }) => Ok(Outcome::Moot { error: why }),
            Ok(Made::Done(receipt)) => self.tell_of_room(&delivery, receipt).await,
            Err(DeliveryError::RoomGone { reason }) => self.lose_room(&delivery, reason).await,
            Err(error) => Err(error),
        };
        let now = self.muster.now();
        let mut outcome = match ended {
            Ok(outcome) => outcome,
            Err(error) => failed(&error, attempt, now, &self.jitter()),
        };
        if let Outcome::Dead { error } = &outcome
            && let Err(unheard) = self.muster.hear_of_undelivered(&delivery.effect, delivery.key.as_str(), error).await
        {
            // It is given up once the incident says so.
            outcome = failed(&unheard.into(), attempt.min(ATTEMPTS - 1), now, &self.jitter());
        }
        count(&platform, &outcome);
        if let Outcome::Dead { error } = &outcome {
            tracing::error!(effect = %delivery.key, %platform, %error, "an effect was given up; see `muster outbox list`");
        }
        if let Some(incident) = delivery.incident {
            self.muster.signals.changed(incident);
        }
        Settlement { key: delivery.key, mark: outgoing.coalesce, worker: self.name.clone(), attempt, at: now, outcome }
    }

    /// Makes the effect, unless it is not to be made any more. That a notice has failed is part of the incident before it is tried
    /// again: it may lead to somebody else.
    async fn make(&self, platform: &PlatformId, delivery: &Delivery) -> Result<Made, DeliveryError> {
        if let Some(cleared) = delivery.effect.cleared()
            && let Some(why) = self.muster.kept_inside(cleared).await?
        {
            tracing::error!(effect = %delivery.key, %platform, %why, "nobody outside is told of this incident");
            return Ok(Made::Moot { why: format!("nobody outside is told of {}: {why}", cleared.incident()) });
        }
        let Effect::Page { to, notice, .. } = &delivery.effect else {
            return self.deliver(platform, delivery).await.map(Made::Done);
        };
        let About::Page { incident, number } = notice.about else {
            let ended = self.deliver(platform, delivery).await;
            if let (Recipient::Person { person, contact }, Err(error)) = (to, &ended) {
                self.muster.hear_of_test((person, contact), delivery.key.as_str(), &error.to_string()).await?;
            }
            return ended.map(Made::Done);
        };
        if !self.muster.is_wanted(incident, number, to, notice.stage).await? {
            return Ok(Made::Moot { why: "nobody is called about what somebody has".to_owned() });
        }
        let ended = self.deliver(platform, delivery).await;
        if notice.stage == Stage::Raised {
            let failed = ended.as_ref().err().map(ToString::to_string);
            let news = AttemptNews { page: number, platform: platform.clone(), to: to.clone(), failed };
            let heard = self.muster.hear_of_attempt(incident, delivery.key.as_str(), &news).await;
            match (&ended, heard) {
                // Somebody was reached: that is not undone by a database that cannot be told.
                (Ok(_), Err(error)) => {
                    tracing::warn!(effect = %delivery.key, %error, "who was reached is not on record")
                }
                (Err(_), heard) => heard?,
                (Ok(_), Ok(())) => {}
            }
        }
        ended.map(Made::Done)
    }

    async fn deliver(&self, platform: &PlatformId, delivery: &Delivery) -> Result<Receipt, DeliveryError> {
        match self.platforms.get(platform) {
            Some(chat) => tokio::time::timeout(ATTEMPT, chat.deliver(delivery)).await.unwrap_or_else(|_| {
                Err(DeliveryError::Transient { reason: format!("{platform} did not answer in time"), after: None })
            }),
            None => Err(DeliveryError::Permanent { reason: format!("{platform} is not configured") }),
        }
    }

    /// A room that was opened becomes part of the incident before the effect counts as made.
    async fn tell_of_room(&self, delivery: &Delivery, receipt: Receipt) -> Result<Outcome, DeliveryError> {
        if let (Effect::Open { platform, plan }, Some(opened)) = (&delivery.effect, receipt.room) {
            let news = RoomNews::Opened { platform: platform.clone(), plan: plan.clone(), opened };
            self.hear(delivery, &news).await?;
        }
        Ok(Outcome::Done { external: receipt.external })
    }

    async fn lose_room(&self, delivery: &Delivery, reason: String) -> Result<Outcome, DeliveryError> {
        if let Some(room) = room_of(&delivery.effect) {
            tracing::warn!(effect = %delivery.key, room = %room.address, %reason, "a room is lost");
            self.hear(delivery, &RoomNews::Gone { room: room.clone(), reason: reason.clone() }).await?;
        }
        Ok(Outcome::Moot { error: reason })
    }

    async fn hear(&self, delivery: &Delivery, news: &RoomNews) -> Result<(), DeliveryError> {
        let Some(incident) = delivery.incident else { return Ok(()) };
        let heard = self.muster.hear_of_room(incident, delivery.key.as_str(), news).await;
        heard.map_err(|error| DeliveryError::Transient { reason: error.to_string(), after: None })
    }

    fn jitter(&self) -> [u8; 2] {
        let mut bytes = [0; 2];
        self.muster.entropy.fill(&mut bytes);
        bytes
    }
}

/// The room in which an effect is made.
fn room_of(effect: &Effect) -> Option<&Room> {
    match effect {
        Effect::Post { room, .. }
        | Effect::Headline { room, .. }
        | Effect::Topic { room, .. }
        | Effect::Rename { room, .. }
        | Effect::Links { room, .. }
        | Effect::Invite { room, .. }
        | Effect::Card { room, .. }
        | Effect::Archive { room } => Some(room),
        Effect::Tell { .. }
        | Effect::Open { .. }
        | Effect::Announce { .. }
        | Effect::Page { .. }
        | Effect::Publish { .. }
        | Effect::Spread { .. } => None,
    }
}

fn failed(error: &DeliveryError, attempt: u32, now: Timestamp, jitter: &[u8; 2]) -> Outcome {
    match error {
        DeliveryError::Transient { reason, after } if attempt < ATTEMPTS => {
            let pause = backoff(attempt, jitter).max(after.unwrap_or_default());
            let pause = TimeDelta::from_std(pause).unwrap_or(LEASE);
            Outcome::Retry { at: now + pause, error: reason.clone() }
        }
        DeliveryError::Transient { reason, .. }
        | DeliveryError::Permanent { reason }
        | DeliveryError::RoomGone { reason } => Outcome::Dead { error: reason.clone() },
    }
}

/// The pause doubles from half a second; half of it is left to chance, so that many do not come back at once.
fn backoff(attempt: u32, jitter: &[u8; 2]) -> Duration {
    let whole = 2_u64.saturating_pow(attempt.min(20)).saturating_mul(500).min(LONGEST_PAUSE * 1_000) / 2;
    Duration::from_millis(whole + whole * u64::from(u16::from_le_bytes(*jitter)) / u64::from(u16::MAX))
}

fn count(platform: &PlatformId, outcome: &Outcome) {
    let outcome = match outcome {
        Outcome::Done { .. } => "done",
        Outcome::Retry { .. } => "retry",
        Outcome::Moot { .. } => "moot",
        Outcome::Dead { .. } => "dead",
    };
    metrics::counter!("muster_effects_total", "platform" => platform.to_string(), "outcome" => outcome).increment(1);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_grows_is_never_the_same_for_all_and_has_an_end() {
        assert_eq!(backoff(1, &[0, 0]), Duration::from_millis(500));
        assert_eq!(backoff(1, &[255, 255]), Duration::from_secs(1));
        assert_eq!(backoff(3, &[0, 0]), Duration::from_secs(2));
        assert_eq!(backoff(50, &[255, 255]), Duration::from_secs(LONGEST_PAUSE));
    }

    #[test]
    fn what_cannot_work_and_what_never_worked_is_left_to_an_operator() {
        let now = Timestamp::UNIX_EPOCH;
        let permanent = DeliveryError::Permanent { reason: "no such room".into() };
        assert_eq!(failed(&permanent, 1, now, &[0, 0]), Outcome::Dead { error: "no such room".into() });
        let busy = DeliveryError::Transient { reason: "busy".into(), after: Some(Duration::from_secs(30)) };
        let again = Outcome::Retry { at: now + TimeDelta::seconds(30), error: "busy".into() };
        assert_eq!(failed(&busy, 1, now, &[0, 0]), again);
        assert_eq!(failed(&busy, ATTEMPTS, now, &[0, 0]), Outcome::Dead { error: "busy".into() });
    }
}
