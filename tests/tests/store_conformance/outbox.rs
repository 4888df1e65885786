//! The outbox: lanes, leases, marks, and how attempts end.

use crate::home::*;
use futures::future::join_all;
use muster_core::decide::{Change, Needs, Tag};
use muster_core::effect::{Effect, Outgoing, Urgency};
use muster_core::ids::{EffectKey, IncidentId, PersonId, PlatformId};
use muster_core::incident::Incident;
use muster_core::ports::store::{Lease, Of, OutboxState, Outcome, Store};
use muster_tests::fixtures::{Making, at, effect, incident, next, note, view, write};
use std::collections::BTreeMap;
use std::sync::Arc;

on_both_engines! {
    lanes_keep_their_order
    urgent_effects_go_first
    an_effect_is_leased_once_and_again_when_the_lease_is_over
    a_late_settlement_changes_nothing
    a_failed_effect_is_tried_again_later
    a_dead_effect_frees_its_lane_and_can_be_revived
    a_later_effect_takes_the_place_of_one_that_waits
    what_was_attempted_is_not_superseded
    the_next_lease_is_that_of_the_first_in_a_lane
    each_platform_has_effects_of_its_own
    only_what_is_urgent_enough_is_leased
    what_was_made_is_told_to_the_next_with_the_same_mark
    an_incident_is_found_by_its_room
    a_pinned_message_is_found_by_its_name
    many_workers_never_share_an_effect
}

async fn puts(store: &Arc<dyn Store>, request: &str, effects: impl IntoIterator<Item = Outgoing>) {
    let making = effects.into_iter().fold(write(request), Making::effect);
    commits(store, making).await;
}

async fn lanes_keep_their_order(home: Home) {
    let store = home.store;
    puts(&store, "put", [effect(1, "b", 2), effect(1, "a", 1), effect(1, "a", 3), effect(1, "b", 4)]).await;
    let first = leases(&store, "w", at(0)).await;
    assert_eq!(keys(&first), ["INC-1/a/1", "INC-1/b/2"]);
    assert_eq!(first[0].outgoing, effect(1, "a", 1));
    assert_eq!(keys(&leases(&store, "w", at(1)).await), [] as [&str; 0], "the lanes are busy");

    settles(&store, &first[1], "w", done()).await;
    let second = leases(&store, "w", at(1)).await;
    assert_eq!(keys(&second), ["INC-1/b/4"]);
    let both = [settlement(&first[0], "w", done()), settlement(&second[0], "w", done())];
    assert_eq!(store.settle(&both).await.unwrap(), 2);
    assert_eq!(keys(&leases(&store, "w", at(1)).await), ["INC-1/a/3"]);
    let made = store.effects(OutboxState::Done, 10).await.unwrap();
    assert_eq!(made.len(), 3);
    assert!(made.iter().all(|row| row.external.as_deref() == Some("ts-1") && row.attempts == 1));
    assert_eq!(store.settle(&[]).await.unwrap(), 0);
}

async fn urgent_effects_go_first(home: Home) {
    let store = home.store;
    let urgent = |urgency, lane: &str, due: i64| Outgoing { urgency, due_at: at(due), ..effect(1, lane, 1) };
    puts(
        &store,
        "put",
        [
            urgent(Urgency::Routine, "card", 0),
            urgent(Urgency::Prompt, "post", 2),
            urgent(Urgency::Prompt, "older post", 1),
            urgent(Urgency::Page, "page", 3),
            urgent(Urgency::Page, "later page", 9),
        ],
    )
    .await;
    let two = store.lease(&lease("w", at(5), 2)).await.unwrap();
    assert_eq!(keys(&two), ["INC-1/page/1", "INC-1/older post/1"]);
    assert_eq!(keys(&leases(&store, "w", at(5)).await), ["INC-1/post/1", "INC-1/card/1"]);
    assert_eq!(store.next_lease(&Of::All).await.unwrap(), Some(at(9)));
}

async fn an_effect_is_leased_once_and_again_when_the_lease_is_over(home: Home) {
    let store = home.store;
    puts(&store, "put", [effect(1, "room", 1)]).await;
    assert_eq!(leases(&store, "one", at(0)).await[0].attempt, 1);
    assert_eq!(leases(&store, "two", at(29)).await, []);
    assert_eq!(store.next_lease(&Of::All).await.unwrap(), Some(at(30)));
    let again = leases(&store, "two", at(30)).await;
    assert_eq!(again[0].attempt, 2);
    settles(&store, &again[0], "two", done()).await;
    assert_eq!(store.next_lease(&Of::All).await.unwrap(), None);
}

