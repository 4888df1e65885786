//! A whole Muster for one test: people who type and click, rooms that say things, a clock that is moved by hand.
//!
//! Every message must be expected by the test; [`World::finish`] fails on what is left over.

use crate::clock::{ManualClock, SeededEntropy, moment};
use crate::dump::Dump;
use crate::memory::MemoryStore;
use crate::shown::Shown;
use crate::ways::Ways;
use crate::{rules, sample};
use chrono::TimeDelta;
use chrono_tz::Tz;
use muster_core::alert::Signal;
use muster_core::app::dispatch::Dispatcher;
use muster_core::app::look::Seen;
use muster_core::app::{Answer, Muster};
use muster_core::clock::{Clock, Timestamp};
use muster_core::command::Invocation;
use muster_core::command::complete::Candidate;
use muster_core::command::spec::ArgKind;
use muster_core::decide::{ListQuery, Needs};
use muster_core::ids::{EffectKey, IncidentId, PersonId, PlatformId, RequestId};
use muster_core::inbound::{Ask, Caller, Handle, Inbound, Place};
use muster_core::org::Organisation;
use muster_core::ports::chat::Chat;
use muster_core::ports::store::{Message, OutboxState, Store};
use muster_core::record::Wanted;
use muster_core::view::form::Choice;
use muster_core::view::{Does, View, text};
use muster_web::ConsoleChat;
use std::any::Any;
use std::collections::HashSet;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// More messages than any test makes.
const ALL: i64 = 100_000;

/// When every story begins: Black Friday of 2026, nine in the morning.
pub const MORNING: &str = "2026-11-27T09:00:00Z";

/// A whole Muster.
pub struct World {
    /// Muster itself.
    pub muster: Arc<Muster>,
    /// Its clock.
    pub clock: Arc<ManualClock>,
    /// The ways to those outside, which a test may open.
    pub ways: Ways,
    dispatcher: Dispatcher,
    requests: AtomicU64,
    highest: AtomicI64,
    heard: Mutex<HashSet<EffectKey>>,
    _home: Box<dyn Any + Send + Sync>,
}

impl World {
    /// Over maps in memory.
    #[must_use]
    pub fn memory() -> Self {
        Self::over(Arc::new(MemoryStore::default()), sample::retailer(), Box::new(()))
    }

    /// Over any store, for an organisation. `home` lives as long as the world.
    #[must_use]
    pub fn over(store: Arc<dyn Store>, org: Organisation, home: Box<dyn Any + Send + Sync>) -> Self {
        Self { _home: home, ..Self::with_chats(store, org, Vec::new()) }
    }

    /// With chat platforms beside the console.
    #[must_use]
    pub fn with_chats(store: Arc<dyn Store>, org: Organisation, chats: Vec<Arc<dyn Chat>>) -> Self {
        let clock = ManualClock::at(moment(MORNING));
        let muster = Muster::new(store, Arc::clone(&clock) as Arc<dyn Clock>, SeededEntropy::new(1), org);
        let console: Arc<dyn Chat> = Arc::new(ConsoleChat::new(Arc::clone(&muster)));
        let ways = Ways::default();
        let platforms = ways.chats().into_iter().chain([console]).chain(chats).collect();
        Self {
            ways,
            dispatcher: Dispatcher::new(Arc::clone(&muster), "test".to_owned(), platforms),
            muster,
            clock,
            requests: AtomicU64::new(0),
            highest: AtomicI64::new(0),
            heard: Mutex::default(),
            _home: Box::new(()),
        }
    }

