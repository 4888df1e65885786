//! Those outside who want to be told: who they are, and what changes that.

use crate::home::*;
use crate::parcels::{asking, hook};
use chrono::TimeDelta;
use futures::future::join_all;
use muster_core::comms::{Channel, FAULTS, Subscriber, SubscriberId, SubscriberState};
use muster_core::ports::store::Store;
use muster_core::ports::subscribers::{Says, Stays, SubscriberQuery, UNCONFIRMED_KEPT};
use muster_tests::fixtures::{at, subscriber as mail};
use std::collections::BTreeSet;
use std::sync::Arc;

on_every_store! {
    a_subscriber_is_kept_whole_and_found_by_number
    who_subscribes_again_keeps_the_number
    an_unproven_wish_changes_nobody_who_is_told
    one_mailbox_is_one_subscriber_in_whatever_capitals
    who_is_asked_first_is_known_by_the_mailbox
    an_old_list_brings_back_nobody_and_changes_only_what_it_says
    a_number_is_never_given_twice
    subscribers_are_listed_by_what_is_asked_for
    who_moves_must_be_where_they_are_thought_to_be
    three_faults_in_a_row_end_it
    who_never_answers_is_forgotten
    many_who_subscribe_at_once_are_all_there_once
}

pub(crate) async fn subscribes(store: &Arc<dyn Store>, one: Subscriber) -> Subscriber {
    store.subscribe(&[one], Stays::Nobody).await.unwrap().remove(0)
}

async fn there(store: &Arc<dyn Store>, id: SubscriberId) -> Subscriber {
    store.subscriber(id).await.unwrap().unwrap()
}

async fn a_subscriber_is_kept_whole_and_found_by_number(home: Home) {
    let store = home.store;
    let components: BTreeSet<String> = ["checkout".to_owned(), "stores".to_owned()].into();
    let one = Subscriber { components, locale: "sv".parse().unwrap(), ..mail("anna") };
    let kept = subscribes(&store, one.clone()).await;
    assert!(kept.id.0 > 0);
    assert_eq!(kept, Subscriber { id: kept.id, ..one });
    assert_eq!(there(&store, kept.id).await, kept);
    assert_eq!(store.subscriber(SubscriberId(kept.id.0 + 1)).await.unwrap(), None);
    assert_eq!(store.subscribe(&[], Stays::Nobody).await.unwrap(), []);
}

async fn who_subscribes_again_keeps_the_number(home: Home) {
    let store = home.store;
    let first = subscribes(&store, mail("anna")).await;
    let again = Subscriber { locale: "de".parse().unwrap(), since: at(9), ..mail("anna") };
    let kept = subscribes(&store, again.clone()).await;
    assert_eq!(kept, Subscriber { id: first.id, since: first.since, ..again }, "told since then, in another language");

    let others = [
        Subscriber { audience: "business".to_owned(), ..mail("anna") },
        Subscriber { channel: Channel::Webhook, ..mail("anna") },
        mail("bert"),
        mail("anna"),
        mail("bert"),
    ];
    let kept = store.subscribe(&others, Stays::Nobody).await.unwrap();
    let ids: BTreeSet<_> = kept.iter().map(|one| one.id).collect();
    assert_eq!(ids.len(), 4, "by audience, channel and address");
    assert_eq!((kept[3].id, kept[2].id), (first.id, kept[4].id), "in the order they were given");
}

async fn one_mailbox_is_one_subscriber_in_whatever_capitals(home: Home) {
    let store = home.store;
    let first = subscribes(&store, mail("Anna")).await;
    let again = subscribes(&store, mail("aNNa")).await;
    assert_eq!(again, Subscriber { id: first.id, ..mail("aNNa") }, "written to as it was typed last");
    let there =
        SubscriberQuery { address: Some("anna@example.com".to_owned()), limit: 9, ..SubscriberQuery::default() };
    assert_eq!(store.subscribers(&there).await.unwrap(), [again]);
    let hooks = ["https://example.com/Status", "https://example.com/status"];
    let hooks = hooks.map(|address| Subscriber { address: address.to_owned(), ..hook("anna") });
    let kept = store.subscribe(&hooks, Stays::Nobody).await.unwrap();
    assert_ne!(kept[0].id, kept[1].id, "the path of a webhook is what it says");
}

