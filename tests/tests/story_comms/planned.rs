//! Planned work from the other side: announced, reminded of, begun and ended by the clock, on the page and in calendars.

use muster_tests::clock::moment;
use muster_tests::on_every_stage;
use muster_tests::stage::outside::Outside;
use muster_tests::stage::{Record, Stage};

on_every_stage!(customers_know_of_planned_work_from_its_announcement_to_its_end);

/// What customers read of it: how things stand, and what their calendars show.
async fn is_read(outside: &Outside<'_>, name: &str) {
    let calendar = outside.page("maintenance.ics").await;
    let wanted = ["DTSTART", "DTEND", "SUMMARY", "STATUS", "SEQUENCE", "DESCRIPTION"];
    let calendar: Vec<_> = calendar.lines().filter(|line| wanted.iter().any(|name| line.starts_with(name))).collect();
    let api: serde_json::Value =
        serde_json::from_str(&outside.page("api/v2/scheduled-maintenances.json").await).expect("JSON");
    let work = &api["scheduled_maintenances"][0];
    let api = format!("{} from {} until {}", work["status"], work["scheduled_for"], work["scheduled_until"]);
    let page = outside.page("sv/index.html").await;
    insta::assert_snapshot!(
        format!("{name}, of the work"),
        format!("{page}\n━━ calendar\n{}\n━━ api\n{api}", calendar.join("\n"))
    );
}

/// What those outside were told at this moment: programs, social networks, and those who get letters.
async fn told(outside: &Outside<'_>, letters: usize, when: &str) {
    let programs = [outside.program().await, outside.social().await].concat();
    insta::assert_snapshot!(format!("told {when}"), programs.join("\n"));
    if outside.reads_letters() {
        let letters = outside.letters(letters).await.into_iter().map(|letter| letter.header("subject").to_owned());
        insta::assert_snapshot!(format!("letters {when}"), letters.collect::<Vec<_>>().join("\n"));
    }
}

/// Nobody outside was told anything.
async fn nobody_is_told(outside: &Outside<'_>) {
    let programs = [outside.program().await, outside.social().await].concat();
    assert!(programs.is_empty(), "they were told: {programs:?}");
}

async fn customers_know_of_planned_work_from_its_announcement_to_its_end(stage: Stage) -> Record {
    let outside = stage.outside("customers know of planned work").await;
    let [alice, dave] = ["alice", "dave"].map(|who| stage.person(who));
    alice.types("maintenance plan 2h new lines --service payment --from \"2026-11-28 06:00 utc\"").await.ok();
    alice.types("INC-1 comms edit 1 effect=short").await.ok();
    nobody_is_told(&outside).await;
    alice.types("INC-1 comms publish 1").await.refused("needs a second person").ok_refusal();
    alice.types("INC-1 comms submit 1").await.ok();
    let whole = dave.types("INC-1 comms preview 1").await;
    dave.in_room("INC-1").clicks(&whole, "Approve").await.ok();
    dave.types("INC-1 comms publish 1").await.ok();
    told(&outside, 2, "of the announcement").await;
    is_read(&outside, "announced").await;

    stage.until(moment("2026-11-28T05:00:00Z")).await;
    told(&outside, 2, "an hour before").await;
    stage.until(moment("2026-11-28T06:00:00Z")).await;
    told(&outside, 2, "of the beginning").await;
    is_read(&outside, "begun").await;

    alice.types("INC-1 maintenance extend 30m").await.ok();
    told(&outside, 2, "of its new end").await;
    is_read(&outside, "extended").await;
    stage.until(moment("2026-11-28T08:30:00Z")).await;
    alice.types("INC-1 ic").await.ok();
    alice.types("INC-1 maintenance finish both lines carry traffic").await.ok();
    told(&outside, 2, "of the end").await;
    is_read(&outside, "finished").await;

    stage.room("INC-1").skips().await;
    for who in ["alice", "bob", "carol", "dave"] {
        stage.ear_of(who).skips().await;
    }
    outside.closes().await;
    stage.finish().await
}
