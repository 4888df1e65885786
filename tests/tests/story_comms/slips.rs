//! Slips of those who write in a hurry: one sentence to them alone says what is wrong, and nothing has changed.

use super::equipped;
use muster_tests::on_every_stage;
use muster_tests::stage::{Record, Stage};
use std::fmt::Write;

on_every_stage!(each_slip_gets_one_sentence_and_changes_nothing);

/// Message 1 is a draft, message 2 lacks words in two languages, message 3 is out, message 4 waits for approval.
const SLIPS: [&str; 55] = [
    "comms nonsense",
    "comms draft no-such-template",
    "comms draft public-identified impact=banana",
    "comms draft public-identified impact=card-stores impact=tills",
    "comms draft public-identified impact=card-stores colour=red",
    "comms draft public-identified impact=card-stores impact.xx=tills",
    "comms draft public-identified impact=card-stores details=\"{{partial}}\" --status whenever",
    "comms draft public-identified impact=card-stores --components nothing=down",
    "comms draft public-identified impact=card-stores --components card-payments=broken",
    "comms draft public-identified impact=card-stores --next yesterday",
    "comms draft public-identified impact=card-stores --next 0m",
    "comms draft public-identified impact=card-stores --next 9000h",
    "comms draft public-identified impact=card-stores --next 20m --no-promise",
    "comms draft public-maintenance-scheduled effect=short",
    "comms draft public-identified impact=card-stores --status scheduled",
    "comms draft --audience nobody",
    "comms holding nobody",
    "comms holding business",
    "comms holding",
    "comms preview 99",
    "comms preview zero",
    "comms preview -1",
    "comms edit 99 --next 20m",
    "comms edit 1 impact=banana",
    "comms edit 1 colour=red",
    "comms submit 99",
    "comms submit 2",
    "comms submit 3",
    "comms submit 4",
    "comms approve 99",
    "comms approve 1",
    "comms approve 4",
    "comms reject 99 no",
    "comms reject 1 no",
    "comms publish 99",
    "comms publish 1",
    "comms publish 2",
    "comms publish 3",
    "comms publish 4",
    "comms schedule 99 in 1h",
    "comms schedule 1 in 1h",
    "comms schedule 3 in 1h",
    "comms schedule 1 2020-01-01 06:00",
    "comms schedule 1 whenever",
    "comms unschedule 1",
    "comms unschedule 99",
    "comms retract 1 no",
    "comms retract 99 no",
    "comms discard 3",
    "comms discard 99",
    "comms history 99",
    "maintenance begin",
    "maintenance finish",
    "maintenance extend 30m",
    "maintenance move --for 3h",
];

/// The same where no incident is meant.
const ELSEWHERE: [&str; 5] = [
    "maintenance plan 0m new lines",
    "maintenance plan 2h new lines --service no-such-service",
    "maintenance plan 2h new lines --from \"2020-01-01 06:00\"",
    "maintenance plan 9000h new lines",
    "maintenance end 99",
];

async fn each_slip_gets_one_sentence_and_changes_nothing(stage: Stage) -> Record {
    equipped(&stage);
    let carol = stage.person("carol");
    stage.person("alice").types("new sev1 cards are declined --service payment").await.ok();
    carol.types("INC-1 role comms").await.ok();
    carol.types("INC-1 comms draft public-identified impact=card-stores").await.ok();
    carol.types("INC-1 comms draft public-free headline=Sorry words=\"We are sorry\"").await.ok();
    carol.types("INC-1 comms holding").await.ok();
    carol.types("INC-1 comms draft public-monitoring impact=card-stores").await.ok();
    carol.types("INC-1 comms submit 4").await.ok();
    stage.room("INC-1").skips().await;
    for who in ["alice", "bob", "carol", "dave"] {
        stage.ear_of(who).skips().await;
    }
    let mut told = String::new();
    let lines = SLIPS.iter().map(|line| format!("INC-1 {line}")).chain(ELSEWHERE.map(str::to_owned));
    for line in lines {
        let sentence = carol.types(&line).await.sentence();
        let _ = writeln!(told, "{line}\n    {sentence}");
        stage.room("INC-1").is_quiet().await;
    }
    insta::assert_snapshot!("slips", told);
    stage.finish().await
}
