//! Who is who, what lets them in, and what they were told.

use crate::home::*;
use futures::future::join_all;
use muster_core::clock::Timestamp;
use muster_core::decide::{Change, Needs};
use muster_core::ids::{EffectKey, IncidentId, PersonId, PlatformId};
use muster_core::inbound::Handle;
use muster_core::ports::credentials::{Credential, CredentialKind};
use muster_core::ports::store::Message;
use muster_tests::fixtures::{at, view, write};

on_both_engines! {
    a_link_code_works_once
    a_chat_identity_can_be_linked_anew
    credentials_are_good_until_they_expire_or_are_revoked
    a_login_link_is_taken_by_one
    what_was_said_is_heard_newest_first
}

fn handle(id: &str) -> Handle {
    Handle {
        platform: PlatformId::from("slack"),
        id: id.to_owned(),
        name: id.to_lowercase(),
        email: None,
        groups: Vec::new(),
    }
}

pub(crate) fn given(code: &str, person: &str, until: Timestamp) -> Change {
    Change::CodeGiven { hash: hash(code), person: PersonId::from(person), until }
}

fn used(code: &str, id: &str, person: &str) -> Change {
    Change::Linked { hash: hash(code), handle: handle(id), person: PersonId::from(person) }
}

async fn a_link_code_works_once(home: Home) {
    let other = home.opened_again().await;
    let store = home.store;
    let slack = PlatformId::from("slack");
    commits(&store, write("give").change(given("k3fm-9ta2", "alice", at(600)))).await;
    let needs = |code| Needs { code: Some(hash(code)), ..Needs::default() };
    let owner = store.load(&needs("K3FM-9TA2")).await.unwrap().code;
    assert_eq!(owner, Some((PersonId::from("alice"), at(600))));
    assert_eq!(store.load(&needs("aaaa-aaaa")).await.unwrap().code, None);
    assert_eq!(store.linked(&slack, "U1").await.unwrap(), None);

    let link = |request, id| write(request).change(used("k3fm-9ta2", id, "alice"));
    let (first, second) = tokio::join!(commit(&store, link("one", "U1")), commit(&other, link("two", "U2")));
    assert!(is_conflict(&first) != is_conflict(&second), "{first:?} and {second:?}");
    let (winner, loser) = if is_conflict(&second) { ("U1", "U2") } else { ("U2", "U1") };
    assert_eq!(store.linked(&slack, winner).await.unwrap(), Some(PersonId::from("alice")));
    assert_eq!(store.linked(&slack, loser).await.unwrap(), None);
    assert_eq!(store.linked(&PlatformId::from("discord"), winner).await.unwrap(), None);
    assert_eq!(store.load(&needs("k3fm-9ta2")).await.unwrap().code, None);
}

async fn a_chat_identity_can_be_linked_anew(home: Home) {
    let store = home.store;
    for (code, person) in [("aaaa-aaaa", "alice"), ("bbbb-bbbb", "bob")] {
        commits(&store, write(&format!("give {person}")).change(given(code, person, at(600)))).await;
        commits(&store, write(&format!("link {person}")).change(used(code, "U1", person))).await;
    }
    assert_eq!(store.linked(&PlatformId::from("slack"), "U1").await.unwrap(), Some(PersonId::from("bob")));
    let theirs = [(PlatformId::from("slack"), "U1".to_owned())];
    assert_eq!(store.identities(&PersonId::from("bob")).await.unwrap(), theirs);
    assert_eq!(store.identities(&PersonId::from("alice")).await.unwrap(), []);
}

pub(crate) fn credential(kind: CredentialKind, secret: &str, created: i64, expires: Option<i64>) -> Credential {
    Credential {
        hash: hash(secret),
        kind,
        person: PersonId::from("alice"),
        label: format!("{secret}'s"),
        created_at: at(created),
        expires_at: expires.map(at),
    }
}

async fn credentials_are_good_until_they_expire_or_are_revoked(home: Home) {
    let store = home.store;
    use CredentialKind::{Session, Token};
    let token = credential(Token, "token", 1, None);
    let other = credential(Token, "other", 2, Some(9));
    let session = credential(Session, "session", 3, Some(10));
    for credential in [&token, &other, &session] {
        store.grant(credential).await.unwrap();
    }
    assert!(store.grant(&token).await.is_err(), "a hash is kept once");
    assert_eq!(store.check(Token, &token.hash, at(9999)).await.unwrap().as_ref(), Some(&token));
    assert_eq!(store.check(Session, &token.hash, at(5)).await.unwrap(), None, "of another kind");
    assert_eq!(store.check(Session, &session.hash, at(9)).await.unwrap().as_ref(), Some(&session));
    assert_eq!(store.check(Session, &session.hash, at(10)).await.unwrap(), None, "expired");
    assert_eq!(store.check(Token, &hash("guess"), at(5)).await.unwrap(), None);
    assert_eq!(store.list(Token).await.unwrap(), [other.clone(), token.clone()], "newest first, expired or not");

    assert_eq!(store.revoke(Session, &token.hash.as_str()[..8]).await.unwrap(), 0);
    assert_eq!(store.revoke(Token, "%").await.unwrap(), 0, "a prefix is no pattern");
    assert_eq!(store.revoke(Token, &token.hash.as_str()[..8]).await.unwrap(), 1);
    assert_eq!(store.check(Token, &token.hash, at(5)).await.unwrap(), None);
    assert_eq!(store.list(Token).await.unwrap(), [other]);
}

async fn a_login_link_is_taken_by_one(home: Home) {
    let other = home.opened_again().await;
    let store = home.store;
    use CredentialKind::{LoginLink, Session};
    let link = credential(LoginLink, "link", 0, Some(10));
    store.grant(&link).await.unwrap();
    assert_eq!(store.take(Session, &link.hash, at(1)).await.unwrap(), None);
    assert_eq!(store.take(LoginLink, &link.hash, at(10)).await.unwrap(), None, "too late");
    let takes = [&store, &other, &store, &other].map(|store| store.take(LoginLink, &link.hash, at(1)));
    let taken: Vec<_> = join_all(takes).await.into_iter().filter_map(Result::unwrap).collect();
    assert_eq!(taken, [link]);
}

async fn what_was_said_is_heard_newest_first(home: Home) {
    let store = home.store;
    let message = |key: &str, to: Option<&str>, seconds| Message {
        key: EffectKey::from(key),
        incident: Some(IncidentId(1)),
        to: to.map(PersonId::from),
        at: at(seconds),
        view: view(key),
    };
    let first = message("INC-1/9/10", None, 5);
    let second = message("INC-1/10/2", None, 5);
    let third = message("INC-1/10/11", None, 5);
    let whisper = message("INC-1/11/0", Some("alice"), 6);
    for message in [&first, &second, &third, &whisper, &first] {
        store.keep(message).await.unwrap();
    }
    store.keep(&Message { view: view("changed"), ..first.clone() }).await.unwrap();
    let said = store.said(IncidentId(1), 10).await.unwrap();
    assert_eq!(said, [third.clone(), second, first], "at the same moment, in the order of the effects");
    assert_eq!(store.said(IncidentId(1), 1).await.unwrap(), [third]);
    assert_eq!(store.said(IncidentId(2), 10).await.unwrap(), []);
    assert_eq!(store.told(&PersonId::from("alice"), 10).await.unwrap(), [whisper]);
    assert_eq!(store.told(&PersonId::from("bob"), 10).await.unwrap(), []);
}
