//! A story as it is told: people who type and click, rooms and ears that hear, a clock that is moved by hand.
//!
//! Every message must be expected by the story; [`Stage::finish`] fails on what is left over.

use super::console::Console;
use super::discord::InDiscord;
use super::guild::Guild;
use super::programs::{Call, Programs};
use super::slack::InSlack;
use super::workspace::{Wire, Workspace};
use super::{By, Given, Platform, Seen, Shown, rules};
use crate::dump::Dump;
use crate::gateway::{Gateway, Works};
use crate::world::{World, number, number as number_of};
use crate::{engines, sample};
use chrono::TimeDelta;
use chrono_tz::Tz;
use muster_core::alert::Signal;
use muster_core::app::Muster;
use muster_core::app::parcels::Depot;
use muster_core::audit::{Check, Deed, check};
use muster_core::clock::Timestamp;
use muster_core::comms::PublicIncident;
use muster_core::decide::Needs;
use muster_core::ids::IncidentId;
use muster_core::incident::Incident;
use muster_core::incident::entry::Entry;
use muster_core::org::Organisation;
use muster_core::record::{RecordKey, Wanted};
use muster_core::runbook::Run;
use muster_core::view::{entry, text};
use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

/// No story has as many incidents.
const INCIDENTS: i64 = 9;

/// Where a story is played.
pub struct Stage {
    platform: Box<dyn Platform>,
    heard: Mutex<HashSet<String>>,
    works: Mutex<Option<Works>>,
    depot: Mutex<Option<Depot>>,
}

/// The timeline of every incident of a story, a line for each entry.
pub type Record = BTreeMap<IncidentId, Vec<String>>;

/// Plays a story on this stage: in the end every timeline is, line by line, the one it has in the console.
///
/// # Panics
/// When it is not.
pub async fn gives_the_same_record<S: Future<Output = Record>>(story: impl Fn(Stage) -> S, stage: Stage) {
    let here = story(stage).await;
    let in_console = story(Stage::in_memory()).await;
    assert_eq!(here, in_console, "the record is another than in the console");
}

impl Stage {
    fn of(platform: impl Platform + 'static) -> Self {
        Self { platform: Box::new(platform), heard: Mutex::default(), works: Mutex::default(), depot: Mutex::default() }
    }

    /// The console, over maps in memory.
    #[must_use]
    pub fn in_memory() -> Self {
        Self::of(Console(World::memory()))
    }

    /// The console, over an SQLite file of its own.
    pub async fn on_sqlite() -> Self {
        Self::of(Console(engines::sqlite().await))
    }

    /// The console, over a PostgreSQL database of its own; `None` where there is no PostgreSQL.
    pub async fn on_postgres(story: &str) -> Option<Self> {
        engines::postgres(story).await.map(|world| Self::of(Console(world)))
    }

    /// A Slack workspace with the real adapter.
    pub async fn in_slack(wire: Wire) -> Self {
        let workspace = Workspace::begin(wire).await;
        Self::of(InSlack::new(workspace.configured(|org| org.guest_right = sample::retailer().guest_right)))
    }

    /// A Discord server with the real adapter.
    pub async fn in_discord(wire: Wire) -> Self {
        let guild = Guild::begin(wire).await;
        Self::of(InDiscord::new(guild.configured(|org| org.guest_right = sample::retailer().guest_right)))
    }

    /// The JSON API, with a token for everybody.
    pub async fn over_the_api() -> Self {
        Self::of(Programs::serve(World::memory(), Call::Api).await)
    }

    /// A shell with `muster do`, and a token for everybody.
    pub async fn in_a_shell() -> Self {
        Self::of(Programs::serve(World::memory(), Call::Shell).await)
    }