async fn an_unproven_wish_changes_nobody_who_is_told(home: Home) {
    let store = home.store;
    let told = subscribes(&store, mail("anna")).await;
    let components: BTreeSet<String> = ["checkout".to_owned()].into();
    let wish = Subscriber { locale: "de".parse().unwrap(), components: components.clone(), ..asking("Anna", at(9)) };
    let asks =
        async |wish: &Subscriber| store.subscribe(std::slice::from_ref(wish), Stays::Told).await.unwrap().remove(0);
    assert_eq!(asks(&wish).await, told);

    for state in [SubscriberState::Left, SubscriberState::Bounced, SubscriberState::Gone] {
        subscribes(&store, mail("anna")).await;
        assert!(store.move_subscriber(told.id, &[SubscriberState::Active], (state, at(5))).await.unwrap());
        let asked = asks(&wish).await;
        let still = Subscriber { id: told.id, state, since: at(5), ..wish.clone() };
        assert_eq!(asked, still, "who has ended is still that, and asked");
        let later = Subscriber { asked: Some(at(50)), locale: "sv".parse().unwrap(), ..wish.clone() };
        let asked = asks(&later).await;
        assert_eq!((asked.asked, asked.locale.as_str()), (Some(at(9)), "sv"), "since they were asked first");
    }
    let told_again = (SubscriberState::Active, at(60));
    assert!(store.move_subscriber(told.id, &[SubscriberState::Gone], told_again).await.unwrap());
    let told = there(&store, told.id).await;
    assert_eq!(
        (told.state, told.asked, told.components),
        (SubscriberState::Active, None, components),
        "as they wished"
    );
}

async fn who_is_asked_first_is_known_by_the_mailbox(home: Home) {
    let store = home.store;
    for (name, since) in [("anna+b", 5), ("Anna+A", 4), ("anna", 6), ("annabel", 1)] {
        subscribes(&store, asking(name, at(since))).await;
    }
    subscribes(&store, Subscriber { since: at(1), ..mail("anna+told") }).await;
    let first = async || store.first_asked("anna@example.com").await.unwrap().map(|one| one.address);
    assert_eq!(first().await.as_deref(), Some("Anna+A@example.com"));
    assert_eq!(store.first_asked("bert@example.com").await.unwrap(), None);
}

async fn an_old_list_brings_back_nobody_and_changes_only_what_it_says(home: Home) {
    let store = home.store;
    let components = |of: &str| BTreeSet::from([of.to_owned()]);
    let states = [SubscriberState::Left, SubscriberState::Bounced, SubscriberState::Gone];
    for state in states {
        subscribes(&store, Subscriber { state, ..mail(state.word()) }).await;
    }
    subscribes(&store, asking("asked", at(1))).await;
    let told = Subscriber { locale: "sv".parse().unwrap(), components: components("checkout"), ..mail("told") };
    let told = subscribes(&store, told).await;
    let list: Vec<_> = ["left", "bounced", "gone", "asked", "Told", "new"].map(mail).into();
    let imports = async |list: &[Subscriber], says| store.subscribe(list, Stays::All(says)).await.unwrap();
    let kept = imports(&list, Says::default()).await;
    let now: Vec<_> = kept.iter().map(|one| one.state).collect();
    assert_eq!(now[..3], states);
    assert_eq!(now[3..], [SubscriberState::Unconfirmed, SubscriberState::Active, SubscriberState::Active]);
    assert_eq!(kept[4], told, "the list says nothing of them");

    let said = Subscriber { locale: "de".parse().unwrap(), components: components("stores"), ..mail("told") };
    let kept = imports(std::slice::from_ref(&said), Says { locale: true, components: false }).await;
    assert_eq!((kept[0].locale.as_str(), &kept[0].components), ("de", &told.components));
    let kept = imports(&[said], Says { locale: false, components: true }).await;
    assert_eq!((kept[0].id, &kept[0].components), (told.id, &components("stores")));

    let kept = store.subscribe(&list, Stays::Nobody).await.unwrap();
    assert!(
        kept.iter().all(|one| one.state == SubscriberState::Active && one.asked.is_none()),
        "an operator can insist"
    );
}