async fn a_late_settlement_changes_nothing(home: Home) {
    let store = home.store;
    puts(&store, "put", [effect(1, "room", 1)]).await;
    let late = leases(&store, "one", at(0)).await;
    let held = leases(&store, "two", at(60)).await;
    let late = [settlement(&late[0], "one", Outcome::Dead { error: "late".to_owned() })];
    assert_eq!(store.settle(&late).await.unwrap(), 0);
    assert_eq!(store.settle(&[settlement(&held[0], "one", done())]).await.unwrap(), 0, "of somebody else");
    assert_eq!(store.count(OutboxState::Waiting).await.unwrap(), 1);
    settles(&store, &held[0], "two", done()).await;
    assert_eq!(store.settle(&[settlement(&held[0], "two", done())]).await.unwrap(), 0, "a second time");
    assert_eq!(store.count(OutboxState::Done).await.unwrap(), 1);
}

async fn a_failed_effect_is_tried_again_later(home: Home) {
    let store = home.store;
    puts(&store, "put", [effect(1, "room", 1), effect(1, "room", 2)]).await;
    let first = leases(&store, "w", at(0)).await;
    settles(&store, &first[0], "w", Outcome::Retry { at: at(20), error: "busy".to_owned() }).await;
    assert_eq!(leases(&store, "w", at(19)).await, [], "the second waits for the first");
    let waiting = store.effects(OutboxState::Waiting, 10).await.unwrap();
    assert_eq!(waiting.len(), 2);
    assert_eq!((waiting[0].error.as_deref(), waiting[0].attempts), (Some("busy"), 1));
    let again = leases(&store, "w", at(20)).await;
    assert_eq!((keys(&again), again[0].attempt), (vec!["INC-1/room/1"], 2));
}

async fn a_dead_effect_frees_its_lane_and_can_be_revived(home: Home) {
    let store = home.store;
    puts(&store, "put", [effect(1, "room", 1), effect(1, "room", 2)]).await;
    let first = leases(&store, "w", at(0)).await;
    settles(&store, &first[0], "w", Outcome::Dead { error: "no such room".to_owned() }).await;
    let dead = store.effects(OutboxState::Dead, 10).await.unwrap();
    assert_eq!((dead.len(), dead[0].state, dead[0].error.as_deref()), (1, OutboxState::Dead, Some("no such room")));
    let second = leases(&store, "w", at(1)).await;
    assert_eq!(keys(&second), ["INC-1/room/2"]);
    settles(&store, &second[0], "w", done()).await;

    let key = EffectKey::from("INC-1/room/1");
    assert!(store.revive(&key, at(50)).await.unwrap());
    assert!(!store.revive(&key, at(50)).await.unwrap(), "it is not dead any more");
    assert!(!store.revive(&EffectKey::from("INC-1/room/2"), at(50)).await.unwrap(), "it is done");
    assert_eq!(store.next_lease(&Of::All).await.unwrap(), Some(at(50)));
    let revived = leases(&store, "w", at(50)).await;
    assert_eq!((keys(&revived), revived[0].attempt), (vec!["INC-1/room/1"], 1));
    assert_eq!(store.count(OutboxState::Dead).await.unwrap(), 0);
}

async fn a_later_effect_takes_the_place_of_one_that_waits(home: Home) {
    let store = home.store;
    let card = |position| Outgoing { coalesce: Some("card INC-1".to_owned()), ..effect(1, "room", position) };
    puts(&store, "first", [card(1)]).await;
    let held = leases(&store, "w", at(0)).await;
    puts(&store, "second", [card(2), effect(1, "room", 3), card(4)]).await;
    puts(&store, "third", [card(5), Outgoing { coalesce: Some("card INC-2".to_owned()), ..effect(2, "room", 6) }])
        .await;
    settles(&store, &held[0], "w", done()).await;

    let superseded = store.effects(OutboxState::Superseded, 10).await.unwrap();
    let superseded: Vec<_> = superseded.iter().map(|row| row.outgoing.key.as_str()).collect();
    assert_eq!(superseded, ["INC-1/room/2", "INC-1/room/4"], "what was under way is finished");
    assert_eq!(store.count(OutboxState::Done).await.unwrap(), 1);
    let waiting = leases(&store, "w", at(1)).await;
    assert_eq!(keys(&waiting), ["INC-1/room/3"]);
    settles(&store, &waiting[0], "w", done()).await;
    assert_eq!(keys(&leases(&store, "w", at(1)).await), ["INC-1/room/5"]);
}