    /// Somebody of the organisation, in no incident's room.
    #[must_use]
    pub fn person(&self, who: &str) -> Hand<'_> {
        Hand { stage: self, by: By { who: who.to_owned(), room: None, forms: false } }
    }

    /// Somebody on a chat whom nobody knows.
    ///
    /// # Panics
    /// When the organisation does.
    #[must_use]
    pub fn stranger(&self, who: &str) -> Hand<'_> {
        assert!(sample::PEOPLE.iter().all(|(id, ..)| *id != who), "{who} is known");
        self.person(who)
    }

    /// The room of an incident.
    #[must_use]
    pub fn room(&self, incident: &str) -> Ear<'_> {
        Ear { stage: self, of: Of::Room(number(incident)) }
    }

    /// What somebody alone is told.
    #[must_use]
    pub fn ear_of(&self, person: &str) -> Ear<'_> {
        Ear { stage: self, of: Of::Person(person.to_owned()) }
    }

    /// Lets time pass, and does what is due then.
    pub async fn pass(&self, minutes: i64) {
        self.rest().await;
        self.platform.clock().advance(TimeDelta::minutes(minutes));
        self.rest().await;
    }

    /// Moves the clock to that moment, and does what is due then.
    pub async fn until(&self, to: Timestamp) {
        self.rest().await;
        self.platform.clock().set(to);
        self.rest().await;
    }

    /// The Muster on it.
    #[must_use]
    pub fn muster(&self) -> &Arc<Muster> {
        self.platform.muster()
    }

    /// The organisation is configured otherwise from now on.
    pub fn configure(&self, change: impl FnOnce(&mut Organisation)) {
        let muster = self.platform.muster();
        let mut org = Organisation::clone(&muster.org());
        change(&mut org);
        muster.reconfigure(org);
    }

    /// Monitoring systems say these things; all that follows at once is done.
    ///
    /// # Panics
    /// When the store fails.
    pub async fn hears(&self, signals: impl IntoIterator<Item = Signal>) {
        let taken = self.platform.muster().take_in(signals.into_iter().collect()).await;
        taken.expect("signals can be taken in");
        self.rest().await;
    }

    /// Who was paged, as it stands: the card that lives in the room, and what is shown where no card does.
    ///
    /// # Panics
    /// When there are two.
    pub async fn pages(&self, incident: &str) -> Shown {
        self.rest().await;
        let said = self.platform.said(number(incident)).await;
        let mut cards: Vec<_> = said.into_iter().filter(|seen| rules::is_pages(&seen.words)).collect();
        assert!(cards.len() < 2, "two cards of the same: {cards:?}");
        match cards.pop() {
            Some(card) => Shown::message(card),
            None => self.person("dave").types(&format!("{incident} page list")).await,
        }
    }

    /// From now on steps of runs are carried out, by a machine that may call this gateway.
    pub fn works(&self, gateway: &Arc<Gateway>) {
        let works = Works::begin(Arc::clone(self.platform.muster()), gateway);
        *self.works.lock().unwrap_or_else(PoisonError::into_inner) = Some(works);
    }

    /// From now on what those who have subscribed get is brought to them.
    pub(super) fn sends_by(&self, depot: Depot) {
        *self.depot.lock().unwrap_or_else(PoisonError::into_inner) = Some(depot);
    }

    /// What people do here, and see.
    pub(super) fn platform(&self) -> &dyn Platform {
        self.platform.as_ref()
    }

    /// Brings those who have subscribed what is due.
    async fn carries(&self) {
        let depot = self.depot.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(depot) = depot else { return };
        while depot.carry_due().await.expect("parcels can be read") > 0 {}
    }

    /// Returns once nothing is due, every step that a machine may do now is done, and those who have subscribed have what is theirs.
    pub(super) async fn rest(&self) {
        loop {
            self.platform.settle().await;
            self.carries().await;
            let works = self.works.lock().unwrap_or_else(PoisonError::into_inner).clone();
            let Some(works) = works else { return };
            if works.is_idle().await {
                // What came of the last step has been written by now, and what follows from it is to be done.
                self.platform.settle().await;
                if works.is_idle().await {
                    return;
                }
            }
            tokio::task::yield_now().await;
        }
    }

    /// Where a run stands: the card that lives in the room, and what `by` is shown where no card does.
    ///
    /// # Panics
    /// When there are two.
    pub async fn run(&self, by: &str, incident: &str, number: i64) -> Shown {
        self.rest().await;
        let said = self.platform.said(number_of(incident)).await;
        let mut cards: Vec<_> = said.into_iter().filter(|seen| rules::run_of(&seen.words) == Some(number)).collect();
        assert!(cards.len() < 2, "two cards of the same: {cards:?}");
        match cards.pop() {
            Some(card) => Shown::message(card),
            None => self.person(by).types(&format!("{incident} runbook show {number}")).await,
        }
    }

    /// A run as it is kept.
    ///
    /// # Panics
    /// When there is none.
    pub async fn run_of(&self, incident: &str, number: i64) -> Run {
        self.rest().await;
        let records = vec![Wanted::RunsOf(number_of(incident))];
        let needs = Needs { records, ..Needs::default() };
        let state = self.platform.muster().store().load(&needs).await.expect("runs can be read");
        state.records.run(number_of(incident), number).expect("the run exists").clone()
    }

    /// What customers can see of an incident.
    ///
    /// # Panics
    /// When it cannot be read.
    pub async fn public_of(&self, incident: &str) -> Option<PublicIncident> {
        self.rest().await;
        let incident = number_of(incident);
        let needs = Needs { records: vec![Wanted::One(RecordKey::public(incident))], ..Needs::default() };
        let state = self.platform.muster().store().load(&needs).await.expect("what is public can be read");
        state.records.public(incident).cloned()
    }

    /// The audit log: who, by what, what was done, in order.
    ///
    /// # Panics
    /// When it is not whole.
    pub async fn audit(&self) -> Vec<Deed> {
        self.rest().await;
        let store = self.platform.muster().store();
        let whole = check(store.as_ref(), Check::new(None, Vec::new())).await.expect("the audit log can be read");
        whole.expect("the audit log is whole");
        let log = store.audit(0, 10_000).await.expect("the audit log can be read");
        log.iter().map(|sealed| serde_json::from_str(&sealed.body).expect("an entry can be read")).collect()
    }

    /// How many timers wait for their time.
    ///
    /// # Panics
    /// When the store fails.
    pub async fn pending(&self) -> i64 {
        self.rest().await;
        self.platform.muster().store().pending().await.expect("timers can be counted")
    }

    /// An incident, whoever may see it.
    ///
    /// # Panics
    /// When there is none.
    pub async fn incident(&self, incident: &str) -> Incident {
        let mut dump = self.dump().await;
        dump.incidents.remove(&number(incident)).expect("the incident exists")
    }

    /// The whole log of an incident.
    pub async fn log(&self, incident: &str) -> Vec<Entry> {
        self.dump().await.log(number(incident)).to_vec()
    }

    /// The timeline of an incident as it stands, a line each: time, who, what. By what people were reached is not in it:
    /// that is another on every stage.
    pub async fn timeline(&self, incident: &str) -> Vec<String> {
        self.lines(self.dump().await.log(number(incident)))
    }

    fn lines(&self, log: &[Entry]) -> Vec<String> {
        let org = self.platform.muster().org();
        let line = |row| text::line(&entry::line(row, &org), Tz::UTC);
        muster_core::export::timeline(&rules::comparable(log)).into_iter().map(line).collect()
    }

    async fn dump(&self) -> Dump {
        self.rest().await;
        Dump::of(self.platform.muster().store().as_ref(), INCIDENTS).await
    }

    /// The end of a story: everything is done and heard, and as the rules want it.
    ///
    /// # Panics
    /// When a message was not expected, a rule is broken, or the platform has something to complain of.
    pub async fn finish(self) -> Record {
        let dump = self.dump().await;
        crate::rules::world(&dump, &self.platform.muster().org()).unwrap_or_else(|broken| panic!("{broken}"));
        let rooms = dump.incidents.keys().map(|id| Of::Room(*id));
        let people = sample::PEOPLE.iter().map(|(id, ..)| Of::Person((*id).to_owned()));
        for of in rooms.chain(people) {
            Ear { stage: &self, of }.is_quiet().await;
        }
        let lines = |log: &[Entry]| self.lines(log).iter().map(|line| rules::unmarked(line)).collect();
        let record = dump.logs.iter().map(|(id, log)| (*id, lines(log))).collect();
        self.platform.finish().await;
        record
    }

    fn heard(&self) -> std::sync::MutexGuard<'_, HashSet<String>> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Somebody, somewhere, who types and clicks.
