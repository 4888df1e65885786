//! One incident in two chats: what is done in either is seen in both and stands on the timeline once, with its author.

use muster_tests::discord::Fault;
use muster_tests::stage::both::{Both, ROOM};
use muster_tests::stage::workspace::Wire;
use muster_tests::{discord, slack, stage};

async fn an_incident_is_worked_from_both_sides(both: Both) {
    let (in_slack, in_discord) = both.declared().await;
    let rooms = (&in_slack, &in_discord);
    let (slack, discord) = (&both.slack, &both.discord);
    assert_eq!(in_discord.pins().len(), 1, "the headline is in Discord, too");

    let headline = in_discord.pins().remove(0);
    let _ = discord.clicks(&discord.bob, &headline, "Take command").await.shows("Bob Lind");
    both.shows(rooms, "Bob Lind").await;
    in_slack.message("Bob Lind became Incident Commander").await;

    let _ = slack.types(&slack.bob, &in_slack, "handoff @alice the bank is looking").await.shows("until they accept");
    in_discord.message("the bank is looking").await;
    let offer = slack.is_told(&slack.alice, "the bank is looking").await;
    slack.alice.clicks(&offer, "Accept").await;
    slack.alice.hears("INC-1 checkout is down").await;
    both.shows(rooms, "Alice Ek").await;

    let _ = discord.types(&discord.alice, &in_discord, "task call the bank @bob").await.shows("call the bank");
    in_slack.message("call the bank").await;
    let _ = slack.types(&slack.bob, &in_slack, "task done 1").await.shows("✓ 1. call the bank");
    in_discord.message("finished task 1").await;

    let _ = discord.types(&discord.alice, &in_discord, "sev sev2").await.shows("SEV2");
    both.shows(rooms, "SEV2").await;
    let _ = slack.types(&slack.alice, &in_slack, "identified the bank's switch").await.shows("identified");
    both.shows(rooms, "identified").await;
    let _ = discord.types(&discord.bob, &in_discord, "update they replace it").await.shows("Update written");
    both.shows(rooms, "they replace it").await;

    let _ = slack.types(&slack.alice, &in_slack, "resolve it is replaced").await.shows("resolved");
    let _ = discord.types(&discord.alice, &in_discord, "close").await.shows("closed");
    both.shows(rooms, "closed").await;
    assert_eq!(
        both.muster
            .timeline("INC-1")
            .await
            .lines()
            .map(str::trim)
            .filter(|line| line.starts_with('#'))
            .collect::<Vec<_>>(),
        [
            "#1 09:00 UTC Alice Ek declared a SEV1 incident: checkout is down",
            "#2 09:00 UTC Alice Ek asked for a room on discord",
            "#3 09:00 UTC Muster opened a room on discord: inc-1-checkout-is-down",
            "#4 09:00 UTC Bob Lind became Incident Commander",
            "#5 09:00 UTC Bob Lind offered Incident Commander to Alice Ek: the bank is looking",
            "#6 09:00 UTC Alice Ek accepted Incident Commander",
            "#7 09:00 UTC Alice Ek became Incident Commander",
            "#8 09:00 UTC Alice Ek added task 1 for Bob Lind: call the bank",
            "#9 09:00 UTC Bob Lind finished task 1: call the bank",
            "#10 09:00 UTC Alice Ek changed the severity from SEV1 to SEV2",
            "#11 09:00 UTC Alice Ek changed the status from triage to identified: the bank's switch",
            "#12 09:00 UTC Bob Lind wrote an update: they replace it",
            "#13 09:00 UTC Alice Ek changed the status from identified to resolved: it is replaced",
            "#14 09:00 UTC Alice Ek changed the status from resolved to closed",
        ]
    );
    both.muster.pass(24 * 60).await;
    assert!(in_slack.is_archived(), "put away in Slack");
    assert!(!in_discord.can_write(&discord.alice) && in_discord.sees(&discord.alice), "put away in Discord");
    both.finish().await;
}

#[tokio::test]
async fn over_a_socket_and_over_http() {
    an_incident_is_worked_from_both_sides(Both::begin(Wire::Socket, Wire::Http).await).await;
}

#[tokio::test]
async fn over_http_and_over_the_gateway() {
    an_incident_is_worked_from_both_sides(Both::begin(Wire::Http, Wire::Socket).await).await;
}

