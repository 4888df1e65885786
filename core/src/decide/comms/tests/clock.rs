//! The comms clock, against a clock that moves by hand.

use super::super::clock::told;
use super::world::*;
use crate::clock::Timestamp;
use crate::comms::{Message, Next, PublicRules, PublicStatus, Stage};
use crate::decide::{Draft, set_severity, set_status};
use crate::ids::{IncidentId, SeverityKey};
use crate::incident::event::{Due, Event, Reminder};
use crate::incident::status::{Phase, Status};
use crate::incident::{Incident, Kind, Visibility};
use crate::view::{Tone, View, text};
use chrono::TimeDelta;
use std::collections::BTreeMap;
use std::time::Duration;

fn minutes(minutes: u64) -> Option<Duration> {
    Some(Duration::from_secs(minutes * 60))
}

/// What the tests of the clock and of digests do with the world.
impl World {
    /// At SEV1 customers hear of it within ten minutes, and every half an hour; the room is warned five minutes before.
    pub(super) fn clocked() -> Self {
        let mut world = Self::new();
        let severity = SeverityKey::from("SEV1");
        world.org.comms.rules =
            vec![PublicRules { severity, first_within: minutes(10), every: minutes(30), state: None }];
        world.org.comms.page = None;
        world.incident.roles.clear();
        world
    }

    /// It is declared now, like that.
    pub(super) fn declares(mut self, change: impl FnOnce(&mut Incident)) -> Self {
        change(&mut self.incident);
        let incident = self.incident.clone();
        self.incident.version = 0;
        self.decide("alice", |_, ctx| (Some(Draft::new(incident, ctx).done(view)), ()));
        self
    }

