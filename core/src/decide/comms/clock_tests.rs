//! The comms clock and the digests, against a clock that moves by hand.

use super::clock::told;
use crate::clock::Timestamp;
use crate::comms::{
    Audience, Bulletin, Destination, Digest, Locale, Locales, Message, PublicRules, PublicStatus, Stage,
};
use crate::decide::{Change, Ctx, Decision, Draft, State, fire, set_severity, set_status, write_update};
use crate::effect::Effect;
use crate::ids::{IncidentId, PersonId, PlatformId, RequestId, SeverityKey, TimerKey};
use crate::inbound::{Actor, Place};
use crate::incident::entry::Author;
use crate::incident::event::{Event, Reminder};
use crate::incident::status::{Phase, Status};
use crate::incident::{Incident, Kind, Visibility};
use crate::org::{Organisation, Right};
use crate::timer::{Timer, TimerChange};
use crate::view::text::line;
use crate::view::{Tone, View, text};
use chrono::TimeDelta;
use chrono_tz::Tz;
use std::collections::BTreeMap;
use std::time::Duration;

struct World {
    org: Organisation,
    incident: Option<Incident>,
    now: Timestamp,
    timers: BTreeMap<TimerKey, Timer>,
    /// What the room was told, by its first line.
    said: Vec<String>,
    sent: Vec<(String, Bulletin)>,
}

fn minutes(minutes: u64) -> Option<Duration> {
    Some(Duration::from_secs(minutes * 60))
}

impl World {
    /// At SEV1 customers hear of it within ten minutes, and every half an hour; the room is warned five minutes before.
    fn new() -> Self {
        let mut org = Organisation::empty("Nordvaror", "https://m.example");
        org.comms.rules = vec![PublicRules {
            severity: SeverityKey::from("SEV1"),
            first_within: minutes(10),
            every: minutes(30),
            state: None,
        }];
        let audience = |id: &str, clocked| Audience {
            id: id.to_owned(),
            name: id.to_owned(),
            to: vec![Destination::Page],
            locales: Locales::new(Locale::english(), []),
            waits_for_all: true,
            approval: Vec::new(),
            approvers: Vec::new(),
            clocked,
        };
        org.comms.audiences = vec![audience("public", true), audience("support", false)];
        let now = "2026-11-27T10:00:00Z".parse().expect("a moment");
        Self { org, incident: None, now, timers: BTreeMap::new(), said: Vec::new(), sent: Vec::new() }
    }

    fn declared(change: impl FnOnce(&mut Incident)) -> Self {
        Self::new().declares(change)
    }

    fn declares(mut self, change: impl FnOnce(&mut Incident)) -> Self {
        let by = Author { person: PersonId::from("alice"), name: "Alice".to_owned() };
        let mut incident = Incident::declared(IncidentId(7), "Checkout is down", by, self.now);
        incident.severity = Some(SeverityKey::from("SEV1"));
        change(&mut incident);
        self.decides(|_, ctx| Draft::new(incident.clone(), ctx).done(view));
        self
    }

    fn incident(&self) -> &Incident {
        self.incident.as_ref().expect("it was declared")
    }

