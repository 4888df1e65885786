//! A click that arrives twice, byte by byte the same, has let go what it let go the first time, and nothing since: not even the same words
//! once more.

use muster_core::comms::{Message, Stage};
use muster_core::decide::Needs;
use muster_core::ids::IncidentId;
use muster_core::record::Wanted;
use muster_tests::customers;
use muster_tests::over_both_wires;
use muster_tests::stage::guild::Guild;
use muster_tests::stage::running::Running;
use muster_tests::stage::workspace::Workspace;

over_both_wires![Workspace; a_click_in_slack_lets_go_once];
over_both_wires![Guild; a_click_in_discord_lets_go_once];

/// Carol writes a message, and asks for its approval.
const WRITTEN: [(&str, &str); 4] = [
    ("alice", "INC-1 ic"),
    ("carol", "INC-1 role comms"),
    ("carol", "INC-1 comms draft public-identified impact=shop-slow"),
    ("carol", "INC-1 comms submit 1"),
];

/// She changes it and thinks better of it, and asks again for what it said before.
const CHANGED: [(&str, &str); 3] = [
    ("carol", "INC-1 comms edit 1 impact=card-stores"),
    ("carol", "INC-1 comms edit 1 impact=shop-slow"),
    ("carol", "INC-1 comms submit 1"),
];

async fn happens(muster: &Running, lines: &[(&str, &str)]) {
    for (who, line) in lines {
        muster.in_console(who, line).await.ok();
    }
    muster.settle().await;
}

async fn message(muster: &Running) -> Message {
    let incident = IncidentId(1);
    let needs = Needs { records: vec![Wanted::MessagesOf(incident)], ..Needs::default() };
    let state = muster.app.store().load(&needs).await.unwrap();
    state.records.message(incident, 1).unwrap().clone()
}

/// It waits, with the words that were let go before. Gives it.
async fn waits(muster: &Running, seal: &str) -> Message {
    let waits = message(muster).await;
    assert_eq!(waits.seal(), seal, "the words are the same again");
    assert!(matches!(waits.stage, Stage::InReview { .. }) && waits.approval.is_none(), "{waits:?}");
    waits
}

async fn a_click_in_slack_lets_go_once(workspace: Workspace) {
    let workspace = workspace.configured(|org| org.comms = customers::rules());
    let (muster, dave) = (&workspace.muster, &workspace.dave);
    let room = workspace.declared().await;
    happens(muster, &WRITTEN).await;
    let whole = workspace.types(dave, &room, "comms preview 1").await;
    dave.clicks(&whole, "Approve").await;
    let _ = dave.hears("approved").await;
    let let_go = message(muster).await;
    assert_eq!(let_go.stage, Stage::Approved);

    happens(muster, &CHANGED).await;
    let waits = waits(muster, &let_go.seal()).await;
    workspace.slack.clicks_again().await;
    // He is told once more what he was told then.
    let _ = dave.hears("approved").await;
    muster.settle().await;
    assert_eq!(message(muster).await, waits);

    // A click of today lets it go.
    let whole = workspace.types(dave, &room, "comms preview 1").await;
    dave.clicks(&whole, "Approve").await;
    let _ = dave.hears("approved").await;
    assert_eq!(message(muster).await.stage, Stage::Approved);
    muster.settle().await;
    workspace.everybody().into_iter().for_each(|hand| workspace.has_heard(hand));
    workspace.finish().await;
}

async fn a_click_in_discord_lets_go_once(guild: Guild) {
    let guild = guild.configured(|org| org.comms = customers::rules());
    let (muster, dave) = (&guild.muster, &guild.dave);
    let room = guild.declared().await;
    happens(muster, &WRITTEN).await;
    let whole = guild.types(dave, &room, "comms preview 1").await;
    let _ = guild.clicks(dave, &whole, "Approve").await.shows("approved");
    let let_go = message(muster).await;
    assert_eq!(let_go.stage, Stage::Approved);

    happens(muster, &CHANGED).await;
    let waits = waits(muster, &let_go.seal()).await;
    guild.discord.acts_again().await;
    // What comes after it is answered: it has been heard.
    let whole = guild.types(dave, &room, "comms preview 1").await;
    muster.settle().await;
    assert_eq!(message(muster).await, waits);

    // A click of today lets it go.
    let _ = guild.clicks(dave, &whole, "Approve").await.shows("approved");
    assert_eq!(message(muster).await.stage, Stage::Approved);
    muster.settle().await;
    guild.everybody().into_iter().for_each(|hand| guild.has_heard(hand));
    guild.finish().await;
}
