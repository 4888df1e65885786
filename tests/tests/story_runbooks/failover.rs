//! The story of the night: card payments fail, and go by another provider until it is over.

use super::books::failover;
use super::{equipped, told};
use muster_tests::gateway::Gateway;
use muster_tests::on_every_stage;
use muster_tests::stage::{Record, Stage};

on_every_stage!(payments_move_to_another_provider_and_back);

async fn payments_move_to_another_provider_and_back(stage: Stage) -> Record {
    let gateway = Gateway::start().await;
    equipped(&stage, &gateway, vec![failover(&gateway)]);
    let [alice, bob, carol] = ["alice", "bob", "carol"].map(|who| stage.person(who));
    alice.types("new sev1 cards are declined --service payment").await.ok();
    alice.types("INC-1 ic").await.ok();
    let room = stage.room("INC-1");
    room.expects("Welcome to INC-1").await.ok();
    let offer = room.expects("There is a runbook for this: Fail payments over").await;
    room.is_quiet().await;

    let form = alice.in_room("INC-1").with_forms().clicks(&offer, "Run").await.asks("Fail payments over");
    assert_eq!(gateway.got(), [""; 0], "nothing runs before it is known where");
    alice.in_room("INC-1").fills(&form, &[("inputs.region", "eu")]).await.shows("Run 1").ok();

    let card = stage.run("alice", "INC-1", 1).await.shows("Which provider takes over?").shows("active primary");
    assert_eq!(gateway.got(), ["GET /v1/eu/health"]);
    alice.in_room("INC-1").clicks(&card, "Stripe").await.ok();

    let card = stage.run("bob", "INC-1", 1).await.shows("Payments move to stripe").shows("its mark is");
    let asked = card.text().to_owned();
    assert!(asked.contains("{\"to\":\"stripe\"}"), "exactly what would be done is shown:\n{asked}");
    alice.in_room("INC-1").clicks(&card, "Approve").await.refused("You have asked for it yourself").ok_refusal();
    carol.in_room("INC-1").clicks(&card, "Approve").await.refused("You are not among those").ok_refusal();
    assert_eq!(gateway.active("eu"), "primary");
    bob.in_room("INC-1").clicks(&card, "Approve").await.ok();

    stage.run("alice", "INC-1", 1).await.shows("· done").shows("5 of 5").ok();
    let got = gateway.got();
    assert_eq!(got[0], r#"POST /v1/eu/switch {"to":"stripe"}"#);
    assert_eq!(got[1..], ["GET /v1/eu/rate", "GET /v1/eu/rate"], "it holds twice in a row");
    assert_eq!(gateway.active("eu"), "stripe");

    let card = stage.run("alice", "INC-1", 1).await;
    alice.in_room("INC-1").clicks(&card, "Undo").await.ok();
    stage.run("alice", "INC-1", 1).await.shows("taken back").ok();
    assert_eq!(gateway.active("eu"), "primary");
    assert_eq!(gateway.got(), [r#"POST /v1/eu/switch {"to":"primary"}"#]);
    gateway.did_nothing_twice();
    is_on_record(&stage).await;
    stage.finish().await
}

/// Every step with who did it, and every decision with who made it.
async fn is_on_record(stage: &Stage) {
    let of = " (run 1: Fail payments over)";
    let mark = super::approved_mark(stage).await;
    assert_eq!(
        told(stage).await,
        [
            "Alice Ek started the runbook Fail payments over as run 1, with region=eu".to_owned(),
            format!("Alice Ek began Ask the gateway how it is{of}"),
            format!("Muster did Ask the gateway how it is: active: primary{of}"),
            format!("Muster asks Alice Ek: Choose the provider{of}"),
            format!("Alice Ek did Choose the provider: Stripe{of}"),
            format!("Alice Ek asks Bob Lind: A second person allows it{of}"),
            format!("Bob Lind approved A second person allows it, marked {mark}{of}"),
            format!("Bob Lind did A second person allows it{of}"),
            format!("Bob Lind began Switch the provider{of}"),
            format!("Muster did Switch the provider{of}"),
            format!("Muster began Card payments succeed{of}"),
            format!("Muster did Card payments succeed{of}"),
            "Muster finished run 1: Fail payments over".to_owned(),
            "Alice Ek began to take back run 1: Fail payments over".to_owned(),
            format!("Muster took back Switch the provider{of}"),
            "Muster took back run 1: Fail payments over".to_owned(),
        ]
    );
    let audit: Vec<_> = stage.audit().await.iter().map(|deed| format!("{} {}", deed.by.person, deed.what)).collect();
    assert_eq!(
        audit,
        [
            "alice run.started",
            "alice step.answered",
            "bob step.approved",
            "muster run.done",
            "alice run.undoing",
            "muster run.undone"
        ]
    );
}
