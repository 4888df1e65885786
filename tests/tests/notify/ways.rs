//! Each way on its own: what arrives, what arrives once, what becomes of a no.

use muster_core::clock::{Clock, SystemClock};
use muster_core::effect::{Effect, Notice, Recipient, Stage};
use muster_core::ids::{EffectKey, PlatformId};
use muster_core::org::Loudness;
use muster_core::ports::chat::{Delivery, DeliveryError};
use muster_tests::notify::{ALICE, Desk, FROM, Fault, PUBLIC, page};
use std::time::Duration;

/// The same with its notice changed.
fn with(mut delivery: Delivery, change: impl FnOnce(&mut Notice)) -> Delivery {
    if let Effect::Page { notice, .. } = &mut delivery.effect {
        change(notice);
    }
    delivery
}

/// The same to another system.
fn to_outlet(way: &str, name: &str) -> Delivery {
    let mut delivery = page("sms");
    if let Effect::Page { platform, to, .. } = &mut delivery.effect {
        *platform = PlatformId::from(way);
        *to = Recipient::Outlet { name: name.to_owned() };
    }
    delivery
}

#[track_caller]
fn permanent(ended: Result<muster_core::ports::chat::Receipt, DeliveryError>) -> String {
    match ended {
        Err(DeliveryError::Permanent { reason }) => reason,
        other => panic!("it is not given up: {other:?}"),
    }
}

#[tokio::test]
async fn an_sms_says_it_in_its_first_line_and_how_to_answer_in_its_last() {
    let desk = Desk::open().await;
    let receipt = desk.delivers(&page("sms")).await.expect("it is sent");
    let messages = desk.twilio.messages();
    let [sms] = messages.as_slice() else { panic!("one SMS: {messages:?}") };
    assert_eq!((sms["To"].as_str(), sms["From"].as_str()), (ALICE, FROM));
    let lines: Vec<_> = sms["Body"].lines().collect();
    let [first, second, how, link] = lines.as_slice() else { panic!("four lines: {lines:?}") };
    assert_eq!((*first, *second), ("INC-7 SEV1 Checkout is down", "All stores; cards are declined"));
    assert_eq!(*how, "Reply 4: I have it. 6: not me.");
    assert!(link.starts_with(&format!("{PUBLIC}/p/msa_")), "{link}");
    assert!(sms["StatusCallback"].starts_with(&format!("{PUBLIC}/notify/twilio/status/msa_")));
    assert!(sms["StatusCallback"].ends_with("?key=INC-7%2F12%2F0"));
    assert!(receipt.external.starts_with("SM"));
}

#[tokio::test]
async fn a_call_says_it_and_asks_for_a_digit() {
    let desk = Desk::open().await;
    desk.delivers(&page("voice")).await.expect("it rings");
    let calls = desk.twilio.calls();
    let twiml = &calls[0]["Twiml"];
    assert!(
        twiml.contains(&format!("<Gather numDigits=\"1\" method=\"POST\" action=\"{PUBLIC}/notify/twilio/voice/msa_"))
    );
    assert!(
        twiml.contains("This is Muster. INC-7 SEV1 Checkout is down. All stores; cards are declined Press 4"),
        "{twiml}"
    );
    assert_eq!(calls[0]["To"], ALICE);
}

#[tokio::test]
async fn a_push_message_wakes_has_buttons_and_is_one_however_often_it_is_sent() {
    let desk = Desk::open().await;
    desk.delivers(&page("push")).await.expect("it is published");
    desk.delivers(&Delivery { attempt: 2, ..page("push") }).await.expect("it is published again");
    let shown = desk.ntfy.shown();
    let [push] = shown.as_slice() else { panic!("one message on the phone: {shown:?}") };
    assert_eq!((push.topic.as_str(), push.priority), ("alice-topic", 5));
    assert_eq!(push.title, "INC-7 SEV1 Checkout is down");
    let buttons: Vec<_> = push.actions.iter().map(|one| (one["label"].as_str(), one["method"].as_str())).collect();
    assert_eq!(buttons, [(Some("Acknowledge"), Some("POST")), (Some("Not me"), Some("POST"))]);
    assert!(push.actions[0]["url"].as_str().is_some_and(|url| url.ends_with("/ack") && url.starts_with(&push.click)));
    let low =
        with(Delivery { key: EffectKey::from("INC-7/13/0"), ..page("push") }, |notice| notice.loudness = Loudness::Low);
    desk.delivers(&low).await.expect("it is published");
    assert_eq!(desk.ntfy.shown()[1].priority, 3);
}

