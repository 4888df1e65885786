//! What is offered to somebody who types: from memory, kept fresh behind their back, so that a slow database never makes
//! a field hang.

use super::Muster;
use crate::chat::cache::Cache;
use crate::chat::offer::best;
use crate::command::complete::{Candidate, complete, values};
use crate::command::spec::ArgKind;
use crate::decide::{ListQuery, Summary};
use crate::inbound::{Caller, Place};
use crate::org::Right;
use crate::ports::store::StoreError;
use crate::view::form::Choice;
use chrono::TimeDelta;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::Semaphore;

/// How long something remembered is taken for true: another process may have changed it.
const FRESH: TimeDelta = TimeDelta::seconds(3);

/// How long what is fresh is waited for. People who type notice more than a quarter of a second.
const PATIENCE: Duration = Duration::from_millis(250);

/// So many look things up at once, however many type.
const READERS: usize = 8;

/// So many people are remembered, with so many open incidents each.
const PEOPLE: usize = 1_000;
const INCIDENTS: i64 = 100;

/// Somebody, in the groups that they were in then: without one of them they may see less.
type Who = (String, Vec<String>);

fn who(caller: &Caller) -> Who {
    let groups = match caller {
        Caller::Handle(handle) => handle.groups.clone(),
        Caller::Person(_) => Vec::new(),
    };
    (caller.to_string(), groups)
}

/// What people who type may know of.
pub(super) struct Index {
    people: Cache<Who, (u64, Arc<Onlooker>)>,
    changes: AtomicU64,
    readers: Arc<Semaphore>,
}

/// Somebody, and the open incidents that they may see.
struct Onlooker {
    right: Right,
    open: Vec<Summary>,
}

impl Index {
    pub(super) fn new() -> Self {
        Self { people: Cache::of(PEOPLE), changes: AtomicU64::new(0), readers: Arc::new(Semaphore::new(READERS)) }
    }

    /// Nothing remembered is fresh any more.
    pub(super) fn outdate(&self) {
        self.changes.fetch_add(1, Ordering::Relaxed);
    }

    /// Nothing is remembered: who may look may have changed.
    pub(super) fn forget(&self) {
        self.outdate();
        self.people.forget(|_, _| true);
    }

    fn changes(&self) -> u64 {
        self.changes.load(Ordering::Relaxed)
    }
}

impl Muster {
    /// The values that an argument of that kind may have and that fit what was typed, best first. After a comma in a
    /// list, those of the next item. Nothing for somebody who may not even look: the names of incidents, people and
    /// services are not theirs to know.
    pub async fn suggest(self: &Arc<Self>, caller: &Caller, kind: ArgKind, typed: &str) -> Vec<Choice> {
        let Some(onlooker) = self.onlooker(caller).await else { return Vec::new() };
        let is_list = matches!(kind, ArgKind::Services | ArgKind::Sites);
        let (listed, typed) = typed.split_at(typed.rfind(',').filter(|_| is_list).map_or(0, |comma| comma + 1));
        let is_listed = |value: &str| listed.split(',').any(|item| item.trim() == value);
        let offers = values(kind, &self.org(), &onlooker.open).into_iter().filter(|(value, _)| !is_listed(value));
        let choices: Vec<_> = offers.map(|(value, help)| choice(value, &help)).collect();
        let whole = |choice: &Choice| Choice {
            value: format!("{listed}{}", choice.value),
            label: format!("{listed}{}", choice.label),
        };
        best(&choices, typed).map(whole).collect()
    }

    /// What could come next on a line that is being typed. Nothing for somebody who may not even look.
    pub async fn complete(self: &Arc<Self>, caller: &Caller, place: &Place, line: &str) -> Vec<Candidate> {
        let Some(onlooker) = self.onlooker(caller).await else { return Vec::new() };
        complete(line, place, &self.org(), &onlooker.open)
    }

    /// Somebody who may look, and what they see: fresh if that can be had soon, else as it was remembered.
    async fn onlooker(self: &Arc<Self>, caller: &Caller) -> Option<Arc<Onlooker>> {
        let key = who(caller);
        let fresh = self.index.people.fresh(&key, self.now()).filter(|(changes, _)| *changes == self.index.changes());
        let known = match fresh {
            Some(known) => Some(known),
            None => {
                let looked = tokio::time::timeout(PATIENCE, self.look_up(caller)).await;
                // Whether it has been learnt or not, what is remembered now is the best there is.
                looked.ok().flatten().or_else(|| self.index.people.stale(&key))
            }
        };
        known.map(|(_, onlooker)| onlooker).filter(|onlooker| onlooker.right >= Right::View)
    }

    /// Looks up what somebody sees. It is learnt even if nobody waits for it any more.
    async fn look_up(self: &Arc<Self>, caller: &Caller) -> Option<(u64, Arc<Onlooker>)> {
        let reader = Arc::clone(&self.index.readers).acquire_owned().await.ok()?;
        let (muster, caller) = (Arc::clone(self), caller.clone());
        let work = tokio::spawn(async move {
            let _reader = reader;
            muster.learn(&caller).await
        });
        match work.await.ok()? {
            Ok(learnt) => Some(learnt),
            Err(error) => {
                tracing::debug!(%error, "what to offer cannot be looked up");
                None
            }
        }
    }

    async fn learn(&self, caller: &Caller) -> Result<(u64, Arc<Onlooker>), StoreError> {
        // Counted before it is read: what changes meanwhile makes it old.
        let changes = self.index.changes();
        let actor = self.identify(caller).await?;
        let open = if actor.right >= Right::View {
            let query = ListQuery { open: Some(true), limit: INCIDENTS, ..ListQuery::of(actor.person) };
            self.list(query).await?.0
        } else {
            Vec::new()
        };
        let learnt = (changes, Arc::new(Onlooker { right: actor.right, open }));
        self.index.people.keep(who(caller), learnt.clone(), self.now() + FRESH);
        Ok(learnt)
    }
}

fn choice(value: String, help: &str) -> Choice {
    let label = if help.is_empty() { value.clone() } else { format!("{value} · {help}") };
    Choice { value, label }
}
