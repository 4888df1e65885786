//! What comes back by Twilio: replies, digits, reports. Only what Twilio has signed is believed.

use muster_core::incident::page::{AttemptState, Page, PageState};
use muster_tests::notify::{ALICE, BOB, Desk, Form, PUBLIC, TOKEN, signature};

const SMS: &str = "https://muster.example.com/notify/twilio/sms";

/// Bob pages Alice about an incident of his.
async fn paged(desk: &Desk) {
    desk.world.person("bob").types("new sev1 Checkout is down").await.ok();
    desk.world.person("bob").in_room("INC-1").types("page @alice all stores").await.ok();
    desk.settle().await;
}

async fn the_page(desk: &Desk) -> Page {
    desk.world.whole("INC-1").await.incident.pages.remove(0)
}

async fn is_acked_by(desk: &Desk, name: &str) -> bool {
    matches!(the_page(desk).await.state, PageState::Acked { by, .. } if by.name == name)
}

fn reply<'a>(from: &'a str, body: &'a str, sid: &'a str) -> [(&'a str, &'a str); 3] {
    [("From", from), ("Body", body), ("MessageSid", sid)]
}

#[tokio::test]
async fn a_reply_answers_the_page_and_the_same_one_again_changes_nothing() {
    let desk = Desk::open().await;
    paged(&desk).await;
    let (status, twiml) = desk.twilio_calls(SMS, &reply(ALICE, "4", "SM1")).await;
    assert_eq!(status, 200);
    assert!(twiml.contains("<Response><Message>"), "{twiml}");
    assert!(is_acked_by(&desk, "Alice Ek").await);
    let after = desk.world.timeline("INC-1").await;
    assert_eq!(desk.twilio_calls(SMS, &reply(ALICE, "4", "SM1")).await.1, twiml, "the same answer");
    assert_eq!(desk.world.timeline("INC-1").await, after);
}

#[tokio::test]
async fn a_reply_names_an_incident_where_there_are_two() {
    let desk = Desk::open().await;
    paged(&desk).await;
    desk.world.person("bob").types("new sev2 Tills are slow").await.ok();
    desk.world.person("bob").in_room("INC-2").types("page @alice tills").await.ok();
    desk.settle().await;
    desk.twilio_calls(SMS, &reply(ALICE, "ack inc-1", "SM1")).await;
    assert!(is_acked_by(&desk, "Alice Ek").await);
    let second = desk.world.whole("INC-2").await.incident.pages.remove(0);
    assert!(second.is_calling(), "the other page still calls: {:?}", second.state);
}

#[tokio::test]
async fn a_no_goes_on_to_whoever_is_next() {
    let desk = Desk::open().await;
    paged(&desk).await;
    let (_, twiml) = desk.twilio_calls(SMS, &reply(ALICE, "Not me", "SM1")).await;
    assert!(twiml.contains("<Message>"), "{twiml}");
    assert!(the_page(&desk).await.called.iter().any(|called| called.declined), "{:?}", the_page(&desk).await);
}

#[tokio::test]
async fn a_stranger_is_told_nothing_and_a_riddle_how_to_answer() {
    let desk = Desk::open().await;
    paged(&desk).await;
    let (status, twiml) = desk.twilio_calls(SMS, &reply("+46700000099", "4", "SM1")).await;
    assert_eq!((status, twiml.as_str()), (200, "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response></Response>"));
    let (_, twiml) = desk.twilio_calls(SMS, &reply(ALICE, "who is this?", "SM2")).await;
    assert!(twiml.contains("Reply 4 (I have it) or 6 (not me)"), "{twiml}");
    let (_, twiml) = desk.twilio_calls(SMS, &reply(BOB, "4", "SM3")).await;
    assert!(twiml.contains("<Message>No page calls you"), "{twiml}");
    assert!(the_page(&desk).await.is_calling());
}

#[tokio::test]
async fn what_twilio_has_not_signed_is_not_read() {
    let desk = Desk::open().await;
    paged(&desk).await;
    let form: Form = reply(ALICE, "4", "SM1").map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let good = signature(TOKEN, SMS, &form);
    let mut other = form.clone();
    other.insert("Body".to_owned(), "6".to_owned());
    let other_token = signature("another", SMS, &form);
    let other_url = signature(TOKEN, &format!("{SMS}?x=1"), &form);
    for (form, signature, what) in [
        (&form, "", "none"),
        (&form, "not base64", "no base64"),
        (&form, &other_token, "another token"),
        (&form, &other_url, "another address"),
        (&other, &good, "another body"),
    ] {
        let (status, body) = desk.calls_signed(SMS, form, signature).await;
        assert_eq!((status, body.as_str()), (403, ""), "{what}");
    }
    assert!(the_page(&desk).await.is_calling());
    assert_eq!(desk.calls_signed(SMS, &form, &good).await.0, 200, "and the right one is taken");
    assert!(is_acked_by(&desk, "Alice Ek").await);
}

/// The address in the first `<Gather>` of a call to Alice.
async fn called(desk: &Desk) -> String {
    let sms = desk.twilio.messages().pop().expect("an SMS");
    let secret = sms["Body"].rsplit('/').next().expect("a link").to_owned();
    format!("{PUBLIC}/notify/twilio/voice/{secret}")
}

#[tokio::test]
async fn a_digit_answers_a_call_and_another_is_asked_for_again() {
    let desk = Desk::open().await;
    paged(&desk).await;
    let gather = called(&desk).await;
    let (_, twiml) = desk.twilio_calls(&gather, &[("CallSid", "CA1"), ("Digits", "5")]).await;
    assert!(twiml.contains(&format!("action=\"{gather}\"")) && twiml.contains("Press 4"), "{twiml}");
    assert!(the_page(&desk).await.is_calling());
    let (_, twiml) = desk.twilio_calls(&gather, &[("CallSid", "CA1"), ("Digits", "4")]).await;
    assert!(twiml.contains("<Say>") && !twiml.contains("<Gather"), "{twiml}");
    assert!(is_acked_by(&desk, "Alice Ek").await);
    let (status, twiml) = desk.twilio_calls(&format!("{PUBLIC}/notify/twilio/voice/msa_x"), &[("Digits", "4")]).await;
    assert!(status == 200 && twiml.contains("can no longer be answered"), "{twiml}");
}

#[tokio::test]
async fn what_a_carrier_reports_is_told_and_the_next_way_is_tried() {
    let desk = Desk::open().await;
    paged(&desk).await;
    assert_eq!(the_page(&desk).await.attempts[0].state, AttemptState::Delivered, "Twilio has it");
    let reports = desk.twilio.messages()[0]["StatusCallback"].clone();
    let sent = [("MessageSid", "SM1"), ("MessageStatus", "sent")];
    assert_eq!(desk.twilio_calls(&reports, &sent).await.0, 204);
    assert_eq!(the_page(&desk).await.attempts[0].state, AttemptState::Delivered);
    let failed = [("MessageSid", "SM1"), ("MessageStatus", "undelivered"), ("ErrorCode", "30003")];
    for _ in 0..2 {
        assert_eq!(desk.twilio_calls(&reports, &failed).await.0, 204);
    }
    let reason = "the phone is off, or the number is not in use".to_owned();
    assert_eq!(the_page(&desk).await.attempts[0].state, AttemptState::Failed { reason });
    let told = desk.world.timeline("INC-1").await.into_iter().filter(|line| line.contains("the phone is off")).count();
    assert_eq!(told, 1);
}