#[derive(Clone)]
pub struct Hand<'s> {
    stage: &'s Stage,
    by: By,
}

impl Hand<'_> {
    /// The same person in the room of an incident.
    #[must_use]
    pub fn in_room(&self, incident: &str) -> Self {
        Self { by: By { room: Some(number(incident)), ..self.by.clone() }, ..self.clone() }
    }

    /// The same person where forms can be shown, which in chats is everywhere.
    #[must_use]
    pub fn with_forms(&self) -> Self {
        Self { by: By { forms: true, ..self.by.clone() }, ..self.clone() }
    }

    /// Types a line.
    pub async fn types(&self, line: &str) -> Shown {
        self.does(self.stage.platform.types(&self.by, line)).await
    }

    /// Uses the button or the option of that label in something shown.
    pub async fn clicks(&self, shown: &Shown, label: &str) -> Shown {
        self.does(self.stage.platform.clicks(&self.by, shown.seen(), label)).await
    }

    /// Fills in a form and sends it; fields that are not named stay as they are.
    pub async fn fills(&self, shown: &Shown, values: &[(&str, &str)]) -> Shown {
        self.does(self.stage.platform.fills(&self.by, shown.seen(), values)).await
    }

    async fn does(&self, deed: impl Future<Output = Given>) -> Shown {
        let before = self.stage.dump().await;
        let given = deed.await;
        let changed = self.stage.dump().await != before;
        Shown::given(given, changed, self.stage.platform.typing())
    }
}