    /// Somebody of the organisation, in the console, in no incident's room.
    #[must_use]
    pub fn person(&self, id: &str) -> Hand<'_> {
        let place = Place { platform: PlatformId::console(), incident: None, address: None, forms: false };
        Hand { world: self, caller: Caller::Person(PersonId::from(id)), place }
    }

    /// Somebody on a chat platform of whom only the handle is known.
    #[must_use]
    pub fn handle(&self, platform: &str, id: &str, name: &str) -> Hand<'_> {
        let platform = PlatformId::from(platform);
        let handle = Handle {
            platform: platform.clone(),
            id: id.to_owned(),
            name: name.to_owned(),
            email: None,
            groups: Vec::new(),
        };
        let place = Place { platform, incident: None, address: None, forms: false };
        Hand { world: self, caller: Caller::Handle(handle), place }
    }

    /// The room of an incident.
    #[must_use]
    pub fn room(&self, incident: &str) -> Room<'_> {
        Room { world: self, ear: Ear::Room(number(incident)) }
    }

    /// What somebody alone is told.
    #[must_use]
    pub fn ear_of(&self, person: &str) -> Room<'_> {
        Room { world: self, ear: Ear::Person(PersonId::from(person)) }
    }

    /// Sorts signals, fires timers and dispatches effects until nothing is left to do now.
    ///
    /// # Panics
    /// When the store fails, or there is no end to it.
    pub async fn settle(&self) {
        for _ in 0..1_000 {
            let sorted = self.muster.sort_due().await.expect("signals can be read");
            let fired = self.muster.fire_due().await.expect("timers can be read");
            let made = self.dispatcher.dispatch_due().await.expect("the outbox can be read");
            if sorted + fired + made == 0 {
                return;
            }
        }
        panic!("there is always something more to do");
    }

    /// Monitoring systems say these things; all that follows at once is done.
    ///
    /// # Panics
    /// When the store fails.
    pub async fn hears(&self, signals: impl IntoIterator<Item = Signal>) {
        self.muster.take_in(signals.into_iter().collect()).await.expect("signals can be taken in");
        self.settle().await;
        let newest = ListQuery { limit: 1, ..ListQuery::of(PersonId::from("alice")) };
        let (newest, _) = self.muster.list(newest).await.expect("incidents can be listed");
        newest.first().map(|one| self.highest.fetch_max(one.id.0, Ordering::Relaxed));
    }

    /// Lets time pass, and does what is due then.
    pub async fn pass(&self, minutes: i64) {
        self.clock.advance(TimeDelta::minutes(minutes));
        self.settle().await;
    }

    /// Moves the clock to that moment, stopping wherever a timer is due on the way.
    ///
    /// # Panics
    /// When the store fails, or the moment is past.
    pub async fn until(&self, to: Timestamp) {
        loop {
            self.settle().await;
            let next = self.muster.store().next_due().await.expect("timers can be read");
            match next.filter(|next| *next > self.clock.now() && *next < to) {
                Some(next) => self.clock.set(next),
                None => break,
            }
        }
        self.clock.set(to);
        self.settle().await;
    }

    /// Everything in the store.
    pub async fn dump(&self) -> Dump {
        Dump::of(self.muster.store().as_ref(), self.highest.load(Ordering::Relaxed)).await
    }

    /// An incident with its whole log, whoever may see it.
    ///
    /// # Panics
    /// When there is none.
    pub async fn whole(&self, incident: &str) -> Seen {
        let dump = self.dump().await;
        let id = number(incident);
        let incident = dump.incidents.get(&id).cloned().expect("the incident exists");
        let records = vec![Wanted::RunsOf(incident.id)];
        let state = self.muster.store().load(&Needs { records, ..Needs::default() }).await.expect("the store answers");
        let runs = state.records.runs().cloned().collect();
        Seen { incident, entries: dump.log(id).to_vec(), more: false, runs }
    }

    /// The timeline of an incident as it stands, a line each: time, who, what.
    pub async fn timeline(&self, incident: &str) -> Vec<String> {
        let seen = self.whole(incident).await;
        let org = self.muster.org();
        let rows = muster_core::export::timeline(&seen.entries);
        let line = |row| text::line(&muster_core::view::entry::line(row, &org), Tz::UTC);
        rows.into_iter().map(line).collect()
    }

    /// The end of a test: everything is done, heard, and as the rules want it.
    ///
    /// # Panics
    /// When an effect is left waiting or dead, a timer is overdue, a message was not expected, or a rule is broken.
    pub async fn finish(self) {
        self.settle().await;
        let store = self.muster.store();
        for state in [OutboxState::Waiting, OutboxState::Dead] {
            let left = store.effects(state, ALL).await.expect("the outbox can be read");
            assert!(left.is_empty(), "effects are left {state:?}: {left:?}");
        }
        let overdue = store.due(self.clock.now(), ALL).await.expect("timers can be read");
        assert!(overdue.is_empty(), "timers are overdue: {overdue:?}");
        let dump = self.dump().await;
        rules::world(&dump, &self.muster.org()).unwrap_or_else(|broken| panic!("{broken}"));
        let mut unheard = Vec::new();
        for id in dump.incidents.keys() {
            unheard.extend(self.unheard(&Ear::Room(*id)).await);
        }
        for (id, _, _) in sample::PEOPLE {
            unheard.extend(self.unheard(&Ear::Person(PersonId::from(id))).await);
        }
        let texts: Vec<_> = unheard.iter().map(|message| text::plain(&message.view, Tz::UTC)).collect();
        assert!(texts.is_empty(), "nobody expected these messages:\n\n{}", texts.join("\n\n"));
    }

    fn heard(&self) -> std::sync::MutexGuard<'_, HashSet<EffectKey>> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Messages that no test has expected yet, the oldest first.
    async fn unheard(&self, ear: &Ear) -> Vec<Message> {
        let store = self.muster.store();
        let messages = match ear {
            Ear::Room(incident) => store.said(*incident, ALL).await,
            Ear::Person(person) => store.told(person, ALL).await,
        };
        let mut messages = messages.expect("messages can be read");
        messages.reverse();
        messages.retain(|message| !self.heard().contains(&message.key));
        messages
    }
}

