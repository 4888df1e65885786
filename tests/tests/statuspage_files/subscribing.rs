//! Subscribing, confirming and leaving, as browsers and mail programs do it.

use crate::house::{House, header, key};
use muster_core::comms::{Destination, LinkUse, Subscriber, SubscriberId, SubscriberState};
use muster_core::ports::subscribers::{SubscriberQuery, Subscribers};
use muster_tests::process::http;
use muster_tests::statuspage::outage;
use reqwest::header::{ACCEPT_LANGUAGE, CONTENT_TYPE, HeaderMap, HeaderValue, LOCATION, SET_COOKIE};
use reqwest::{Method, Response, StatusCode};

/// Customers, who are told on the page and by mail.
/// A house in which customers can subscribe.
async fn open_house() -> House {
    let house = House::with(&outage().incidents).await;
    house.text("").await;
    house
}

async fn known(house: &House) -> Vec<Subscriber> {
    let all = SubscriberQuery { limit: 100, ..SubscriberQuery::default() };
    house.store.subscribers(&all).await.unwrap()
}

async fn posts(house: &House, path: &str, form: &str) -> Response {
    let request = house.request(Method::POST, path).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    request.body(form.to_owned()).send().await.unwrap()
}

/// A link out of a letter.
fn link(what: LinkUse, id: SubscriberId) -> String {
    key().link("", what, id).trim_start_matches('/').to_owned()
}

/// Somebody who has asked, and not confirmed yet.
async fn asked(house: &House, address: &str) -> Subscriber {
    let answer = posts(house, "subscribe/", &format!("email={address}")).await;
    assert_eq!(answer.status(), StatusCode::OK);
    known(house).await.into_iter().find(|one| one.address == address).unwrap()
}

async fn state(house: &House, id: SubscriberId) -> SubscriberState {
    house.store.subscriber(id).await.unwrap().unwrap().state
}

#[tokio::test]
async fn somebody_asks_in_their_language_for_what_they_want() {
    let house = open_house().await;
    let form = house.text("sv/subscribe/index.html").await;
    assert!(form.contains("name=\"email\"") && form.contains("value=\"tills\""));
    let sent = "email=+anna%40example.com+&component=tills&component=app&component=unheard-of&website=";
    let answer = posts(&house, "sv/subscribe/index.html", sent).await;
    assert_eq!(
        (answer.status(), header(&answer, "cache-control".parse().unwrap())),
        (StatusCode::OK, "no-store".to_owned())
    );
    assert!(answer.headers().get(SET_COOKIE).is_none());
    let page = answer.text().await.unwrap();
    assert!(page.contains("<html lang=\"sv\"") && !page.contains("anna@example.com"), "{page}");
    let anna = known(&house).await.swap_remove(0);
    assert_eq!(
        (anna.address.as_str(), anna.locale.as_str(), anna.state),
        ("anna@example.com", "sv", SubscriberState::Unconfirmed)
    );
    assert_eq!(anna.components.into_iter().collect::<Vec<_>>(), ["app", "tills"]);
}