    pub(super) fn changes(&mut self, change: impl FnOnce(&mut Draft<'_>)) {
        self.decide("alice", |state, ctx| {
            let mut draft = Draft::of(state.incident.as_ref().expect("the incident"), ctx);
            change(&mut draft);
            (Some(draft.done(view)), ())
        });
    }

    pub(super) fn tells(&mut self, status: PublicStatus, next: Option<i64>) {
        let message = message("public", status, next.map(|minutes| self.now + TimeDelta::minutes(minutes)));
        self.changes(|draft| told(draft, &message));
    }

    /// Lets minutes pass, one by one; tells what the room was told of customers in which of them.
    pub(super) fn passes(&mut self, minutes: i64) -> Vec<(i64, String)> {
        let mut told = Vec::new();
        for _ in 0..minutes {
            self.wait(1);
            let minute = (self.now - self.incident.declared_at).num_minutes();
            let first = |said: &str| {
                said.lines().next().and_then(|line| line.split_once(": customers ")).map(|(_, what)| what.to_owned())
            };
            let said: Vec<_> = self.said.drain(..).filter_map(|said| first(&said)).collect();
            told.extend(said.into_iter().map(|line| (minute, line)));
        }
        told
    }

    /// In which minute they are due a word.
    fn due(&self) -> Option<i64> {
        Some((self.incident.comms_clock.due()? - self.incident.declared_at).num_minutes())
    }

    /// The same, and whether that was promised.
    fn due_by(&self) -> (Option<i64>, bool) {
        (self.due(), matches!(self.incident.comms_clock.next, Next::Promised(_)))
    }

    fn reminders(&self) -> usize {
        let sorts = [Due::Soon, Due::Late].map(Reminder::Customers);
        sorts.iter().filter(|sort| self.timers.contains_key(&sort.key(self.incident.id))).count()
    }
}

pub(super) fn view(_: &Incident) -> View {
    View::titled(Tone::Neutral, vec![text("done")])
}

fn message(audience: &str, status: PublicStatus, next_at: Option<Timestamp>) -> Message {
    Message {
        incident: IncidentId(7),
        number: 1,
        audience: audience.to_owned(),
        template: "public-investigating".to_owned(),
        status,
        components: BTreeMap::new(),
        values: BTreeMap::new(),
        next_at,
        window: None,
        texts: BTreeMap::new(),
        missing: Vec::new(),
        corrects: None,
        preapproved: false,
        stage: Stage::Draft,
        authors: Vec::new(),
        approval: None,
        history: Vec::new(),
        rejections: Vec::new(),
        step: None,
    }
}

#[test]
fn the_room_is_warned_before_the_first_word_is_due_at_that_moment_and_ever_more_rarely_after_it() {
    let mut world = World::clocked().declares(|_| {});
    assert_eq!(world.due(), Some(10));
    let told = world.passes(60);
    let told: Vec<_> = told.iter().map(|(minute, line)| (*minute, line.as_str())).collect();
    assert_eq!(
        told,
        [
            (5, "are to be told within 5 minutes"),
            (10, "should be told now"),
            (15, "should have been told 5 minutes ago"),
            (20, "should have been told 10 minutes ago"),
            (30, "should have been told 20 minutes ago"),
            (50, "should have been told 40 minutes ago"),
        ]
    );
    assert_eq!(world.incident.comms_clock.first_at, None, "a reminder is not a word to customers");
}

#[test]
fn what_was_promised_is_due_then_and_what_was_not_by_the_rule() {
    let mut world = World::clocked().declares(|_| {});
    world.passes(4);
    world.tells(PublicStatus::Investigating, Some(20));
    assert_eq!(world.due_by(), (Some(24), true));
    world.passes(2);
    world.changes(|draft| set_severity(draft, None, None).expect("it had one"));
    assert_eq!(world.due(), Some(24), "a promise holds, however bad it is now");
    world.changes(|draft| set_severity(draft, Some(SeverityKey::from("SEV1")), None).expect("it had none"));
    let told: Vec<_> = world.passes(18).into_iter().map(|(minute, _)| minute).collect();
    assert_eq!(told, [19, 24]);
    world.tells(PublicStatus::Identified, None);
    assert_eq!(world.due_by(), (Some(54), false));
    let told = &world.incident.comms_clock;
    assert_eq!(told.first_at.map(|at| (at - world.incident.declared_at).num_minutes()), Some(4));
    assert_eq!(told.last_at, Some(world.now));
}

#[test]
fn an_audience_that_does_not_count_leaves_the_clock_alone() {
    let mut world = World::clocked().declares(|_| {});
    world.changes(|draft| told(draft, &message("business", PublicStatus::Investigating, None)));
    assert_eq!((world.due(), world.incident.comms_clock.first_at), (Some(10), None));
}

#[test]
fn how_bad_it_is_moves_the_clock_while_nothing_was_said() {
    let mut world = World::clocked().declares(|incident| incident.severity = None);
    assert_eq!((world.due(), world.reminders()), (None, 0));
    world.passes(4);
    world.changes(|draft| set_severity(draft, Some(SeverityKey::from("SEV1")), None).expect("it had none"));
    assert_eq!((world.due(), world.reminders()), (Some(10), 2), "from the declaration on");
    world.changes(|draft| set_severity(draft, None, None).expect("it had one"));
    assert_eq!((world.due(), world.reminders()), (None, 0));
    world.passes(30);
    world.changes(|draft| set_severity(draft, Some(SeverityKey::from("SEV1")), None).expect("it had none"));
    assert_eq!((world.due(), world.reminders()), (Some(34), 1), "at once, when that has passed");
}

#[test]
fn it_ends_with_the_incident_unless_customers_wait_for_its_end() {
    let mut world = World::clocked().declares(|_| {});
    world.changes(|draft| set_status(draft, Phase::Resolved, None).expect("it is open"));
    assert_eq!((world.due(), world.reminders()), (None, 0), "they never heard of it");

    let mut world = World::clocked().declares(|_| {});
    world.tells(PublicStatus::Investigating, Some(20));
    world.changes(|draft| set_status(draft, Phase::Resolved, None).expect("it is open"));
    assert_eq!(world.due(), Some(20), "they were told that it goes on");
    let late = world.passes(20);
    assert_eq!(late.last().map(|(minute, _)| *minute), Some(20));
    world.tells(PublicStatus::Resolved, None);
    assert_eq!((world.due(), world.reminders()), (None, 0));
    assert_eq!(world.incident.comms_clock.next, Next::Over);

    world.passes(10);
    world.changes(|draft| {
        draft.incident.status = Status::Investigating;
        draft.incident.resolved_at = None;
        draft.record(Event::Reopened { from: Phase::Resolved, reason: "it is back".to_owned() });
    });
    assert_ne!(world.incident.comms_clock.next, Next::Over, "what they were told no longer holds");
    assert_eq!(world.due(), Some(40), "as soon as of a new one");
}

#[test]
fn drills_have_a_clock_and_what_is_nobody_elses_business_has_none() {
    assert_eq!(World::clocked().declares(|incident| incident.kind = Kind::Drill).due(), Some(10));
    assert_eq!(World::clocked().declares(|incident| incident.kind = Kind::Maintenance).due(), None);
    let mut private = World::clocked().declares(|incident| incident.visibility = Visibility::Private);
    assert_eq!((private.due(), private.reminders()), (None, 0));
    private.changes(|draft| draft.incident.visibility = Visibility::Public);
    assert_eq!((private.due(), private.reminders()), (Some(10), 2));

    let mut nobody = World::clocked();
    nobody.org.comms.audiences.retain(|audience| !audience.clocked);
    assert_eq!(nobody.declares(|_| {}).due(), None, "nobody is told anything here");
}

#[test]
fn what_was_private_for_a_while_is_told_of_by_the_rule_again() {
    let mut world = World::clocked().declares(|_| {});
    world.tells(PublicStatus::Investigating, Some(20));
    world.changes(|draft| draft.incident.visibility = Visibility::Private);
    assert_eq!((world.due(), world.reminders()), (None, 0));
    world.changes(|draft| draft.incident.visibility = Visibility::Public);
    assert_eq!((world.due_by(), world.reminders()), ((Some(30), false), 2), "nobody forgets those who know of it");
}