async fn a_number_is_never_given_twice(home: Home) {
    let store = home.store;
    let anna = subscribes(&store, mail("anna")).await;
    assert!(store.forget_subscriber(anna.id).await.unwrap());
    assert!(!store.forget_subscriber(anna.id).await.unwrap());
    assert_eq!(store.subscriber(anna.id).await.unwrap(), None);
    let again = subscribes(&store, mail("anna")).await;
    assert!(again.id > anna.id, "her old links must not be good for anybody");

    // Whatever is lost with a restored backup, numbers go on behind what was given since.
    let later = Subscriber { since: at(60), ..mail("bert") };
    let later = subscribes(&store, later).await;
    assert!(later.id > SubscriberId::before(at(59)), "{later:?}");
    assert!(again.id < SubscriberId::before(at(59)), "{again:?}");
    assert!(subscribes(&store, mail("carl")).await.id > later.id, "also when the clock was put back");
}

async fn subscribers_are_listed_by_what_is_asked_for(home: Home) {
    let store = home.store;
    let left = Subscriber { state: SubscriberState::Left, ..mail("dora") };
    let all = [mail("anna"), hook("bert"), Subscriber { audience: "business".to_owned(), ..mail("carl") }, left];
    let all = store.subscribe(&all, Stays::Nobody).await.unwrap();
    let mut sorted = all.clone();
    sorted.sort_by_key(|one| one.id);
    let any = SubscriberQuery { limit: 10, ..SubscriberQuery::default() };
    let list = async |query: SubscriberQuery| store.subscribers(&query).await.unwrap();
    assert_eq!(list(any.clone()).await, sorted);
    assert_eq!(list(SubscriberQuery { limit: 1, ..any.clone() }).await, sorted[..1]);
    assert_eq!(list(SubscriberQuery { after: Some(sorted[1].id), ..any.clone() }).await, sorted[2..]);
    assert_eq!(list(SubscriberQuery { channel: Some(Channel::Webhook), ..any.clone() }).await, all[1..2]);
    assert_eq!(list(SubscriberQuery { audience: Some("business".to_owned()), ..any.clone() }).await, all[2..3]);
    assert_eq!(list(SubscriberQuery { state: Some(SubscriberState::Left), ..any.clone() }).await, all[3..]);
    assert_eq!(list(SubscriberQuery { address: Some(all[0].address.clone()), ..any }).await, all[..1]);

    let public = |channel, state| ("public".to_owned(), channel, state);
    let mut counts = store.count_subscribers().await.unwrap();
    counts.sort_by_key(|(kind, _)| format!("{kind:?}"));
    let mut expected = vec![
        (("business".to_owned(), Channel::Email, SubscriberState::Active), 1),
        (public(Channel::Email, SubscriberState::Active), 1),
        (public(Channel::Email, SubscriberState::Left), 1),
        (public(Channel::Webhook, SubscriberState::Active), 1),
    ];
    expected.sort_by_key(|(kind, _)| format!("{kind:?}"));
    assert_eq!(counts, expected);
}

