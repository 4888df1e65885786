//! One command, from who asks to what is durable.

use super::{DEADLINE, Muster, insist};
use crate::command::check::{Checked, Given, check};
use crate::command::{Command, Invocation, form, parse};
use crate::decide::{Ctx, ListQuery, Needs, State};
use crate::ids::{IncidentId, PlatformId, RequestId};
use crate::inbound::{Actor, Ask, Inbound, Place};
use crate::org::{Organisation, Right};
use crate::ports::store::{Committed, StoreError, Write};
use crate::record::{RecordKind, Wanted};
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::secret::Secret;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;
use tokio::sync::OwnedMutexGuard;

/// How often a decision is made again because somebody else changed the incident meanwhile.
const RETRIES: u32 = 3;

/// So many open incidents are offered where it is not said which is meant: the platforms take a hundred.
const CHOICES: i64 = 100;

/// What comes of a command.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// It is done and durable, or it was a question and this is the answer.
    Done(Reply),
    /// It changes nothing, and this is why.
    Refused(Refusal),
    /// It is not durable yet. It goes on; the same request again gives the answer once there is one.
    Late,
    /// It changes nothing, through no fault of the one who asked.
    Failed(String),
}

impl Answer {
    fn count(&self, platform: &PlatformId, took: Duration) {
        let outcome = match self {
            Self::Done(_) => "done",
            Self::Refused(_) => "refused",
            Self::Late => "late",
            Self::Failed(_) => "failed",
        };
        metrics::counter!("muster_commands_total", "platform" => platform.to_string(), "outcome" => outcome)
            .increment(1);
        metrics::histogram!("muster_command_seconds").record(took.as_secs_f64());
    }
}

/// Commands on one incident take turns within this process, so that they rarely conflict; so does whatever may call
/// people, since it counts how often somebody is called.
#[derive(Default)]
pub(super) struct Turns {
    incidents: Mutex<HashMap<IncidentId, Weak<tokio::sync::Mutex<()>>>>,
    pager: Arc<tokio::sync::Mutex<()>>,
}

impl Turns {
    /// The turns of one incident.
    pub(super) fn of(&self, incident: IncidentId) -> Arc<tokio::sync::Mutex<()>> {
        let mut turns = self.incidents.lock().unwrap_or_else(PoisonError::into_inner);
        if turns.len() > 1_024 {
            turns.retain(|_, turn| turn.strong_count() > 0);
        }
        let known = turns.get(&incident).and_then(Weak::upgrade);
        known.unwrap_or_else(|| {
            let turn = Arc::new(tokio::sync::Mutex::new(()));
            turns.insert(incident, Arc::downgrade(&turn));
            turn
        })
    }

    /// The turn to call people, if that is what these needs are for. To be taken after that of an incident.
    pub(super) async fn pager(&self, needs: &Needs) -> Option<OwnedMutexGuard<()>> {
        let calls = needs.records.contains(&Wanted::All(RecordKind::Load));
        if calls { Some(Arc::clone(&self.pager).lock_owned().await) } else { None }
    }
}

impl Muster {
    /// Does what is asked, or says why not, within [`DEADLINE`].
    pub async fn execute(self: &Arc<Self>, inbound: Inbound) -> Answer {
        tokio::time::timeout(DEADLINE, self.see_through(inbound)).await.unwrap_or_else(|_| {
            metrics::counter!("muster_commands_late_total").increment(1);
            Answer::Late
        })
    }

    /// Does what is asked, or says why not, however long the database takes: never [`Answer::Late`]. The work goes on when
    /// nobody waits for the answer any more.
    pub async fn see_through(self: &Arc<Self>, inbound: Inbound) -> Answer {
        let Ok(door) = Arc::clone(&self.doors).try_acquire_owned() else {
            return Answer::Failed("Muster has more commands under way than it can take; try again in a moment".into());
        };
        let muster = Arc::clone(self);
        let platform = inbound.place.platform.clone();
        let work = tokio::spawn(async move {
            let _door = door;
            let started = std::time::Instant::now();
            let answer = muster.persist(&inbound).await;
            answer.count(&platform, started.elapsed());
            answer
        });
        work.await.unwrap_or_else(|panic| {
            tracing::error!(%panic, "a command panicked; nothing of it was written");
            Answer::Failed("Muster met an error of its own; nothing was changed".into())
        })
    }