async fn what_was_attempted_is_not_superseded(home: Home) {
    let store = home.store;
    let card = |position| Outgoing { coalesce: Some("card INC-1".to_owned()), ..effect(1, "room", position) };
    puts(&store, "first", [card(1)]).await;
    let attempted = leases(&store, "w", at(0)).await;
    settles(&store, &attempted[0], "w", Outcome::Retry { at: at(9), error: "no answer".to_owned() }).await;
    puts(&store, "second", [card(2)]).await;
    puts(&store, "third", [card(3)]).await;
    assert_eq!(store.count(OutboxState::Superseded).await.unwrap(), 1, "only the one that nobody has tried");
    let again = leases(&store, "w", at(9)).await;
    assert_eq!(keys(&again), ["INC-1/room/1"], "it may have arrived, and the next one must know");
    settles(&store, &again[0], "w", Outcome::Done { external: "1.2".to_owned() }).await;
    let next = leases(&store, "w", at(9)).await;
    assert_eq!((keys(&next), next[0].made.as_deref()), (vec!["INC-1/room/3"], Some("1.2")));
}

async fn the_next_lease_is_that_of_the_first_in_a_lane(home: Home) {
    let store = home.store;
    let due = |lane: &str, position, seconds| Outgoing { due_at: at(seconds), ..effect(1, lane, position) };
    puts(&store, "put", [due("a", 1, 40), due("a", 2, 10), due("b", 1, 70)]).await;
    assert_eq!(store.next_lease(&Of::All).await.unwrap(), Some(at(40)), "a/2 is due before and has to wait for a/1");
    assert_eq!(leases(&store, "w", at(39)).await, []);
    assert_eq!(keys(&leases(&store, "w", at(40)).await), ["INC-1/a/1"]);
    assert_eq!(store.next_lease(&Of::All).await.unwrap(), Some(at(70)), "both the lease and b/1 are over then");
}

async fn each_platform_has_effects_of_its_own(home: Home) {
    let store = home.store;
    let on = |platform: &str, position, seconds| {
        let platform = PlatformId::from(platform);
        let told = Effect::Tell { platform, person: PersonId::from("alice"), view: Box::new(view("told")) };
        Outgoing { effect: told, due_at: at(seconds), ..effect(1, &format!("lane {position}"), position) }
    };
    puts(&store, "put", [on("slack", 1, 5), on("discord", 2, 3), on("console", 3, 1)]).await;
    let (slack, discord) = (PlatformId::from("slack"), PlatformId::from("discord"));
    let others = Of::NoneOf(vec![slack.clone(), discord]);
    assert_eq!(store.next_lease(&Of::Only(slack.clone())).await.unwrap(), Some(at(5)));
    assert_eq!(store.next_lease(&others).await.unwrap(), Some(at(1)));
    assert_eq!(store.next_lease(&Of::NoneOf(Vec::new())).await.unwrap(), Some(at(1)));
    let of = |of: Of| Lease { of, ..lease("w", at(9), 10) };
    let leased = store.lease(&of(Of::Only(slack))).await.unwrap();
    assert_eq!(keys(&leased), ["INC-1/lane 1/1"]);
    let leased = store.lease(&of(others)).await.unwrap();
    assert_eq!(keys(&leased), ["INC-1/lane 3/3"]);
    assert_eq!(keys(&leases(&store, "w", at(9)).await), ["INC-1/lane 2/2"]);
}

async fn only_what_is_urgent_enough_is_leased(home: Home) {
    let store = home.store;
    let urgent = |urgency, position| Outgoing { urgency, ..effect(1, &format!("lane {position}"), position) };
    puts(&store, "put", [urgent(Urgency::Routine, 1), urgent(Urgency::Page, 2), urgent(Urgency::Prompt, 3)]).await;
    let least = |least| Lease { least, ..lease("w", at(0), 10) };
    assert_eq!(keys(&store.lease(&least(Urgency::Page)).await.unwrap()), ["INC-1/lane 2/2"]);
    assert_eq!(keys(&store.lease(&least(Urgency::Prompt)).await.unwrap()), ["INC-1/lane 3/3"]);
    assert_eq!(keys(&store.lease(&least(Urgency::Routine)).await.unwrap()), ["INC-1/lane 1/1"]);
}

