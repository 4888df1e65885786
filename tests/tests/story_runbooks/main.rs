//! Runbooks, as those live them who are woken at three: what runs, what is asked, what is allowed, and how one gets back.

mod approvals;
mod books;
mod ends;
mod failover;
mod failures;
mod kinds;
mod matrix;
mod two_chats;

use muster_core::runbook::Runbook;
use muster_tests::gateway::Gateway;
use muster_tests::stage::Stage;
use std::sync::Arc;

/// The organisation has these runbooks, and a machine carries them out.
fn equipped(stage: &Stage, gateway: &Arc<Gateway>, books: Vec<Runbook>) {
    stage.configure(|org| org.runbooks.books = books.into_iter().map(Arc::new).collect());
    stage.works(gateway);
}

/// Alice has declared INC-1 about card payments and commands it; its room has been read.
async fn declared(stage: &Stage, how: &str) {
    let alice = stage.person("alice");
    alice.types(&format!("new sev1 cards are declined --service payment {how}")).await.ok();
    alice.types("INC-1 ic").await.ok();
    stage.room("INC-1").skips().await;
}

/// The same, and she has started the runbook.
async fn running(stage: &Stage, gateway: &Arc<Gateway>, book: Runbook) {
    let id = book.id.clone();
    equipped(stage, gateway, vec![book]);
    declared(stage, "").await;
    stage.person("alice").types(&format!("INC-1 runbook run {id}")).await.shows("Run 1").ok();
}

/// What is due of an incident after an hour is no business of these stories.
async fn has_heard(stage: &Stage) {
    stage.room("INC-1").skips().await;
    stage.ear_of("alice").skips().await;
}

/// How each step of a run stands: `health: done, which: asking`.
async fn steps(stage: &Stage, number: i64) -> String {
    let run = stage.run_of("INC-1", number).await;
    let word = |step: &muster_core::runbook::StepRun| format!("{}: {}", step.id, step.state.word());
    run.steps.iter().map(word).collect::<Vec<_>>().join(", ")
}

/// The beginning of the hash of what is asked at a step of the first run, as it is asked now.
async fn mark(stage: &Stage, step: &str) -> String {
    let shown = stage.person("dave").types("INC-1 runbook show 1").await;
    let words = shown.text();
    let (_, after) = words.rsplit_once("its mark is ").unwrap_or_else(|| panic!("{step} is not asked:\n{words}"));
    after.trim_start_matches('`').chars().take(8).collect()
}

/// What the timeline says of runs, without the times.
async fn told(stage: &Stage) -> Vec<String> {
    let lines = stage.timeline("INC-1").await.into_iter().filter(|line| line.contains("run 1"));
    lines.map(|line| line.split_once("UTC ").map_or(line.clone(), |(_, rest)| rest.to_owned())).collect()
}

/// The mark of what was approved in the first run.
async fn approved_mark(stage: &Stage) -> String {
    let run = stage.run_of("INC-1", 1).await;
    let approval = run.steps.iter().flat_map(|step| &step.approvals).next().expect("something was approved");
    approval.hash.chars().take(8).collect()
}