    /// Tries until the database has answered.
    async fn persist(&self, inbound: &Inbound) -> Answer {
        match insist(|| self.attempt(inbound)).await {
            Ok(answer) => answer,
            Err(StoreError::Conflict) => {
                Answer::Failed("Too many people are changing this incident at once; try again".into())
            }
            Err(error @ StoreError::Unavailable(_)) => {
                tracing::error!(%error, "the database does not answer; a command is given up");
                Answer::Failed("The database does not answer: look whether it was done, then try again".into())
            }
            Err(error @ StoreError::Broken(_)) => {
                tracing::error!(%error, "a command could not be written");
                Answer::Failed("The database did not take it; nothing was changed".into())
            }
        }
    }

    async fn attempt(&self, inbound: &Inbound) -> Result<Answer, StoreError> {
        let org = self.org();
        let actor = self.identify(&inbound.caller).await?;
        let request = RequestId::new(format!("{}:{}", inbound.caller, inbound.request));
        let place = self.find_room(&inbound.place).await?;
        let who = Asking { org: &org, actor: &actor, place: &place, request: &request };
        match self.understand(&who, &inbound.ask) {
            Ok(Understood::Form(call)) => self.form(&who, &call).await,
            Ok(Understood::Command(incident, command)) => {
                let answer = self.carry_out(&who, incident, &command).await?;
                if let Answer::Refused(refusal) = answer {
                    return Ok(Answer::Refused(refusal.from_afar(incident, who.place)));
                }
                Ok(answer)
            }
            Err(refusal) => Ok(Answer::Refused(refusal)),
        }
    }

    fn understand(&self, who: &Asking<'_>, ask: &Ask) -> Result<Understood, Refusal> {
        let ctx = who.ctx(self.now());
        let (call, given) = match ask {
            Ask::Line(line) => (parse::line(line, who.org, who.place)?, Given::Typed),
            Ask::Call(call) => (call.clone(), Given::Sent),
            Ask::Open(call) => return Ok(Understood::Form(call.clone().gathered())),
        };
        let call = call.chosen()?.gathered();
        match check(&call, given, &ctx)? {
            Checked::Command(command) => Ok(Understood::Command(subject(&call, who.place), *command)),
            Checked::Incomplete => Ok(Understood::Form(call)),
        }
    }

    /// The form of a call, with the open incidents to choose from where it is not said which is meant.
    async fn form(&self, who: &Asking<'_>, call: &Invocation) -> Result<Answer, StoreError> {
        let ctx = who.ctx(self.now());
        let known = match form::needs(call, who.place).filter(|_| who.actor.right >= Right::View) {
            Some(needs) => {
                let state = self.store.load(&needs).await?.seen_by(&who.actor.person);
                Cow::Owned(form::known(call.clone(), &state, who.org))
            }
            None => Cow::Borrowed(call),
        };
        let call = known.as_ref();
        let open = if form::asks_which(call, who.place) && who.actor.right >= Right::View {
            let query = ListQuery { open: Some(true), limit: CHOICES, ..ListQuery::of(who.actor.person.clone()) };
            self.list(query).await?.0
        } else {
            Vec::new()
        };
        Ok(match form::open(call, &open, &ctx) {
            Ok(form) => Answer::Done(Reply::form(form)),
            Err(refusal) => Answer::Refused(refusal),
        })
    }