async fn what_was_made_is_told_to_the_next_with_the_same_mark(home: Home) {
    let store = home.store;
    let card = |mark: &str, position| Outgoing { coalesce: Some(mark.to_owned()), ..effect(1, mark, position) };
    let made = |external: &str| Outcome::Done { external: external.to_owned() };
    for (position, before, now) in [(1, None, "first"), (2, Some("first"), "anew"), (3, Some("anew"), "anew")] {
        puts(&store, &format!("put {position}"), [card("a", position), card("b", position)]).await;
        let mut leased = leases(&store, "w", at(0)).await;
        leased.sort_by(|one, other| one.outgoing.lane.cmp(&other.outgoing.lane));
        assert_eq!(leased.iter().map(|one| one.made.as_deref()).collect::<Vec<_>>(), [before, None]);
        settles(&store, &leased[0], "w", made(now)).await;
        settles(&store, &leased[1], "w", Outcome::Moot { error: "its room is gone".to_owned() }).await;
    }
    assert_eq!(store.count(OutboxState::Superseded).await.unwrap(), 3, "what is moot was never made");
}

async fn an_incident_is_found_by_its_room(home: Home) {
    let store = home.store;
    let slack = PlatformId::from("slack");
    declares(&store, &incident(1)).await;
    assert_eq!(store.incident_at(&slack, "C1").await.unwrap(), None);
    let room = Tag::Room { platform: slack.clone(), address: "C1".to_owned() };
    let opened = Change::Incident { incident: Box::new(next(&incident(1))), added: vec![room], removed: Vec::new() };
    commits(&store, write("open").change(opened)).await;
    assert_eq!(store.incident_at(&slack, "C1").await.unwrap(), Some(IncidentId(1)));
    assert_eq!(store.incident_at(&slack, "C2").await.unwrap(), None);
    assert_eq!(store.incident_at(&PlatformId::from("discord"), "C1").await.unwrap(), None);
}

async fn a_pinned_message_is_found_by_its_name(home: Home) {
    let store = home.store;
    let pins = BTreeMap::from([("C1/1.2".to_owned(), 2)]);
    let incident = Incident { pins, ..incident(1) };
    let making = write("declare").incident(&incident).entry(note(1, 1, "one")).entry(note(1, 2, "two"));
    commits(&store, making).await;
    let pinned = |message: &str| Needs { pinned: Some(message.to_owned()), ..about(1) };
    assert_eq!(store.load(&pinned("C1/1.2")).await.unwrap().entries, [note(1, 2, "two")]);
    assert_eq!(store.load(&pinned("C1/9.9")).await.unwrap().entries, []);
}

async fn many_workers_never_share_an_effect(home: Home) {
    let other = home.opened_again().await;
    let store = home.store;
    for lane in 0..20 {
        puts(
            &store,
            &format!("put {lane}"),
            (1..=5)
                .map(|position| effect(lane + 1, "room", position))
                .map(|outgoing| Outgoing { lane: format!("lane {lane}"), ..outgoing }),
        )
        .await;
    }
    let work = |worker: String, store: Arc<dyn Store>| async move {
        let mut made = Vec::new();
        while store.count(OutboxState::Waiting).await.unwrap() > 0 {
            for leased in store.lease(&lease(&worker, at(0), 3)).await.unwrap() {
                assert_eq!(leased.attempt, 1);
                settles(&store, &leased, &worker, done()).await;
                made.push((leased.outgoing.lane.clone(), leased.outgoing.position));
            }
        }
        made
    };
    let stores = [&store, &other, &store, &other];
    let workers = stores.iter().enumerate().map(|(n, store)| tokio::spawn(work(format!("w{n}"), Arc::clone(store))));
    let mut times: BTreeMap<(String, i64), u32> = BTreeMap::new();
    for made in join_all(workers).await {
        for effect in made.unwrap() {
            *times.entry(effect).or_default() += 1;
        }
    }
    assert_eq!(times.len(), 100);
    assert!(times.values().all(|times| *times == 1), "{times:?}");
}
