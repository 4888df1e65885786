//! What the matrix believes: a model of its own, that knows neither seals nor marks. It keeps who has written on what, who let go which
//! words after having seen them, and looks at every change whether it may be.

use muster_core::comms::{Message, PublicIncident, Stage as Where};
use muster_core::decide::Needs;
use muster_core::ids::IncidentId;
use muster_core::incident::Incident;
use muster_core::record::{RecordKey, Wanted};
use muster_tests::stage::Stage;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The incident of every tale.
pub(crate) const INCIDENT: IncidentId = IncidentId(1);

/// What was done, as far as it may change anything.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Act {
    /// A message is written or changed.
    Writes,
    /// One is sent to be approved.
    Submits,
    /// One is let go by somebody who was shown this; by nobody who has seen it, if it is nothing.
    Approves(Option<Value>),
    /// One is to go out, now or later.
    Sends,
    /// The holding statement is sent.
    Holds,
    /// One is taken back, which says so by another.
    Retracts,
    /// Time passes.
    Waits,
    /// Anything else: the severity, the config, one is given up.
    Else,
}

/// What a message says and does, in every language.
pub(crate) fn said(message: &Message) -> Value {
    let texts = serde_json::to_value(&message.texts).unwrap();
    let (status, components) = (message.status, &message.components);
    json!([message.audience, status, components, message.next_at, texts, message.corrects])
}

/// Everything that was believed, and how much of it happened.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    said: BTreeMap<i64, Value>,
    stages: BTreeMap<i64, &'static str>,
    writers: BTreeMap<i64, BTreeSet<String>>,
    let_go: BTreeMap<i64, Value>,
    preapproved: BTreeSet<i64>,
    /// At which severities the config asks for a second person.
    approval: BTreeSet<String>,
    /// How many were let go, and how many went out with that, and without.
    pub(crate) approved: usize,
    pub(crate) published: usize,
    pub(crate) alone: usize,
}

/// What there is now.
pub(crate) struct Now {
    pub(crate) incident: Incident,
    pub(crate) messages: Vec<Message>,
    pub(crate) public: Option<PublicIncident>,
}

impl Now {
    pub(crate) async fn of(stage: &Stage) -> Self {
        let records = vec![Wanted::MessagesOf(INCIDENT), Wanted::One(RecordKey::public(INCIDENT))];
        let needs = Needs { incident: Some(INCIDENT), records, ..Needs::default() };
        let state = stage.muster().store().load(&needs).await.unwrap();
        let messages = state.records.messages_of(INCIDENT).into_iter().cloned().collect();
        Self { incident: state.incident.unwrap(), messages, public: state.records.public(INCIDENT).cloned() }
    }

    pub(crate) fn message(&self, number: i64) -> &Message {
        self.messages.iter().find(|message| message.number == number).unwrap()
    }
}

impl Ledger {
    /// Nothing has been written yet, and the config asks for a second person at these severities.
    pub(crate) fn with_two_at(severities: &[&str]) -> Self {
        let mut ledger = Self::default();
        ledger.takes_two_at(severities);
        ledger
    }

    /// From now on the config asks for a second person at these severities.
    pub(crate) fn takes_two_at(&mut self, severities: &[&str]) {
        self.approval = severities.iter().map(|one| (*one).to_owned()).collect();
    }

    /// Somebody has done something: whatever is different now may be so.
    pub(crate) async fn looks(&mut self, stage: &Stage, by: &str, act: &Act) -> Now {
        let now = Now::of(stage).await;
        for message in &now.messages {
            self.words(message, by, act);
            self.stage(message, by, act, &now.incident);
        }
        self.page(&now);
        now
    }

    fn words(&mut self, message: &Message, by: &str, act: &Act) {
        let (number, said) = (message.number, said(message));
        let before = self.said.insert(number, said.clone());
        if before.as_ref() == Some(&said) {
            return;
        }
        let may = match act {
            Act::Writes => true,
            Act::Holds | Act::Retracts => before.is_none(),
            Act::Submits | Act::Approves(_) | Act::Sends | Act::Waits | Act::Else => false,
        };
        assert!(may, "{by} {act:?}: message {number} says something else: {before:?}, now {said}");
        self.writers.entry(number).or_default().insert(by.to_owned());
        if matches!(act, Act::Holds | Act::Retracts) {
            self.preapproved.insert(number);
        }
    }

    fn stage(&mut self, message: &Message, by: &str, act: &Act, incident: &Incident) {
        let (number, word) = (message.number, message.stage.word());
        let before = self.stages.insert(number, word);
        if before == Some(word) {
            return;
        }
        match &message.stage {
            Where::InReview { .. } => {
                assert_eq!(*act, Act::Submits, "{by}");
                self.writers.entry(number).or_default().insert(by.to_owned());
            }
            Where::Approved if before == Some("scheduled") => {}
            Where::Approved => self.approves(number, by, act, incident),
            Where::Published { .. } => self.publishes(number, by, act, incident),
            Where::Scheduled { .. } => assert_eq!(*act, Act::Sends, "{by}"),
            Where::Draft | Where::Retracted { .. } | Where::Discarded => {}
        }
    }

    /// Two people, of whom the second may, has not written on it, and has seen what it says now.
    fn approves(&mut self, number: i64, by: &str, act: &Act, incident: &Incident) {
        let commander = incident.commander().map(|one| one.person.to_string());
        assert!(by == "dave" || commander.as_deref() == Some(by), "{by} may not approve message {number}");
        assert!(!self.writers[&number].contains(by), "{by} approves their own message {number}");
        assert_eq!(
            *act,
            Act::Approves(Some(self.said[&number].clone())),
            "{by} has not seen what message {number} says"
        );
        self.let_go.insert(number, self.said[&number].clone());
        self.approved += 1;
    }

    fn publishes(&mut self, number: i64, by: &str, act: &Act, incident: &Incident) {
        assert!(matches!(act, Act::Sends | Act::Waits | Act::Holds | Act::Retracts), "{by} {act:?}: {number} is out");
        let severity = incident.severity.as_ref().map(ToString::to_string);
        let takes_two = severity.is_none_or(|severity| self.approval.contains(&severity));
        if self.preapproved.contains(&number) {
            return;
        }
        if takes_two {
            let let_go = self.let_go.get(&number);
            assert_eq!(let_go, self.said.get(&number), "{by} {act:?}: message {number} is out as nobody has let it go");
            self.published += 1;
        } else {
            self.alone += 1;
        }
    }

    /// Customers read, byte by byte and in every language, what the messages say that are out.
    fn page(&self, now: &Now) {
        let posts = now.public.iter().flat_map(|public| &public.posts);
        for post in posts.filter(|post| post.retracted.is_none()) {
            let is_it = |one: &&Message| one.number == post.number || one.corrects == Some(post.number);
            let is_out = |one: &&Message| matches!(one.stage, Where::Published { .. });
            let latest = now.messages.iter().rev().find(|one| is_it(one) && is_out(one)).unwrap();
            assert_eq!(self.said[&latest.number][4], serde_json::to_value(&post.texts).unwrap());
            assert_eq!(post.texts.len(), 3, "every language is there: {post:?}");
        }
        let public: BTreeSet<_> = now.public.iter().flat_map(|one| &one.posts).map(|post| post.number).collect();
        for message in now.messages.iter().filter(|one| one.stage.is_open()) {
            assert!(!public.contains(&message.number), "message {} is not out, and on the page", message.number);
        }
    }
}