/// `INC-7` as a number.
///
/// # Panics
/// When it is not the name of an incident.
#[must_use]
pub fn number(incident: &str) -> IncidentId {
    incident.parse().expect("an incident in a test is written as INC-1")
}

enum Ear {
    Room(IncidentId),
    Person(PersonId),
}

/// Where messages arrive: in a room, or with one person.
pub struct Room<'w> {
    world: &'w World,
    ear: Ear,
}

impl Room<'_> {
    /// The next message that has not been expected yet, which must hold these words.
    ///
    /// # Panics
    /// When there is none, or it says something else.
    pub async fn expects(&self, words: &str) -> Shown {
        self.world.settle().await;
        let unheard = self.world.unheard(&self.ear).await;
        let Some(message) = unheard.into_iter().next() else { panic!("nothing is said; “{words}” was expected") };
        self.world.heard().insert(message.key);
        Shown::message(message.view).shows(words)
    }

    /// Nothing more has been said.
    ///
    /// # Panics
    /// When something has.
    pub async fn is_quiet(&self) {
        self.world.settle().await;
        let unheard = self.world.unheard(&self.ear).await;
        let texts: Vec<_> = unheard.iter().map(|message| text::plain(&message.view, Tz::UTC)).collect();
        assert!(texts.is_empty(), "nothing was to be said, and this was:\n{}", texts.join("\n"));
    }

    /// Takes everything said so far as expected.
    pub async fn skips(&self) {
        self.world.settle().await;
        let unheard = self.world.unheard(&self.ear).await;
        self.world.heard().extend(unheard.into_iter().map(|message| message.key));
    }
}

/// Somebody, somewhere, who types and clicks.
#[derive(Clone)]
pub struct Hand<'w> {
    world: &'w World,
    caller: Caller,
    place: Place,
}

