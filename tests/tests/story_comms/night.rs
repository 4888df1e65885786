//! The story of the night: card payments fail, and customers are told until it is over.

use super::{equipped, posts, public};
use muster_core::comms::ComponentState;
use muster_tests::on_every_stage;
use muster_tests::stage::{Record, Stage};

on_every_stage!(customers_are_told_until_it_is_over);

async fn customers_are_told_until_it_is_over(stage: Stage) -> Record {
    equipped(&stage);
    let [alice, bob, carol, dave] = ["alice", "bob", "carol", "dave"].map(|who| stage.person(who));
    alice.types("new sev1 cards are declined --service payment").await.ok();
    alice.types("INC-1 ic").await.ok();
    carol.types("INC-1 role comms").await.ok();
    stage.room("INC-1").skips().await;
    assert_eq!(public(&stage).await, None, "customers know of nothing");

    // One word, and customers know.
    let shown = carol.types("INC-1 comms").await.shows("Customers have not been told anything yet");
    carol.in_room("INC-1").clicks(&shown, "Holding statement").await.shows("Message 1 to Customers · published").ok();
    assert_eq!(posts(&stage, "en").await, ["investigating: Disruption: Card payments"]);
    carol.types("INC-1 comms holding").await.refused("Customers were told at").ok_refusal();

    // A draft from a template; Bob may not let it go, Carol has written it, Dave looks.
    let draft = carol.types("INC-1 comms draft public-identified impact=card-stores").await;
    let draft = draft.shows("You may not be able to pay by card in our stores.").shows("Det går inte alltid");
    carol.types("INC-1 comms publish 2").await.refused("needs a second person to approve it").ok_refusal();
    carol.in_room("INC-1").clicks(&draft, "Ask for approval").await.ok();
    let whole = dave.types("INC-1 comms preview 2").await.shows("You may not be able to pay by card in our stores.");
    bob.in_room("INC-1").clicks(&whole, "Approve").await.refused("You are not among those").ok_refusal();
    carol.in_room("INC-1").clicks(&whole, "Approve").await.refused("You are not among those").ok_refusal();
    dave.in_room("INC-1").clicks(&whole, "Approve").await.shows("approved").ok();
    assert_eq!(posts(&stage, "en").await.len(), 1, "approved is not published");
    carol.types("INC-1 comms publish 2").await.ok();
    let public_now = public(&stage).await.expect("customers see it");
    assert_eq!(public_now.components()["card-payments"], ComponentState::MajorOutage);
    assert_eq!(posts(&stage, "sv").await.len(), 2);

    // What was approved is changed: it is approved again, or stays inside.
    carol.types("INC-1 comms draft public-monitoring impact=card-stores").await.ok();
    carol.types("INC-1 comms submit 3").await.ok();
    let old = dave.types("INC-1 comms preview 3").await;
    carol.types("INC-1 comms edit 3 --next 20m").await.ok();
    dave.in_room("INC-1").clicks(&old, "Approve").await.refused("Nobody has asked yet").ok_refusal();
    carol.types("INC-1 comms submit 3").await.ok();
    dave.in_room("INC-1").clicks(&old, "Approve").await.refused("not what you were shown").ok_refusal();
    let new = dave.types("INC-1 comms preview 3").await;
    dave.in_room("INC-1").clicks(&new, "Approve").await.ok();
    carol.types("INC-1 comms publish 3").await.ok();

    // A line was wrong: it is taken back, and responders can still read it.
    carol.types("INC-1 comms retract 3 it was not over at all").await.ok();
    let seen = posts(&stage, "en").await;
    assert_eq!(seen[1..], ["identified: Disruption: Card payments", "monitoring: taken back"]);
    carol.types("INC-1 comms history 3").await.shows("it was not over at all").ok();

    // It is over.
    carol.types("INC-1 comms draft public-resolved impact=card-stores").await.ok();
    carol.types("INC-1 comms submit 5").await.ok();
    let last = dave.types("INC-1 comms preview 5").await;
    dave.in_room("INC-1").clicks(&last, "Approve").await.ok();
    carol.types("INC-1 comms publish 5").await.ok();
    let over = public(&stage).await.expect("customers see it");
    assert!(over.ended_at.is_some() && over.components()["card-payments"] == ComponentState::Operational);
    stage.room("INC-1").skips().await;
    for who in ["alice", "bob", "carol", "dave"] {
        stage.ear_of(who).skips().await;
    }
    stage.finish().await
}