    fn decides(&mut self, decide: impl FnOnce(&State, &Ctx<'_>) -> Decision) {
        let actor = Actor {
            person: PersonId::from("alice"),
            name: "Alice".to_owned(),
            right: Right::Respond,
            handle: None,
            known: true,
            teams: Vec::new(),
        };
        let place = Place { platform: PlatformId::console(), incident: None, address: None, forms: false };
        let request = RequestId::from("r");
        let ctx = Ctx { now: self.now, actor: &actor, place: &place, request: &request, org: &self.org };
        let state = State { incident: self.incident.clone(), ..State::default() };
        let decision = decide(&state, &ctx);
        for change in decision.changes {
            if let Change::Incident { incident, .. } = change {
                self.incident = Some(*incident);
            }
        }
        for change in decision.timers {
            match change {
                TimerChange::Set(timer) => self.timers.insert(timer.key.clone(), timer),
                TimerChange::Clear(key) => self.timers.remove(&key),
            };
        }
        for effect in decision.effects.into_iter().map(|outgoing| outgoing.effect) {
            if let Effect::Post { view, .. } = effect {
                self.said.push(line(&view.title, Tz::UTC));
            } else if let Effect::Publish { to, bulletin, .. } = effect {
                self.sent.push((to.word(), *bulletin));
            } else {
                assert!(effect.cleared().is_none(), "{effect:?}");
            }
        }
    }

    fn changes(&mut self, change: impl FnOnce(&mut Draft<'_>)) {
        let before = self.incident().clone();
        self.decides(|_, ctx| {
            let mut draft = Draft::of(&before, ctx);
            change(&mut draft);
            draft.done(view)
        });
    }

    fn tells(&mut self, status: PublicStatus, next: Option<i64>) {
        let message = message("public", status, next.map(|minutes| self.now + TimeDelta::minutes(minutes)));
        self.changes(|draft| told(draft, &message));
    }

    /// Lets minutes pass, one by one; tells what the room was told of customers in which of them.
    fn passes(&mut self, minutes: i64) -> Vec<(i64, String)> {
        let mut told = Vec::new();
        for _ in 0..minutes {
            self.now += TimeDelta::minutes(1);
            let due: Vec<_> = self.timers.values().filter(|timer| timer.due_at <= self.now).cloned().collect();
            for timer in due {
                self.timers.remove(&timer.key);
                self.decides(|state, ctx| fire(&timer, state, ctx));
            }
            let minute = (self.now - self.incident().declared_at).num_minutes();
            let said = self.said.drain(..).filter_map(|line| Some(line.split_once(": customers ")?.1.to_owned()));
            told.extend(said.map(|line| (minute, line)));
        }
        told
    }

    /// In which minute they are due a word.
    fn due(&self) -> Option<i64> {
        Some((self.incident().told.due? - self.incident().declared_at).num_minutes())
    }

    fn reminders(&self) -> usize {
        let sorts = [Reminder::PublicSoon, Reminder::PublicLate];
        sorts.iter().filter(|sort| self.timers.contains_key(&sort.key(IncidentId(7)))).count()
    }
}

fn view(_: &Incident) -> View {
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
        step: None,
    }
}

#[test]
fn the_room_is_warned_before_the_first_word_is_due_at_that_moment_and_ever_more_rarely_after_it() {
    let mut world = World::declared(|_| {});
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
    assert_eq!(world.incident().told.first_at, None, "a reminder is not a word to customers");
}

#[test]
fn what_was_promised_is_due_then_and_what_was_not_by_the_rule() {
    let mut world = World::declared(|_| {});
    world.passes(4);
    world.tells(PublicStatus::Investigating, Some(20));
    assert_eq!((world.due(), world.incident().told.promised), (Some(24), true));
    world.passes(2);
    world.changes(|draft| set_severity(draft, None, None).expect("it had one"));
    assert_eq!(world.due(), Some(24), "a promise holds, however bad it is now");
    world.changes(|draft| set_severity(draft, Some(SeverityKey::from("SEV1")), None).expect("it had none"));
    let told: Vec<_> = world.passes(18).into_iter().map(|(minute, _)| minute).collect();
    assert_eq!(told, [19, 24]);
    world.tells(PublicStatus::Identified, None);
    assert_eq!((world.due(), world.incident().told.promised), (Some(54), false));
    let told = &world.incident().told;
    assert_eq!(told.first_at.map(|at| (at - world.incident().declared_at).num_minutes()), Some(4));
    assert_eq!(told.last_at, Some(world.now));
}

#[test]
fn an_audience_that_does_not_count_leaves_the_clock_alone() {
    let mut world = World::declared(|_| {});
    world.changes(|draft| told(draft, &message("support", PublicStatus::Investigating, None)));
    assert_eq!((world.due(), world.incident().told.first_at), (Some(10), None));
}

#[test]
fn how_bad_it_is_moves_the_clock_while_nothing_was_said() {
    let mut world = World::declared(|incident| incident.severity = None);
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
    let mut world = World::declared(|_| {});
    world.changes(|draft| set_status(draft, Phase::Resolved, None).expect("it is open"));
    assert_eq!((world.due(), world.reminders()), (None, 0), "they never heard of it");

    let mut world = World::declared(|_| {});
    world.tells(PublicStatus::Investigating, Some(20));
    world.changes(|draft| set_status(draft, Phase::Resolved, None).expect("it is open"));
    assert_eq!(world.due(), Some(20), "they were told that it goes on");
    let late = world.passes(20);
    assert_eq!(late.last().map(|(minute, _)| *minute), Some(20));
    world.tells(PublicStatus::Resolved, None);
    assert_eq!((world.due(), world.reminders()), (None, 0));
    assert!(world.incident().told.over);

    world.passes(10);
    world.changes(|draft| {
        draft.incident.status = Status::Investigating;
        draft.incident.resolved_at = None;
        draft.record(Event::Reopened { from: Phase::Resolved, reason: "it is back".to_owned() });
    });
    assert!(!world.incident().told.over, "what they were told no longer holds");
    assert_eq!(world.due(), Some(40), "as soon as of a new one");
}

#[test]
fn drills_have_a_clock_and_what_is_nobody_elses_business_has_none() {
    assert_eq!(World::declared(|incident| incident.kind = Kind::Drill).due(), Some(10));
    assert_eq!(World::declared(|incident| incident.kind = Kind::Maintenance).due(), None);
    let mut private = World::declared(|incident| incident.visibility = Visibility::Private);
    assert_eq!((private.due(), private.reminders()), (None, 0));
    private.changes(|draft| draft.incident.visibility = Visibility::Public);
    assert_eq!((private.due(), private.reminders()), (Some(10), 2));

    let mut nobody = World::new();
    nobody.org.comms.audiences.retain(|audience| !audience.clocked);
    assert_eq!(nobody.declares(|_| {}).due(), None, "nobody is told anything here");
}

fn with_digests() -> World {
    let mut world = World::new();
    let digest = |name: &str, severities: &[&str]| Digest {
        name: name.to_owned(),
        to: vec![
            Destination::Channel { platform: PlatformId::from("slack"), address: format!("C-{name}") },
            Destination::Person { person: PersonId::from("erik") },
            Destination::Page,
        ],
        severities: severities.iter().map(|key| SeverityKey::from(*key)).collect(),
    };
    world.org.comms.digests = vec![digest("executives", &["SEV1"]), digest("managers", &[])];
    world
}

#[test]
fn several_things_at_once_are_one_digest_to_each() {
    let mut world = with_digests().declares(|_| {});
    world.passes(3);
    world.tells(PublicStatus::Investigating, Some(30));
    assert_eq!(world.sent, [], "what customers are told is no digest");
    world.changes(|draft| {
        set_status(draft, Phase::Identified, Some("a bad deploy".to_owned())).expect("it is open");
        write_update(
            draft,
            "the bank confirms".to_owned(),
            Some("rolling back".to_owned()),
            Some(TimeDelta::minutes(20)),
        );
    });
    let to: Vec<_> = world.sent.iter().map(|(to, bulletin)| (bulletin.audience.as_str(), to.as_str())).collect();
    let each = |name: &'static str, channel| [(name, channel), (name, "@erik/email")];
    assert_eq!(to, [each("executives", "#C-executives"), each("managers", "#C-managers")].concat());
    let (_, bulletin) = &world.sent[0];
    assert_eq!((bulletin.number, bulletin.status, bulletin.next_at), (0, None, world.incident().update_due));
    let (_, written) = bulletin.written(&Locale::english()).expect("it says something");
    assert_eq!(written.title, "INC-7 SEV1 identified: Checkout is down");
    assert_eq!(
        written.body,
        "Alice changed the status from triage to identified: a bad deploy\n\n\
         What we know (10:03 UTC): the bank confirms\n\n\
         What we do: rolling back\n\n\
         Commander: nobody yet\n\
         Next update: 2026-11-27 10:23 UTC\n\
         Customers: told 10:03 UTC (after 3 minutes); next promised 10:33 UTC"
    );
}

#[test]
fn whoever_hears_of_a_severity_hears_that_it_is_another_and_then_no_more() {
    let mut world = with_digests().declares(|_| {});
    let to_executives = |world: &mut World| {
        let sent: Vec<_> = world.sent.drain(..).filter(|(_, bulletin)| bulletin.audience == "executives").collect();
        sent.len()
    };
    world.changes(|draft| set_severity(draft, Some(SeverityKey::from("SEV3")), None).expect("it had another"));
    assert_eq!(to_executives(&mut world), 2);
    world.changes(|draft| write_update(draft, "one till is left".to_owned(), None, None));
    assert_eq!(to_executives(&mut world), 0);
    world.changes(|draft| draft.record(Event::Noted { text: "lunch".to_owned() }));
    assert_eq!(world.sent, [], "a note is for the room");
}

#[test]
fn nothing_of_a_drill_or_a_private_incident_is_in_a_digest() {
    let changes: [fn(&mut Incident); 2] =
        [|incident| incident.kind = Kind::Drill, |incident| incident.visibility = Visibility::Private];
    for change in changes {
        let mut world = with_digests().declares(change);
        world.changes(|draft| write_update(draft, "we are on it".to_owned(), None, None));
        assert_eq!(world.sent, []);
    }
}
