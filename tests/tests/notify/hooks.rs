//! Signed requests to those who have subscribed with a program.

use muster_core::clock::{Clock, SystemClock};
use muster_core::comms::{Bulk, Channel, LinkKey, SubscriberId};
use muster_core::ports::courier::{Courier, CourierError};
use muster_core::ports::outside::Outside;
use muster_notify::{WebhookCourier, WebhookCourierConfig};
use muster_outside::{Allowed, WayOut};
use muster_tests::notify::customers::{bulk, bulletin, parcel};
use muster_tests::notify::{Desk, Fault, Receiver};
use std::sync::Arc;
use std::time::Duration;

fn key() -> LinkKey {
    LinkKey::new("a key of at least thirty-two characters").expect("a key")
}

/// A subscriber's program, and a courier to it.
async fn open() -> (Desk, Receiver, WebhookCourier) {
    let desk = Desk::open().await;
    // Whoever verifies looks at the clock of the machine.
    desk.world.clock.begin(SystemClock.now());
    let receiver = Receiver::trusting(key().signing_secret(SubscriberId(42)).reveal()).await;
    let config = WebhookCourierConfig { key: key(), outside: Arc::clone(&desk.outside) };
    let courier = WebhookCourier::new(Arc::clone(&desk.world.muster), config);
    (desk, receiver, courier)
}

#[tokio::test]
async fn it_is_signed_for_this_subscriber_alone_and_known_by_its_id() {
    let (_desk, receiver, courier) = open().await;
    let mine = parcel(Channel::Webhook, 42, &receiver.url, "sv");
    for _ in 0..2 {
        courier.carry(&mine, &bulk(bulletin())).await.expect("it is believed");
    }
    let received = receiver.received();
    let [one] = received.as_slice() else { panic!("one: {received:?}") };
    assert_eq!((one.id.as_str(), one.body["type"].as_str()), ("INC-7/12/3/s42", Some("message.published")));
    assert_eq!(one.body["data"]["title"], "Kortbetalningar går inte igenom");
    assert_eq!(one.body["data"]["texts"]["en"]["title"], "Card payments fail");
    let theirs = parcel(Channel::Webhook, 43, &receiver.url, "sv");
    let ended = courier.carry(&theirs, &bulk(bulletin())).await;
    assert!(matches!(ended, Err(CourierError::Again { .. })), "what is signed for another is not believed: {ended:?}");
}

#[tokio::test]
async fn who_wants_nothing_more_gets_nothing_more_and_who_is_busy_is_left_alone() {
    let (_desk, receiver, courier) = open().await;
    let mine = parcel(Channel::Webhook, 42, &receiver.url, "sv");
    receiver.next(Fault::of(410));
    let gone = courier.carry(&mine, &bulk(bulletin())).await.unwrap_err();
    assert_eq!(gone, CourierError::Gone { reason: "the receiver answered 410".to_owned() });
    receiver.next(Fault::of(503).after(1_800));
    let busy = courier.carry(&mine, &bulk(bulletin())).await.unwrap_err();
    let after = Some(Duration::from_secs(1_800));
    assert_eq!(busy, CourierError::Again { reason: "the receiver answered 503".to_owned(), after });
    receiver.next(Fault::of(302));
    let elsewhere = courier.carry(&mine, &bulk(bulletin())).await.unwrap_err();
    assert_eq!(elsewhere, CourierError::Again { reason: "the receiver answered 302".to_owned(), after: None });
    assert!(receiver.received().is_empty());
}

#[tokio::test]
async fn nothing_inside_is_reached_and_no_address_is_told() {
    let (desk, receiver, _) = open().await;
    let outside: Arc<dyn Outside> = Arc::new(WayOut::new(Allowed::default()));
    let guarded = WebhookCourier::new(Arc::clone(&desk.world.muster), WebhookCourierConfig { key: key(), outside });
    for inside in [receiver.url.as_str(), "http://169.254.169.254/latest", "http://[::1]:9/", "file:///etc/passwd", ""]
    {
        let ended = guarded.carry(&parcel(Channel::Webhook, 42, inside, "sv"), &bulk(bulletin())).await.unwrap_err();
        assert!(matches!(ended, CourierError::Refused { .. }), "{inside}: {ended:?}");
        assert!(inside.is_empty() || !ended.to_string().contains(inside), "{ended}");
    }
    assert!(receiver.received().is_empty());
}

#[tokio::test]
async fn a_program_that_is_asked_whether_it_subscribed_gets_the_link() {
    let (_desk, receiver, courier) = open().await;
    let mine = parcel(Channel::Webhook, 42, &receiver.url, "sv");
    courier.carry(&mine, &Bulk::Confirm { subscriber: SubscriberId(42) }).await.expect("it is believed");
    let body = &receiver.received()[0].body;
    assert_eq!(body["type"], "subscription.confirm");
    let link = body["data"]["confirm_url"].as_str().expect("a link");
    assert!(link.starts_with("https://status.example.com/confirm/s42/"), "{link}");
}