#[tokio::test]
async fn a_page_that_was_sent_in_slack_is_answered_in_discord() {
    let both = Both::begin(Wire::Socket, Wire::Socket).await;
    let (in_slack, in_discord) = both.declared().await;
    let (slack, discord) = (&both.slack, &both.discord);
    let _ = slack.types(&slack.alice, &in_slack, "page @bob cards are declined").await;
    let there = slack.is_told(&slack.bob, "You are paged: INC-1").await;
    let here = discord.is_told(&discord.bob, "You are paged: INC-1").await;
    both.muster.settle().await;
    let _ = in_slack.message("Pages of INC-1").await.shows("slack ✓").shows("discord ✓").shows("calling");

    let _ = discord.clicks(&discord.bob, &here, "Acknowledge").await;
    both.muster.settle().await;
    let _ = in_slack.message("Pages of INC-1").await.shows("acknowledged by");
    let _ = in_discord.message("Pages of INC-1").await.shows("acknowledged by");
    in_slack.message("Bob Lind acknowledged page 1").await;
    slack.bob.clicks(&there, "Acknowledge").await;
    slack.bob.hears("Bob Lind has page 1 already").await;
    both.muster.pass(20).await;
    let calls = |told: Vec<String>| told.iter().filter(|picture| picture.contains("You are paged")).count();
    let told = [
        calls(slack.bob.direct().messages().iter().map(slack::Surface::picture).collect()),
        calls(discord.bob.direct().messages().iter().map(discord::Surface::picture).collect()),
    ];
    assert_eq!(told, [1, 1], "nobody is called again about what somebody has");
    both.finish().await;
}

#[tokio::test]
async fn while_discord_is_down_a_page_arrives_in_slack_and_the_room_says_what_did_not() {
    let both = Both::begin(Wire::Socket, Wire::Socket).await;
    let (in_slack, _) = both.declared().await;
    let (slack, discord) = (&both.slack, &both.discord);
    discord.discord.fail(Fault::status(503).until_healed());
    let _ = slack.types(&slack.alice, &in_slack, "page @bob cards are declined").await;
    let call = slack.is_told(&slack.bob, "You are paged: INC-1").await;
    in_slack.message("could not reach Bob Lind by discord").await;
    slack.bob.clicks(&call, "Acknowledge").await;
    slack.bob.hears("").await;
    both.muster.settle().await;
    discord.discord.heal();
    both.muster.pass(15).await;
    let late = discord.bob.direct().messages();
    assert!(!late.iter().any(|one| one.picture().contains("You are paged")), "what somebody has calls nobody");
    both.finish().await;
}

#[tokio::test]
async fn somebody_says_in_discord_who_they_are_with_a_code_from_slack() {
    let both = Both::begin(Wire::Socket, Wire::Socket).await;
    let (_, in_discord) = both.declared().await;
    let bobby = both.discord.discord.person("bobby", "Bobby L");
    let refused = both.discord.types(&bobby, &in_discord, "ic").await;
    let _ = refused.shows("Muster does not know you yet");
    let shown = both.slack.types(&both.slack.bob, &both.slack.general, "link").await;
    let shown = shown.reading().replace("/inc ", "");
    let _ = both.discord.types(&bobby, &in_discord, &stage::code(&shown)).await.shows("From now on you are Bob Lind");
    let _ = both.discord.types(&bobby, &in_discord, "ic").await.shows("Bob Lind");
    both.muster.is_on_record("INC-1", "Bob Lind became Incident Commander").await;
    both.muster.settle().await;
    assert_eq!(both.slack.incidents.messages().len(), 1, "one card");
    let _ = both.slack.incidents.messages().remove(0).shows("Bob Lind");
    for told in [bobby.direct().messages(), both.discord.bob.direct().messages()] {
        assert!(told.len() <= 1, "nobody is told twice");
    }
    both.finish().await;
}

#[tokio::test]
async fn a_room_that_is_lost_in_one_chat_is_made_again_while_the_other_goes_on() {
    let both = Both::begin(Wire::Socket, Wire::Socket).await;
    let (in_slack, in_discord) = both.declared().await;
    both.discord.discord.delete(&in_discord);
    both.muster.is_on_record("INC-1", "lost the room on discord").await;
    let _ = both.slack.types(&both.slack.alice, &in_slack, "sev sev3").await.shows("SEV3");
    let again = both.discord.discord.channel(ROOM).await;
    both.muster.settle().await;
    both.shows((&in_slack, &again), "SEV3").await;
    let _ = both.discord.types(&both.discord.bob, &again, "note it is the switch").await.shows("Written down");
    in_slack.message("it is the switch").await;
    assert_eq!(both.slack.slack.channels().iter().filter(|room| room.name() == ROOM).count(), 1);
    both.finish().await;
}

#[tokio::test]
async fn while_one_chat_is_down_the_other_goes_on_and_then_it_catches_up() {
    let both = Both::begin(Wire::Socket, Wire::Socket).await;
    let (in_slack, in_discord) = both.declared().await;
    both.discord.discord.fail(Fault::status(503).until_healed());
    for line in ["sev sev3", "note it is the switch", "identified the switch is old"] {
        both.slack.types(&both.slack.alice, &in_slack, line).await;
    }
    both.muster.settle().await;
    let _ = in_slack.pins().remove(0).shows("SEV3").shows("identified");
    assert_eq!(in_discord.messages_with("it is the switch").len(), 0);
    let _ = in_discord.pins().remove(0).shows("SEV1");
    both.discord.discord.heal();
    both.muster.pass(15).await;
    both.shows((&in_slack, &in_discord), "identified").await;
    for room in [in_slack.messages_with("it is the switch").len(), in_discord.messages_with("it is the switch").len()] {
        assert_eq!(room, 1, "said once");
    }
    both.finish().await;
}
