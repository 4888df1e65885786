//! One message in two chats: drafted in Slack, let go in Discord, published in Slack; customers read it in a channel of each.

use muster_core::comms::Destination;
use muster_core::org::Organisation;
use muster_tests::customers;
use muster_tests::stage::both::Both;
use muster_tests::stage::workspace::Wire;

async fn a_message_is_written_in_one_chat_and_let_go_in_the_other(both: Both) {
    let (slack, discord) = (&both.slack, &both.discord);
    let (here, there) = (slack.slack.public_channel("customers", &[]), discord.discord.text_channel("customers", None));
    let mut org = Organisation::clone(&both.muster.app.org());
    org.comms = customers::rules();
    let channel = |platform, address| Destination::Channel { platform, address };
    org.comms.audiences[0].to.extend([
        channel(muster_slack::platform(), here.id().to_owned()),
        channel(muster_discord::platform(), there.id()),
    ]);
    both.muster.app.reconfigure(org);
    let (in_slack, in_discord) = both.declared().await;
    let _ = slack.types(&slack.alice, &in_slack, "edit --service checkout").await;
    let _ = slack.types(&slack.alice, &in_slack, "ic").await;
    let _ = slack.types(&slack.carol, &in_slack, "role comms").await;
    let drafted = slack.types(&slack.carol, &in_slack, "comms draft public-identified impact=shop-slow").await;
    let _ = drafted.shows("Our web shop and app are slow and show errors at times.");
    let _ = slack.types(&slack.carol, &in_slack, "comms submit 1").await;
    both.muster.settle().await;

    // Whoever wrote it is refused in either; Dave is not.
    let _ = discord.types(&discord.carol, &in_discord, "comms approve 1").await.shows("You are not among those");
    let whole = discord.types(&discord.dave, &in_discord, "comms preview 1").await;
    let _ = whole.clone().shows("Vår webbutik och app är långsamma");
    let _ = discord.clicks(&discord.dave, &whole, "Approve").await.shows("approved");
    both.muster.settle().await;
    assert_eq!((here.messages().len(), there.messages().len()), (0, 0), "approved is not published");

    // The card in Slack knows of it, and publishes.
    let card = in_slack.message("Message 1 to Customers · approved").await;
    slack.carol.clicks(&card, "Publish").await;
    let sure = slack.carol.hears("").await;
    drop(sure);
    both.muster.settle().await;
    for said in [here.messages()[0].reading(), there.messages()[0].reading()] {
        assert!(said.contains("Our web shop and app are slow and show errors at times."), "{said}");
    }
    assert_eq!((here.messages().len(), there.messages().len()), (1, 1), "each once");
    let words = "Message 1 to Customers · published";
    assert_eq!(
        (in_slack.messages_with(words).len(), in_discord.messages_with(words).len()),
        (1, 1),
        "one card, edited"
    );
    let timeline = both.muster.timeline("INC-1").await;
    for deed in ["Carol Åberg drafted message 1", "Dave Holm approved message 1", "Carol Åberg published message 1"] {
        assert!(timeline.contains(deed), "“{deed}” is not in:\n{timeline}");
    }
    let log = both.muster.app.store().audit(0, 100).await.expect("the audit log can be read");
    let deeds = log.iter().map(|one| serde_json::from_str::<muster_core::audit::Deed>(&one.body).expect("a deed"));
    let deeds: Vec<_> = deeds.map(|deed| format!("{} by {} via {}", deed.what, deed.by.person, deed.via)).collect();
    assert_eq!(
        deeds,
        [
            "message.submitted by carol via slack",
            "message.approved by dave via discord",
            "message.published by carol via slack"
        ]
    );
    both.finish().await;
}

#[tokio::test]
async fn over_a_socket_and_over_http() {
    a_message_is_written_in_one_chat_and_let_go_in_the_other(Both::begin(Wire::Socket, Wire::Http).await).await;
}

#[tokio::test]
async fn over_http_and_over_the_gateway() {
    a_message_is_written_in_one_chat_and_let_go_in_the_other(Both::begin(Wire::Http, Wire::Socket).await).await;
}