#[tokio::test]
async fn nobody_learns_who_has_subscribed() {
    let house = open_house().await;
    let anna = asked(&house, "anna@example.com").await;
    house
        .store
        .move_subscriber(anna.id, &[SubscriberState::Unconfirmed], (SubscriberState::Active, anna.since))
        .await
        .unwrap();
    let mut answers = Vec::new();
    for address in ["anna%40example.com", "bo%40example.com"] {
        let answer = posts(&house, "subscribe/", &format!("email={address}")).await;
        answers.push((answer.status(), answer.text().await.unwrap()));
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(state(&house, anna.id).await, SubscriberState::Active);
}

#[tokio::test]
async fn what_is_no_address_is_asked_for_again_and_never_shown() {
    let house = open_house().await;
    for typed in ["", "anna", "%3Cscript%3Ealert(1)%3C%2Fscript%3E", "a%40b%0d%0aBcc%3Ac%40d.example"] {
        let answer = posts(&house, "de/subscribe/", &format!("email={typed}")).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{typed}");
        let page = answer.text().await.unwrap();
        assert!(page.contains("aria-invalid=\"true\"") && !page.contains("alert(1)"), "{page}");
    }
    assert_eq!(known(&house).await, []);
}

#[tokio::test]
async fn what_fills_in_the_hidden_field_is_thanked_and_forgotten() {
    let house = open_house().await;
    let human = posts(&house, "subscribe/", "email=anna%40example.com").await.text().await.unwrap();
    let robot = posts(&house, "subscribe/", "email=robot%40example.com&website=http%3A%2F%2Fx").await;
    assert_eq!((robot.status(), robot.text().await.unwrap()), (StatusCode::OK, human));
    assert_eq!(known(&house).await.len(), 1);
}

#[tokio::test]
async fn whoever_asks_too_often_waits() {
    let house = open_house().await;
    let mut statuses = Vec::new();
    for n in 0..12 {
        statuses.push(posts(&house, "subscribe/", &format!("email=a{n}%40example.com")).await.status());
    }
    assert_eq!(statuses[..10], [StatusCode::OK; 10]);
    assert_eq!(statuses[10..], [StatusCode::TOO_MANY_REQUESTS; 2]);
    assert_eq!(known(&house).await.len(), 10);
    let huge = format!("email={}", "a".repeat(40_000));
    assert_eq!(posts(&house, "subscribe/", &huge).await.status(), StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn a_link_only_asks_and_the_button_acts() {
    let house = open_house().await;
    let anna = asked(&house, "anna%40example.com".replace("%40", "@").as_str()).await;
    let confirm = link(LinkUse::Confirm, anna.id);
    let swedish = HeaderMap::from_iter([(ACCEPT_LANGUAGE, HeaderValue::from_static("sv-SE,sv;q=0.9"))]);
    let question = house.get_with(&confirm, swedish).await.text().await.unwrap();
    // In the language that was asked for, whatever the browser's.
    assert!(question.contains("<html lang=\"en\"") && question.contains("<form method=\"post\">"), "{question}");
    assert_eq!(
        state(&house, anna.id).await,
        SubscriberState::Unconfirmed,
        "what reads mail before people do follows links"
    );
    for _ in 0..2 {
        assert_eq!(posts(&house, &confirm, "").await.status(), StatusCode::OK, "to say it twice is to say it");
        assert_eq!(state(&house, anna.id).await, SubscriberState::Active);
    }

    let leave = link(LinkUse::Leave, anna.id);
    assert_eq!(house.get(&leave).await.status(), StatusCode::OK);
    assert_eq!(state(&house, anna.id).await, SubscriberState::Active);
    let left = posts(&house, &leave, "").await;
    assert_eq!(left.status(), StatusCode::OK);
    assert!(!left.text().await.unwrap().is_empty(), "somebody looks at it");
    assert_eq!(state(&house, anna.id).await, SubscriberState::Left);
    assert_eq!(posts(&house, &confirm, "").await.status(), StatusCode::NOT_FOUND, "an old letter brings nobody back");
}

#[tokio::test]
async fn whoever_confirms_sees_what_in_the_language_they_asked_for() {
    let house = open_house().await;
    let sent = "email=anna%40example.com&component=tills&component=app";
    assert_eq!(posts(&house, "sv/subscribe/", sent).await.status(), StatusCode::OK);
    let anna = known(&house).await.swap_remove(0);
    let confirm = link(LinkUse::Confirm, anna.id);
    let question = house.text(&confirm).await;
    for asked in ["<html lang=\"sv\"", "anna@example.com", "<dd>App</dd><dd>Kassor</dd>", ">Svenska</dd>", "<button>"] {
        assert!(question.contains(asked), "{asked}: {question}");
    }
    let confirmed = posts(&house, &confirm, "").await.text().await.unwrap();
    assert!(confirmed.contains("Du prenumererar nu") && confirmed.contains("anna@example.com"), "{confirmed}");
    assert!(!house.text(&confirm).await.contains("<button>"), "it is confirmed");
    // Whoever has chosen nothing hears of all.
    let bo = asked(&house, "bo@example.com").await;
    assert!(house.text(&link(LinkUse::Confirm, bo.id)).await.contains("<dd>All</dd>"));
}

#[tokio::test]
async fn who_has_left_is_not_asked_whether_they_want_to() {
    let house = open_house().await;
    assert_eq!(posts(&house, "sv/subscribe/", "email=anna%40example.com").await.status(), StatusCode::OK);
    let anna = known(&house).await.swap_remove(0);
    let leave = link(LinkUse::Leave, anna.id);
    let question = house.text(&leave).await;
    assert!(question.contains("<html lang=\"sv\"") && question.contains("<button>"), "{question}");
    posts(&house, &leave, "").await;
    let left = house.text(&leave).await;
    assert!(left.contains("Prenumerationen är avslutad") && !left.contains("<button>"), "{left}");
    assert_eq!(house.get(&link(LinkUse::Confirm, anna.id)).await.status(), StatusCode::NOT_FOUND);
}

/// RFC 8058, section 3.1: no cookies, no credentials, no redirect.
#[tokio::test]
async fn a_mail_program_leaves_with_one_click() {
    let house = open_house().await;
    let anna = asked(&house, "anna@example.com").await;
    posts(&house, &link(LinkUse::Confirm, anna.id), "").await;
    let answer = posts(&house, &link(LinkUse::Leave, anna.id), "List-Unsubscribe=One-Click").await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(answer.headers().get(LOCATION).is_none() && answer.headers().get(SET_COOKIE).is_none());
    assert_eq!(answer.text().await.unwrap(), "");
    assert_eq!(state(&house, anna.id).await, SubscriberState::Left);
}

#[tokio::test]
async fn a_mail_program_may_send_it_in_parts() {
    let house = open_house().await;
    let anna = asked(&house, "anna@example.com").await;
    let parts = "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n";
    let request = http().post(house.url(&link(LinkUse::Leave, anna.id)));
    let answer = request.header(CONTENT_TYPE, "multipart/form-data; boundary=x").body(parts).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(state(&house, anna.id).await, SubscriberState::Left);
}

#[tokio::test]
async fn a_link_that_is_none_of_ours_opens_nothing() {
    let house = open_house().await;
    let anna = asked(&house, "anna@example.com").await;
    let proof = key().proof(LinkUse::Confirm, anna.id);
    let other = key().proof(LinkUse::Confirm, SubscriberId(anna.id.0 + 1));
    for path in [
        format!("confirm/{}/{other}", anna.id),
        format!("confirm/{}/", anna.id),
        format!("confirm/{}/x{proof}", anna.id),
        format!("confirm/{}/{proof}", anna.id.0),
        format!("confirm/s-1/{proof}"),
        format!("confirm/s99999999999999999999/{proof}"),
        format!("confirm/%3Cscript%3E/{proof}"),
        format!("leave/{}/{proof}", anna.id),
    ] {
        let answer = posts(&house, &path, "List-Unsubscribe=One-Click").await;
        assert!(
            matches!(answer.status(), StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED),
            "{path}: {}",
            answer.status()
        );
        assert!(!answer.text().await.unwrap().contains("<script"), "{path}");
    }
    assert_eq!(state(&house, anna.id).await, SubscriberState::Unconfirmed);
}

#[tokio::test]
async fn nobody_subscribes_where_nobody_is_told() {
    let house = House::with(&outage().incidents).await;
    house.text("").await;
    house.reconfigure(|rules| rules.audiences[0].to = vec![Destination::Page]);
    assert_eq!(posts(&house, "subscribe/", "email=anna%40example.com").await.status(), StatusCode::NOT_FOUND);
    assert_eq!(known(&house).await, []);
}
