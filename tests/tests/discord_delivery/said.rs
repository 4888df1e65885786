//! What is said: edited in place, said anew when it was deleted, told to one person alone, announced.

use crate::desk::{DECLARE, Desk};
use muster_core::effect::Recipient;
use muster_core::org::Organisation;
use muster_core::ports::chat::{Chat, Delivery};
use muster_tests::discord::live_mentions;
use muster_tests::notify::customers;
use muster_tests::sample;

#[tokio::test]
async fn what_changes_is_edited_in_place() {
    let desk = Desk::open().await;
    desk.alice(DECLARE).await;
    let room = desk.room().await;
    desk.alice_in("INC-1", "sev sev2 only one till").await;
    assert!(room.topic().starts_with("SEV2"), "{}", room.topic());
    assert_eq!(room.messages_with("Declared").len(), 1);
    assert!(room.pins().len() == 1 && room.pins()[0].picture().contains("SEV2"));
    assert!(desk.incidents.messages().len() == 1 && desk.incidents.messages()[0].picture().contains("SEV2"));
    desk.finish().await;
}

#[tokio::test]
async fn a_headline_that_somebody_deletes_is_said_and_pinned_anew() {
    let desk = Desk::open().await;
    desk.alice(DECLARE).await;
    let room = desk.room().await;
    desk.fake.delete_message(&room.pins()[0]);
    desk.fake.delete_message(&desk.incidents.messages()[0]);
    assert_eq!(room.pins().len(), 0);
    desk.alice_in("INC-1", "sev sev2 only one till").await;
    assert!(room.pins()[0].picture().contains("SEV2"));
    assert_eq!(desk.incidents.messages().len(), 1);
    desk.finish().await;
}

#[tokio::test]
async fn nobody_is_pinged_by_what_somebody_wrote() {
    let desk = Desk::open().await;
    desk.alice(&format!("new sev1 @everyone <@{}> is down", desk.bob.id())).await;
    desk.alice_in("INC-1", "note @here, look").await;
    let said = desk.fake.calls().into_iter().filter(|call| call.route.contains("/messages"));
    let pings: Vec<_> = said.flat_map(|call| live_mentions(&call.body)).collect();
    assert!(pings.is_empty(), "{pings:?}");
    desk.finish().await;
}

#[tokio::test]
async fn one_person_is_told_alone_even_when_the_answer_is_lost() {
    let desk = Desk::open().await;
    desk.alice(DECLARE).await;
    desk.alice_in("INC-1", "ic").await;
    let fault = muster_tests::discord::Fault::reset_after_effect().on("POST /channels/{}/messages");
    desk.fake.fail(fault.times(2));
    desk.alice_in("INC-1", "handoff @bob look at the bank").await;
    desk.pass(10).await;
    assert_eq!(desk.bob.direct().messages_with("look at the bank").len(), 1);
    assert_eq!(desk.eve.direct().messages().len(), 0);
    desk.finish().await;
}

#[tokio::test]
async fn who_takes_no_messages_or_has_no_account_here_holds_nobody_up() {
    let desk = Desk::open().await;
    desk.alice(DECLARE).await;
    desk.alice_in("INC-1", "ic").await;
    desk.bob.closes_direct(true);
    for _ in 0..12 {
        desk.alice_in("INC-1", "handoff @bob look at the bank").await;
        desk.alice_in("INC-1", "handoff withdraw").await;
        desk.pass(1).await;
    }
    assert_eq!(desk.fake.invalid_requests().len(), 1, "once was enough");
    desk.fake.forget_calls();
    desk.alice_in("INC-1", "handoff @carol look at the bank").await;
    assert!(!desk.routes().contains(&"POST /users/@me/channels".to_owned()));
    desk.finish().await;
}

#[tokio::test]
async fn announcements_wait_for_a_channel_that_we_do_not_see_and_say_so() {
    let desk = Desk::open().await;
    desk.fake.deny_bot(&desk.incidents, "VIEW_CHANNEL");
    desk.alice(DECLARE).await;
    desk.pass(5).await;
    desk.is_furnished(&desk.room().await);
    let troubles = desk.discord.troubles();
    assert!(troubles.len() == 1 && troubles[0].contains("`announce`"), "{troubles:?}");
    desk.fake.allow_bot(&desk.incidents, "VIEW_CHANNEL");
    desk.pass(200).await;
    assert_eq!(desk.incidents.messages().len(), 1);
    assert_eq!(desk.discord.troubles(), Vec::<String>::new());
    desk.finish().await;
}

#[tokio::test]
async fn a_permission_that_is_missing_is_named_and_keeps_back_only_what_needs_it() {
    let desk = Desk::open().await;
    desk.fake.remove_permission("PIN_MESSAGES");
    desk.alice(DECLARE).await;
    let room = desk.room().await;
    assert_eq!(room.pins().len(), 0);
    assert_eq!(room.messages_with("Welcome").len(), 1);
    let troubles = desk.discord.troubles();
    assert!(troubles.len() == 1 && troubles[0].contains("“Pin Messages”"), "{troubles:?}");
    assert!(troubles[0].contains(&room.id()), "{troubles:?}");
    desk.finish().await;
}

#[tokio::test]
async fn customers_read_a_bulletin_once_in_their_channel_and_are_led_to_their_page() {
    let desk = Desk::of(Organisation { comms: customers::rules(), ..sample::retailer() }, |_, _| {}).await;
    let channel = desk.fake.text_channel("customers", None);
    let to = Recipient::Channel { address: channel.id() };
    let told = customers::publication("discord", to, "INC-7/12/0", customers::bulletin());
    desk.discord.deliver(&told).await.expect("it is said");
    desk.discord.deliver(&Delivery { attempt: 2, ..told }).await.expect("it is known");
    assert_eq!(channel.messages_with("Card payments fail").len(), 1);
    let said: Vec<_> = desk.fake.calls().into_iter().filter(|call| call.route.contains("/messages")).collect();
    let bodies: Vec<_> =
        said.iter().map(|call| call.body.to_string()).filter(|body| body.contains("Card pay")).collect();
    let [body] = bodies.as_slice() else { panic!("it is said once: {bodies:?}") };
    let link = "https://status.example.com/incidents/INC-7/#INC-7-12-0";
    assert!(body.contains(link) && !body.contains("muster.example.com"), "{body}");
    desk.finish().await;
}
