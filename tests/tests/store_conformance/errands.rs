//! What is about no incident goes the same way as everything else.

use crate::home::*;
use muster_core::effect::{Effect, Outgoing};
use muster_core::ids::{EffectKey, IncidentId, PersonId, PlatformId, TimerKey};
use muster_core::ports::store::{Committed, Message, OutboxState};
use muster_core::timer::Timer;
use muster_tests::fixtures::{Making, at, effect, incident, timer, view, write};

on_every_store! {
    an_effect_about_no_incident_is_leased_and_made
    a_timer_about_no_incident_is_fired_once
    what_is_told_about_no_incident_is_heard_and_said_in_no_room
    nothing_is_held_and_no_incident_is_touched
}

fn telling(key: &str) -> Outgoing {
    let (platform, person) = (PlatformId::console(), PersonId::from("alice"));
    let effect = Effect::Tell { platform, person, view: Box::new(view(key)) };
    Outgoing {
        key: EffectKey::from(key),
        incident: None,
        lane: effect.lane(None),
        effect,
        ..muster_tests::fixtures::effect(1, "", 1)
    }
}

fn check() -> Timer {
    Timer { key: TimerKey::from("check"), incident: None, ..timer(1, at(60)) }
}

async fn an_effect_about_no_incident_is_leased_and_made(home: Home) {
    let store = home.store;
    commits(&store, write("swap").effect(telling("swap/0")).effect(effect(1, "room", 1))).await;
    let leased = leases(&store, "worker", at(1)).await;
    let telling_leased = leased.iter().find(|leased| leased.outgoing.incident.is_none()).unwrap();
    assert_eq!(telling_leased.outgoing, telling("swap/0"));
    settles(&store, telling_leased, "worker", done()).await;
    let made = store.effects(OutboxState::Done, 10).await.unwrap();
    assert_eq!(made.iter().map(|row| row.outgoing.incident).collect::<Vec<_>>(), [None]);
}

async fn a_timer_about_no_incident_is_fired_once(home: Home) {
    let store = home.store;
    commits(&store, write("set").timer(check())).await;
    assert_eq!(store.due(at(60), 10).await.unwrap(), [check()]);
    commits(&store, write("fire").fired(check()).effect(telling("fire/0"))).await;
    let again = commit(&store, write("fire again").fired(check()).effect(telling("again/0"))).await;
    assert_eq!(again.unwrap(), Committed::Stale);
    assert_eq!(store.pending().await.unwrap(), 0);
    assert_eq!(store.count(OutboxState::Waiting).await.unwrap(), 1);
}

async fn what_is_told_about_no_incident_is_heard_and_said_in_no_room(home: Home) {
    let store = home.store;
    let message = Message {
        key: EffectKey::from("swap/0"),
        incident: None,
        to: Some(PersonId::from("alice")),
        at: at(1),
        view: view("Bob covers for you"),
    };
    store.keep(&message).await.unwrap();
    assert_eq!(store.told(&PersonId::from("alice"), 10).await.unwrap(), [message]);
    assert_eq!(store.said(IncidentId(1), 10).await.unwrap(), []);
}

async fn nothing_is_held_and_no_incident_is_touched(home: Home) {
    let store = home.store;
    declares(&store, &incident(1)).await;
    let unit = store.begin(&Default::default()).await.unwrap();
    let others = store.begin(&Default::default()).await.unwrap();
    let errand = |request: &str| -> Making { write(request).effect(telling(&format!("{request}/0"))) };
    assert_eq!(unit.commit(errand("one").0).await.unwrap(), Committed::Fresh);
    assert_eq!(others.commit(errand("two").0).await.unwrap(), Committed::Fresh);
    assert_eq!(read(&store, 1).await, Some(incident(1)));
    assert_eq!(store.log(IncidentId(1), 0, 10).await.unwrap(), []);
}
