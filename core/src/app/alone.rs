//! Decisions that nobody asked for: what follows from the clock, and from what platforms tell.

use super::Muster;
use crate::decide::pages::{self, AttemptNews, contact_test, hear_of_attempt};
use crate::decide::{Ctx, Decision, Needs, RoomNews, State, hear};
use crate::effect::{Recipient, Stage};
use crate::ids::{IncidentId, PersonId, PlatformId, RequestId};
use crate::inbound::{Actor, Place};
use crate::org::Right;
use crate::ports::store::{StoreError, Write};
use crate::record::{RecordKey, RecordKind, Wanted};
use crate::timer::Timer;

/// How often such a decision is made again because somebody else changed the incident meanwhile.
const RETRIES: u32 = 10;

/// Why Muster decides something by itself.
pub(super) struct Cause {
    /// What must be read.
    pub needs: Needs,
    /// Once under this name. No caller's name begins with `!`, so nobody can answer for it.
    pub request: RequestId,
    /// The timer that led to it.
    pub fired: Option<Timer>,
}

/// Muster, where it acts by itself.
pub(super) fn itself() -> Actor {
    Actor {
        person: PersonId::from("muster"),
        name: "Muster".to_owned(),
        right: Right::Admin,
        handle: None,
        known: false,
        teams: Vec::new(),
    }
}

impl Muster {
    /// Decides and commits by itself, as nobody in particular; whether anything was to be written.
    pub(super) async fn decide_alone(
        &self,
        cause: Cause,
        decide: impl Fn(&State, &Ctx<'_>) -> Decision + Send,
    ) -> Result<bool, StoreError> {
        let org = self.org();
        let actor = itself();
        let needs = &cause.needs;
        let place = Place { platform: PlatformId::system(), incident: needs.incident, address: None, forms: false };
        // Several such things may happen to one incident at once.
        let _turn = match needs.incident.map(|incident| self.turns.of(incident)) {
            Some(turn) => Some(turn.lock_owned().await),
            None => None,
        };
        let _pager = self.turns.pager(needs).await;
        let mut tries = 0;
        loop {
            let unit = self.store.begin(needs).await?;
            let at = self.now();
            let ctx = Ctx { now: at, actor: &actor, place: &place, request: &cause.request, org: &org };
            let decision = decide(unit.state(), &ctx);
            if !decision.writes() {
                return Ok(false);
            }
            let write = Write { request: cause.request.clone(), at, decision, fired: cause.fired.clone() };
            match self.commit(unit, write).await {
                Err(StoreError::Conflict) if tries < RETRIES => tries += 1,
                other => return other.map(|_| true),
            }
        }
    }

    /// A platform tells of a room of an incident. `key` names the effect through which we know; the same again
    /// changes nothing.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn hear_of_room(&self, incident: IncidentId, key: &str, news: &RoomNews) -> Result<(), StoreError> {
        let request = RequestId::new(format!("!room:{key}"));
        let records = vec![Wanted::RunsOf(incident), Wanted::MessagesOf(incident)];
        let needs = Needs { incident: Some(incident), records, ..Needs::default() };
        self.decide_alone(Cause { needs, request, fired: None }, |state, ctx| hear(news, state, ctx)).await.map(drop)
    }

    /// Whether anybody still wants that notice of a page.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) async fn is_wanted(
        &self,
        incident: IncidentId,
        number: i64,
        to: &Recipient,
        stage: Stage,
    ) -> Result<bool, StoreError> {
        let state = self.store.load(&Needs { incident: Some(incident), ..Needs::default() }).await?;
        Ok(state.incident.is_some_and(|incident| pages::is_wanted(&incident, number, to, stage)))
    }

    /// A test of a contact has failed. `key` names the effect that was attempted; the same news of it again change nothing.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn hear_of_test(
        &self,
        (person, contact): (&PersonId, &str),
        key: &str,
        reason: &str,
    ) -> Result<(), StoreError> {
        let request = RequestId::new(format!("!test:{key}"));
        let mine = RecordKey::new(RecordKind::Proofs, person.as_str());
        let needs = Needs { records: vec![Wanted::One(mine)], ..Needs::default() };
        let cause = Cause { needs, request, fired: None };
        self.decide_alone(cause, |state, ctx| contact_test::failed((person, contact), reason, state, ctx))
            .await
            .map(drop)
    }

    /// A platform tells of an attempt to reach somebody. `key` names the effect that was attempted; the same news of it
    /// again change nothing.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn hear_of_attempt(&self, incident: IncidentId, key: &str, news: &AttemptNews) -> Result<(), StoreError> {
        let sort = if news.failed.is_some() { "failed" } else { "reached" };
        let request = RequestId::new(format!("!attempt:{sort}:{key}"));
        // Only what has failed may lead to another being called; whoever was reached need not wait for a turn to call.
        let records = if news.failed.is_some() { pages::records() } else { Vec::new() };
        let needs = Needs { incident: Some(incident), records, ..Needs::default() };
        self.decide_alone(Cause { needs, request, fired: None }, |state, ctx| hear_of_attempt(news, state, ctx))
            .await
            .map(drop)
    }
}