enum Of {
    Room(IncidentId),
    Person(String),
}

/// Where messages arrive: in a room, or with one person.
pub struct Ear<'s> {
    stage: &'s Stage,
    of: Of,
}

impl Ear<'_> {
    /// The next message that has not been expected yet, which must hold these words.
    ///
    /// # Panics
    /// When there is none, or it says something else.
    pub async fn expects(&self, words: &str) -> Shown {
        let Some(next) = self.unheard().await.into_iter().next() else {
            panic!("nothing is said; “{words}” was expected")
        };
        self.stage.heard().insert(next.key.clone());
        Shown::message(next).shows(words)
    }

    /// Nothing more has been said.
    ///
    /// # Panics
    /// When something has.
    pub async fn is_quiet(&self) {
        let texts: Vec<_> = self.unheard().await.into_iter().map(|seen| seen.words).collect();
        assert!(texts.is_empty(), "nobody expected these messages:\n\n{}", texts.join("\n\n"));
    }

    /// Takes everything said so far as expected.
    pub async fn skips(&self) {
        let unheard = self.unheard().await;
        self.stage.heard().extend(unheard.into_iter().map(|seen| seen.key));
    }

    /// What no story has expected yet, the oldest first.
    async fn unheard(&self) -> Vec<Seen> {
        self.stage.rest().await;
        let platform = &self.stage.platform;
        let said = match &self.of {
            Of::Room(incident) => platform.said(*incident).await,
            Of::Person(person) => platform.told(person).await,
        };
        let mut left = Vec::new();
        for seen in said {
            let is_known = self.stage.heard().contains(&seen.key);
            if !is_known && !self.is_usual(&seen).await {
                left.push(seen);
            }
        }
        left
    }

    /// Whether it is what chats are told on every occasion.
    async fn is_usual(&self, seen: &Seen) -> bool {
        let muster = self.stage.platform.muster();
        match &self.of {
            _ if !self.stage.platform.is_chat() => false,
            Of::Room(_) if rules::is_card(&seen.words) => true,
            Of::Room(incident) => rules::is_news(muster, *incident, &seen.words).await,
            Of::Person(_) => rules::is_briefing(&muster.org(), &seen.words),
        }
    }
}