impl Hand<'_> {
    /// The same person in the room of an incident.
    #[must_use]
    pub fn in_room(&self, incident: &str) -> Self {
        self.at(Some(number(incident)))
    }

    /// The same person in the room of an incident, or in none.
    #[must_use]
    pub fn at(&self, incident: Option<IncidentId>) -> Self {
        Self { place: Place { incident, ..self.place.clone() }, ..self.clone() }
    }

    /// The same person where forms can be shown.
    #[must_use]
    pub fn with_forms(&self) -> Self {
        Self { place: Place { forms: true, ..self.place.clone() }, ..self.clone() }
    }

    /// Types a line.
    pub async fn types(&self, line: &str) -> Shown {
        self.asks(Ask::Line(line.to_owned())).await
    }

    /// Types a line under a request id of the test's choice.
    pub async fn types_as(&self, request: &str, line: &str) -> Shown {
        self.sends(request, Ask::Line(line.to_owned())).await
    }

    /// Makes a call with named arguments, as a program does.
    pub async fn calls(&self, call: Invocation) -> Shown {
        self.asks(Ask::Call(call)).await
    }

    /// Asks for anything.
    pub async fn asks(&self, ask: Ask) -> Shown {
        let request = self.world.requests.fetch_add(1, Ordering::Relaxed);
        self.sends(&format!("r{request}"), ask).await
    }

    /// Asks for anything, under a request id of the test's choice.
    pub async fn sends(&self, request: &str, ask: Ask) -> Shown {
        let inbound =
            Inbound { caller: self.caller.clone(), place: self.place.clone(), request: RequestId::from(request), ask };
        // On a busy machine a database may answer late: then one asks again, as every client does.
        let mut answer = Answer::Late;
        while answer == Answer::Late {
            answer = self.world.muster.execute(inbound.clone()).await;
        }
        let shown = Shown::answer(answer);
        if let Some(IncidentId(number)) = shown.incident() {
            self.world.highest.fetch_max(number, Ordering::Relaxed);
        }
        shown
    }

    /// Uses the action of that label in something shown.
    ///
    /// # Panics
    /// When there is none, or it only follows a link.
    pub async fn clicks(&self, shown: &Shown, label: &str) -> Shown {
        match does(shown.view(), label) {
            Does::Run(call) => self.asks(Ask::Call(call)).await,
            Does::Open(call) => self.asks(Ask::Open(call)).await,
            Does::Choose(_) | Does::Visit(_) => panic!("“{label}” runs nothing"),
        }
    }

    /// Fills in a form as a browser does: every field is sent, those not named here as they were.
    pub async fn fills(&self, shown: &Shown, values: &[(&str, &str)]) -> Shown {
        let form = shown.form();
        for (name, _) in values {
            assert!(form.fields.iter().any(|field| field.name == *name), "the form has no field {name}");
        }
        let mut call = form.target.clone();
        for field in &form.fields {
            let typed = values.iter().find(|(name, _)| *name == field.name).map(|(_, value)| (*value).to_owned());
            call = call.with(&field.name, typed.or_else(|| field.value.clone()).unwrap_or_default());
        }
        self.asks(Ask::Call(call)).await
    }

    /// What could come next on a line.
    pub async fn completes(&self, line: &str) -> Vec<Candidate> {
        self.world.muster.complete(&self.caller, &self.place, line).await
    }

    /// What is offered for an argument of that kind while it is typed.
    pub async fn is_offered(&self, kind: ArgKind, typed: &str) -> Vec<String> {
        self.suggestions(kind, typed).await.into_iter().map(|choice| choice.label).collect()
    }

    /// The same with what is sent for each.
    pub async fn suggestions(&self, kind: ArgKind, typed: &str) -> Vec<Choice> {
        self.world.muster.suggest(&self.caller, kind, typed).await
    }
}

/// What an action of a view does: a button, one beside an item of a list, or one of several choices.
fn does(view: &View, label: &str) -> Does {
    let items = view.sections.iter().flat_map(|section| match section {
        muster_core::view::Section::List(items) => items.as_slice(),
        muster_core::view::Section::Text(_)
        | muster_core::view::Section::Heading(_)
        | muster_core::view::Section::Fields(_)
        | muster_core::view::Section::Code(_) => &[],
    });
    let beside = items.filter_map(|item| item.action.as_ref());
    for action in view.actions.iter().chain(beside) {
        if action.label == label {
            return action.does.clone();
        }
        if let Does::Choose(choices) = &action.does
            && let Some(choice) = choices.iter().find(|choice| choice.label == label)
        {
            return Does::Run(choice.run.clone());
        }
    }
    panic!("there is no “{label}” to click in:\n{}", text::plain(view, Tz::UTC));
}