async fn who_moves_must_be_where_they_are_thought_to_be(home: Home) {
    let store = home.store;
    let components: BTreeSet<String> = ["checkout".to_owned()].into();
    let asks = Subscriber { components: components.clone(), ..asking("anna", at(0)) };
    let id = subscribes(&store, asks).await.id;
    let goes =
        async |from: &[SubscriberState], to, moment| store.move_subscriber(id, from, (to, at(moment))).await.unwrap();
    assert!(!goes(&[SubscriberState::Active], SubscriberState::Left, 1).await);
    assert!(!goes(&[], SubscriberState::Left, 1).await);
    assert!(goes(&[SubscriberState::Unconfirmed], SubscriberState::Active, 2).await);
    assert!(!goes(&[SubscriberState::Unconfirmed], SubscriberState::Active, 3).await, "once");
    let told = there(&store, id).await;
    assert_eq!((told.state, told.since, told.components), (SubscriberState::Active, at(2), components));
    assert_eq!(told.asked, None);
    assert!(goes(&[SubscriberState::Unconfirmed, SubscriberState::Active], SubscriberState::Left, 4).await);
    let left = there(&store, id).await;
    assert_eq!((left.state, left.since), (SubscriberState::Left, at(4)));
    assert!(left.components.is_empty(), "what they wanted to hear of is nobody's business any more");
}

async fn three_faults_in_a_row_end_it(home: Home) {
    let store = home.store;
    let id = subscribes(&store, mail("anna")).await.id;
    for fault in 1..FAULTS {
        store.count_fault(id, at(fault)).await.unwrap();
        let one = there(&store, id).await;
        assert_eq!((one.failures, one.state), (fault, SubscriberState::Active));
    }
    store.count_fault(id, at(7)).await.unwrap();
    let one = there(&store, id).await;
    assert_eq!((one.state, one.since), (SubscriberState::Bounced, at(7)));
    store.count_fault(id, at(8)).await.unwrap();
    assert_eq!(there(&store, id).await, one, "they are told nothing any more");
    let back = subscribes(&store, mail("anna")).await;
    assert_eq!((back.id, back.state, back.failures), (id, SubscriberState::Active, 0), "and begin anew");
}

async fn who_never_answers_is_forgotten(home: Home) {
    let store = home.store;
    let old = subscribes(&store, asking("anna", at(0))).await;
    let young = subscribes(&store, asking("bert", at(2))).await;
    let told = subscribes(&store, mail("carl")).await;
    let components: BTreeSet<String> = ["checkout".to_owned()].into();
    let left = Subscriber { state: SubscriberState::Left, asked: Some(at(0)), components, ..mail("dora") };
    let left = subscribes(&store, left).await;
    let now = at(1) + UNCONFIRMED_KEPT;
    store.sweep_subscribers(now, 10).await.unwrap();
    let left_still = Subscriber { asked: None, components: BTreeSet::new(), ..left.clone() };
    assert_eq!(there(&store, left.id).await, left_still, "that they have left is not forgotten");
    assert_eq!(store.subscriber(old.id).await.unwrap(), None);
    assert_eq!((there(&store, young.id).await, there(&store, told.id).await), (young, told));
    assert_eq!(store.sweep_subscribers(now + TimeDelta::milliseconds(1), 10).await.unwrap(), 0);
}

async fn many_who_subscribe_at_once_are_all_there_once(home: Home) {
    let other = home.opened_again().await;
    let store = home.store;
    // Each batch has half of the next in it, and every second one is in the other order.
    let batches = (0..20).map(|batch| {
        let mut people: Vec<_> = (batch * 50..batch * 50 + 100).map(|number| mail(&format!("p{number}"))).collect();
        if batch % 2 == 1 {
            people.reverse();
        }
        let store = if batch % 4 < 2 { Arc::clone(&store) } else { Arc::clone(&other) };
        tokio::spawn(async move { store.subscribe(&people, Stays::Told).await.unwrap() })
    });
    let kept: Vec<_> = join_all(batches).await.into_iter().flat_map(Result::unwrap).collect();
    let ids: BTreeSet<_> = kept.iter().map(|one| one.id).collect();
    let addresses: BTreeSet<_> = kept.iter().map(|one| one.address.clone()).collect();
    assert_eq!((ids.len(), addresses.len()), (1_050, 1_050));
}