    async fn carry_out(
        &self,
        who: &Asking<'_>,
        incident: Option<IncidentId>,
        command: &Command,
    ) -> Result<Answer, StoreError> {
        let needs = command.needs(incident, &who.ctx(self.now()));
        let mut tries = 0;
        loop {
            let _turn = match needs.incident.map(|id| self.turns.of(id)) {
                Some(turn) => match Arc::clone(&turn).try_lock_owned() {
                    Ok(turn) => Some(turn),
                    // There is a line. Whoever asks again because it was late need not stand in it again: many who did
                    // would make it longer than it ever gets shorter.
                    Err(_) => match self.store.kept(who.request).await? {
                        Some(reply) => return Ok(Answer::Done(reply)),
                        None => Some(turn.lock_owned().await),
                    },
                },
                None => None,
            };
            let _pager = self.turns.pager(&needs).await;
            match self.decide_once(who, command, &needs).await {
                Err(StoreError::Conflict) if tries < RETRIES => {
                    tries += 1;
                    metrics::counter!("muster_conflicts_total").increment(1);
                }
                other => return other,
            }
        }
    }

    async fn decide_once(&self, who: &Asking<'_>, command: &Command, needs: &Needs) -> Result<Answer, StoreError> {
        let unit = self.store.begin(needs).await?;
        let state = State {
            named: needs.incident.is_some(),
            fresh_code: needs.fresh_code.then(|| Secret::short_code(self.entropy())),
            fresh_secret: needs.fresh_secret.then(|| Secret::generate("msf_", self.entropy())),
            ..unit.state().clone().seen_by(&who.actor.person)
        };
        let at = self.now();
        let decision = match command.decide(&state, &who.ctx(at)) {
            Ok(decision) => decision,
            Err(refusal) => {
                // What is held for writing is let go first: many who each hold one thing and want another could wait for
                // one another.
                drop(unit);
                // The same request may have been done before, and be refused now because it was.
                let kept = self.store.kept(who.request).await?;
                return Ok(kept.map_or(Answer::Refused(refusal), Answer::Done));
            }
        };
        if !decision.writes() {
            return Ok(Answer::Done(decision.reply));
        }
        let write = Write { request: who.request.clone(), at, decision, fired: None };
        self.commit(unit, write).await
    }

    /// Writes a decision and tells those who wait for it.
    pub(super) async fn commit(
        &self,
        unit: Box<dyn crate::ports::store::Unit>,
        mut write: Write,
    ) -> Result<Answer, StoreError> {
        let reply = write.decision.reply.clone();
        if let Cow::Owned(kept) = reply.kept() {
            write.decision.reply = kept;
        }
        let mut platforms: Vec<_> = write.decision.effects.iter().map(|one| one.effect.platform().clone()).collect();
        platforms.sort_unstable();
        platforms.dedup();
        let timers = write.decision.timers.iter().any(|change| super::timers::is_soon(change, write.at));
        let touched: Vec<_> = write.decision.incidents().collect();
        let jobs = write.decision.changes.iter().any(super::jobs::is_for_machines);
        match unit.commit(write).await? {
            Committed::Fresh => {
                self.index.outdate();
                for incident in touched {
                    self.signals.changed(incident);
                }
                for platform in platforms {
                    self.signals.effects_of(&platform).notify_one();
                }
                if timers {
                    self.signals.timers.notify_one();
                }
                if jobs {
                    self.signals.jobs.notify_one();
                }
                Ok(Answer::Done(reply))
            }
            Committed::Repeated(kept) => Ok(Answer::Done(*kept)),
            Committed::Stale => Ok(Answer::Done(reply)),
        }
    }
}

enum Understood {
    Form(Invocation),
    Command(Option<IncidentId>, Command),
}

struct Asking<'a> {
    org: &'a Organisation,
    actor: &'a Actor,
    place: &'a Place,
    request: &'a RequestId,
}

impl Asking<'_> {
    fn ctx(&self, now: crate::clock::Timestamp) -> Ctx<'_> {
        Ctx { now, actor: self.actor, place: self.place, request: self.request, org: self.org }
    }
}

/// The incident a call is about: the one it names, else that of the room.
fn subject(call: &Invocation, place: &Place) -> Option<IncidentId> {
    call.incident.or(place.incident)
}