#[tokio::test]
async fn a_webhook_is_signed_and_known_by_its_id() {
    let desk = Desk::open().await;
    // Whoever verifies looks at the clock of the machine.
    desk.world.clock.begin(SystemClock.now());
    desk.delivers(&page("webhook")).await.expect("it is believed");
    desk.delivers(&Delivery { attempt: 2, ..page("webhook") }).await.expect("it is believed");
    let received = desk.receiver.received();
    let [one] = received.as_slice() else { panic!("one: {received:?}") };
    assert_eq!((one.id.as_str(), one.body["type"].as_str()), ("INC-7/12/0", Some("page.raised")));
    let data = &one.body["data"];
    assert_eq!((data["incident"].as_str(), data["page"].as_i64()), (Some("INC-7"), Some(1)));
    assert_eq!((data["person"].as_str(), data["urgency"].as_str()), (Some("alice"), Some("high")));
    let over = with(to_outlet("webhook", "ops"), |notice| notice.stage = Stage::Over);
    desk.delivers(&Delivery { key: EffectKey::from("INC-7/14/0"), ..over }).await.expect("it is believed");
    assert_eq!(desk.receiver.received()[1].body["type"], "page.over");
}

#[tokio::test]
async fn a_service_of_pagerduty_is_triggered_taken_up_and_resolved_by_one_key() {
    let desk = Desk::open().await;
    for (stage, state) in
        [(Stage::Raised, "triggered"), (Stage::Acknowledged, "acknowledged"), (Stage::Over, "resolved")]
    {
        let delivery = with(to_outlet("pagerduty", "payments"), |notice| notice.stage = stage);
        let receipt = desk.delivers(&delivery).await.expect("it is enqueued");
        assert_eq!(receipt.external, "muster-INC-7-1");
        assert_eq!(desk.pagerduty.alerts().into_iter().collect::<Vec<_>>(), [("muster-INC-7-1".into(), state.into())]);
    }
    let event = &desk.pagerduty.events()[0];
    assert_eq!(event["payload"]["summary"], "INC-7 SEV1 Checkout is down");
    assert_eq!(event["client_url"], format!("{PUBLIC}/incidents/INC-7"));
}

#[tokio::test]
async fn a_drill_leaves_by_no_way() {
    let desk = Desk::with_mail(9).await;
    let ways = desk.ways();
    assert_eq!(ways.len(), 7, "every way is tried here");
    for way in ways {
        let platform = way.platform();
        for to in
            [page(platform.as_str()), to_outlet(platform.as_str(), "payments"), to_outlet(platform.as_str(), "ops")]
        {
            for stage in [Stage::Raised, Stage::Acknowledged, Stage::Over] {
                let drill = with(to.clone(), |notice| (notice.drill, notice.stage) = (true, stage));
                let reason = permanent(way.deliver(&drill).await);
                assert_eq!(reason, "a drill reaches no phone, no mailbox and no other system", "{platform}");
            }
        }
    }
    assert!(desk.twilio.messages().is_empty() && desk.twilio.calls().is_empty() && desk.ntfy.shown().is_empty());
    assert!(desk.pagerduty.events().is_empty() && desk.receiver.received().is_empty());
}

