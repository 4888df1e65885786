//! Rehearsals: nothing is done, and it is told what would have been.

use crate::world::{But, World, get, http, inputs, outputs, reason, run_with};
use muster_core::runbook::{Scope, Source, Task};
use serde_json::json;

fn rehearsed(task: Task) -> Task {
    Task { rehearsal: true, ..task }
}

#[tokio::test]
async fn nothing_is_sent_and_nothing_runs() {
    let world = World::new().await.with_secret("TOKEN", "do-not-tell-this");
    let canary = world.path("canary");
    let world = world.with("payctl", &format!("touch {}", canary.display()));
    let scope = inputs(&json!({ "to": "stripe" }));
    let mut call = get("https://gateway.example/v1/${{ inputs.to }}");
    call["method"] = json!("POST");
    call["headers"] = json!([["Authorization", "Bearer ${{ secrets.TOKEN }}"]]);
    call["body"] = json!({ "json": { "to": "${{ inputs.to }}", "key": "${{ secrets.TOKEN }}" } });
    let report = world.does(&rehearsed(http(call, &scope).finding("active", Source::Status))).await;
    assert_eq!(outputs(&report), json!({ "active": "an example" }));
    assert_eq!(
        report.output,
        "Would send, and expect 200-299 within 20 s:\n\
         POST https://gateway.example/v1/stripe\n\
         Authorization: Bearer ‹secret TOKEN›\n\
         {\"key\":\"‹secret TOKEN›\",\"to\":\"stripe\"}"
    );
    let task =
        run_with("payctl", &["switch", "--to", "${{ inputs.to }}"], &[("TOKEN", "${{ secrets.TOKEN }}")], &scope);
    let report = world.does(&rehearsed(task)).await;
    let program = world.path("payctl");
    assert_eq!(
        report.output,
        format!(
            "Would run for at most 20 s:\npayctl ({})\n  argument \"switch\"\n  argument \"--to\"\n  \
             argument \"stripe\"\n  TOKEN=\"‹secret TOKEN›\"",
            program.display()
        )
    );
    assert!(!canary.exists() && world.server.got().is_empty());
}

#[tokio::test]
async fn what_would_be_refused_is_refused_in_a_rehearsal_too() {
    let world = World::new().await;
    let task = rehearsed(run_with("payctl", &[], &[], &Scope::default()));
    let refused = "payctl is not among the programs of [runbooks.program] in the config";
    assert_eq!(reason(&world.does(&task).await), refused);
    let mut call = get(&world.url("/"));
    call["headers"] = json!([["Authorization", "${{ secrets.MISSING }}"]]);
    let refused = "there is no secret MISSING in [runbooks.secret] of the config";
    assert_eq!(reason(&world.does(&rehearsed(http(call, &Scope::default()))).await), refused);
}
