//! Digests: what the company hears of an incident without being in its rooms.

use super::clock::view;
use super::world::*;
use crate::comms::{Destination, Digest, Locale, PublicStatus};
use crate::decide::{Draft, set_severity, set_status, write_update};
use crate::ids::{PersonId, PlatformId, SeverityKey};
use crate::incident::event::Event;
use crate::incident::status::Phase;
use crate::incident::{Incident, Kind, Visibility};
use chrono::TimeDelta;
use std::collections::BTreeSet;

fn with_digests() -> World {
    let mut world = World::clocked();
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
    assert_eq!(world.outside, [], "what customers are told is no digest");
    world.changes(|draft| {
        set_status(draft, Phase::Identified, Some("a bad deploy".to_owned())).expect("it is open");
        write_update(
            draft,
            "the bank confirms".to_owned(),
            Some("rolling back".to_owned()),
            Some(TimeDelta::minutes(20)),
        );
    });
    let to: Vec<_> = world.outside.iter().map(|(to, bulletin)| (bulletin.audience.as_str(), to.as_str())).collect();
    let each = |name: &'static str, channel| [(name, channel), (name, "email/@erik/email")];
    assert_eq!(to, [each("executives", "slack/#C-executives"), each("managers", "slack/#C-managers")].concat());
    let (_, bulletin) = &world.outside[0];
    assert_eq!((bulletin.number, bulletin.status, bulletin.next_at), (0, None, world.incident.update_due));
    let (_, written) = bulletin.written(&Locale::english()).expect("it says something");
    assert_eq!(written.title, "INC-7 SEV1 identified, update 10:03: Checkout is down");
    assert_eq!(
        written.body,
        "Alice changed the status from triage to identified: a bad deploy\n\n\
         What we know (10:03 UTC): the bank confirms\n\n\
         What we do: rolling back\n\n\
         Commander: nobody yet\n\
         Customers: told 10:03 UTC (after 3 minutes); next promised 10:33 UTC"
    );
}

#[test]
fn the_company_hears_of_an_incident_when_it_is_declared() {
    let mut world = with_digests();
    let (incident, severity) = (world.incident.clone(), world.incident.severity.clone());
    world.incident.version = 0;
    world.decide("alice", |_, ctx| {
        let title = incident.title.clone();
        let mut draft = Draft::new(incident, ctx);
        draft.record(Event::Declared { title, kind: Kind::Incident, visibility: Visibility::Public, severity });
        (Some(draft.done(view)), ())
    });
    let titles = |world: &World| -> BTreeSet<String> {
        let written = world.outside.iter().filter_map(|(_, bulletin)| bulletin.written(&Locale::english()));
        written.map(|(_, written)| written.title.clone()).collect()
    };
    assert_eq!(titles(&world), ["INC-7 SEV1 declared: Checkout is down".to_owned()].into());
    assert_eq!(world.outside.len(), 4, "each way to each of both");
    world.outside.clear();
    world.passes(2);
    world.changes(|draft| set_severity(draft, Some(SeverityKey::from("SEV2")), None).expect("it had another"));
    assert_eq!(titles(&world), ["INC-7 SEV2 triage at 10:02: Checkout is down".to_owned()].into());
}

#[test]
fn whoever_hears_of_a_severity_hears_that_it_is_another_and_then_no_more() {
    let mut world = with_digests().declares(|_| {});
    let to_executives = |world: &mut World| {
        let sent: Vec<_> = world.outside.drain(..).filter(|(_, bulletin)| bulletin.audience == "executives").collect();
        sent.len()
    };
    world.changes(|draft| set_severity(draft, Some(SeverityKey::from("SEV3")), None).expect("it had another"));
    assert_eq!(to_executives(&mut world), 2);
    world.changes(|draft| write_update(draft, "one till is left".to_owned(), None, None));
    assert_eq!(to_executives(&mut world), 0);
    world.changes(|draft| draft.record(Event::Noted { text: "lunch".to_owned() }));
    assert_eq!(world.outside, [], "a note is for the room");
}

#[test]
fn nothing_of_a_drill_or_a_private_incident_is_in_a_digest() {
    let changes: [fn(&mut Incident); 2] =
        [|incident| incident.kind = Kind::Drill, |incident| incident.visibility = Visibility::Private];
    for change in changes {
        let mut world = with_digests().declares(change);
        world.changes(|draft| write_update(draft, "we are on it".to_owned(), None, None));
        assert_eq!(world.outside, []);
    }
}
