//! The main job: an alert, an incident, somebody is called, somebody answers, it is over.

use super::{nobody_else, paging, rings};
use muster_core::alert::{Action, Level, Route, Signal};
use muster_tests::on_every_stage;
use muster_tests::stage::{Record, Stage};
use std::collections::BTreeMap;

on_every_stage! {
    an_alert_calls_the_primary_then_the_secondary_who_sees_it_through,
    more_alerts_page_nobody_again,
}

fn signal(action: Action, key: &str) -> Signal {
    Signal {
        source: "prometheus".to_owned(),
        key: key.to_owned(),
        action,
        title: "Checkout answers slowly".to_owned(),
        text: None,
        level: Some(Level::Critical),
        labels: BTreeMap::from([("service".to_owned(), "checkout".to_owned())]),
        links: Vec::new(),
        at: None,
    }
}

async fn watched(world: &Stage) {
    world.configure(|org| {
        paging(org);
        org.commander_within = 30 * super::MINUTE;
        let by_level = BTreeMap::from([(Level::Critical, "SEV2".into())]);
        org.alerting.routes = vec![Route { by_level, ..Route::usual(Some(Level::Critical)) }];
    });
    world.hears([signal(Action::Trigger, "web-1")]).await;
    world.room("INC-1").expects("Welcome to INC-1").await.ok();
}

async fn an_alert_calls_the_primary_then_the_secondary_who_sees_it_through(world: Stage) -> Record {
    watched(&world).await;
    rings(&world, "alice").await.shows("Checkout answers slowly").ok();
    world.pass(5).await;
    let call = rings(&world, "bob").await;
    let bob = world.person("bob");
    bob.clicks(&call, "Acknowledge").await.ok();
    bob.types("INC-1 ic").await.ok();
    world.pages("INC-1").await.shows("acknowledged by").ok();
    world.hears([signal(Action::Resolve, "web-1")]).await;
    bob.types("INC-1 resolve").await.ok();
    nobody_else(&world).await;
    let lines = world.timeline("INC-1").await;
    let told: Vec<_> = lines.iter().filter_map(|line| line.split_once(" UTC ")).map(|(_, what)| what).collect();
    assert_eq!(
        told,
        [
            "Muster declared a SEV2 incident: Checkout answers slowly",
            "Muster heard an alert: Checkout answers slowly",
            "Muster paged Payments (page 1): Checkout answers slowly",
            "Muster called Alice Ek (page 1)",
            "Muster called Bob Lind (page 1)",
            "Bob Lind acknowledged page 1",
            "Bob Lind became Incident Commander",
            "Bob Lind changed the status from triage to resolved",
        ]
    );
    world.finish().await
}

async fn more_alerts_page_nobody_again(world: Stage) -> Record {
    watched(&world).await;
    let call = rings(&world, "alice").await;
    for n in 2..20 {
        world.hears([signal(Action::Trigger, &format!("web-{n}"))]).await;
    }
    nobody_else(&world).await;
    world.person("alice").clicks(&call, "Acknowledge").await.ok();
    world.hears((20..40).map(|n| signal(Action::Trigger, &format!("web-{n}")))).await;
    nobody_else(&world).await;
    assert_eq!(world.incident("INC-1").await.pages.len(), 1);
    world.finish().await
}