#[tokio::test]
async fn what_may_work_later_is_tried_later_and_what_never_will_is_given_up() {
    let desk = Desk::open().await;
    let transient = |ended| match ended {
        Err(DeliveryError::Transient { after, .. }) => after,
        other => panic!("it is not tried again: {other:?}"),
    };
    for status in [408, 429, 500, 503] {
        desk.twilio.next(Fault::of(status));
        assert_eq!(transient(desk.delivers(&page("sms")).await), None, "{status}");
    }
    desk.twilio.next(Fault::of(429).after(17));
    assert_eq!(transient(desk.delivers(&page("voice")).await), Some(Duration::from_secs(17)));
    desk.ntfy.next(Fault::of(429).after(5));
    assert_eq!(transient(desk.delivers(&page("push")).await), Some(Duration::from_secs(5)));
    desk.pagerduty.next(Fault::of(429));
    transient(desk.delivers(&to_outlet("pagerduty", "payments")).await);
    desk.receiver.next(Fault::of(502));
    transient(desk.delivers(&page("webhook")).await);
    for status in [301, 307, 400, 401, 404, 410] {
        desk.receiver.next(Fault::of(status));
        permanent(desk.delivers(&page("webhook")).await);
        desk.ntfy.next(Fault::of(status));
        permanent(desk.delivers(&page("push")).await);
    }
    assert_eq!(
        permanent(desk.delivers(&page("sms-nobody")).await),
        "Twilio answered 400: the number in the config is none"
    );
    assert!(desk.twilio.messages().is_empty());
}

#[tokio::test]
async fn who_cannot_be_reached_is_told_without_the_address() {
    let desk = Desk::open().await;
    for (contact, said) in [
        ("sms-odd", "the number of alice in the config is not one in full, like +46701234567"),
        ("sms-none", "the config has no contact sms-none of alice"),
        ("webhook-odd", "the config has no [[webhook]] for this contact"),
    ] {
        assert_eq!(permanent(desk.delivers(&page(contact)).await), said);
    }
    let mut crossed = page("sms");
    if let Effect::Page { platform, .. } = &mut crossed.effect {
        *platform = PlatformId::from("push");
    }
    permanent(desk.delivers(&crossed).await);
    for (way, name) in [("sms", "ops"), ("push", "ops"), ("pagerduty", "none"), ("webhook", "none")] {
        permanent(desk.delivers(&to_outlet(way, name)).await);
    }
    desk.twilio.next(Fault::of(400).saying(format!("{{\"code\":99999,\"message\":\"{ALICE} is odd\"}}")));
    let reason = permanent(desk.delivers(&page("sms")).await);
    assert_eq!(reason, "Twilio answered 400: error 99999 of Twilio's", "what Twilio says may hold the number");
}

#[tokio::test]
async fn only_other_systems_are_told_how_a_page_goes_on() {
    let desk = Desk::open().await;
    for stage in [Stage::Acknowledged, Stage::Over] {
        permanent(desk.delivers(&with(page("sms"), |notice| notice.stage = stage)).await);
    }
    assert!(desk.twilio.messages().is_empty());
}

#[tokio::test]
async fn what_somebody_typed_is_text_everywhere() {
    let desk = Desk::open().await;
    let hostile = |contact: &str| {
        with(page(contact), |notice| {
            notice.line = "INC-7 </Say><Dial>+1900</Dial>\r\nBcc: eve@example.com".to_owned();
            notice.message = "\u{202E}<script>alert(1)</script> & \"quoted\"".to_owned();
        })
    };
    desk.delivers(&hostile("voice")).await.expect("it rings");
    let twiml = &desk.twilio.calls()[0]["Twiml"];
    assert!(!twiml.contains("<Dial>") && !twiml.contains("<script>") && twiml.contains("&lt;Dial&gt;"), "{twiml}");
    desk.delivers(&hostile("sms")).await.expect("it is sent");
    let sms = &desk.twilio.messages()[0]["Body"];
    assert!(
        sms.starts_with("INC-7 </Say><Dial>+1900</Dial> Bcc: eve@example.com\n") && !sms.contains('\u{202E}'),
        "{sms}"
    );
    desk.delivers(&hostile("push")).await.expect("it is published");
    assert!(!desk.ntfy.shown()[0].message.contains('\u{202E}'));
}
