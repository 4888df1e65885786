//! Bulletins to somebody the config names, and to other systems.

use muster_core::clock::{Clock, SystemClock};
use muster_core::comms::{Bulletin, Window};
use muster_core::effect::Recipient;
use muster_core::ids::PersonId;
use muster_core::ports::chat::DeliveryError;
use muster_tests::clock::moment;
use muster_tests::notify::customers::{bulletin, publication};
use muster_tests::notify::{Desk, MailServer};
use serde_json::json;

fn outlet(name: &str) -> Recipient {
    Recipient::Outlet { name: name.to_owned() }
}

fn alice() -> Recipient {
    Recipient::Person { person: PersonId::from("alice"), contact: "email".to_owned() }
}

/// What the company is told.
fn digest() -> Bulletin {
    Bulletin { number: 0, audience: "executives".to_owned(), status: None, next_at: None, ..bulletin() }
}

#[tokio::test]
async fn somebody_gets_a_letter_in_their_language_with_no_way_out_since_they_have_not_asked_for_it() {
    let Some(mut server) = MailServer::start("somebody gets a letter in their language") else { return };
    let desk = Desk::with_mail(server.port).await;
    desk.delivers(&publication("email", alice(), "INC-7/12/0", bulletin())).await.expect("it is taken");
    let letter = server.letter();
    assert_eq!(letter.header("to"), "Alice Ek <alice@example.com>");
    assert_eq!(letter.header("subject"), "Undersöks: Kortbetalningar går inte igenom");
    assert_eq!(letter.header("references"), "<INC-7.public@example.com>");
    assert!(letter.plain.contains("Faktura och Swish fungerar") && letter.plain.contains("sändlista hos Nordvaror"));
    assert!(letter.html.contains("lang=\"sv\"") && !letter.raw.contains("List-Unsubscribe"));
}

#[tokio::test]
async fn the_company_is_led_to_the_console_and_customers_never_are() {
    let Some(mut server) = MailServer::start("the company is led to the console") else { return };
    let desk = Desk::with_mail(server.port).await;
    desk.delivers(&publication("email", alice(), "INC-7/12/0", bulletin())).await.expect("it is taken");
    let letter = server.letter();
    assert!(letter.plain.contains("https://status.example.com/sv/incidents/INC-7/"), "{}", letter.plain);
    assert!(!letter.raw.contains("muster.example.com/incidents"), "{}", letter.raw);
    desk.delivers(&publication("email", alice(), "INC-7/13/0", digest())).await.expect("it is taken");
    let letter = server.letter();
    assert_eq!(letter.header("subject"), "Kortbetalningar går inte igenom");
    assert!(letter.plain.contains("https://muster.example.com/incidents/INC-7"), "{}", letter.plain);
}

#[tokio::test]
async fn who_is_told_what_is_not_public_is_led_to_no_page_that_is_not_there() {
    let desk = Desk::open().await;
    desk.world.clock.begin(SystemClock.now());
    let told = Bulletin { audience: "regulators".to_owned(), ..bulletin() };
    desk.delivers(&publication("webhook", outlet("ops"), "INC-7/12/0", told)).await.expect("it is believed");
    assert_eq!(desk.receiver.received()[0].body["data"]["url"], "https://status.example.com/");
}

#[tokio::test]
async fn a_program_gets_all_there_is_signed_and_knows_a_second_attempt() {
    let desk = Desk::open().await;
    // Whoever verifies looks at the clock of the machine.
    desk.world.clock.begin(SystemClock.now());
    let window = Window { from: moment("2026-11-28T01:00:00Z"), until: moment("2026-11-28T03:00:00Z") };
    let told = Bulletin { window: Some(window), ..bulletin() };
    for _ in 0..2 {
        desk.delivers(&publication("webhook", outlet("ops"), "INC-7/12/0", told.clone()))
            .await
            .expect("it is believed");
    }
    let received = desk.receiver.received();
    let [one] = received.as_slice() else { panic!("one: {received:?}") };
    assert_eq!(one.id, "INC-7/12/0");
    let mut body = one.body.clone();
    let texts = body["data"].as_object_mut().and_then(|data| data.remove("texts")).expect("texts");
    assert_eq!(texts["sv"]["title"], "Kortbetalningar går inte igenom");
    assert_eq!(
        body,
        json!({
            "type": "message.published",
            "timestamp": "2026-11-27T09:42:00Z",
            "data": {
                "incident": "INC-7",
                "number": 3,
                "audience": "public",
                "status": "investigating",
                "status_name": "Investigating",
                "locale": "en",
                "title": "Card payments fail",
                "body": bulletin().written(&bulletin().locale).expect("a text").1.body,
                "components": [{ "id": "checkout", "name": "Checkout", "status": "major_outage" }],
                "next_at": "2026-11-27T10:12:00Z",
                "scheduled_for": "2026-11-28T01:00:00Z",
                "scheduled_until": "2026-11-28T03:00:00Z",
                "corrects": null,
                "retracts": null,
                "url": "https://status.example.com/incidents/INC-7/",
            },
        })
    );
}

#[tokio::test]
async fn a_program_can_tell_corrections_retractions_and_digests() {
    let desk = Desk::open().await;
    desk.world.clock.begin(SystemClock.now());
    let corrected = Bulletin { number: 4, corrects: Some(3), ..bulletin() };
    let retracted = Bulletin { number: 5, retracts: true, ..corrected.clone() };
    for (n, told) in [corrected, retracted, digest()].into_iter().enumerate() {
        let key = format!("INC-7/12/{n}");
        desk.delivers(&publication("webhook", outlet("ops"), &key, told)).await.expect("it is believed");
    }
    let said = |n: usize| {
        let body = &desk.receiver.received()[n].body;
        (body["type"].clone(), body["data"]["corrects"].clone(), body["data"]["retracts"].clone())
    };
    assert_eq!(said(0), (json!("message.corrected"), json!(3), json!(null)));
    assert_eq!(said(1), (json!("message.retracted"), json!(null), json!(3)));
    assert_eq!(said(2), (json!("digest.published"), json!(null), json!(null)));
    assert_eq!(desk.receiver.received()[2].body["data"]["url"], json!(null), "customers have no page of it");
}

#[tokio::test]
async fn what_wakes_people_carries_no_bulletins() {
    let desk = Desk::open().await;
    for way in ["sms", "voice", "push", "pagerduty"] {
        let to = [outlet("payments"), Recipient::Person { person: PersonId::from("alice"), contact: way.to_owned() }];
        for to in to {
            let ended = desk.delivers(&publication(way, to, "INC-7/12/0", bulletin())).await;
            assert!(matches!(ended, Err(DeliveryError::Permanent { .. })), "{way}: {ended:?}");
        }
    }
    assert!(desk.twilio.messages().is_empty() && desk.twilio.calls().is_empty() && desk.ntfy.shown().is_empty());
    assert!(desk.pagerduty.events().is_empty());
}
